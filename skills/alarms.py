"""Alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Literal

from assistant import Context, Date, Duration, Recurrence, SkillError, TimeOfDay, skill
from assistant.intent.answers import Expectation
from assistant.intent.slots import TIME
from assistant.skill.api import SlotSource
from assistant.skill.schedule import Entry, Schedule
from assistant.skill.scheduling import Scheduled

RULES = {
    "set": "(set [up]|make|create|add|schedule|put in|i need|i want|i'd like)",
    "a": "[me] [(an|a|my|the|another)] [new]",
    "the": "[(the|my|that|this)]",
    "cancel": "(cancel|stop|delete|remove|clear|turn off|get rid of)",
    "for": "[(right now|[for] today|[for] tomorrow)]",
    "at": "[(for|at|to [(go off|ring)] [at])]",
    "wake": "(wake me [up]|get me up)",
    "every": "(every|each) ({span}|{weekday} [and {weekday:weekday2}])",
}
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
_EVERY_DAY, _WORKDAYS, _WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)
_SPANS = {"[single] day": "day", "morning": "day", "(weekday|workday|working day)": "weekday", "weekend": "weekend"}
_DAYS_OF = {"day": _EVERY_DAY, "weekday": _WORKDAYS, "weekend": _WEEKEND}
_SNOOZE = timedelta(minutes=9)


def _schedule(ctx: Context) -> Schedule:
    return Schedule(ctx, _wording, seconds=300.0)


async def on_start(ctx: Context) -> None:
    """Go on with the alarms of before; ring late for those that were missed."""
    _schedule(ctx).wake_up()


async def on_due(ctx: Context, _name: str, _payload: Any) -> None:
    """Ring a recurring alarm, which rings, snoozes and is stopped like any other."""
    due = ctx.due or ctx.now()
    _schedule(ctx).add(due.timestamp() - ctx.now().timestamp())


def _moment(entry: Entry, now: datetime) -> datetime:
    return datetime.fromtimestamp(entry.due, now.tzinfo)


def _clock(moment: datetime) -> str:
    return str(TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= 12 else "am"))


def _when(moment: datetime, now: datetime) -> str:
    """``"6:30 am tomorrow"``, ``"8 pm on Friday"``."""
    days = (moment.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or f"on {moment:%A}"
    return f"{_clock(moment)} {day}" if days < 7 else f"{_clock(moment)} on {moment:%A}, {moment:%B} {moment.day}"


def _which_days(days: Sequence[int]) -> str:
    """``"every weekday"``, ``"every Monday and Friday"``."""
    named = {_EVERY_DAY: "day", _WORKDAYS: "weekday", _WEEKEND: "weekend"}
    return f"every {named.get(tuple(days)) or ' and '.join(_WEEKDAYS[day].capitalize() for day in days)}"


def _recurring(entry: Scheduled) -> str:
    """``"6:30 am every weekday"``."""
    assert entry.repeat is not None
    return f"{_clock(entry.when)} {_which_days(entry.repeat.weekdays)}"


def _wording(fresh: Sequence[Entry], late: Sequence[Entry], now: datetime) -> str:
    said = []
    if late:
        times = " and ".join(_clock(_moment(entry, now)) for entry in late)
        minutes = max(1, round((now.timestamp() - late[0].due) / 60))
        ago = Duration(minutes=minutes if minutes < 120 else round(minutes / 60) * 60)
        plural = "alarms" if len(late) > 1 else "alarm"
        said.append(f"Sorry, your {plural} for {times} should have rung {ago} ago, but I was not running.")
    if fresh:
        said.append(f"It's {_clock(now)}. This is your alarm.")
    return " ".join(said)


@skill(
    "<please> <set> <a> alarm [for me] <at> {time} [[on] {day}] [{half}] <thanks>",
    "<please> <set> <a> alarm [for me] [(for|on)] {day} [{half}] <at> {time} <thanks>",
    "<please> <set> <a> {time} alarm [(for|on)] [{day}] [{half}] <thanks>",
    "<please> <set> <a> timer (for|until|at) {time} <thanks>",
    "<please> <wake> [at] {time} [[on] {day}] [{half}] <thanks>",
    "<please> <wake> ({day} [{half}]|{half}) [at] {time} <thanks>",
    "<please> <set> <a> alarm [(for|in|to [(go off|ring)] in)] {duration} [from now] <thanks>",
    "<please> <wake> in {duration} <thanks>",
    "alarm <at> {time} [[on] {day}] [{half}] <thanks>",
    "<please> (<set>|turn on) <a> alarm [set] <thanks>",
    "<please> <wake> [[on] {day}] [{half}] <thanks>",
    "<please> <set> <a> alarm [for] {day} [{half}] <thanks>",
    examples=[
        "set an alarm for 6:30 pm",
        "set an alarm for tomorrow at seven am",
        "set a 7 am alarm",
        "set a timer for 4 pm",
        "wake me at half past six",
        "wake me up tomorrow morning at eight",
        "wake me up at seven tomorrow morning",
        "set an alarm in twenty minutes",
        "wake me in an hour",
        "alarm at six thirty",
        "set an alarm",
        "wake me up tomorrow",
        "set an alarm for Friday",
    ],
    slots=SLOTS,
    rules=RULES,
)
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
        time = await ctx.ask("For when?", TimeOfDay)
        now = ctx.now()
    if duration is not None:
        due = datetime.fromtimestamp(now.timestamp() + duration.total_seconds(), now.tzinfo)
    else:
        assert time is not None
        sure = time.meridiem is not None or half is None
        due = _next(time if sure else TimeOfDay(time.hour, time.minute, half), day, now)
    schedule = _schedule(ctx)
    known = any(abs(entry.due - due.timestamp()) < 1 for entry in schedule.entries())
    fresh = [] if known else [schedule.add(due.timestamp() - now.timestamp())]
    ctx.undo(lambda: schedule.cancel(fresh))
    return f"Your alarm is set for {_when(due, now)}."


def _next(time: TimeOfDay, day: Date | None, now: datetime) -> datetime:
    """The first such moment from now on, on that day if one was named.

    Raises:
        SkillError: that moment is over.
    """
    if day is None:
        return time.next_after(now)
    try:
        midnight = datetime.combine(day.resolve(now.date()), datetime.min.time(), now.tzinfo)
    except ValueError as error:
        raise SkillError(f"I can't find that day: {error}.") from error
    moment = time.next_after(max(now, midnight - timedelta(microseconds=1)))
    if moment.date() != midnight.date():
        raise SkillError(f"{time} {day} is over already.")
    return moment


@skill(
    "<please> <wake> <every> [at] {time} [{half}] <thanks>",
    "<please> <wake> [at] {time} [{half}] <every> <thanks>",
    "<please> <set> <a> alarm (for|at) {time} [{half}] <every> <thanks>",
    "<please> <set> <a> alarm [for] <every> at {time} [{half}] <thanks>",
    examples=[
        "wake me every weekday at six thirty",
        "wake me at seven every Monday and Friday",
        "set an alarm for 8 am every day",
        "set an alarm for every Sunday at nine",
    ],
    slots={**SLOTS, "span": _SPANS, "weekday": {name: number for number, name in enumerate(_WEEKDAYS)}},
    rules=RULES,
)
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
    return f"Your alarm is set for {_recurring(entry)}."


def _forget(ctx: Context, entry: Scheduled) -> None:
    ctx.unschedule(entry.name)


@skill(
    "(what|which|how many) alarm[s] (are [currently] (set|on|active|there)|do (i|you) have|have i [set]) [(set|on)]"
    " <for>",
    "<please> (list|show me|read me|tell me|what are|check) [all] [(of my|my|the|the list of)] [upcoming]"
    " alarm[s] <thanks>",
    "(when|what time) (is|does) <the> [next] alarm [(set for|ring|go off|set|for)]",
    "(what time|when) (did i set|have i set) <the> alarm [for]",
    "(is|are) (there|my|the|any) [(a|an|any)] alarm[s] [still] [(set|on|active)] <for>",
    "[(what's|what is)] [(my|the)] next alarm",
    "(do i have|have i got|have i set) [(an|any)] alarm[s] [set] <for>",
    examples=[
        "what alarms are set",
        "list my alarms",
        "when is my next alarm",
        "what time did i set the alarm for",
        "is my alarm on",
        "what's my next alarm",
        "do i have any alarms set",
    ],
    rules=RULES,
    pure=True,
)
async def alarm_status(ctx: Context) -> str:
    """Tell which alarms are set."""
    now = ctx.now()
    times = [_when(_moment(entry, now), now) for entry in _schedule(ctx).entries() if not entry.ringing]
    times += [_recurring(entry) for entry in ctx.scheduled()]
    if not times:
        return "No alarm is set."
    if len(times) == 1:
        return f"Your alarm is set for {times[0]}."
    return f"You have {len(times)} alarms: {', '.join(times[:-1])} and {times[-1]}."


@skill(
    "<please> <cancel> <the> {time} alarm <thanks>",
    "<please> <cancel> <the> alarm [(for|at)] [{time}] [[(for|on)] {day}] [{half}] <thanks>",
    "<please> (turn|switch|shut) <the> alarm off <thanks>",
    examples=["cancel the 7 am alarm", "cancel my alarm for tomorrow morning", "turn the alarm off"],
    slots=SLOTS,
    rules=RULES,
)
async def cancel_alarm(
    ctx: Context, time: TimeOfDay | None = None, day: Date | None = None, half: Literal["am", "pm"] | None = None
) -> str:
    """Cancel one alarm, chosen by its time when there are several, or silence it when it rings."""
    schedule, now = _schedule(ctx), ctx.now()
    entries: list[Entry | Scheduled] = [*schedule.entries(), *ctx.scheduled()]
    if not entries:
        raise SkillError("No alarm is set.")
    found = [entry for entry in entries if _rings(entry)] if time is None and day is None else []
    found = found or [entry for entry in entries if _is_at(_due(entry, now), time, day, half, now)]
    times = [_described(entry, now) for entry in found]
    if not found:
        raise SkillError(f"No alarm is set for {' '.join(str(each) for each in (time, day) if each is not None)}.")
    chosen = found[0]
    if len(found) > 1:
        which = Expectation(dict(zip(times, found, strict=True)), (TIME, lambda said: _only_at(said, found, now)))
        chosen = await ctx.ask(f"Which one: {', '.join(times[:-1])} or {times[-1]}?", which)
    if isinstance(chosen, Scheduled):
        _forget(ctx, chosen)
    else:
        schedule.cancel([chosen])
    return "The alarm is off." if _rings(chosen) else f"Your alarm for {_described(chosen, now)} is cancelled."


def _rings(entry: Entry | Scheduled) -> bool:
    return isinstance(entry, Entry) and entry.ringing


def _due(entry: Entry | Scheduled, now: datetime) -> datetime:
    return _moment(entry, now) if isinstance(entry, Entry) else entry.when


def _described(entry: Entry | Scheduled, now: datetime) -> str:
    return _when(_moment(entry, now), now) if isinstance(entry, Entry) else _recurring(entry)


def _only_at(time: TimeOfDay, entries: Sequence[Entry | Scheduled], now: datetime) -> Entry | Scheduled | None:
    fits = [entry for entry in entries if _is_at(_due(entry, now), time, None, None, now)]
    return fits[0] if len(fits) == 1 else None


def _is_at(moment: datetime, time: TimeOfDay | None, day: Date | None, half: str | None, now: datetime) -> bool:
    if time is not None and (moment.minute != time.minute or moment.hour not in time.hours()):
        return False
    if half is not None and (moment.hour >= 12) != (half == "pm"):
        return False
    return day is None or moment.date() == day.resolve(now.date())


@skill(
    "<please> <cancel> (all|every|all of|both) [(the|my|of my|of the)] alarm[s] <thanks>",
    "<please> <cancel> <the> alarms <thanks>",
    examples=["cancel all my alarms", "cancel my alarms"],
    rules=RULES,
)
async def cancel_all_alarms(ctx: Context) -> str:
    """Cancel every alarm."""
    schedule = _schedule(ctx)
    entries, recurring = schedule.entries(), ctx.scheduled()
    schedule.cancel(entries)
    for each in recurring:
        _forget(ctx, each)
    number = len(entries) + len(recurring)
    if number > 1:
        return f"All {number} alarms are cancelled."
    return "Your alarm is cancelled." if number else "No alarm is set."


@skill(
    "[<please>] snooze [(the alarm|it|that|my alarm)] [[for] {duration}] <thanks>",
    "[(let me sleep|wake me again in)] {duration} (longer|more)",
    "{minutes} more minutes",
    examples=["snooze", "snooze for ten minutes", "let me sleep ten minutes longer", "ten more minutes"],
    rules=RULES,
)
async def snooze(ctx: Context, duration: Duration | None = None, minutes: int = 0) -> str:
    """Silence the alarm that rings and ring again after a while, nine minutes if no time is given."""
    schedule = _schedule(ctx)
    ringing = [entry for entry in schedule.entries() if entry.ringing]
    pause = Duration.of(duration or (timedelta(minutes=minutes) if minutes > 0 else _SNOOZE))
    if not ringing and ctx.house.ringing:
        return await ctx.skills.call("reminders.snooze_reminder", duration=pause)
    if not ringing:
        raise SkillError("No alarm is ringing.")
    schedule.cancel(ringing[1:])
    schedule.restart(ringing[0], pause.total_seconds())
    return f"I'll ring again in {pause}."
