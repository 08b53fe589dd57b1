"""Numbers and expressions as they are said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from assistant import Context

from .evaluating import as_float
from .reading import PI, Term
from .words import words_of_language


def number(ctx: Context, value: Fraction) -> tuple[str, bool]:
    """A number in the language of the conversation, and whether it is only about right.

    ``("84", False)``, ``("29.799", True)``, ``("1.268 times 10 to the power of 30", True)``.
    """
    if value < 0:
        shown, rounded = number(ctx, -value)
        return ctx.reply("minus", number=shown), rounded
    if value >= 10**15:
        digits, power = f"{as_float(value):.3e}".split("e")
        shown = ctx.reply("scientific", digits=_local(f"{float(digits):g}", ctx.language), power=str(int(power)))
        return shown, Fraction(digits) * 10 ** int(power) != value
    places = 3 if value >= 1 or not value else min(12, 3 - math.floor(math.log10(value)))
    near = round(value, places)
    shown = f"{float(near):.{places}f}".rstrip("0").rstrip(".") if near.denominator > 1 else str(near)
    return _local(shown, ctx.language), near != value


def _local(digits: str, language: str) -> str:
    """With the language's decimal sign."""
    from babel.numbers import get_decimal_symbol

    return digits.replace(".", get_decimal_symbol(language))


def result(ctx: Context, value: Fraction) -> str:
    """A number that says so when it is rounded."""
    shown, rounded = number(ctx, value)
    return ctx.reply("about", number=shown) if rounded else shown


def echo(ctx: Context, terms: Sequence[Term]) -> str:
    """An expression in words, with a capital letter."""
    words = words_of_language(ctx.language)
    parts = [_part(ctx, term) if isinstance(term, Fraction) else words.said[term] for term in terms]
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def _part(ctx: Context, value: Fraction) -> str:
    return words_of_language(ctx.language).pi if value == PI else number(ctx, value)[0]
