"""Stopping."""

from __future__ import annotations

from assistant import Context, skill

RULES = {
    "first": "[(actually|oops|never mind|that's enough|that is enough|that's all)]",
    "it": "(it|that|this|everything|what you are doing"
    "|[(the|that|my|your)] [(current|last)] (process|command|task|action|request|thing))",
}


@skill(
    "<first> <please> (stop|cancel|quit|abort|halt|terminate) [<it>] <thanks>",
    "<please> (stop|quit) (talking|speaking|ringing|doing (it|that)) <thanks>",
    "[just] (never mind|nevermind|forget it|forget about it|leave it|scrap [(it|that)]|drop it)",
    "<please> (be quiet|quiet|hush|silence|shut up|shush|enough|that's enough|that is enough) <thanks>",
    "[please] (don't|do not) (talk|speak|say) [(anymore|any further|any more|anything [else])] <thanks>",
    "<please> (turn|switch) (it|that) off <thanks>",
    "[command] cancel [(now|please)]",
    "i (said|repeat) (stop|cancel)",
    examples=[
        "stop",
        "cancel it please",
        "stop talking",
        "never mind",
        "be quiet",
        "don't talk anymore",
        "turn it off",
        "command cancel",
        "i said stop",
    ],
    rules=RULES,
)
async def stop(ctx: Context) -> str | None:
    """Stop whatever rings or speaks."""
    return None if ctx.house.stop() else ctx.reply("done")
