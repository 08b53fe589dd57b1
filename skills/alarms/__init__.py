"""Alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any, Literal

from assistant import Context, Date, Duration, Recurrence, SkillError, TimeOfDay, skill
from assistant.intent.answers import Expectation
from assistant.intent.lang import language
from assistant.skill.api import SlotSource
from assistant.skill.schedule import Entry, Schedule
from assistant.skill.scheduling import Scheduled

from .words import EVERY_DAY, WEEKEND, WORKDAYS, at, described, listed, moment_of, ringing, sentence, wanted

_HALF = {
    "[(in the|this)] morning": "am",
    "[(in the|this)] (afternoon|evening)": "pm",
    "(tonight|[at] night)": "pm",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {
    **{"today": Date(offset=0), "tomorrow": Date(offset=1), "the day after tomorrow": Date(offset=2)},
    **{f"[this] {name}": Date(weekday=number) for number, name in enumerate(_WEEKDAYS)},
    **{f"next {name}": Date(weekday=number, week="next") for number, name in enumerate(_WEEKDAYS)},
}
"""The days that alarms are set for; all dates, next to all times, would swamp a recogniser's language model."""
SLOTS: dict[str, SlotSource] = {"half": _HALF, "day": _NEAR}
"""In English; the sentences of the other languages have lists of their own, and any date."""
_SPANS = {"[single] day": "day", "morning": "day", "(weekday|workday|working day)": "weekday", "weekend": "weekend"}
_DAYS_OF = {"day": EVERY_DAY, "weekday": WORKDAYS, "weekend": WEEKEND}
_SNOOZE = timedelta(minutes=9)


def _schedule(ctx: Context) -> Schedule:
    return Schedule(ctx, partial(ringing, ctx), seconds=300.0)


async def on_start(ctx: Context) -> None:
    """Go on with the alarms of before; ring late for those that were missed."""
    _schedule(ctx).wake_up()


async def on_due(ctx: Context, _name: str, _payload: Any) -> None:
    """Ring a recurring alarm, which rings, snoozes and is stopped like any other."""
    due = ctx.due or ctx.now()
    _schedule(ctx).add(due.timestamp() - ctx.now().timestamp())


# --- setting -----------------------------------------------------------------------------------


@skill(slots=SLOTS)
async def set_alarm(
    ctx: Context,
    time: TimeOfDay | None = None,
    day: Date | None = None,
    duration: Duration | None = None,
    half: Literal["am", "pm"] | None = None,
) -> str:
    """Set an alarm that rings once, at a time of day or after a duration."""
    now = ctx.now()
    if time is None and duration is None:
        time = await ctx.ask(ctx.reply("for_when"), TimeOfDay)
        now = ctx.now()
    if duration is not None:
        due = datetime.fromtimestamp(now.timestamp() + duration.total_seconds(), now.tzinfo)
    else:
        assert time is not None
        sure = time.meridiem is not None or half is None
        due = _next(ctx, time if sure else TimeOfDay(time.hour, time.minute, half), day, now)
    schedule = _schedule(ctx)
    known = any(abs(entry.due - due.timestamp()) < 1 for entry in schedule.entries())
    fresh = [] if known else [schedule.add(due.timestamp() - now.timestamp())]
    ctx.undo(lambda: schedule.cancel(fresh))
    return ctx.reply("set", when=at(ctx, due))


def _next(ctx: Context, time: TimeOfDay, day: Date | None, now: datetime) -> datetime:
    """The first such moment from now on, on that day if one was named.

    Raises:
        SkillError: that moment is over, or there is no such day.
    """
    if day is None:
        return time.next_after(now)
    try:
        midnight = datetime.combine(day.resolve(now.date()), datetime.min.time(), now.tzinfo)
    except ValueError:
        raise SkillError(ctx.reply("no_such_day")) from None
    moment = time.next_after(max(now, midnight - timedelta(microseconds=1)))
    if moment.date() != midnight.date():
        raise SkillError(sentence(ctx.reply("over", time=time, day=day)))
    return moment


@skill(slots={**SLOTS, "span": _SPANS, "weekday": {name: number for number, name in enumerate(_WEEKDAYS)}})
async def set_recurring_alarm(
    ctx: Context,
    time: TimeOfDay,
    span: str | None = None,
    weekday: int | None = None,
    weekday2: int | None = None,
    half: Literal["am", "pm"] | None = None,
) -> str:
    """Set an alarm that rings at a time on every day, weekday or weekend, or on some days of the week."""
    said = {day for day in (weekday, weekday2) if day is not None}
    days = _DAYS_OF[span] if span else tuple(sorted(said))
    meridiem = time.meridiem or half or ("am" if time.hour < 12 else "pm")  # people are woken in the morning
    first = TimeOfDay(time.hour, time.minute, meridiem).next_after(ctx.now())
    while first.weekday() not in days:
        first = TimeOfDay(first.hour, first.minute, meridiem).next_after(first)
    entry = ctx.schedule(f"alarm-{token_hex(4)}", first, Recurrence("weekly", weekdays=days))
    ctx.undo(lambda: _forget(ctx, entry))
    return ctx.reply("set", when=described(ctx, entry))


