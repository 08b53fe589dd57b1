"""Timers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from assistant import Context, Duration, SkillError, skill
from assistant.intent.slots import open_list
from assistant.skill.schedule import Entry, Schedule

from .choosing import matching, pick
from .naming import label_of, name_of
from .words import about, listed, ringing, sentence, span, with_left

_HINTS = (
    "pasta", "egg", "tea", "coffee", "pizza", "rice", "bread", "oven", "laundry", "nap", "workout", "chicken",
    "cake", "potato", "soup", "dishwasher", "kitchen", "break", "second", "washing machine",
)  # fmt: skip
SLOTS = {"name": open_list("name", _HINTS)}
"""In English, which a closed recogniser hears; the sentences of the other languages have any words there."""


def _schedule(ctx: Context) -> Schedule:
    return Schedule(ctx, partial(ringing, ctx))


async def on_start(ctx: Context) -> None:
    """Go on with the timers of before; ring late for those that ended meanwhile."""
    _schedule(ctx).wake_up()


@skill(slots=SLOTS)
async def set_timer(ctx: Context, duration: Duration | None = None, name: str | None = None) -> str:
    """Start a countdown timer, with a name if the user gives one; several can run at once."""
    called = name_of(ctx, name)
    if duration is None:
        duration = await ctx.ask(ctx.reply("how_long"), Duration)
    if duration.total_seconds() < 1:
        raise SkillError(ctx.reply("too_short"))
    if duration > timedelta(days=365):
        raise SkillError(ctx.reply("too_long"))
    schedule = _schedule(ctx)
    entry = schedule.add(duration.total_seconds(), called)
    ctx.undo(lambda: schedule.cancel([entry]))
    return about(ctx, "set_named", entry, time=duration) if called else sentence(ctx.reply("set", time=duration))


@skill(slots=SLOTS, pure=True)
async def timer_status(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Tell how much time is left on one timer, or on all of them."""
    entries = _schedule(ctx).entries()
    if not entries:
        return ctx.reply("none_running")
    found = matching(ctx, entries, name, duration)
    if not found:
        found = [await pick(ctx, name, duration, entries)]
    if len(found) > 1:
        return ctx.reply("several", n=len(found), timers=listed(ctx, [with_left(ctx, entry) for entry in found]))
    (entry,) = found
    if entry.ringing:
        return about(ctx, "is_ringing", entry)
    left = span(entry.remaining(ctx.now()).total_seconds())
    return about(ctx, "left_paused" if entry.paused else "left", entry, time=left)


@skill(slots=SLOTS)
async def cancel_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Cancel one timer, chosen by its name or its length when there are several, or silence it when it rings."""
    schedule = _schedule(ctx)
    chosen = await pick(ctx, name, duration, schedule.entries())
    schedule.cancel([chosen])
    return about(ctx, "silenced" if chosen.ringing else "cancelled", chosen)


@skill(slots=SLOTS, dangerous=True)
async def cancel_all_timers(ctx: Context, name: str | None = None) -> str:
    """Cancel every timer, or every timer of one name."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    found = matching(ctx, entries, name, None)
    if not found:
        if not entries:
            return ctx.reply("none")
        return ctx.reply("none_like", timer=label_of(ctx, name_of(ctx, name), 0.0))
    schedule.cancel(found)
    return about(ctx, "cancelled", found[0]) if len(found) == 1 else ctx.reply("all_cancelled", n=len(found))


@skill(slots=SLOTS)
async def pause_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Pause a running timer."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    running = [entry for entry in entries if not entry.paused]
    if entries and not running:
        raise SkillError(ctx.reply("all_paused"))
    chosen = await pick(ctx, name, duration, running)
    if chosen.ringing:
        raise SkillError(about(ctx, "rings_already", chosen))
    left = span(chosen.remaining(ctx.now()).total_seconds())
    schedule.pause(chosen)
    return about(ctx, "paused", chosen, time=left)


@skill(slots=SLOTS)
async def resume_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Let a paused timer run on."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    paused = [entry for entry in entries if entry.paused]
    if entries and not paused:
        raise SkillError(ctx.reply("none_paused"))
    chosen = await pick(ctx, name, duration, paused)
    schedule.resume(chosen)
    return about(ctx, "resumed", chosen, time=span(chosen.remaining(ctx.now()).total_seconds()))


@skill(slots=SLOTS)
async def restart_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Start a timer again from its full length."""
    schedule = _schedule(ctx)
    chosen = await pick(ctx, name, duration, schedule.entries())
    schedule.restart(chosen, chosen.total)
    return about(ctx, "restarted", chosen)


@skill(slots=SLOTS)
async def add_time(ctx: Context, duration: Duration | None = None, name: str | None = None, minutes: int = 0) -> str:
    """Give a timer more time, as a duration or a number of minutes."""
    return await _shift(ctx, name, duration.total_seconds() if duration else 60.0 * minutes)


@skill(slots=SLOTS)
async def take_time(ctx: Context, duration: Duration, name: str | None = None) -> str:
    """Make a timer end earlier."""
    return await _shift(ctx, name, -duration.total_seconds())


async def _shift(ctx: Context, name: str | None, seconds: float) -> str:
    schedule = _schedule(ctx)
    chosen = await pick(ctx, name, None, schedule.entries())
    left = chosen.remaining(ctx.now())
    if left.total_seconds() + seconds <= 0:
        raise SkillError(about(ctx, "too_little", chosen, time=left))
    moved = schedule.extend(chosen, seconds)
    ctx.undo(lambda: _take_back(schedule, moved, seconds))
    return about(ctx, "now_left", chosen, time=span(moved.remaining(ctx.now()).total_seconds()))


def _take_back(schedule: Schedule, entry: Entry, seconds: float) -> None:
    if entry in schedule.entries():
        schedule.extend(entry, -seconds)
