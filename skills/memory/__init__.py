"""The memory of the calculator."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant import Context, SkillError, skill

from .numbers import exact, last_number, sayable

_LARGEST = Fraction(10**15)


def _result(ctx: Context) -> Fraction:
    """The number that was said last; its exact value if it was ours.

    Raises:
        SkillError: none was said.
    """
    said = ctx.house.last_reply
    ours = ctx.store.get("last")
    if ours is not None and ours["said"] == said:
        return Fraction(ours["value"])
    is_power = re.search(rf"{re.escape(ctx.reply('power'))} \S+$", said)  # too long to be written out
    found = None if is_power else last_number(said, ctx.language)
    if found is None:
        raise SkillError(ctx.reply("no_result"))
    return found


def _kept(ctx: Context) -> Fraction | None:
    value = ctx.store.get("memory")
    return None if value is None else Fraction(value)


def _say(ctx: Context, key: str, value: Fraction) -> str:
    number, about = sayable(value)
    text = ctx.reply(key, number=ctx.reply("about", number=number) if about else number)
    ctx.store.put("last", {"said": text, "value": str(value)})
    return text


def _keep(ctx: Context, value: Fraction | None) -> None:
    if value is None:
        ctx.store.delete("memory")
    else:
        ctx.store.put("memory", str(value))


@skill()
async def remember_result(ctx: Context) -> str:
    """Keep the result that was just said."""
    value, before = _result(ctx), _kept(ctx)
    _keep(ctx, value)
    ctx.undo(lambda: _keep(ctx, before))
    return _say(ctx, "kept", value)


@skill()
async def go_on_with_result(ctx: Context, operation: str, number: float) -> str:
    """Add to the last result, subtract from it, multiply (*) or divide (/) it."""
    value = _combined(ctx, _result(ctx), operation, exact(number))
    return _say(ctx, "makes", value)


@skill()
async def add_to_memory(ctx: Context, number: float | None = None, operation: str = "+") -> str:
    """Add a number, or the last result, to what is in memory, or subtract it."""
    before = _kept(ctx)
    value = _combined(ctx, before or Fraction(0), operation, _result(ctx) if number is None else exact(number))
    _keep(ctx, value)
    ctx.undo(lambda: _keep(ctx, before))
    return _say(ctx, "in_memory_now", value)


@skill()
async def recall_memory(ctx: Context) -> str:
    """Say what number is in memory."""
    value = _kept(ctx)
    return ctx.reply("empty") if value is None else _say(ctx, "in_memory", value)


@skill()
async def clear_memory(ctx: Context) -> str:
    """Forget the number in memory."""
    before = _kept(ctx)
    if before is None:
        return ctx.reply("empty")
    _keep(ctx, None)
    ctx.undo(lambda: _keep(ctx, before))
    return ctx.reply("cleared")


def _combined(ctx: Context, value: Fraction, operation: str, other: Fraction) -> Fraction:
    if operation == "/" and not other:
        raise SkillError(ctx.reply("by_zero"))
    results = {"+": value + other, "-": value - other, "*": value * other, "/": value / (other or 1)}
    if abs(results[operation]) > _LARGEST:
        raise SkillError(ctx.reply("too_big"))
    return results[operation]
