"""Exact numbers: read from what was said, kept as text, said again."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from babel.numbers import NumberFormatError, parse_decimal

_MINUS = frozenset(("minus", "moins", "menos", "минус"))
_DIGITS = re.compile(r"(?P<sign>[-−]|\b\w+ )?(?P<digits>\d[\d.,\u00a0\u202f]*(?<![.,])|\d)(?![\w:])")
_CLOCK = re.compile(r"\d:\d")
_PLACES = 3
"""As many as are said."""


def last_number(text: str, language: str) -> Fraction | None:
    """The last number that a sentence has in digits, None if there is none, or if it is a time of day."""
    if _CLOCK.search(text):
        return None
    for match in reversed(list(_DIGITS.finditer(text))):
        try:
            value = parse_decimal(match["digits"].replace("\u202f", "\u00a0"), locale=language)
        except NumberFormatError:
            continue
        sign = (match["sign"] or "").strip().lower()
        return Fraction(-value if sign in {"-", "−"} | _MINUS else value)
    return None


def exact(value: float) -> Fraction:
    """A number as it was said: 0.1 is a tenth."""
    return Fraction(Decimal(repr(float(value))))


def sayable(value: Fraction) -> tuple[float, bool]:
    """A number that can be said, and whether it is only about right."""
    rounded = round(value, _PLACES)
    return (int(rounded) if rounded.denominator == 1 else float(rounded)), rounded != value
