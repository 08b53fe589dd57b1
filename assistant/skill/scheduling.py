"""What skills have scheduled: on disk before it is promised, done when due, late if need be.

An entry carries a token that changes whenever it is replaced or the assistant starts, so a waiter of before finds
another token in the store and ends by itself: nothing has to be cancelled. An entry is forgotten, or moved on to its
next time, only when it has been done: one that a crash cuts short is done again, late.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from assistant.errors import SkillError
from assistant.intent.values import Duration
from assistant.skill.dialogue import Dialogue
from assistant.skill.phrases import phrase
from assistant.skill.recurrence import Recurrence

if TYPE_CHECKING:
    from assistant.skill.api import Context

PREFIX = "~scheduled/"
"""Of the keys in a skill's store."""
LATE = 60.0
"""Seconds after which something comes with an apology."""
_GLANCE = 30.0
"""Longest nap, in seconds: a laptop that slept, or a clock that was set, is noticed after this."""
_SLACK = 0.001


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Something scheduled.

    Attributes:
        name: what it is scheduled under.
        when: the next time.
        repeat: how it recurs, None for once.
        payload: what the skill gave along.
        text: what will be said, for :meth:`assistant.skill.api.Context.say_later`.
    """

    name: str
    when: datetime
    repeat: Recurrence | None = None
    payload: Any = None
    text: str = ""


def schedule(
    ctx: Context, name: str, when: datetime, repeat: Recurrence | None = None, payload: Any = None, text: str = ""
) -> Scheduled:
    """Keep something and wait for it; see :meth:`assistant.skill.api.Context.schedule`.

    Raises:
        ValueError: the moment has no time zone.
        TypeError: the payload is no JSON value.
    """
    if when.tzinfo is None:
        raise ValueError("a moment to schedule for needs a time zone: ctx.now().replace(…) or + timedelta(…)")
    entry = {
        "name": name,
        "due": when.timestamp(),
        "wall": when.astimezone(ctx.now().tzinfo).replace(tzinfo=None).isoformat(),
        "repeat": None if repeat is None else repeat.to_json(),
        "payload": payload,
        "text": text,
        "token": token_hex(4),
    }
    _start(ctx, entry)
    return _shown(ctx, entry)


def say_later(ctx: Context, when: float | datetime, text: str) -> Scheduled:
    """Announce a text later; see :meth:`assistant.skill.api.Context.say_later`."""
    now = ctx.now()
    if not isinstance(when, datetime):
        when = (now.astimezone(UTC) + timedelta(seconds=when)).astimezone(now.tzinfo)
    return schedule(ctx, f"~say-{token_hex(8)}", when, text=text)


def scheduled(ctx: Context) -> list[Scheduled]:
    """What a skill has scheduled, the next first."""
    return sorted((_shown(ctx, entry) for _, entry in ctx.store.items(PREFIX)), key=lambda each: each.when.timestamp())


def unschedule(ctx: Context, name: str) -> bool:
    """Forget one; False if there is none."""
    known = ctx.store.get(PREFIX + name) is not None
    ctx.store.delete(PREFIX + name)
    return known


def wake_up(ctx: Context) -> None:
    """After a start of the skill: wait again for what it has scheduled, do late what was missed."""
    for _, entry in ctx.store.items(PREFIX):
        _start(ctx, {**entry, "token": token_hex(4)})


def _start(ctx: Context, entry: dict[str, Any]) -> None:
    ctx.store.put(PREFIX + entry["name"], entry)
    ctx.spawn(_wait(ctx, PREFIX + entry["name"], entry["token"]))


def _shown(ctx: Context, entry: dict[str, Any]) -> Scheduled:
    when = datetime.fromtimestamp(entry["due"], ctx.now().tzinfo)
    return Scheduled(entry["name"], when, _repeat(entry), entry["payload"], entry["text"])


def _repeat(entry: dict[str, Any]) -> Recurrence | None:
    return None if entry["repeat"] is None else Recurrence.from_json(entry["repeat"])


async def _wait(ctx: Context, key: str, token: str) -> None:
    while (entry := _stored(ctx, key, token)) is not None:
        left = entry["due"] - ctx.now().timestamp()
        if left > _SLACK:
            await ctx.sleep(min(left, _GLANCE))
            continue
        await _do(ctx, entry)
        if _stored(ctx, key, token) is not None:
            _move_on(ctx, key, entry)


def _stored(ctx: Context, key: str, token: str) -> dict[str, Any] | None:
    entry: dict[str, Any] | None = ctx.store.get(key)
    return entry if entry is not None and entry["token"] == token else None


def _move_on(ctx: Context, key: str, entry: dict[str, Any]) -> None:
    repeat, now = _repeat(entry), ctx.now()
    following = None if repeat is None else repeat.next(now, datetime.fromisoformat(entry["wall"]))
    if following is None:
        ctx.store.delete(key)
    else:
        ctx.store.put(key, {**entry, "due": following.timestamp()})


async def _do(ctx: Context, entry: dict[str, Any]) -> None:
    now = ctx.now()
    due = datetime.fromtimestamp(entry["due"], now.tzinfo)
    if (repeat := _repeat(entry)) is not None:
        due = max(due, repeat.latest(now, datetime.fromisoformat(entry["wall"])) or due)
    try:
        if entry["text"]:
            await ctx.announce(_apologising(entry["text"], due, now, ctx.language))
        else:
            await _call(replace(ctx, due=due, text="", dialogue=Dialogue()), entry)
    except SkillError as error:
        await ctx.announce(str(error))
    except Exception:  # a skill's code may raise anything; what recurs goes on
        ctx.log.exception("on_due failed for %r", entry["name"])


async def _call(ctx: Context, entry: dict[str, Any]) -> None:
    hook = ctx.on_due
    if hook is None:
        ctx.log.error("%r is due, but the skill has no on_due(ctx, name, payload)", entry["name"])
    elif inspect.iscoroutinefunction(hook):
        await hook(ctx, entry["name"], entry["payload"])
    else:
        await asyncio.to_thread(hook, ctx, entry["name"], entry["payload"])


def _apologising(text: str, due: datetime, now: datetime, language: str) -> str:
    late = now.timestamp() - due.timestamp()
    if late <= LATE:
        return text
    minutes = round(late / 60)
    ago = Duration(minutes=minutes if minutes < 120 else round(minutes / 60) * 60)
    return phrase("late", language, time=ago, text=text)
