"""Dates as they are said and written: ``tomorrow``, ``next friday``, ``in three days``, ``the third of may 2027``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from assistant.intent.numbers import BELOW_100, ONES, TEENS, TENS, WHOLE, cardinal, written, year
from assistant.intent.template import Alt, Node, Pattern, Seq, Word, one_of, optional, phrase
from assistant.intent.values import Date

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip

_NEAR = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2, "day after tomorrow": 2,
    "the day before yesterday": -2, "day before yesterday": -2, "next week": 7, "last week": -7,
}  # fmt: skip
_FEASTS = {
    "christmas": (25, 12), "christmas day": (25, 12), "christmas eve": (24, 12), "boxing day": (26, 12),
    "new year": (1, 1), "new year's": (1, 1), "new year's day": (1, 1), "new year's eve": (31, 12),
    "valentine's day": (14, 2), "halloween": (31, 10),
}  # fmt: skip
_ORDINAL_VALUES = {word: value for value, word in enumerate(ORDINALS, 1)} | {"thirtieth": 30}
_MONTH_VALUES = {name: number for number, month in enumerate(MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_WEEKDAY_VALUES = {name: number for number, day in enumerate(WEEKDAYS) for name in (day, day[:3])} | {
    "tues": 1, "thur": 3, "thurs": 3,
}  # fmt: skip
_LONGEST = 3_660


def _network() -> Node:
    near = Alt((one_of("today", "tomorrow", "yesterday"), one_of("the day after tomorrow", "the day before yesterday")))
    shortened = Alt((Seq((written("after"), written("tomorrow"))), Seq((written("before"), written("yesterday")))))
    near_written = Alt(
        (written("tonight"), Seq((written("day"), shortened)), Seq((written("next", "last"), written("week"))))
    )
    day = Alt((one_of(*WEEKDAYS), written(*_WEEKDAY_VALUES)))
    weekday = Alt((day, Seq((one_of("next", "this", "last"), day)), Seq((day, written("week")))))
    some = Seq((Alt((BELOW_100, WHOLE, Word("a"))), one_of("days", "weeks", "day", "week")))
    away = Alt((Seq((Word("in"), some)), Seq((some, Alt((phrase("from now"), Word("ago"), _from_today()))))))
    calendar = Alt((_CALENDAR, Seq((written(*WEEKDAYS), _CALENDAR))))
    return Alt((near, weekday, calendar, Alt((away, one_of(*_FEASTS))), near_written))


def _from_today() -> Node:
    return Seq((written("from"), written("today", "tomorrow")))


def _calendar() -> Node:
    ordinal = Alt((one_of(*ORDINALS), Alt((Word("thirtieth"), Seq((Word("twenty"), one_of(*ORDINALS[:9]))),
               phrase("thirty first"))), Seq((WHOLE, optional(written("st", "nd", "rd", "th"))))))  # fmt: skip
    month = Alt((one_of(*MONTHS), written(*_MONTH_VALUES)))
    low = Alt((one_of(*TEENS), Seq((one_of(*TENS), optional(one_of(*ONES)))), Seq((Word("oh"), one_of(*ONES)))))
    thousands = Seq((phrase("two thousand"), optional(Seq((optional(Word("and")), one_of(*ONES))))))
    century = Seq((Alt((Word("twenty"), Word("nineteen"), written(*TEENS[1:9]))), low))
    in_year = optional(Alt((century, thousands, Pattern(re.compile(r"\d{4}")))))
    the = optional(Word("the"))
    iso = tuple(Pattern(re.compile(part)) for part in (r"\d{4}", "-", r"\d\d", "-", r"\d\d"))
    return Alt(
        (
            Seq((the, ordinal, Word("of"), month, in_year)),
            Seq((month, the, ordinal, in_year)),
            Seq((Word("the"), ordinal)),
            Seq((optional(written("the")), WHOLE, optional(written("st", "nd", "rd", "th")), month, in_year)),
            Seq((optional(written("the")), written(*ORDINALS, "thirtieth"), month, in_year)),
            Seq(iso),
        )
    )


_CALENDAR = _calendar()
NODE = _network()


def parse(text: str) -> Date | None:
    """The day that words or digits say, or None, also for days that never are (the 30th of February)."""
    if text in _NEAR:
        return Date(offset=_NEAR[text])
    if text in _FEASTS:
        return Date(day=_FEASTS[text][0], month=_FEASTS[text][1])
    words = text.split()
    readings: tuple[Callable[[list[str]], Date | None], ...] = (_weekday, _away, _iso, _on_calendar)
    return next((found for reading in readings if (found := reading(words)) is not None), None)


def _weekday(words: list[str]) -> Date | None:
    match words:
        case [day] if day in _WEEKDAY_VALUES:
            return Date(weekday=_WEEKDAY_VALUES[day])
        case [("next" | "this" | "last") as week, day] if day in _WEEKDAY_VALUES:
            return Date(weekday=_WEEKDAY_VALUES[day], week=week)
        case [day, "week"] if day in _WEEKDAY_VALUES:
            return Date(weekday=_WEEKDAY_VALUES[day], week="after")
    return None


def _away(words: list[str]) -> Date | None:
    match words:
        case ["in", *count, unit]:
            start, sign = 0, 1
        case [*count, unit, "from", ("now" | "today" | "tomorrow") as day]:
            start, sign = int(day == "tomorrow"), 1
        case [*count, unit, "ago"]:
            start, sign = 0, -1
        case _:
            return None
    size = {"day": 1, "days": 1, "week": 7, "weeks": 7}.get(unit)
    number = 1 if count == ["a"] else cardinal(count)
    if size is None or number is None or number * size > _LONGEST:
        return None
    return Date(offset=start + sign * number * size)


def _iso(words: list[str]) -> Date | None:
    match words:
        case [years, "-", month, "-", day] if len(years) == 4:
            return _real(int(day), int(month), int(years))
    return None


def _on_calendar(words: list[str]) -> Date | None:
    if len(words) > 1 and words[0] in WEEKDAYS:  # "friday, may 3rd": the day of the month says it all
        words = words[1:]
    places = [place for place, word in enumerate(words) if word in _MONTH_VALUES]
    if not places:
        return _real(_day(words[1:]), None, None) if words[:1] == ["the"] else None
    at = places[0]
    month = _MONTH_VALUES[words[at]]
    if at:
        head = words[1:] if words[0] == "the" else words[:]
        before = head[: at - (len(words) - len(head))]
        day = _day(before[:-1] if before[-1:] == ["of"] else before)
        return _real(day, month, words[at + 1 :])
    rest = words[2:] if words[1:2] == ["the"] else words[1:]
    for split in range(min(2, len(rest)), 0, -1):
        found = _real(_day(rest[:split]), month, rest[split:])
        if found is not None:
            return found
    return None


def _day(words: Sequence[str]) -> int | None:
    match list(words):
        case [word] if word.isdecimal():
            return int(word)
        case [word, "st" | "nd" | "rd" | "th"] if word.isdecimal():
            return int(word)
        case [word]:
            return _ORDINAL_VALUES.get(word)
        case ["twenty", word] if word in ORDINALS[:9]:
            return 20 + _ORDINAL_VALUES[word]
        case ["thirty", "first"]:
            return 31
    return None


def _real(day: int | None, month: int | None, in_year: Sequence[str] | int | None) -> Date | None:
    """The date if there is such a day, without a year in some year."""
    number = in_year if isinstance(in_year, int) else _year(in_year) if in_year else None
    if day is None or (in_year and number is None):
        return None
    try:
        dt.date(number or 2000, month or 1, day)
    except ValueError:
        return None
    return Date(day=day, month=month, year=number)


def _year(words: Sequence[str]) -> int | None:
    number = year(words)
    number = cardinal(words) if number is None else number
    return number if number is not None and 1_000 <= number <= 9_999 else None
