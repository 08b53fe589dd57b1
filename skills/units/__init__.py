"""Unit conversion."""

from __future__ import annotations

import asyncio
import math
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant import Context, SkillError, skill
from assistant.intent.forms import heard_and_read
from assistant.intent.template import SlotType
from assistant.skill.marking import LocalSlotType

from . import naming

_QUIET_S = 3.0

if TYPE_CHECKING:
    import pint

# unit: its singular and plural in a reply; what a recogniser listens for (= the same); what is understood in text
_TABLE = """
millimeter: millimetre, millimetres; millimeter, millimeters; mm
centimeter: centimetre, centimetres; centimeter, centimeters; cm
meter: metre, metres; meter, meters; m
kilometer: kilometre, kilometres; kilometer, kilometers; km, kms
inch: inch, inches; =; in
foot: foot, feet; =; ft
yard: yard, yards; =; yd
mile: mile, miles; =; mi
nautical_mile: nautical mile, nautical miles
light_year: light year, light years
milligram: milligram, milligrams; ; mg
gram: gram, grams; =; g, gramme, grammes
kilogram: kilogram, kilograms; kilogram, kilograms, kilo, kilos; kg, kgs
metric_ton: tonne, tonnes; ; metric ton, metric tons
ton: ton, tons; =
ounce: ounce, ounces; =; oz
pound: pound, pounds; =; lb, lbs
stone: stone, stones; stone
milliliter: millilitre, millilitres; milliliter, milliliters; ml, mls, ml's
centiliter: centilitre, centilitres; ; centiliter, centiliters, cl
deciliter: decilitre, decilitres; ; deciliter, deciliters, dl
liter: litre, litres; liter, liters; l
teaspoon: teaspoon, teaspoons; =; tsp
tablespoon: tablespoon, tablespoons; =; tbsp
fluid_ounce: fluid ounce, fluid ounces; =; fl oz
cup: cup, cups; =
pint: pint, pints; =
quart: quart, quarts; =
gallon: gallon, gallons; =
meter ** 3: cubic metre, cubic metres; ; cubic meter, cubic meters
foot ** 3: cubic foot, cubic feet
meter ** 2: square metre, square metres; ; square meter, square meters
kilometer ** 2: square kilometre, square kilometres; ; square kilometer, square kilometers
foot ** 2: square foot, square feet
mile ** 2: square mile, square miles
acre: acre, acres; =
hectare: hectare, hectares
degree_Celsius: degree Celsius, degrees Celsius; Celsius, degrees Celsius; centigrade, c, ° c, celcius
degree_Fahrenheit: degree Fahrenheit, degrees Fahrenheit; Fahrenheit, degrees Fahrenheit; f, ° f, farenheit, degrees f
kelvin: kelvin, kelvin
millisecond: millisecond, milliseconds; ; ms
second: second, seconds; =
minute: minute, minutes; =
hour: hour, hours; =
day: day, days; =
week: week, weeks; =
month: month, months
year: year, years; =
kilometer / hour: kilometre per hour, kilometres per hour; kilometers per hour; kilometers an hour, km / h, kph, kmh
mile / hour: mile per hour, miles per hour; miles per hour; miles an hour, mph
meter / second: metre per second, metres per second; ; meters per second, m / s
knot: knot, knots
byte: byte, bytes
kilobyte: kilobyte, kilobytes; ; kb
megabyte: megabyte, megabytes; ; mb
gigabyte: gigabyte, gigabytes; ; gb
terabyte: terabyte, terabytes; ; tb
joule: joule, joules
kilojoule: kilojoule, kilojoules; ; kj
kilocalorie: calorie, calories; ; kilocalorie, kilocalories, kcal
kilowatt_hour: kilowatt hour, kilowatt hours; ; kwh
watt: watt, watts
kilowatt: kilowatt, kilowatts; ; kw
horsepower: horsepower, horsepower
bar: bar, bars
psi: pound per square inch, pounds per square inch; ; psi
pascal: pascal, pascals
"""
_KINDS = {
    "[length]": "length", "[mass]": "weight", "[length] ** 3": "volume", "[length] ** 2": "area",
    "[temperature]": "temperature", "[time]": "time", "[length] / [time]": "speed",
}  # fmt: skip
"""pint's dimension → key of its name in a reply."""


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Unit → its singular and plural."""
    found = {}
    for line in _TABLE.strip().splitlines():
        unit, forms = line.split(": ", 1)
        singular, plural = forms.split(";")[0].split(", ")[:2]
        found[unit] = (singular, plural)
    return found


def _slot() -> SlotType:
    """Every form of every unit; the rare and the short ones in text only."""
    heard, read = dict[str, str](), dict[str, str]()
    for line in _TABLE.strip().splitlines():
        unit, forms = line.split(": ", 1)
        names, spoken, short = (each.strip() for each in (*forms.split(";"), "", "")[:3])
        heard |= dict.fromkeys(_split(names if spoken == "=" else spoken), unit)
        read |= dict.fromkeys(_split(names) + _split(short), unit)
    return heard_and_read("unit", heard, {form: unit for form, unit in read.items() if form not in heard})


def _split(forms: str) -> list[str]:
    return [form.strip() for form in forms.split(",") if form.strip()]


_ENGLISH = _slot()
UNIT = LocalSlotType("unit", _ENGLISH.node, _ENGLISH.parse, is_list=True, elsewhere=naming.slot)


@cache
def _registry() -> pint.UnitRegistry[Any]:
    """Made when first needed: importing pint and reading its definitions takes a while on a small machine."""
    from pint import UnitRegistry

    return UnitRegistry()


async def on_start(ctx: Context) -> None:
    """Read the definitions in a quiet moment after the start, so that the first question need not wait for it."""
    ctx.spawn(_warm_up(ctx))


async def _warm_up(ctx: Context) -> None:
    await ctx.sleep(_QUIET_S)
    await asyncio.to_thread(_registry)


class _Impossible(Exception):
    """It cannot be converted; ``dimensions`` are pint's of both units, if it knows them."""

    def __init__(self, source: str, target: str, *dimensions: str) -> None:
        super().__init__(source, target)
        self.source, self.target, self.dimensions = source, target, dimensions


