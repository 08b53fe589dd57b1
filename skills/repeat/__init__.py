"""Repeating."""

from __future__ import annotations

from assistant import Context, skill

RULES = {
    "again": "[(again|once more|one more time)]",
    "it": "(it|that|this|yourself|[(your|the|that)] [last] (answer|sentence|question|part|message|response)"
    "|what you [just] (said|told me|asked))",
    "missed": "[(sorry|i'm sorry|excuse me)] [(i (did not|didn't|couldn't) [quite] (hear|catch|understand|get)"
    "|i missed) [(it|that|you|what you [just] said)]]",
}


@skill(
    "<missed> <please> repeat [<it>] <again> <thanks>",
    "<missed> <please> say [(it|that|what you just said)] (again|once more|one more time|over) <thanks>",
    "[(i'm sorry|sorry|excuse me)] what [did you [just] (say|ask)|was that|was said] <again>",
    "what (was|is) that (question [again]|again)",
    "<please> ask [me] [(that|the question)] again",
    "[(i'm sorry|sorry)] i (did not|didn't|couldn't) [quite] (hear|catch|understand|get) [(that|you|it|what you said)]",
    "i (want|need|would like) (to hear (it|that) again|(that|it) repeated)",
    "(could|can) (that|it) be repeated",
    "what question did you [just] ask [me]",
    "come again",
    "pardon [me]",
    "[just] (one more time|once more) <thanks>",
    examples=[
        "repeat that",
        "say that again",
        "what did you say",
        "what was that question again",
        "say again please",
        "ask me that again",
        "i didn't catch that",
        "i want to hear that again",
        "could that be repeated",
        "what question did you just ask me",
        "i'm sorry please repeat the question",
        "come again",
        "pardon me",
        "one more time please",
    ],
    rules=RULES,
    pure=True,
)
async def repeat(ctx: Context) -> str:
    """Say the last reply again."""
    return ctx.house.last_reply or ctx.reply("nothing")
