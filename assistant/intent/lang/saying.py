"""Values as a language says them: what the languages have in common.

Months, plural categories and lists are CLDR's, by way of Babel, which is imported when something is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.intent.values import Date, Percentage, TimeOfDay

if TYPE_CHECKING:
    from babel import Locale

SIZES = (604_800, 86_400, 3_600, 60, 1)
"""Seconds of the units, from a week down."""
IN_WORDS = 12
"""Numbers up to here are written in words."""

SPECS = frozenset(("accusative", "dative", "genitive", "at", "on"))
"""What may follow the colon of a placeholder: ``{left:dative}``, ``{time:at}``, ``{day:on}``."""


class Said(str):
    """A value in words, with its other forms: ``f"{said:dative}"``, ``f"{said:at}"``.

    A form that a language does not have is the plain one, so that the replies of all languages may ask for it.
    """

    __slots__ = ("forms",)
    forms: Mapping[str, str]

    def __new__(cls, text: str, **forms: str) -> Said:
        """The plain text, and other forms by the names in :data:`SPECS`."""
        made = super().__new__(cls, text)
        made.forms = forms
        return made

    def __format__(self, spec: str) -> str:
        return self.forms.get(spec, str(self)) if spec in SPECS else format(str(self), spec)


@dataclass(frozen=True, slots=True)
class Noun:
    """A unit of time as it is counted.

    Attributes:
        one: with its number, exactly one: "eine Stunde".
        forms: plural category → the noun alone; ``other`` stands for those that are missing.
        feminine: its gender.
    """

    one: str
    forms: Mapping[str, str]
    feminine: bool = True


@dataclass(frozen=True, slots=True)
class Lengths:
    """How durations are said in one case.

    Attributes:
        nouns: week, day, hour, minute, second.
        half, one_and_half: of an hour.
        and_half: of two hours on; ``{n}`` is the number in words or digits, ``{hours}`` the noun for it.
        zero: no time at all; brief: less than a second.
    """

    nouns: tuple[Noun, ...]
    half: str
    one_and_half: str
    and_half: str
    zero: str
    brief: str


@dataclass(frozen=True, slots=True, eq=False)
class Say:
    """How a language says values. All results may be spoken and shown.

    Attributes:
        code: of the language.
        duration, time, date, number, percentage: of one value each. A date may also be a calendar date, with which
            the day of the week is said.
    """

    code: str
    duration: Callable[[dt.timedelta], Said]
    time: Callable[[TimeOfDay], Said]
    date: Callable[[Date | dt.date], Said]
    number: Callable[[float], str]
    percentage: Callable[[float], str]

    def listed(self, parts: Sequence[str], last: str = "and") -> str:
        """Parts in a row; ``last`` is "and" or "or"."""
        from babel.lists import format_list

        said = [str(part) for part in parts]
        locale = "en_GB" if self.code == "en" else self.code  # "a, b and c"
        return format_list(said, style="or" if last == "or" else "standard", locale=locale)

    def moment(self, moment: dt.datetime) -> Said:
        """A day and its time."""
        half = "pm" if moment.hour >= 12 else "am"
        clock = self.time(TimeOfDay(moment.hour, moment.minute, half))  # type: ignore[arg-type]
        day = self.date(moment.date())
        return Said(f"{day} {clock:at}", on=f"{day:on} {clock:at}")

    def value(self, value: Any) -> Any:
        """Any value that a slot gives or a skill has, in words; text and what is unknown stay as they are."""
        match value:
            case bool() | str():
                return value
            case Percentage():
                return self.percentage(value)
            case dt.timedelta():
                return self.duration(value)
            case TimeOfDay():
                return self.time(value)
            case dt.datetime():
                return self.moment(value)
            case Date() | dt.date():
                return self.date(value)
            case int() | float():
                return self.number(value)
            case list() | tuple():
                return self.listed([self.value(each) for each in value])
        return value


@lru_cache
def locale(code: str) -> Locale:
    """Babel's locale."""
    from babel import Locale

    return Locale.parse(code)


def decimal(code: str) -> Callable[[float], str]:
    """Numbers in digits with a language's separators: "1.234,5"; four digits stand together, so as to be read well."""

    def say(value: float) -> str:
        from babel.numbers import format_decimal

        text: str = format_decimal(round(value, 6), locale=code, group_separator=abs(value) >= 10_000)
        return text

    return say


