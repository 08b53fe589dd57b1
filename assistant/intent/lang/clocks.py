"""Times of day: what the parts of a language's clock have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.intent.lang.numerals import NumberParts
from assistant.intent.lang.parts import Chain, Digits, Either, Forms, Part, literal, maybe, skipped
from assistant.intent.values import Meridiem, TimeOfDay

DayPart = Literal["morning", "noon", "afternoon", "evening", "night"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the dial.

    Attributes:
        hour: 0 to 24.
        minute: 0 to 59.
        sure: it is the 24-hour clock's ("06:30").
    """

    hour: int
    minute: int = 0
    sure: bool = False


def past(hour: int, minute: int) -> Clock | None:
    """Minutes after an hour."""
    return Clock(hour, minute) if 0 < minute < 60 else None


def to(hour: int, minute: int) -> Clock | None:
    """Minutes before an hour."""
    return Clock(12 if hour == 1 else (hour - 1) % 24, 60 - minute) if 0 < minute < 60 else None


def time_of_day(clock: Clock, part: DayPart | None) -> TimeOfDay | None:
    """The time in a part of the day; None where they contradict each other ("18:00 in the morning")."""
    hour, minute = clock.hour % 24, clock.minute
    if clock.hour > 24 or (clock.hour == 24 and minute):
        return None
    if clock.hour > 12 or clock.hour == 0 or (clock.sure and part is None):
        if (part == "morning" and 12 < clock.hour < 24) or (part in ("afternoon", "noon") and clock.hour == 0):
            return None
        return TimeOfDay(hour, minute, "pm" if hour >= 12 else "am")
    return TimeOfDay(hour, minute, _half(hour, part) if part else None)


def _half(hour: int, part: DayPart) -> Meridiem:
    """Which half of the day an hour from 1 to 12 belongs to."""
    match part:
        case "morning":
            return "am"
        case "noon":
            return "am" if hour in (10, 11) else "pm"
        case "night":
            return "pm" if 6 <= hour < 12 else "am"
        case "evening":
            return "am" if hour == 12 else "pm"
    return "pm"


def digital(separators: str = ":.") -> Part:
    """Hours and minutes in digits: "18:30", "06.30"."""

    def value(match: re.Match[str]) -> Clock:
        return Clock(int(match[1]), int(match[2]), sure=match[1].startswith("0"))

    return Digits(rf"(\d|[01]\d|2[0-4])[{separators}]([0-5]\d)", value)


def hours(numbers: NumberParts) -> Part:
    """1 to 12, in words or digits."""
    return Either(numbers.hour, Digits(r"\d|1[0-2]"))


def all_hours(numbers: NumberParts) -> Part:
    """0 to 24, in words or digits."""
    return Either(numbers.hour, numbers.hour, numbers.late_hour, Digits(r"\d|[01]\d|2[0-4]"))


def minutes(numbers: NumberParts, unit: Sequence[str] = ()) -> Part:
    """1 to 59 minutes before or after an hour, the word for minutes being optional."""
    number = Either(numbers.below_60, Digits(r"[1-9]|[1-5]\d"))
    return Chain(number, skipped(*unit), make=lambda n, _: n)


def full(hour: Part, oclock: Sequence[str], minute: Part, unit: Sequence[str] = ()) -> Part:
    """An hour with the word for it, and perhaps minutes: "18 Uhr 30"."""
    after = maybe(Chain(minute, skipped(*unit), make=lambda n, _: n), rare=True)
    return Chain(hour, literal(*oclock), after, make=lambda h, _, m: Clock(h, m))


def bare(hour: Part, minute: Part) -> Part:
    """An hour and perhaps minutes, without the word for hour: "sechs", "achtzehn dreißig"."""
    return Chain(hour, maybe(minute), make=Clock)


def times(
    dial: Iterable[Part],
    parts: Mapping[str, DayPart],
    before: Mapping[str, DayPart],
    named: Mapping[str, Clock],
    read: Mapping[str, DayPart] | None = None,
) -> Part:
    """The part of a grammar that is a time of day.

    Args:
        dial: ways to say a time on the dial; the first weigh most.
        parts: what follows it: "in the morning".
        before: what stands before it: "tonight at".
        named: noon, midnight.
        read: like ``parts``, understood in text only.
    """
    clock = Either(*dial)
    after = Chain(clock, maybe(Forms(parts, read), None), make=time_of_day)
    led = Chain(Forms(before), clock, make=lambda part, time: time_of_day(time, part))
    names = Chain(Forms(named), make=lambda time: time_of_day(Clock(time.hour, time.minute, sure=True), None))
    return Either(after, after, after, after, led, names)
