"""The values that typed slots give to a skill; ``str()`` of each can be spoken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Meridiem = Literal["am", "pm"]

_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_UNITS = (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def counted(number: int, noun: str) -> str:
    """``"one minute"``, ``"nine minutes"``, ``"25 minutes"``: words up to twelve, digits above."""
    amount = _SMALL[number] if 0 <= number <= 12 else str(number)
    return f"{amount} {noun}" if number == 1 else f"{amount} {noun}s"


def ordinal(number: int) -> str:
    """``"3rd"``."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


class Duration(dt.timedelta):
    """A length of time; ``str()`` is speakable: ``"an hour and a half"``, ``"one minute and 30 seconds"``.

    Sums, differences and multiples of durations are durations, too.
    """

    @classmethod
    def of(cls, delta: dt.timedelta) -> Duration:
        """Any timedelta, for example the difference of two moments, as a duration."""
        return cls(days=delta.days, seconds=delta.seconds, microseconds=delta.microseconds)

    def __add__(self, other: dt.timedelta, /) -> Duration:
        return _same(super().__add__(other))

    def __radd__(self, other: dt.timedelta, /) -> Duration:
        return _same(super().__radd__(other))

    def __sub__(self, other: dt.timedelta, /) -> Duration:
        return _same(super().__sub__(other))

    def __rsub__(self, other: dt.timedelta, /) -> Duration:
        return _same(super().__rsub__(other))

    def __mul__(self, factor: float, /) -> Duration:
        return _same(super().__mul__(factor))

    __rmul__ = __mul__

    def __str__(self) -> str:
        exact = self.total_seconds()
        seconds = round(abs(exact))
        if seconds == 0:
            return "less than a second" if exact else "zero seconds"
        sign = "minus " if exact < 0 else ""
        return sign + (_in_halves(seconds) or _in_parts(seconds))


def _same(result: dt.timedelta) -> Duration:
    """The result of timedelta's arithmetic as a duration; ``NotImplemented`` stays what it is."""
    return Duration.of(result) if isinstance(result, dt.timedelta) else result


def _in_halves(seconds: int) -> str | None:
    hours, rest = divmod(seconds, 3_600)
    if rest != 1_800 or hours >= 24:
        return None
    if hours < 2:
        return ("half an hour", "an hour and a half")[hours]
    amount = _SMALL[hours] if hours <= 12 else str(hours)
    return f"{amount} and a half hours"


