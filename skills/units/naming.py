"""Units in other languages than English: CLDR's names through Babel, and what people say besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache

from assistant.intent.forms import heard_and_read
from assistant.intent.template import SlotType, words_of

_KINDS = {
    "length": "millimeter centimeter meter kilometer inch foot yard mile nautical_mile light_year",
    "mass": "milligram gram kilogram ounce pound ton stone",
    "volume": "milliliter centiliter deciliter liter teaspoon tablespoon fluid_ounce cup pint quart gallon",
    "area": "acre hectare",
    "temperature": "kelvin",
    "duration": "millisecond second minute hour day week month year",
    "speed": "knot",
    "digital": "byte kilobyte megabyte gigabyte terabyte",
    "energy": "joule kilojoule kilocalorie kilowatt_hour",
    "power": "watt kilowatt horsepower",
    "pressure": "bar pascal",
}
CLDR: Mapping[str, str] = {
    **{unit: f"{kind}-{unit.replace('_', '-')}" for kind, units in _KINDS.items() for unit in units.split()},
    "metric_ton": "mass-tonne", "meter ** 3": "volume-cubic-meter", "foot ** 3": "volume-cubic-foot",
    "meter ** 2": "area-square-meter", "kilometer ** 2": "area-square-kilometer", "foot ** 2": "area-square-foot",
    "mile ** 2": "area-square-mile", "degree_Celsius": "temperature-celsius",
    "degree_Fahrenheit": "temperature-fahrenheit", "kilometer / hour": "speed-kilometer-per-hour",
    "mile / hour": "speed-mile-per-hour", "meter / second": "speed-meter-per-second",
    "psi": "pressure-pound-force-per-square-inch",
}  # fmt: skip
"""pint's unit → CLDR's."""

_MISSING = {
    ("fr", "cup"): ("tasse", "tasses"), ("bg", "acre"): ("акър", "акра"), ("ru", "stone"): ("стоун", "стоунов"),
}  # fmt: skip
"""Names that CLDR does not have: for one, and for more."""
_SHORTENED = re.compile(r"амер\. | anglo-saxonnes?")
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "de": {
        "kilogram": "kilo", "kilometer / hour": "km / h, kmh, stundenkilometer", "degree_Celsius": "celsius",
        "degree_Fahrenheit": "fahrenheit", "horsepower": "ps", "kilocalorie": "kalorie, kalorien",
        "milliliter": "milliliter, ml", "pound": "pfund", "inch": "zoll, inch", "foot": "fuß, fuss",
    },
    "fr": {
        "kilogram": "kilo, kilos", "kilometer / hour": "kilomètre heure, kilomètres heure, km / h",
        "degree_Celsius": "celsius", "degree_Fahrenheit": "fahrenheit", "kilocalorie": "calorie, calories",
        "cup": "tasse, tasses", "year": "année, années", "horsepower": "chevaux", "acre": "acre, acres",
    },
    "es": {
        "kilogram": "kilo, kilos", "kilometer / hour": "km / h", "degree_Celsius": "celsius, centígrados",
        "degree_Fahrenheit": "fahrenheit", "kilocalorie": "caloría, calorías", "quart": "cuarto de galón",
        "horsepower": "caballos",
    },
    "ru": {
        "kilogram": "кило, килограммов, килограмма", "gram": "граммов, грамма",
        "degree_Celsius": "цельсия, по цельсию, цельсий, градусы по цельсию, градусов по цельсию",
        "degree_Fahrenheit": "фаренгейт, фаренгейта, фаренгейты, фаренгейтах, "
        "по фаренгейту, градусы по фаренгейту, градусов по фаренгейту",
        "kilocalorie": "калория, калории, калорий", "day": "сутки, суток, сутках", "stone": "стоун, стоуна, стоунов",
        "year": "году", "hour": "часу", "kilometer / hour": "км в час, км / ч",
    },
    "bg": {
        "kilogram": "кило, килограма", "degree_Celsius": "целзий, по целзий, градуса по целзий, градуси по целзий",
        "degree_Fahrenheit": "фаренхайт, по фаренхайт", "acre": "акър, акра, акри", "metric_ton": "тон, тона, тонове",
        "year": "години", "inch": "инчове", "kilometer / hour": "км / ч",
    },
}  # fmt: skip
"""pint's unit → what people say besides CLDR's names."""


@lru_cache(2048)
def name(unit: str, amount: Decimal, language: str) -> str:
    """A unit as it stands after a number: "Kilometer", "километра"."""
    if (language, unit) in _MISSING:
        from babel import Locale

        return _MISSING[language, unit][Locale.parse(language).plural_form(amount) != "one"]
    return _without_number(unit, amount, language, "long")


def _without_number(unit: str, amount: Decimal, language: str, length: str) -> str:
    from babel.numbers import format_decimal
    from babel.units import format_unit

    digits = "0." + "#" * 15
    whole = format_unit(amount, CLDR[unit], length, digits, locale=language)  # type: ignore[arg-type]
    return _SHORTENED.sub("", whole.replace(format_decimal(amount, digits, locale=language), "").strip("\xa0 "))


def plural(unit: str, language: str) -> str:
    """A unit by itself: "Kilometer", "километры"."""
    if unit not in CLDR:
        return unit
    return _display_name(unit, language) or name(unit, Decimal(2), language)


def _display_name(unit: str, language: str) -> str:
    from babel import Locale

    known = Locale.parse(language).unit_display_names.get(CLDR[unit], {})
    return _SHORTENED.sub("", known.get("long", ""))


@cache
def slot(language: str) -> SlotType:
    """Every form of every unit; abbreviations in text only."""
    heard, read = dict[str, str](), dict[str, str]()
    for unit in CLDR:
        for form in _forms(unit, language):
            heard.setdefault(form, unit)
    for unit in CLDR:
        for amount in (1, 5):
            form = " ".join(words_of(_without_number(unit, Decimal(amount), language, "short")))
            if form and form not in heard:
                read.setdefault(form, unit)
    return heard_and_read("unit", heard, read)


def _forms(unit: str, language: str) -> Iterator[str]:
    names = [name(unit, Decimal(amount), language) for amount in ("1", "2", "5", "1.5")]
    shown = _display_name(unit, language)
    spoken = _SPOKEN[language].get(unit, "").split(", ")
    for text in (*names, shown, *_cases(names[0], shown or names[1], language), *spoken):
        if words := words_of(text):
            yield " ".join(words)


def _cases(one: str, many: str, language: str) -> Iterator[str]:
    """Names after "in", of which the first word is the noun, by rule; what is no word does no harm."""
    if language == "de":
        yield re.sub(r"e[lr]\b", r"\g<0>n", many, count=1)
    if language == "ru":
        for text, endings in ((one, _PREPOSITIONAL), (one, _ACCUSATIVE), (many, _PREPOSITIONAL_PLURAL)):
            noun, *rest = text.split(" ", 1)
            yield " ".join((_ended(noun, endings), *rest))


_PREPOSITIONAL = {"ия": "ии", "а": "е", "я": "е", "ь": "е", "": "е"}
_ACCUSATIVE = {"а": "у", "я": "ю"}
_PREPOSITIONAL_PLURAL = {"ки": "ках", "ги": "гах", "ии": "иях", "и": "ях", "ы": "ах"}


def _ended(noun: str, endings: Mapping[str, str]) -> str:
    for ending, other in endings.items():
        if noun.endswith(ending):
            return noun.removesuffix(ending) + other
    return noun
