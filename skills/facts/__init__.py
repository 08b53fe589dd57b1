"""Facts that the user wants remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from assistant import Context, SkillError, skill
from assistant.errors import StorageError
from assistant.intent.verbatim import as_written
from assistant.memory.facts import Fact
from assistant.skill.around import Card

from .turning import turned

_T = TypeVar("_T")

_AT_ONCE = 5
"""Facts that are told; the others are shown."""
_MOST = 10
"""Facts about one thing."""
_LAST = "last"
_RECENT_S = 300.0
"""Seconds for which "forget that" means what was remembered last."""
_THAT = re.compile(r"\s*(?:that|que|qu['’]|что|че)[\s,]*\b", re.IGNORECASE)
"""A conjunction before the fact; the German one stays, as the verb is at the end after it."""
_HEAD = re.compile(r"\b(?:dass|daß|my|our|i|i['’]\w+|we|we['’]\w+|mi|mis)[\s,]+$", re.IGNORECASE)
"""What belongs to the fact, though the templates have it as words of theirs."""


def _tried(ctx: Context, work: Callable[[], _T]) -> _T:
    """What is done with the memory; in the user's words if it cannot be used."""
    try:
        return work()
    except StorageError as error:
        ctx.log.warning("%s", error)
        raise SkillError(ctx.reply("broken")) from error


def _shown(ctx: Context, text: str) -> str:
    """A fact about the user, said to the user."""
    return (turned(text, ctx.language) or text).rstrip(".!")


def _sentence(ctx: Context, fact: Fact) -> str:
    text = _shown(ctx, fact.text)
    return f"{text[:1].upper()}{text[1:]}."


@skill()
async def remember(ctx: Context, text: str | None = None) -> str:
    """Remember a fact, in the user's own words, such as: my cat is called Tom."""
    said = _clause(ctx, text) if text else _less_that(await ctx.ask(ctx.reply("what"), str))
    before = {fact.id for fact in _tried(ctx, ctx.facts.all)}
    try:
        fact = _tried(ctx, lambda: ctx.facts.remember(said.rstrip(" .!"), at=ctx.now()))
    except ValueError:
        raise SkillError(ctx.reply("nothing_said")) from None
    ctx.store.put(_LAST, {"id": fact.id, "at": ctx.now().timestamp()})
    if fact.id not in before:

        def again() -> None:
            ctx.facts.forget([fact.id])

        ctx.undo(again)
    told = turned(fact.text, ctx.language)
    if told is None:
        return ctx.reply("quoted", text=fact.text)
    return ctx.reply("remembered", text=told)


@skill(pure=True)
def recall_all(ctx: Context) -> str:
    """Say what is remembered about the user."""
    facts = _tried(ctx, ctx.facts.all)
    if not facts:
        return ctx.reply("nothing")
    return _told(ctx, facts, ctx.reply("count", n=len(facts)))


@skill(pure=True)
def recall(ctx: Context, topic: str) -> str:
    """Say what the user has told about something or somebody."""
    facts = _tried(ctx, lambda: ctx.facts.find(topic, _MOST))
    if not facts:
        return ctx.reply("unknown", topic=as_written(topic, ctx.text))
    return _told(ctx, facts, ctx.reply("heard"))


def _told(ctx: Context, facts: list[Fact], said: str) -> str:
    sentences = [_sentence(ctx, fact) for fact in facts]
    ctx.show(Card(ctx.reply("title"), "\n".join(sentences)))
    more = len(sentences) - _AT_ONCE
    rest = [ctx.reply("more", n=more)] if more > 0 else []
    return " ".join([said, *sentences[:_AT_ONCE], *rest])


@skill()
def forget_last(ctx: Context) -> str:
    """Forget what was remembered just now."""
    last = ctx.store.get(_LAST)
    if last is not None and ctx.now().timestamp() - last["at"] <= _RECENT_S:
        facts = [fact for fact in _tried(ctx, ctx.facts.all) if fact.id == last["id"]]
        if facts:
            return _forget(ctx, facts)
    return ctx.reply("nothing_recent")


@skill()
async def forget(ctx: Context, topic: str) -> str:
    """Forget what the user has told about something or somebody."""
    wanted = as_written(topic, ctx.text)
    facts = _tried(ctx, lambda: ctx.facts.find(wanted, _MOST))
    same = [fact for fact in facts if _plain(fact.text) == _plain(wanted)]
    found = same or facts
    if not found:
        return ctx.reply("unknown", topic=wanted)
    if len(found) > 1:
        said = " ".join(_sentence(ctx, fact) for fact in found[:_AT_ONCE])
        if not await ctx.confirm(f"{ctx.reply('count', n=len(found))} {said} {ctx.reply('sure_these', n=len(found))}"):
            return ctx.reply("kept")
    return _forget(ctx, found)


@skill()
async def forget_everything(ctx: Context) -> str:
    """Forget every fact about the user, when the user is sure."""
    facts = _tried(ctx, ctx.facts.all)
    if not facts:
        return ctx.reply("nothing")
    if not await ctx.confirm(ctx.reply("sure_all", n=len(facts))):
        return ctx.reply("kept")
    _tried(ctx, ctx.facts.clear)
    ctx.store.delete(_LAST)
    return ctx.reply("all_forgotten")


def _forget(ctx: Context, facts: list[Fact]) -> str:
    _tried(ctx, lambda: ctx.facts.forget([fact.id for fact in facts]))

    def again() -> None:
        for fact in facts:
            ctx.facts.remember(fact.text, fact.who, fact.at)

    ctx.undo(again)
    return ctx.reply("forgotten", n=len(facts), text=_shown(ctx, facts[0].text))


def _clause(ctx: Context, text: str) -> str:
    """The fact as it was written, with the word before it that belongs to it."""
    said = as_written(text, ctx.text)
    head = _HEAD.search(ctx.text[: ctx.text.rfind(said)]) if said in ctx.text else None
    if head:
        return f"{head[0].strip(' ,').replace('ß', 'ss')} {said}"
    return _less_that(said) if ctx.language == "fr" else said  # there, the templates leave "que" to the text


def _less_that(text: str) -> str:
    return _THAT.sub("", text.strip(), count=1) if _THAT.match(text) else text.strip()


def _plain(text: str) -> str:
    """The words alone, to see whether a fact is told again."""
    return " ".join(re.findall(r"\w+", _less_that(text))).casefold().removeprefix("dass ")