def _in_parts(seconds: int) -> str:
    parts = []
    for unit, size in _UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(counted(number, unit))
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time on the clock; ``str()`` is speakable: ``"6:30 pm"``, ``"6 o'clock"``, ``"noon"``.

    Attributes:
        hour: 0 to 23 when the half of the day is known, else 1 to 12 as it was said.
        minute: 0 to 59.
        meridiem: ``am`` or ``pm``; None when ``six thirty`` could be either.

    Raises:
        ValueError: no such time.
    """

    hour: int
    minute: int = 0
    meridiem: Meridiem | None = None

    def __post_init__(self) -> None:
        wrong_half = (self.meridiem == "am" and self.hour > 12) or (self.meridiem == "pm" and self.hour == 0)
        if wrong_half or not (0 <= self.hour <= 23 and 0 <= self.minute <= 59):
            raise ValueError(f"there is no time {self.hour}:{self.minute:02} {self.meridiem or ''}".rstrip())
        if self.meridiem is None and (self.hour > 12 or self.hour == 0):
            object.__setattr__(self, "meridiem", "pm" if self.hour else "am")
        if self.meridiem is not None:
            object.__setattr__(self, "hour", self.hour % 12 + (12 if self.meridiem == "pm" else 0))

    def hours(self) -> tuple[int, ...]:
        """The 24-hour readings: one, or two when the half of the day is not known."""
        return (self.hour,) if self.meridiem else (self.hour % 12, self.hour % 12 + 12)

    def next_after(self, now: dt.datetime) -> dt.datetime:
        """The first such moment after now, in the time zone of now."""
        return min(moment for moment in self._around(now) if moment.timestamp() > now.timestamp())

    def _around(self, now: dt.datetime) -> Iterator[dt.datetime]:
        for days in (0, 1, 2):
            day = now.date() + dt.timedelta(days)
            for hour in self.hours():
                moment = dt.datetime.combine(day, dt.time(hour, self.minute), now.tzinfo)
                again = moment.replace(fold=1)
                yield _existing(moment)
                if again.timestamp() > moment.timestamp():  # the hour that the end of summer time repeats
                    yield again

    def __str__(self) -> str:
        if self.meridiem and self.minute == 0 and self.hour in (0, 12):
            return "noon" if self.hour else "midnight"
        hour = (self.hour - 1) % 12 + 1
        if self.meridiem is None:
            return f"{hour}:{self.minute:02}" if self.minute else f"{hour} o'clock"
        return f"{hour}:{self.minute:02} {self.meridiem}" if self.minute else f"{hour} {self.meridiem}"


def _existing(moment: dt.datetime) -> dt.datetime:
    """The moment itself, or, in the hour that a change to summer time skips, the one that the clocks show."""
    return moment if moment.tzinfo is None else moment.astimezone(dt.UTC).astimezone(moment.tzinfo)


class Percentage(float):
    """A percentage, 0 to 100; ``str()`` is speakable: ``"25 percent"``."""

    @property
    def fraction(self) -> float:
        """The same as 0 to 1."""
        return float(self) / 100

    def __str__(self) -> str:
        return f"{float(self):g} percent"


@dataclass(frozen=True, slots=True)
class Date:
    """A day as it was said; :meth:`resolve` makes it a calendar date, so that parsing needs no clock.

    Exactly one of ``offset``, ``weekday`` and ``day`` is set.

    Attributes:
        offset: days from today (``tomorrow`` is 1).
        weekday: Monday is 0; ``week`` says which one.
        week: ``coming`` (the first after today), ``this`` (today or the first after it), ``next`` (the one
            in the next Monday-to-Sunday week), ``last`` (the latest before today) or ``after`` (coming + 7 days).
        day, month, year: a calendar day; without year, or month and year, the first from today on.
    """

    offset: int | None = None
    weekday: int | None = None
    week: Literal["coming", "this", "next", "last", "after"] = "coming"
    day: int | None = None
    month: int | None = None
    year: int | None = None

    def resolve(self, today: dt.date) -> dt.date:
        """The calendar date meant on a given day.

        Raises:
            ValueError: there is no such day (the 30th of February).
        """
        if isinstance(today, dt.datetime):
            today = today.date()
        if self.offset is not None:
            return today + dt.timedelta(self.offset)
        if self.weekday is not None:
            return today + dt.timedelta(self._days_to_weekday(today.weekday()))
        if self.day is None:
            raise ValueError("an empty date")
        if self.year is not None:
            return dt.date(self.year, self.month or 1, self.day)
        return next(self._from(today))

    def _days_to_weekday(self, today: int) -> int:
        ahead = ((self.weekday or 0) - today) % 7
        match self.week:
            case "this":
                return ahead
            case "next":
                return (self.weekday or 0) - today + 7
            case "last":
                return ahead - 7
            case "after":
                return (ahead or 7) + 7
        return ahead or 7

    def _from(self, today: dt.date) -> Iterator[dt.date]:
        for months in range(12 * 8 + 1):  # 8 years: the longest wait for a 29th of February
            year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
            if self.month in (None, month + 1):
                try:
                    found = dt.date(year, month + 1, self.day or 0)
                except ValueError:
                    continue
                if found >= today:
                    yield found
        raise ValueError(f"there is no {self}")

    def __str__(self) -> str:
        if self.offset is not None:
            return _relative(self.offset)
        if self.weekday is not None:
            name = _WEEKDAYS[self.weekday]
            return {"coming": name, "after": f"{name} week"}.get(self.week, f"{self.week} {name}")
        if self.month is None:
            return f"the {ordinal(self.day or 0)}"
        year = "" if self.year is None else f" {self.year}"
        return f"the {ordinal(self.day or 0)} of {_MONTHS[self.month - 1]}{year}"


def _relative(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    size, noun = (abs(days) // 7, "week") if days % 7 == 0 else (abs(days), "day")
    return f"in {counted(size, noun)}" if days > 0 else f"{counted(size, noun)} ago"
