"""Words for what is written in symbols, for languages other than English: rules built from a language's words.

The names of units and months are CLDR's (Babel), numerals num2words'. What espeak-ng reads well by itself (plain
numbers, most decimals) is left alone; the rules are for what depends on the words around a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.units import format_unit

from assistant.intent.lang.saying import locale
from assistant.tts.rewrite import Rule, rule

_UNITS = {
    "°C": "temperature-celsius", "℃": "temperature-celsius", "°F": "temperature-fahrenheit",
    "km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second", "km²": "area-square-kilometer",
    "m²": "area-square-meter", "cm²": "area-square-centimeter", "m³": "volume-cubic-meter", "km": "length-kilometer",
    "m": "length-meter", "cm": "length-centimeter", "mm": "length-millimeter", "kg": "mass-kilogram",
    "mg": "mass-milligram", "g": "mass-gram", "t": "mass-tonne", "ml": "volume-milliliter", "dl": "volume-deciliter",
    "l": "volume-liter", "L": "volume-liter", "ms": "duration-millisecond", "s": "duration-second",
    "min": "duration-minute", "h": "duration-hour", "kWh": "energy-kilowatt-hour", "kW": "power-kilowatt",
    "MW": "power-megawatt", "W": "power-watt", "V": "electric-volt", "A": "electric-ampere", "Hz": "frequency-hertz",
    "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz", "kB": "digital-kilobyte",
    "KB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte", "TB": "digital-terabyte",
    "hPa": "pressure-hectopascal", "mbar": "pressure-millibar", "kcal": "energy-kilocalorie", "kJ": "energy-kilojoule",
    "%": "concentr-percent", "‰": "concentr-permille",
}  # fmt: skip
_NEEDS_SPACE = ("s", "m", "g", "t", "l", "L", "W", "V", "A")
_NUMBER = r"\d+(?:[.,]\d+)?"


@dataclass(frozen=True, slots=True)
class Money:
    """A currency's nouns: for one, a few (Russian) and many; then its hundredth part's."""

    unit: tuple[str, str, str]
    cent: tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Spoken:
    """The words of a language.

    Attributes:
        code: ISO 639-1.
        symbols: name → word: times, divided, minus, plus, equals, unequal, at_most, at_least, about, plus_minus, less,
            greater, to, number, and, or, squared, cubed, power, degree (one), degrees, at, dot, dash, underscore, link
            (before a host's name), point.
        money: sign → its nouns.
        abbreviations: pattern → words.
        time: says hours, minutes, and seconds where there are some.
        time_words: what may follow a time and is part of it, as a pattern: "Uhr".
        day: says a day of a month: its match has ``day``, ``month`` and perhaps ``year`` and ``lead``.
        day_pattern: how such a day is written; ``{months}`` stands for the months' names.
        units: further symbols of units.
        counted: rules for numbers that agree with the noun after them.
        others: further rules, before those of numbers.
        grouping: what separates thousands, as a pattern.
    """

    code: str
    symbols: Mapping[str, str]
    money: Mapping[str, Money]
    abbreviations: Mapping[str, str]
    time: Callable[[int, int, int], str]
    day: Callable[[re.Match[str]], str]
    day_pattern: str
    grouping: str
    time_words: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    counted: tuple[Rule, ...] = ()
    others: tuple[Rule, ...] = ()

    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order in which they apply."""
        return (
            *self._links(), *self._abbreviations(), *self._days(), *self._times(), *self.others, *self._money(),
            *self._numbers(), *self._amounts(), *self.counted, *self._symbols(),
        )  # fmt: skip

    def _links(self) -> Iterator[Rule]:
        link = self.symbols["link"]
        names = {"@": "at", ".": "dot", "_": "underscore", "-": "dash"}

        def address(match: re.Match[str]) -> str:
            return re.sub(r"[@._-]", lambda sign: f" {self.symbols[names[sign[0]]]} ", match[0])

        def host(match: re.Match[str]) -> str:
            return f"{link} {match[1].removeprefix('www.').partition(':')[0]}"

        yield rule(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b", address)
        yield rule(r"<?\b(?:https?|ftp)://([^\s/?#<>\"')]+)(?:[/?#][^\s<>\"]*[^\s<>\"'.,;:!?)])?/?>?", host)
        yield rule(r"\b(www\.[\w-]+(?:\.[\w-]+)+)(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)])?", host)

    def _abbreviations(self) -> Iterator[Rule]:
        for short, words in self.abbreviations.items():
            yield rule(rf"(?<![\w.])(?:{short})(?!\w)", words)

    def _days(self) -> Iterator[Rule]:
        names = locale(self.code).months["format"]["wide"]
        written = {
            "de": "{d}. {m} {y}",
            "es": "{d} de {m} de {y}",
            "ru": "{d} {m} {y} года",
            "bg": "{d} {m} {y} година",
        }

        def full(match: re.Match[str]) -> str:
            parts = match.groupdict()
            try:
                day = date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
            except ValueError:
                return match[0]
            number = "1er" if self.code == "fr" and day.day == 1 else str(day.day)
            return written.get(self.code, "{d} {m} {y}").format(d=number, m=names[day.month], y=day.year)

        yield rule(r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])", full)
        yield rule(r"(?<![\d./])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?:\s?г\.)?(?![\d.]\d)", full)
        yield rule(r"(?<![\d./])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?![\d/])", full)
        months = "|".join(names.values())
        yield re.compile(self.day_pattern.replace("{months}", months), re.MULTILINE | re.IGNORECASE), self.day

    def _times(self) -> Iterator[Rule]:
        def clock(match: re.Match[str]) -> str:
            return self.time(int(match[1]), int(match[2]), int(match[3] or 0))

        hour = r"(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])"
        yield rule(hour + (rf"(?:[ \u00a0\u202f]?(?:{self.time_words})(?!\w))?" if self.time_words else ""), clock)

    def _money(self) -> Iterator[Rule]:
        signs = "|".join(re.escape(sign) for sign in self.money)

        def said(sign: str, amount: str) -> str:
            whole, _, part = amount.replace(".", ",").partition(",")
            words = self.money[sign]
            main = f"{whole} {self._noun(words.unit, amount if part and len(part) != 2 else whole)}"
            if not part or len(part) != 2 or not int(part):
                return f"{amount} {self._noun(words.unit, amount)}" if part and len(part) != 2 else main
            cents = f"{int(part)} {self._noun(words.cent, str(int(part)))}"
            return cents if not int(whole) else f"{main} {self.symbols['and']} {cents}"

        yield rule(rf"({_NUMBER})[ \u00a0\u202f]?({signs})(?!\w)", lambda match: said(match[2], match[1]))
        yield rule(rf"({signs})[ \u00a0]?({_NUMBER})", lambda match: said(match[1], match[2]))

    def _noun(self, forms: tuple[str, str, str], number: str) -> str:
        if not number.isdecimal():
            return forms[1]
        category = str(locale(self.code).plural_form(int(number)))
        return forms[{"one": 0, "few": 1}.get(category, 2)]

    def _numbers(self) -> Iterator[Rule]:
        grouped = rf"(?<![\d.,])\d{{1,3}}(?:{self.grouping}\d{{3}})+(?!\d)"
        yield rule(grouped, lambda match: re.sub(r"\D", "", match[0]))
        to, minus = self.symbols["to"], self.symbols["minus"]
        yield rule(r"(?<=\d)([%°]?) ?[–—] ?(?=[-−]?\d)", rf"\1 {to} ")
        yield rule(r"(?<![\d-])(\d{1,4})-(?=\d{1,4}(?![\d-]))", rf"\1 {to} ")
        yield rule(r"(?<![\w.)])[-−–](?=[.\d])|−(?=\d)", f"{minus} ")

    def _amounts(self) -> Iterator[Rule]:
        units = {**_UNITS, **self.units}
        close = _any_of([unit for unit in units if unit not in _NEEDS_SPACE])
        spaced = _any_of([unit for unit in units if unit in _NEEDS_SPACE])

        def amount(match: re.Match[str]) -> str:
            return self._of_unit(match[1], units[match[2]])

        yield rule(rf"(?<![\w.,])({_NUMBER})[ \u00a0\u202f]?({close})(?![\w/²³])", amount)
        yield rule(rf"(?<![\w.,])({_NUMBER})[ \u00a0\u202f]({spaced})(?![\w/²³'’])", amount)
        one, many = self.symbols["degree"], self.symbols["degrees"]
        yield rule(
            rf"(?<![\w.,])({_NUMBER}) ?°(?!\w)", lambda match: f"{match[1]} {self._noun((one, one, many), match[1])}"
        )

    def _of_unit(self, number: str, unit: str) -> str:
        value = Decimal(number.replace(",", "."))
        said = format_unit(value, unit, "long", format="0.######", locale=self.code)
        return said.replace("\u00a0", " ").replace("\u202f", " ")

    def _symbols(self) -> Iterator[Rule]:
        for pattern, name in _SYMBOLS:
            word = self.symbols[name]
            yield rule(pattern, f" {word}" if name in _BEHIND else f" {word} ")
        yield rule(r"(?<![\w~])~ ?(?=\d)", f"{self.symbols['about']} ")
        yield rule(r"#(?=\d)", f"{self.symbols['number']} ")
        yield rule(r"[™®©]|[*_|\\^<>{}]+", " ")


_BEHIND = ("squared", "cubed")
_SYMBOLS = (
    (r"(?<=\d) ?[×*] ?(?=\d)", "times"),
    (r"(?<=\d) ?÷ ?(?=\d)|(?<=\d) / (?=\d)", "divided"),
    (r"(?<=[\w)]) - (?=\d)", "minus"),
    (r"(?<=[\w²³]) ?\+ ?(?=\d)|(?<=[\w²³]) \+ (?=\w)", "plus"),
    (r"(?<![\w.])\+(?=\d)", "plus"),
    (r" ?(?:≠|!=) ?", "unequal"),
    (r" ?(?:≤|<=) ?", "at_most"),
    (r" ?(?:≥|>=) ?", "at_least"),
    (r" ?(?:→|->|=>|⇒) ?", "to"),
    (r" ?≈ ?", "about"),
    (r" ?=+ ?", "equals"),
    (r" ?± ?", "plus_minus"),
    (r"(?<=\d) ?< ?(?=\d)|(?<=\w) < (?=\w)", "less"),
    (r"(?<=\d) ?> ?(?=\d)|(?<=\w) > (?=\w)", "greater"),
    (r" ?& ?", "and"),
    (r"(?<=\w)²|(?<=\w)\^2(?!\d)", "squared"),
    (r"(?<=\w)³|(?<=\w)\^3(?!\d)", "cubed"),
    (r"(?<=\w)\^(?=\w)", "power"),
    (r"(?<=\w)–(?=\w)", "to"),
)


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
