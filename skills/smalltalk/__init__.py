"""Small talk."""

from __future__ import annotations

from assistant import Context, skill

RULES = {
    "name": "[(there|assistant|computer|my friend|everybody|again)]",
    "hello": "(hello|hi|hey|hiya|heyo|howdy|hey hey|greetings|hi there|hello there|hey there)",
    "how": "(how are you|how are ya|how ya doing|how you doing|how's it going|how is it going|how are things"
    "|how have you been|how've you been|how do you do|what's up|whats up|wassup|how's everything|how is everything"
    "|are you (good|well|okay|doing okay|doing well)|how's it hanging|how goes it)",
}


def _part_of_day(hour: int) -> str:
    return "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"


@skill(
    "<hello> <name>",
    "[<hello>] good (morning|afternoon|evening|day) <name>",
    "[it's] (nice|good) to (see|meet) you",
    examples=["hello", "good morning", "nice to meet you"],
    rules=RULES,
    pure=True,
)
async def greet(ctx: Context) -> str:
    """Greet the user back."""
    return ctx.reply(f"good_{_part_of_day(ctx.now().hour)}")


@skill(
    "[<hello>] [<name>] [tell me] <how> [(doing|going|feeling|with you)] [(today|now|right now|my friend|friend)]",
    examples=["how are you"],
    rules=RULES,
    pure=True,
)
async def how_are_you(ctx: Context) -> str:
    """Answer when asked how it is."""
    return ctx.reply("all_well")


@skill(
    "[(okay|ok|great|awesome|wow|why|alright|i)] (thank you|thanks|many thanks|thank you kindly|cheers|much obliged)"
    " [(so much|very much|so very much|a lot|again|kindly|a bunch)] [(assistant|computer)]",
    "(thanks|thank you) [(so much|very much|a lot)] (for (the|your|all your) (help|answer|response|time|info"
    "|information|assistance|assist|support)|for (helping|helping me|that|answering|letting me know))"
    " [(today|out|out today)]",
    "[(thanks|thank you)] [(i really|i do|i)] (appreciate|appreciated)"
    " [(it|that|you|your help|the help|the assistance)]",
    "[thanks] you've (been|helped) [(a|me)] [(big|great)] [help]",
    "(well done|good job|great job|good work|that's great|that was helpful|you are the best|you're the best)",
    "i (owe you one|am glad you did that)",
    "(i'm|i am) [very] (thankful|grateful) [for (your|the) (help|assistance)]",
    examples=[
        "thank you",
        "thanks for your help",
        "i appreciate it",
        "thanks you've been a big help",
        "well done",
        "i owe you one",
        "i'm thankful for your help",
    ],
    pure=True,
)
async def thanks(ctx: Context) -> str:
    """Answer when thanked."""
    return ctx.reply("welcome")


@skill(
    "(goodbye|good bye|bye|bye bye|see you [(later|soon|around|tomorrow)]|see ya|farewell|until next time|so long)",
    "(good night|goodnight|sleep well|night night) <name>",
    "have a (good|nice|great) (day|evening|night|one)",
    examples=["goodbye", "good night", "have a nice day"],
    rules=RULES,
    pure=True,
)
async def goodbye(ctx: Context) -> str:
    """Say goodbye."""
    text = ctx.text.lower()
    late = any(word in text for word in ctx.reply("night_words").split())
    return ctx.reply("good_night" if late else "goodbye")