@dataclass(frozen=True, slots=True, eq=False)
class DurationSpeaker:
    """Says durations.

    Args:
        code: of the language.
        cases: case → its words; "" is the plain one.
        word: a number up to twelve in words: number, feminine, case.
        minus: before a negative one.
    """

    code: str
    cases: Mapping[str, Lengths]
    word: Callable[[int, bool, str], str]
    minus: str

    def __call__(self, length: dt.timedelta) -> Said:
        """The duration with its forms in the other cases."""
        forms = {case: self._in_case(length, case) for case in self.cases}
        return Said(forms.pop(""), **forms)

    def counted(self, number: int, place: int) -> Said:
        """So many of one unit, which :data:`SIZES` has at a place: eight days rather than a week and a day."""
        forms = {case: self._counted(number, words.nouns[place], case) for case, words in self.cases.items()}
        return Said(forms.pop(""), **forms)

    def _in_case(self, length: dt.timedelta, case: str) -> str:
        words, exact = self.cases[case], length.total_seconds()
        seconds = round(abs(exact))
        if seconds == 0:
            return words.brief if exact else words.zero
        sign = f"{self.minus} " if exact < 0 else ""
        return sign + (self._halves(seconds, case) or self._parts(seconds, case))

    def _halves(self, seconds: int, case: str) -> str | None:
        hours, rest = divmod(seconds, 3_600)
        words = self.cases[case]
        if rest != 1_800 or hours >= 24:
            return None
        if hours < 2:
            return (words.half, words.one_and_half)[hours]
        noun = words.nouns[2]
        count = self._count(hours, noun.feminine, case)
        return words.and_half.format(n=count, hours=self._noun(hours, noun))

    def _parts(self, seconds: int, case: str) -> str:
        parts = []
        for noun, size in zip(self.cases[case].nouns, SIZES, strict=True):
            number, seconds = divmod(seconds, size)
            if number:
                parts.append(self._counted(number, noun, case))
        from babel.lists import format_list

        return format_list(parts, locale=self.code)

    def _counted(self, number: int, noun: Noun, case: str) -> str:
        if number == 1:
            return noun.one
        return f"{self._count(number, noun.feminine, case)} {self._noun(number, noun)}"

    def _count(self, number: int, feminine: bool, case: str) -> str:
        return self.word(number, feminine, case) if number <= IN_WORDS else str(number)

    def _noun(self, number: int, noun: Noun) -> str:
        return noun.forms.get(locale(self.code).plural_form(number), noun.forms["other"])


@dataclass(frozen=True, slots=True, eq=False)
class DateSpeaker:
    """Says dates.

    Args:
        code: of the language.
        near: days from today → name.
        ahead, behind: a pattern with ``{length}`` for other days from today; ``case`` is the length's.
        case: of the length in them.
        length: says durations.
        weekday: says a weekday of some week: (0 for Monday, week, with a preposition).
        calendar: says a calendar day: (day, month or None, year or None, with a preposition).
        with_weekday: joins a weekday and a calendar day.
    """

    code: str
    near: Mapping[int, str]
    ahead: str
    behind: str
    length: DurationSpeaker
    weekday: Callable[[int, str, bool], str]
    calendar: Callable[[int, int | None, int | None, bool], str]
    with_weekday: str = "{weekday}, {day}"
    on_weekday: str = "{weekday}, {day}"

    def __call__(self, day: Date | dt.date) -> Said:
        """The day, also after a preposition ("on Friday")."""
        if isinstance(day, dt.date):
            plain, on = (self._with_weekday(day, on) for on in (False, True))
        elif day.offset is not None:
            plain = on = self._offset(day.offset)
        elif day.weekday is not None:
            plain, on = (self.weekday(day.weekday, day.week, on) for on in (False, True))
        else:
            plain, on = (self.calendar(day.day or 0, day.month, day.year, on) for on in (False, True))
        return Said(plain, on=on)

    def _with_weekday(self, day: dt.date, on: bool) -> str:
        weekday = self.weekday(day.weekday(), "coming", on)
        pattern = self.on_weekday if on else self.with_weekday
        return pattern.format(weekday=weekday, day=self.calendar(day.day, day.month, day.year, False))

    def _offset(self, days: int) -> str:
        if days in self.near:
            return self.near[days]
        weeks, rest = divmod(abs(days), 7)
        length = self.length.counted(abs(days), 1) if rest else self.length.counted(weeks, 0)
        return (self.ahead if days > 0 else self.behind).format(length=length)


def month_name(code: str, month: int) -> str:
    """The month's name as it stands after a day."""
    name: str = locale(code).months["format"]["wide"][month]
    return name


def weekday_name(code: str, weekday: int) -> str:
    """The weekday's name; Monday is 0."""
    name: str = locale(code).days["format"]["wide"][weekday]
    return name
