"""What is said of timers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant import Context, Duration
from assistant.skill.schedule import Entry

from .naming import label

_LISTS = {"and": "both", "or": "either"}


def sentence(text: str) -> str:
    """With a capital letter at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def span(seconds: float) -> Duration:
    """A length as people say it: whole seconds, from an hour on whole minutes."""
    step = 60 if seconds >= 3600 else 1
    return Duration(seconds=round(seconds / step) * step)


def listed(ctx: Context, parts: Sequence[str], last: str = "and") -> str:
    """Parts in a row; ``last`` is "and" or "or"."""
    if len(parts) == 1:
        return parts[0]
    key = _LISTS[last]
    return ctx.reply(key, first=", ".join(parts[:-1]), last=parts[-1])


def with_article(ctx: Context, entries: Sequence[Entry]) -> str:
    """``"the pasta timer and the egg timer"``."""
    return listed(ctx, [ctx.reply("the", timer=label(ctx, entry)) for entry in entries])


def with_left(ctx: Context, entry: Entry) -> str:
    """``"the pasta timer with three minutes left"``."""
    if entry.ringing:
        return ctx.reply("item_ringing", timer=label(ctx, entry))
    left = span(entry.remaining(ctx.now()).total_seconds())
    if entry.paused:
        return ctx.reply("item_paused", timer=label(ctx, entry), time=left)
    return ctx.reply("item", timer=label(ctx, entry), time=left)


def about(ctx: Context, key: str, entry: Entry, **values: Any) -> str:
    """A sentence about one timer."""
    return sentence(ctx.reply(key, timer=label(ctx, entry), **values))


def ringing(ctx: Context, fresh: Sequence[Entry], late: Sequence[Entry], now: datetime) -> str:
    """What is said while timers ring: those that have just ended, and those that ended while nothing ran."""
    said = []
    if late:
        went = [
            ctx.reply("item_late", timer=label(ctx, entry), time=_ago(now.timestamp() - entry.due)) for entry in late
        ]
        said.append(ctx.reply("late", timers=listed(ctx, went)))
    if fresh:
        names = listed(ctx, [ctx.reply("your", timer=label(ctx, entry)) for entry in fresh])
        said.append(sentence(ctx.reply("done", timers=names, n=len(fresh))))
    return " ".join(said)


def _ago(seconds: float) -> Duration:
    step = next(size for size, least in ((86400, 2 * 86400), (3600, 7200), (60, 0)) if seconds >= least)
    return Duration(seconds=max(1, round(seconds / step)) * step)