def _convert(value: float, source: str, target: str) -> tuple[float, str, str]:
    """The converted value, and the units as they were really meant: a liquid is measured in fluid ounces.

    Raises:
        _Impossible: the units measure different things, or one is not known.
    """
    registry = _registry()
    try:
        dimensions = {unit: registry.Unit(_plain(unit)).dimensionality for unit in (source, target)}
    except Exception as error:  # pint raises several unrelated types for an odd unit
        raise _Impossible(source, target) from error
    if "[length] ** 3" in map(str, dimensions.values()):
        source, target = ("fluid_ounce" if unit == "ounce" else unit for unit in (source, target))
    if registry.Unit(_plain(source)).dimensionality != registry.Unit(_plain(target)).dimensionality:
        raise _Impossible(source, target, *(str(each) for each in dimensions.values()))
    return float(registry.Quantity(value, _plain(source)).to(_plain(target)).magnitude), source, target


def _plain(unit: str) -> str:
    """A language model may give any spoken form instead of the unit."""
    forms = {form: name for name, both in _names().items() for form in both}
    return forms.get(unit, unit)


def _refusal(ctx: Context, error: _Impossible) -> str:
    names = {"source": _plural(ctx, error.source), "target": _plural(ctx, error.target)}
    if not error.dimensions:
        return ctx.reply("unknown", **names)
    first, second = (_KINDS.get(each) for each in (*error.dimensions, error.dimensions[0])[:2])
    if first and second:
        return ctx.reply("mismatch", first=ctx.reply(first), second=ctx.reply(second), **names)
    return ctx.reply("different", **names)


def _plural(ctx: Context, unit: str) -> str:
    unit = _plain(unit)
    return _names().get(unit, (unit, unit))[1] if ctx.language == "en" else naming.plural(unit, ctx.language)


def _amount(ctx: Context, value: float, unit: str, places: int | None = None) -> tuple[str, bool]:
    """A number as people want to hear it, with its unit, and whether it was rounded."""
    size, unit = abs(value), _plain(unit)
    if places is None and (size >= 1e12 or 0 < size < 1e-6):
        digits, power = f"{size:.2e}".split("e")
        exponent = _signed(ctx, int(power), str(abs(int(power))))
        shown = ctx.reply("scientific", digits=_local(ctx, f"{float(digits):g}"), power=exponent)
        return _signed(ctx, value, f"{shown} {_name(ctx, unit, '1000000', value)}"), True
    text = f"{size:.{_places(size) if places is None else places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    rounded = not math.isclose(float(text), size, rel_tol=1e-9, abs_tol=1e-9 if places else 0.0)
    shown = f"{_local(ctx, text)} {_name(ctx, unit, text, value)}"
    return _signed(ctx, value if float(text) else 0.0, shown), rounded


