"""Calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from assistant import Context, Date, Duration, NoAnswer, SkillError, TimeOfDay, skill

if TYPE_CHECKING:
    from .events import Event
    from .sources import Source

_HOUR = Duration(hours=1)
_LONGEST_LOOK_DAYS = (14, 370)
_MOST = 6
_sources: dict[str, Source] = {}


def on_start(ctx: Context) -> None:
    """Take the settings."""
    from .sources import source_of  # icalendar is not imported for those who have no calendar

    _sources[ctx.skill] = source_of(ctx)


@skill(pure=True)
async def agenda(ctx: Context, day: Date | None = None) -> str:
    """Tell what is on the calendar on a day, today unless told."""
    when = _resolved(ctx, day or Date(offset=0))
    start, end = _midnights(ctx, when)
    found = await _sources[ctx.skill].between(ctx, start, end)
    if not found:
        return _sentence(ctx.reply("nothing", day=_day(ctx, when)))
    return _sentence(ctx.reply("agenda", day=_day(ctx, when), n=len(found), events=_told(ctx, found, start)))


@skill(pure=True)
async def next_event(ctx: Context) -> str:
    """Tell when the next appointment is."""
    now = ctx.now()
    for days in _LONGEST_LOOK_DAYS:
        found = await _sources[ctx.skill].between(ctx, now, now + timedelta(days=days))
        coming = [event for event in found if event.start > now]
        if coming:
            first = coming[0]
            day = _day(ctx, first.start.date())
            if first.all_day:
                return _sentence(ctx.reply("next_all_day", title=_title(ctx, first), day=day))
            return _sentence(ctx.reply("next", title=_title(ctx, first), day=day, time=_clock(first.start)))
    return ctx.reply("no_next")


@skill(pure=True)
async def at_time(ctx: Context, time: TimeOfDay, day: Date | None = None) -> str:
    """Tell whether there is an appointment at a time."""
    when = _resolved(ctx, day or Date(offset=0))
    start, end = _midnights(ctx, when)
    found = await _sources[ctx.skill].between(ctx, start, end)
    moments = [start.replace(hour=hour, minute=time.minute) for hour in time.hours()]
    busy = [event for event in found if not event.all_day and any(map(event.covers, moments))]
    if not busy:
        return ctx.reply("free")
    return ctx.reply("busy", events=_told(ctx, busy, start))


@skill()
async def add_event(
    ctx: Context,
    title: str = "",
    day: Date | None = None,
    time: TimeOfDay | None = None,
    all_day: Literal[True, False] = False,
) -> str:
    """Add an appointment: asks for what is missing, and for a yes."""
    from .events import Event

    title = title or await ctx.ask(ctx.reply("ask_title"), str)
    day = day if day is not None else await ctx.ask(ctx.reply("ask_day"), Date)
    when = _resolved(ctx, day)
    if all_day:
        start, end = _midnights(ctx, when)
        event = Event(title, start, end, all_day=True)
        question = ctx.reply("sure_all_day", title=title, day=_day(ctx, when))
    else:
        clock = time if time is not None else await ctx.ask(ctx.reply("ask_time"), TimeOfDay)
        start = _moment(ctx, when, clock)
        length = await _length(ctx)
        event = Event(title, start, start + length)
        question = ctx.reply("sure", title=title, day=_day(ctx, when), time=_clock(start), length=length)
    if not await ctx.confirm(question):
        return ctx.reply("not_added")
    await _sources[ctx.skill].add(ctx, event)
    return ctx.reply("added", title=title)


async def _length(ctx: Context) -> Duration:
    """How long it takes; an hour for those who do not say."""
    try:
        return await ctx.ask(ctx.reply("ask_length"), Duration)
    except NoAnswer:
        return _HOUR


# --- days and times -----------------------------------------------------------------------------


def _resolved(ctx: Context, day: Date) -> date:
    try:
        return day.resolve(ctx.now().date())
    except ValueError as error:
        raise SkillError(ctx.reply("no_such_day")) from error


def _midnights(ctx: Context, day: date) -> tuple[datetime, datetime]:
    """The beginnings of a day and of the next, on the user's clock."""
    zone = ctx.now().tzinfo
    return (datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone))


def _moment(ctx: Context, day: date, clock: TimeOfDay) -> datetime:
    """A time on a day; where the half of the day was not said, that between seven in the morning and seven at night."""
    hours = clock.hours()
    hour = hours[0] if len(hours) == 1 else next(each for each in hours if 7 <= each < 19)
    return datetime.combine(day, time(hour, clock.minute), ctx.now().tzinfo)


def _clock(moment: datetime) -> TimeOfDay:
    return TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= 12 else "am")


def _day(ctx: Context, day: date) -> Date | date:
    """A day as it is said: today, tomorrow, a day of the week, a day of the month; in full when it is far away."""
    apart = (day - ctx.now().date()).days
    if 0 <= apart <= 1:
        return Date(offset=apart)
    if 1 < apart < 7:
        return Date(weekday=day.weekday())
    return Date(day=day.day, month=day.month) if 0 < apart < 300 else day


# --- words --------------------------------------------------------------------------------------


def _told(ctx: Context, events: Sequence[Event], since: datetime) -> list[str]:
    """Each appointment with its time; one that began the day before has none."""
    told = []
    for event in events[:_MOST]:
        timed = not event.all_day and event.start >= since
        key = "event" if timed else "all_day"
        told.append(ctx.reply(key, title=_title(ctx, event), time=_clock(event.start)))
    return told


def _title(ctx: Context, event: Event) -> str:
    return event.title or ctx.reply("untitled")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
