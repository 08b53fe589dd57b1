"""Dictation into a text file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from assistant import Context, NoAnswer, SkillError, skill
from assistant.intent.answers import Expectation
from assistant.intent.match import Matcher
from assistant.intent.template import Grammar, SlotType, Template, Wild, parse_template
from assistant.skill.around import Card

from .paper import Paper, fresh, reopened

_ORDERS = ("stop", "read_back", "undo", "discard")
_LAST_WORDS = 4
_SILENCES = 2
"""After so many silences in a row a dictation is over."""


class _Dictated(Expectation):
    """Whatever is said, "never mind" included; an order is told from words to be written.

    Args:
        ctx: the skill's context; its words say how orders are given.
    """

    def __init__(self, ctx: Context) -> None:
        orders = {order: parse_template(ctx.reply(f"order_{order}"), {}) for order in _ORDERS}
        super().__init__(SlotType("dictated", Wild(tuple(orders.values()))))
        self._orders = Matcher(Grammar(tuple(Template(order, order, node) for order, node in orders.items())))

    def read(self, text: str) -> tuple[tuple[str, str]]:
        """The order, empty if it is none, and the text."""
        found = self._orders.match(text)
        return ((found[0].intent if found else "", text),)


@skill()
async def take_dictation(ctx: Context) -> str:
    """Write down everything that is said, until told to stop."""
    return await _dictate(ctx, fresh(ctx, ctx.now()), ctx.reply("go"))


@skill()
async def continue_dictation(ctx: Context) -> str:
    """Go on with the last dictation."""
    paper = reopened(ctx, _last(ctx))
    words = " ".join(paper.before.split()[-_LAST_WORDS:]).rstrip(".!?…,;:")
    return await _dictate(ctx, paper, ctx.reply("go_on", words=words))


@skill(pure=True)
async def read_dictation(ctx: Context) -> str:
    """Read the last dictation out."""
    paper = reopened(ctx, _last(ctx))
    ctx.show(Card(paper.path.name, paper.before.strip()))
    return ctx.reply("says", text=paper.before.strip())


async def _dictate(ctx: Context, paper: Paper, prompt: str) -> str:
    """Ask for one utterance after the other."""
    expected, silences = _Dictated(ctx), 0
    while silences < _SILENCES:
        try:
            order, said = await ctx.ask(prompt, expected)
        except NoAnswer:
            silences += 1
            prompt = ctx.reply("still_there")
            continue
        silences = 0
        if order == "stop":
            break
        if order == "discard":
            return await _discarded(ctx, paper)
        prompt = await _obeyed(ctx, paper, order, said)
    return _over(ctx, paper)


async def _obeyed(ctx: Context, paper: Paper, order: str, said: str) -> str:
    """Do what was ordered, or write what was said; the words for it."""
    if order == "read_back":
        return ctx.reply("says", text=paper.text) if paper.text else ctx.reply("nothing_yet")
    if order == "undo":
        if not paper.utterances:
            return ctx.reply("nothing_yet")
        gone = paper.utterances.pop()
        await _write(ctx, paper)
        return ctx.reply("undone", text=gone)
    paper.utterances.append(said)
    await _write(ctx, paper)
    return ctx.reply("heard")


async def _write(ctx: Context, paper: Paper) -> None:
    try:
        await asyncio.to_thread(paper.write)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SkillError(ctx.reply("cannot_write", file=str(paper.path), reason=reason)) from error
    ctx.store.put("last", str(paper.path))


async def _discarded(ctx: Context, paper: Paper) -> str:
    paper.utterances.clear()
    await _write(ctx, paper)
    return ctx.reply("discarded")


def _over(ctx: Context, paper: Paper) -> str:
    if not paper.utterances:
        return ctx.reply("nothing")
    ctx.show(Card(paper.path.name, paper.text))
    return ctx.reply("written", n=len(paper.text.split()), file=paper.path.name)


def _last(ctx: Context) -> Path:
    path = ctx.store.get("last")
    if path is None or not Path(path).exists():
        raise SkillError(ctx.reply("none"))
    return Path(path)
