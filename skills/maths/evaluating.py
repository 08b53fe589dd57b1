"""The value of an expression."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from .reading import Term, exact


class Unsolvable(Exception):
    """There is no value; its text is the key of the reply that says why."""


class Calculation:
    """Recursive descent with the usual precedence; ``a percent of b`` binds like a product."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = list(terms)
        self._at = 0

    def run(self) -> Fraction:
        """The value.

        Raises:
            Unsolvable: division by zero and the like, or not an expression.
        """
        value = self._sum()
        if self._at < len(self._terms):
            raise Unsolvable("cannot")
        return value

    def _next(self, *symbols: str) -> str:
        if self._at < len(self._terms) and self._terms[self._at] in symbols:
            self._at += 1
            return str(self._terms[self._at - 1])
        return ""

    def _sum(self) -> Fraction:
        value = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Fraction:
        value = self._power()
        while sign := self._next("*", "/", "%"):
            other = self._power()
            if sign == "/" and not other:
                raise Unsolvable("by_zero")
            value = value / other if sign == "/" else value * other / (100 if sign == "%" else 1)
        return value

    def _power(self) -> Fraction:
        if self._next("-"):
            return -self._power()
        if sign := self._next("sqrt", "cbrt", "n!"):
            value = self._power()
            return _factorial(value) if sign == "n!" else _root(value, 2 if sign == "sqrt" else 3)
        value = self._number()
        while sign := self._next("²", "³", "!"):
            value = _factorial(value) if sign == "!" else raised(value, Fraction(2 if sign == "²" else 3))
        return raised(value, self._power()) if self._next("^") else value

    def _number(self) -> Fraction:
        term = self._terms[self._at] if self._at < len(self._terms) else None
        if not isinstance(term, Fraction):
            raise Unsolvable("cannot")
        self._at += 1
        return term


def _root(value: Fraction, degree: int) -> Fraction:
    if value < 0:
        if degree == 2:
            raise Unsolvable("negative_root")
        return -_root(-value, degree)
    whole = [round(math.exp(math.log(part) / degree)) if part else 0 for part in value.as_integer_ratio()]
    if whole[1] and Fraction(whole[0] ** degree, whole[1] ** degree) == value:
        return Fraction(*whole)
    return exact(as_float(value) ** (1 / degree))


def raised(base: Fraction, exponent: Fraction) -> Fraction:
    """A power, exact where the exponent is whole.

    Raises:
        Unsolvable: not a real number, or too big.
    """
    if not base and exponent < 0:
        raise Unsolvable("by_zero")
    if base < 0 and exponent.denominator > 1:
        raise Unsolvable("not_real")
    if base and abs(exponent * Fraction(math.log10(abs(base)))) > 300:
        raise Unsolvable("too_big")
    if exponent.denominator == 1 and abs(exponent) < 10_000:
        return Fraction(base**exponent.numerator)
    return exact(as_float(base) ** as_float(exponent))


def _factorial(value: Fraction) -> Fraction:
    if value.denominator > 1 or value < 0:
        raise Unsolvable("not_factorial")
    if value > 170:
        raise Unsolvable("too_big")
    return Fraction(math.factorial(value.numerator))


def as_float(value: Fraction) -> float:
    """The nearest floating-point number.

    Raises:
        Unsolvable: it is too big for one.
    """
    try:
        return float(value)
    except OverflowError as error:
        raise Unsolvable("too_big") from error
