"""Encyclopedia."""

from __future__ import annotations

from assistant import Card, Context, SkillError, skill
from assistant.intent.verbatim import as_written

from .topics import TOPIC
from .wikipedia import summary

_AT_FIRST = 2
_FURTHER = 3
"""Sentences that are said at a time."""


@skill(slots={"topic": TOPIC}, pure=True)  # to look it up again makes no difference
async def look_up(ctx: Context, topic: str) -> str:
    """Say what a person or thing is; "tell me more about it" goes on."""
    topic = as_written(topic, ctx.text)
    found = await summary(ctx, topic)
    if found is None or not found.sentences:
        raise SkillError(ctx.reply("nothing", topic=topic))
    if found.is_list:
        raise SkillError(ctx.reply("several", topic=found.title))
    ctx.show(Card(found.title, " ".join(found.sentences)))
    ctx.store.put("rest", list(found.sentences[_AT_FIRST:]))
    return " ".join(found.sentences[:_AT_FIRST])


@skill()
async def more(ctx: Context) -> str:
    """Go on with what was looked up last."""
    rest = ctx.store.get("rest")
    if rest is None:
        raise SkillError(ctx.reply("about_what"))
    if not rest:
        raise SkillError(ctx.reply("no_more"))
    ctx.store.put("rest", rest[_FURTHER:])
    return " ".join(rest[:_FURTHER])