def _signed(ctx: Context, value: float, shown: str) -> str:
    return ctx.reply("minus", amount=shown) if value < 0 else shown


def _local(ctx: Context, digits: str) -> str:
    """With the language's decimal sign."""
    from babel.numbers import get_decimal_symbol

    return digits.replace(".", get_decimal_symbol(ctx.language))


def _name(ctx: Context, unit: str, shown: str, value: float) -> str:
    """The unit after a number in digits; English counts what was not rounded away."""
    if ctx.language == "en" or unit not in naming.CLDR:
        singular, plural = _names().get(unit, (unit, unit))
        return singular if value == 1 else plural
    return naming.name(unit, Decimal(shown), ctx.language)


def _places(size: float) -> int:
    if size >= 1:
        return 0 if size >= 1000 else 1 if size >= 100 else 2
    return 2 - math.floor(math.log10(size)) if size else 0


def _reply(ctx: Context, value: float, source: str, target: str) -> str:
    try:
        result, source, target = _convert(value, source, target)
    except _Impossible as error:
        raise SkillError(_refusal(ctx, error)) from error
    given, _ = _amount(ctx, value, source)
    shown, rounded = _amount(ctx, result, target, 1 if target.startswith("degree") else None)
    shown = ctx.reply("about", amount=shown) if rounded else shown
    count = int(value) if value == int(value) else value
    return ctx.reply("is", n=count, value=given[0].upper() + given[1:], result=shown)


# Each word between two units is paired with every unit on both sides in a recogniser's language model: few, and shared.
RULES = {
    "one": "[{value}] [(a|an|of a)] {source}",
    "to": "(to|in)",
    "in": "[(is|are) [there]] (in|per)",
}
SLOTS = {"source": UNIT, "target": UNIT}


@skill(
    "[<tell>] how many {target} <in> <one> <thanks>",
    "[<tell>] how many {target} (is|are|make up) [(equal|equivalent) to] <one> <thanks>",
    "how much is <one> <to> {target} <thanks>",
    "<please> (convert|change|turn|calculate) <one> <to> {target} <thanks>",
    "how (do|can) (i|you) (convert|change) <one> <to> {target}",
    "[<whats>] [the] [(conversion|equivalent)] [(of|from)] <one> <to> {target} <thanks>",
    "<whats> the [(total|correct)] (number|amount) of {target} <in> <one> <thanks>",
    "(what would|what are) <one> [be] <to> {target}",
    "<one> is [equal to] how many {target}",
    "how (long|far|tall|heavy|hot|cold|warm|big|fast) is <one> <to> {target} <thanks>",
    examples=[
        "how many cups are in a litre",
        "how many tablespoons is five teaspoons",
        "how much is ten kilos in pounds",
        "convert five miles to kilometres",
        "how do you convert pounds to kilograms",
        "what is 20 celsius in fahrenheit",
        "72 fahrenheit in celsius",
        "what is the total number of pints in two quarts",
        "i need to know how many teaspoons are in two tablespoons",
        "how far is a mile in kilometres",
        "what would four inches be in centimetres",
        "12 feet is equal to how many inches",
    ],
    slots=SLOTS,
    rules=RULES,
    pure=True,
)
def convert(ctx: Context, source: str, target: str, value: float = 1.0) -> str:
    """Convert an amount from one unit to another: lengths, weights, volumes, temperatures, times, speeds, data."""
    return _reply(ctx, value, source, target)


@skill(
    "(what's|what is|convert) {value} (degrees|degree|°) <to> {target}",
    examples=["what is 20 degrees in Fahrenheit"],
    slots={"target": UNIT},
    rules=RULES,
    pure=True,
)
def convert_degrees(ctx: Context, value: float, target: str) -> str:
    """Convert a temperature to Celsius or Fahrenheit from the other of the two."""
    if _plain(target) not in ("degree_Celsius", "degree_Fahrenheit"):
        raise SkillError(ctx.reply("degrees", target=_plural(ctx, target)))
    return _reply(ctx, value, "degree_Fahrenheit" if _plain(target) == "degree_Celsius" else "degree_Celsius", target)
