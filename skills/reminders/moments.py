"""When a reminder is due: from what was said to a moment and a recurrence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from assistant import Context, Date, Duration, Recurrence, SkillError, TimeOfDay

_WORKDAYS = (0, 1, 2, 3, 4)
_WEEKEND = (5, 6)
_FREQUENCIES: dict[str, Recurrence] = {
    "hour": Recurrence("hourly"),
    "day": Recurrence("daily"),
    "other_day": Recurrence("daily", 2),
    "workday": Recurrence("weekly", weekdays=_WORKDAYS),
    "weekend": Recurrence("weekly", weekdays=_WEEKEND),
    "week": Recurrence("weekly"),
    "other_week": Recurrence("weekly", 2),
    "month": Recurrence("monthly"),
    "year": Recurrence("yearly"),
}
_UNITS: dict[str, Any] = {
    "minutes": "minutely", "hours": "hourly", "days": "daily", "weeks": "weekly", "months": "monthly",
    "years": "yearly",
}  # fmt: skip
_PAST_NOON = 12


def recurrence(span: str | None, weekdays: tuple[int, ...], number: int | None, unit: str | None) -> Recurrence:
    """How it recurs.

    Args:
        span: every "day", "workday", "other_week" …
        weekdays: or on these days of the week.
        number, unit: or every so many "hours", "days" …
    """
    if weekdays:
        return Recurrence("weekly", weekdays=tuple(sorted(set(weekdays))))
    if number is not None and unit is not None:
        return Recurrence(_UNITS[unit], number)
    return _FREQUENCIES[span or "day"]


def is_timed(repeat: Recurrence) -> bool:
    """Whether it comes at a time of day, rather than every so many hours or minutes."""
    return repeat.freq not in ("hourly", "minutely")


def after(now: datetime, length: timedelta) -> datetime:
    """So much later, also across a change of the clocks."""
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo)


def by_day(time: TimeOfDay) -> TimeOfDay:
    """The reading of an ambiguous time at which people are up: 7 to 11 in the morning, 12 to 6 in the afternoon."""
    if time.meridiem is not None:
        return time
    return TimeOfDay(time.hour, time.minute, "am" if 7 <= time.hour < _PAST_NOON else "pm")


def in_part(ctx: Context, time: TimeOfDay | None, part: str | None) -> TimeOfDay | None:
    """The time in a part of the day; the part's own hour if no time was said."""
    if part is None:
        return time
    if time is None:
        return TimeOfDay(int(ctx.settings[part]), 0, "am" if part == "morning" else "pm")
    if time.meridiem is not None:
        return time
    return TimeOfDay(time.hour, time.minute, "am" if part == "morning" else "pm")


def first(ctx: Context, time: TimeOfDay, day: Date | None, repeat: Recurrence | None = None) -> datetime:
    """The first moment at a time from now on, on a day if one was named, and as it recurs.

    Raises:
        SkillError: that moment is over, or there is no such day.
    """
    now = ctx.now()
    if day is None:
        if repeat is not None and repeat.weekdays:
            return _on_weekday(by_day(time), repeat.weekdays, now)
        return (by_day(time) if repeat is not None else time).next_after(now)
    try:
        date = day.resolve(now.date())
    except ValueError:
        raise SkillError(ctx.reply("no_such_day", day=day)) from None
    midnight = datetime.combine(date, datetime.min.time(), now.tzinfo)
    moment = (by_day(time) if date != now.date() else time).next_after(max(now, midnight - timedelta(microseconds=1)))
    if moment.date() != date:
        raise SkillError(ctx.reply("over", day=day, time=time))
    return moment


def _on_weekday(time: TimeOfDay, weekdays: tuple[int, ...], now: datetime) -> datetime:
    moment = time.next_after(now)
    while moment.weekday() not in weekdays:
        moment = time.next_after(moment)
    return moment


def day_of(moment: datetime, now: datetime) -> Date:
    """A moment's day as people name it: today, tomorrow, Friday, the 5th of March."""
    days = (moment.date() - now.date()).days
    if days in (0, 1):
        return Date(offset=days)
    if 0 < days < 7:
        return Date(weekday=moment.weekday())
    year = moment.year if moment.year != now.year else None
    return Date(day=moment.day, month=moment.month, year=year)


def clock_of(moment: datetime) -> TimeOfDay:
    """A moment's time of day."""
    return TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= _PAST_NOON else "am")


def ago(now: datetime, then: datetime) -> Duration:
    """How long ago, in minutes or whole hours."""
    minutes = max(1, round((now.timestamp() - then.timestamp()) / 60))
    return Duration(minutes=minutes if minutes < 120 else round(minutes / 60) * 60)


def described(ctx: Context, repeat: Recurrence, start: datetime) -> str:
    """A recurrence in words: "every weekday at 7 am", "every two hours"."""
    time, n = clock_of(start), repeat.interval
    if repeat.freq == "weekly":
        if n == 1 and repeat.weekdays == _WORKDAYS:
            return ctx.reply("on_workdays", time=time)
        if n == 1 and repeat.weekdays == _WEEKEND:
            return ctx.reply("on_weekends", time=time)
        days = [ctx.reply(f"weekday_{day}") for day in repeat.weekdays or (start.weekday(),)]
        return ctx.reply("on_days" if n == 1 else "every_weeks", days=days, n=n, time=time)
    if repeat.freq == "yearly":
        return ctx.reply("every_years", n=n, day=Date(day=start.day, month=start.month), time=time)
    keys = {"minutely": "every_minutes", "hourly": "every_hours", "daily": "every_days", "monthly": "every_months"}
    return ctx.reply(keys[repeat.freq], n=n, day=Date(day=start.day), time=time)
