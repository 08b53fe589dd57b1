"""Help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import Context, skill

_TOPICS = {
    "[the] timer[s]": "timers", "[the] alarm[s]": "alarms", "([the] time|the clock|time zones|timezones)": "time",
    "([the] date[s]|the calendar)": "dates", "(math|maths|arithmetic|calculations|numbers)": "arithmetic",
    "([unit] conversion[s]|units|measurements|converting)": "conversion", "[the] volume": "volume",
    "([the] dice|coins|coins and dice|random numbers|chance)": "dice", "(repeating|repetition)": "again",
    "stopping": "stopping", "[the] greetings": "greetings",
}  # fmt: skip
TITLE = __doc__.rstrip(".")
_AT_ONCE = 3
_TITLES = 6

RULES = {
    "kind": "(what|(what|which) (kind|kinds|type|types|sort|sorts) of|which|what other|what all)",
    "things": "[(things|stuff|questions|commands|subjects|topics|skills|tasks)]",
    "you": "(you|the assistant|the ai)",
}


@skill(
    "<kind> <things> (can|could|may|should|am i allowed to) [i] (ask|say to|tell|do with|use) [of] <you>"
    " [(to do|for|about)]",
    "<kind> <things> (can you|could you|are you able to) (do|help [me] with|assist me with|answer|tell me [about])"
    " [(for me|questions on|exactly)]",
    "<kind> (things|questions|subjects|topics|info|information|skills) [that] (do you|are you|you)"
    " (know|answer|have|understand|familiar with|do|help with) [about]",
    "what are (your (skills|capabilities|features)|you capable of [(doing|answering|doing and answering)])",
    "(help [me]|i need help) [please]",
    "how (can|could) you (help|assist) me",
    "how (do|can) i use you",
    "what do you (know|do)",
    "<tell> what (you can do|i can say|you can help [me] with) <thanks>",
    "<tell> (<kind> <things>|the (types|kinds) of things) i can ask [<you>] [about]",
    examples=[
        "what can i ask you",
        "what can you do",
        "what questions do you answer",
        "what are your skills",
        "help",
        "how can you help me",
        "how do i use you",
        "what do you know",
        "tell me what you can do",
        "tell me what kind of questions i can ask you",
    ],
    rules=RULES,
    pure=True,
)
async def what_can_you_do(ctx: Context) -> str:
    """Say what the assistant can do, with a few examples."""
    known = _most_useful(ctx)
    titles = [title[0].lower() + title[1:] for title in known][:_TITLES]
    some = [sentences[0] for sentences in known.values()][:_AT_ONCE]
    return f"{ctx.reply('can_do', titles=', '.join(titles), examples=_quoted(ctx, some))} {ctx.reply('more')}"


def _most_useful(ctx: Context) -> dict[str, Sequence[str]]:
    """Title → examples of the other skills, those with the most to say first: that is what people come for."""
    known = {title: sentences for title, sentences in ctx.house.examples().items() if title != TITLE}
    return dict(sorted(known.items(), key=lambda item: len(item[1]), reverse=True))


@skill(
    "<please> help [me] (with|on|about) {topic} <thanks>",
    "(what can you do|what can i say|give me examples|how do i use you) (with|about|for) {topic}",
    "how (do|can) i (use|set [up]|make) [(a|an)] {topic}",
    examples=["help with timers", "what can i say about volume", "how do i use alarms"],
    slots={"topic": _TOPICS},
    pure=True,
)
async def help_with(ctx: Context, topic: str) -> str:
    """Give examples of what can be said about one topic."""
    known = ctx.house.examples()
    found = _about(topic, known)
    if not found:
        return ctx.reply("nothing_about", topic=topic)
    said = _some(ctx, found[:_AT_ONCE])
    return f"{said} {ctx.reply('more')}" if len(found) > _AT_ONCE else said


def _about(topic: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    """The examples of the skill with that title, else all that contain its words."""
    wanted = {_stem(word) for word in topic.lower().split()}
    for title, sentences in known.items():
        if wanted & {_stem(word) for word in title.lower().replace(",", "").split()}:
            return list(sentences)
    every = [sentence for sentences in known.values() for sentence in sentences]
    return [sentence for sentence in every if wanted & {_stem(word) for word in sentence.lower().split()}]


def _stem(word: str) -> str:
    return "" if word in ("the", "and", "a", "of") else word.removesuffix("s")


@skill(
    "[(give me|tell me|say|i want)] [some] more examples <thanks>",
    "(what else|anything else|what more) [can (you do|i say|i ask)]",
    "[tell me] more [please]",
    examples=["more examples", "what else can you do", "tell me more"],
    pure=True,
)
async def more_examples(ctx: Context) -> str:
    """Give the examples after those that were said last."""
    groups = [list(sentences) for sentences in _most_useful(ctx).values()]
    said = ctx.house.last_reply
    for sentences in groups:
        at = max((place for place, each in enumerate(sentences, 1) if f'"{each}"' in said), default=0)
        if at > 1:  # the examples of one topic
            return _some(ctx, sentences[at : at + _AT_ONCE])
    firsts = [sentences[0] for sentences in groups]
    at = max((place for place, each in enumerate(firsts, 1) if f'"{each}"' in said), default=0)
    return _some(ctx, firsts[at : at + _AT_ONCE] or firsts[:_AT_ONCE])


def _some(ctx: Context, sentences: Sequence[str]) -> str:
    return ctx.reply("can_say", examples=_quoted(ctx, sentences)) if sentences else ctx.reply("all_said")


def _quoted(ctx: Context, sentences: Sequence[str]) -> str:
    """Sentences in a row; the quotation marks are how the next ones are found."""
    parts = [f'"{sentence}"' for sentence in sentences]
    last = f" {ctx.reply('or')} "
    return last.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
