"""Dates as they are said and written, built from a language's calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.intent.lang.numerals import NumberParts
from assistant.intent.lang.parts import Chain, Digits, Either, Forms, Part, literal, maybe, skipped
from assistant.intent.values import Date

Week = Literal["coming", "this", "next", "last", "after"]
_FURTHEST = 3_660


@dataclass(frozen=True, eq=False)
class Calendar:
    """The words of a language's calendar; phrases are lower case.

    Attributes:
        near: "tomorrow" → days from today.
        months: 1 to 12; several forms each.
        months_read: further forms, understood in text only.
        weekdays: Monday is 0.
        weekdays_read: further forms, understood in text only.
        weeks: before a weekday ("next") → which week.
        weeks_after: after a weekday ("en huit").
        ordinals: days of the month in words, 1 to 31.
        endings: of days written in digits ("st").
        on: what may stand before a day ("on the").
        of: what may stand between day and month, and month and year.
        year: what may stand after a year.
        years: ordinal numerals that end a year, below 100.
        days, weeks_long, months_long: units of "in three days".
        one_day, one_week: "a week" without a number.
        ahead: before a number of days ("in"); behind: before ("vor"); ago: after ("назад").
        feasts: name → (day, month).
        day_words: after a day of the month that stands alone ("числа").
    """

    near: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    weeks: Mapping[str, Week]
    ordinals: Mapping[str, int]
    on: tuple[str, ...]
    days: tuple[str, ...]
    weeks_long: tuple[str, ...]
    ahead: tuple[str, ...]
    behind: tuple[str, ...] = ()
    ago: tuple[str, ...] = ()
    one_week: tuple[str, ...] = ()
    one_day: tuple[str, ...] = ()
    months_read: Mapping[str, int] = field(default_factory=dict)
    weekdays_read: Mapping[str, int] = field(default_factory=dict)
    weeks_after: Mapping[str, Week] = field(default_factory=dict)
    near_read: Mapping[str, int] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    feasts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    day_words: tuple[str, ...] = ()


def dates(numbers: NumberParts, words: Calendar) -> Part:
    """The part of a grammar that is a day."""
    near = Chain(Forms(words.near, words.near_read), make=lambda days: Date(offset=days))
    feasts = Chain(skipped(*words.on), Forms(words.feasts), make=lambda _, feast: Date(day=feast[0], month=feast[1]))
    weekday = _weekday(words)
    on_calendar = _on_calendar(numbers, words)
    return Either(near, weekday, on_calendar, Either(_away(numbers, words), feasts))


def _weekday(words: Calendar) -> Part:
    day = Forms(words.weekdays, words.weekdays_read)
    plain = Chain(skipped(*words.on), day, make=lambda _, day: Date(weekday=day))
    led = Chain(
        skipped(*words.on), Forms(words.weeks), day, make=lambda _, week, day: Date(weekday=day, week=week)
    )  # fmt: skip
    if not words.weeks_after:
        return Either(plain, led)
    after = Chain(
        skipped(*words.on), day, Forms(words.weeks_after), make=lambda _, day, week: Date(weekday=day, week=week)
    )  # fmt: skip
    return Either(plain, led, after)


def _away(numbers: NumberParts, words: Calendar) -> Part:
    units = Either(_unit(numbers, words.days, words.one_day, 1), _unit(numbers, words.weeks_long, words.one_week, 7))
    ways: list[Part] = [Chain(literal(*words.ahead), units, make=lambda _, days: _offset(days))]
    if words.behind:
        ways.append(Chain(literal(*words.behind), units, make=lambda _, days: _offset(-days)))
    if words.ago:
        ways.append(Chain(units, literal(*words.ago), make=lambda days, _: _offset(-days)))
    return Either(*ways)


def _unit(numbers: NumberParts, forms: Sequence[str], alone: Sequence[str], size: int) -> Part:
    count = Either(numbers.below_100, Digits(r"\d{1,4}"))
    counted = Chain(count, literal(*forms), make=lambda n, _: n * size)
    return Either(counted, Forms(dict.fromkeys(alone, size))) if alone else counted


def _offset(days: int) -> Date | None:
    return Date(offset=days) if abs(days) <= _FURTHEST else None


def _on_calendar(numbers: NumberParts, words: Calendar) -> Part:
    ending = skipped(read=words.endings)
    digits = Chain(Digits(r"[1-9]|[012]\d|3[01]"), ending, make=lambda day, _: day)
    ordinal = Forms(words.ordinals)
    month = Forms(words.months, words.months_read)
    of = skipped(*words.of)
    year = maybe(_year(numbers, words), None, rare=True)
    on = skipped(*words.on)
    weekday = maybe(Chain(Forms(words.weekdays, words.weekdays_read), skipped(*words.on), make=lambda *_: 0), rare=True)
    full = Chain(
        on, weekday, Either(ordinal, digits), of, month, year,
        make=lambda _, __, day, ___, month, year: real(day, month, year),
    )  # fmt: skip
    day = Either(ordinal, digits)
    alone: list[Part] = [Chain(literal(*words.on), day, make=lambda _, day: real(day, None, None))]
    if words.day_words:
        alone.append(Chain(on, day, literal(*words.day_words), make=lambda _, day, __: real(day, None, None)))
    return Either(full, full, Either(*alone), _numeric(on, words.year))


def _year(numbers: NumberParts, words: Calendar) -> Part:
    number = Chain(numbers.whole, make=lambda year: year if 1_000 <= year <= 9_999 else None)
    kinds: list[Part] = [number, Digits(r"\d{4}")]
    if words.years:
        low = Forms(words.years)
        thousands = Chain(numbers.cardinal, make=lambda n: n if 1_000 <= n <= 9_900 and n % 100 % 10 == 0 else None)
        joint = skipped(*numbers.numerals.joint)
        kinds.append(Chain(thousands, joint, low, make=_with_low))
    after = skipped(*words.year)
    return Chain(skipped(*words.of), Either(*kinds), after, make=lambda _, year, __: year)


def _with_low(high: int, _: int, low: int) -> int | None:
    return high + low if low < (100 if high % 100 == 0 else 10) else None


def _numeric(on: Part, year_words: Sequence[str]) -> Part:
    """Days in digits: "3.5.2026", "3.5.", "3/5/2026", "2026-05-03"."""

    def day_month(match: re.Match[str]) -> tuple[int, int]:
        return int(match[1]), int(match[2])

    number = Digits(r"\d{1,2}")
    slash, dash = literal(read=("/",)), literal(read=("-",))
    short = Digits(r"\d{2}", lambda match: 2000 + int(match[0]))
    year = Chain(Either(Digits(r"\d{4}"), short), skipped(read=year_words), make=lambda year, _: year)
    dotted = Chain(
        on, Digits(r"(\d{1,2})\.(\d{1,2})", day_month), maybe(year, None),
        make=lambda _, pair, year: real(pair[0], pair[1], year),
    )  # fmt: skip
    slashed = Chain(
        on, number, slash, number, maybe(Chain(slash, year, make=lambda _, year: year), None),
        make=lambda _, day, __, month, year: real(day, month, year),
    )  # fmt: skip
    iso = Chain(
        Digits(r"\d{4}"), dash, number, dash, number, make=lambda year, _, month, __, day: real(day, month, year)
    )
    return Either(dotted, slashed, iso)


def real(day: int, month: int | None, year: int | None) -> Date | None:
    """The date if there is such a day, without a year in some year."""
    try:
        dt.date(year or 2000, month or 1, day)
    except ValueError:
        return None
    return Date(day=day, month=month, year=year)