def _forget(ctx: Context, entry: Scheduled) -> None:
    ctx.unschedule(entry.name)


# --- looking and cancelling ----------------------------------------------------------------------


@skill(pure=True)
async def alarm_status(ctx: Context) -> str:
    """Tell which alarms are set."""
    times = [described(ctx, entry) for entry in _schedule(ctx).entries() if not entry.ringing]
    times += [described(ctx, entry) for entry in ctx.scheduled()]
    if not times:
        return ctx.reply("none")
    if len(times) == 1:
        return ctx.reply("set", when=times[0])
    return ctx.reply("several", n=len(times), times=listed(ctx, times, "both"))


@skill(slots=SLOTS)
async def cancel_alarm(
    ctx: Context, time: TimeOfDay | None = None, day: Date | None = None, half: Literal["am", "pm"] | None = None
) -> str:
    """Cancel one alarm, chosen by its time when there are several, or silence it when it rings."""
    schedule, now = _schedule(ctx), ctx.now()
    entries: list[Entry | Scheduled] = [*schedule.entries(), *ctx.scheduled()]
    if not entries:
        raise SkillError(ctx.reply("none"))
    found = [entry for entry in entries if _rings(entry)] if time is None and day is None else []
    found = found or [entry for entry in entries if _is_at(moment_of(entry, now), time, day, half, now)]
    if not found:
        if time is None and day is None:
            raise SkillError(ctx.reply("none_then"))
        raise SkillError(sentence(ctx.reply("none_at", when=wanted(ctx, time, day))))
    chosen = found[0] if len(found) == 1 else await _ask_which(ctx, found)
    if isinstance(chosen, Scheduled):
        _forget(ctx, chosen)
    else:
        schedule.cancel([chosen])
    return ctx.reply("silenced") if _rings(chosen) else ctx.reply("cancelled", when=described(ctx, chosen))


async def _ask_which(ctx: Context, found: Sequence[Entry | Scheduled]) -> Entry | Scheduled:
    """One of several, chosen by its time, its place in the list or in full."""
    times, kind = [described(ctx, entry) for entry in found], language(ctx.language).slots["time"]

    def only_at(time: TimeOfDay) -> Entry | Scheduled | None:
        fits = [entry for entry in found if _is_at(moment_of(entry, ctx.now()), time, None, None, ctx.now())]
        return fits[0] if len(fits) == 1 else None

    which = Expectation(dict(zip(times, found, strict=True)), (kind, only_at), language=ctx.language)
    chosen: Entry | Scheduled = await ctx.ask(ctx.reply("which", times=listed(ctx, times, "either")), which)
    return chosen


def _rings(entry: Entry | Scheduled) -> bool:
    return isinstance(entry, Entry) and entry.ringing


def _is_at(moment: datetime, time: TimeOfDay | None, day: Date | None, half: str | None, now: datetime) -> bool:
    if time is not None and (moment.minute != time.minute or moment.hour not in time.hours()):
        return False
    if half is not None and (moment.hour >= 12) != (half == "pm"):
        return False
    return day is None or moment.date() == day.resolve(now.date())


@skill(dangerous=True)
async def cancel_all_alarms(ctx: Context) -> str:
    """Cancel every alarm."""
    schedule = _schedule(ctx)
    entries, recurring = schedule.entries(), ctx.scheduled()
    schedule.cancel(entries)
    for each in recurring:
        _forget(ctx, each)
    number = len(entries) + len(recurring)
    return ctx.reply("all_cancelled", n=number) if number else ctx.reply("none")


@skill()
async def snooze(ctx: Context, duration: Duration | None = None, minutes: int = 0) -> str:
    """Silence the alarm that rings and ring again after a while, nine minutes if no time is given."""
    schedule = _schedule(ctx)
    active = [entry for entry in schedule.entries() if entry.ringing]
    pause = Duration.of(duration or (timedelta(minutes=minutes) if minutes > 0 else _SNOOZE))
    if not active and ctx.house.ringing:
        return await ctx.skills.call("reminders.snooze_reminder", duration=pause)
    if not active:
        raise SkillError(ctx.reply("none_ringing"))
    schedule.cancel(active[1:])
    schedule.restart(active[0], pause.total_seconds())
    return ctx.reply("again", time=pause)
