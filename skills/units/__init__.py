"""Unit conversion."""

from __future__ import annotations

import asyncio
import math
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant import Context, SkillError, skill
from assistant.skill.marking import LocalSlotType

from . import english, naming

_QUIET_S = 3.0

if TYPE_CHECKING:
    import pint

_KINDS = {
    "[length]": "length", "[mass]": "weight", "[length] ** 3": "volume", "[length] ** 2": "area",
    "[temperature]": "temperature", "[time]": "time", "[length] / [time]": "speed",
}  # fmt: skip
"""pint's dimension → key of its name in a reply."""


_ENGLISH = english.slot()
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
    forms = {form: name for name, both in english.names().items() for form in both}
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
    return english.names().get(unit, (unit, unit))[1] if ctx.language == "en" else naming.plural(unit, ctx.language)


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
        singular, plural = english.names().get(unit, (unit, unit))
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
