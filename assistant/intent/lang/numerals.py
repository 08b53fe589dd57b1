"""Numbers as they are said and written, built from a language's numerals.

What is rarely said for a number (oblique cases, spelling without accents) is understood in text, but not listened for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assistant.intent.lang.parts import Chain, Digits, Either, Forms, Part, literal, maybe, skipped

_LARGEST = 10**9
_GROUPED = r"\d{1,3}(?:\.\d{3})+"
_DECIMAL = r"(\d+)[.,](\d{1,2}|\d{4,})|(\d+),(\d{3})|(0)\.(\d{3})"


@dataclass(frozen=True, eq=False)
class Numerals:
    """The numerals of a language; phrases are lower case, values numbers.

    Attributes:
        zero: zero.
        small: 1 to 99, in every gender that is said.
        also: 1 to 99 in other forms.
        hundreds: 100, 200 … 900.
        thousand, thousands: a thousand without a number before it, and with one.
        million, millions: a million without a number before it, and after one.
        minus, point: signs.
        joint: what may stand between the parts of a numeral, and before the last one.
        fractions: by themselves ("a half").
        with_fraction: after a whole number ("and a half").
        mixed: whole numbers with their fraction in one word.
        dozens: other names of whole numbers.
        joined: reads a numeral that is written in one word, such as German ones from 101 on; ``joined_form`` is how
            such words look.
        tail: words of spoken decimals that name their place ("tenths") → that place's size.
    """

    zero: tuple[str, ...]
    small: Mapping[str, int]
    hundreds: Mapping[str, int]
    thousand: tuple[str, ...]
    thousands: tuple[str, ...]
    millions: tuple[str, ...]
    minus: tuple[str, ...]
    point: tuple[str, ...]
    million: tuple[str, ...] = ()
    also: Mapping[str, int] = field(default_factory=dict)
    joint: tuple[str, ...] = ()
    fractions: Mapping[str, float] = field(default_factory=dict)
    with_fraction: Mapping[str, float] = field(default_factory=dict)
    mixed: Mapping[str, float] = field(default_factory=dict)
    dozens: Mapping[str, int] = field(default_factory=dict)
    joined: Callable[[str], int | None] | None = None
    joined_form: str = ""
    tail: Mapping[str, int] = field(default_factory=dict)


class NumberParts:
    """The parts of a grammar that are numbers; everything is made at first use.

    Args:
        numerals: of the language.
    """

    def __init__(self, numerals: Numerals) -> None:
        self.numerals = numerals

    def _small(self, least: int, limit: int) -> Part:
        said, also = self.numerals.small, self.numerals.also
        return Forms(_within(said, least, limit), _within(also, least, limit), weighed=True)

    @cached_property
    def hour(self) -> Part:
        """1 to 12 in words."""
        return self._small(1, 13)

    @cached_property
    def late_hour(self) -> Part:
        """13 to 24 and 0 in words."""
        return Either(self._small(13, 25), Forms(dict.fromkeys(self.numerals.zero, 0)))

    @cached_property
    def below_60(self) -> Part:
        """1 to 59 in words."""
        return self._small(1, 60)

    @cached_property
    def below_100(self) -> Part:
        """1 to 99 in words."""
        return self._small(1, 100)

    @cached_property
    def minute(self) -> Part:
        """0 to 59 as minutes after the hour: "05" and "oh five", but not "five"."""
        zero = Forms(dict.fromkeys(self.numerals.zero, 0))
        led = Chain(zero, Forms(_within(self.numerals.small, 1, 10)), make=lambda _, ones: ones)
        return Either(self._small(10, 60), led, Digits(r"[0-5]\d"))

    @cached_property
    def minute_after_word(self) -> Part:
        """0 to 59 as minutes after the word for hours, where "five" is five minutes, too."""
        return Either(self.minute, self._small(1, 10), Digits(r"\d"))

    @cached_property
    def digits(self) -> Part:
        """A whole number in digits: "1000", "1.000", "1 000"."""
        grouped = Digits(_GROUPED, lambda match: int(match[0].replace(".", "")))
        three = Digits(r"\d{3}")
        spaced = Chain(
            Digits(r"[1-9]\d?\d?"), three, maybe(three, None),
            make=lambda a, b, c: a * 1000 + b if c is None else (a * 1000 + b) * 1000 + c,
        )  # fmt: skip
        return Either(Digits(r"\d{1,12}"), grouped, spaced)

    @cached_property
    def decimal(self) -> Part:
        """Digits with decimals: "1,5"."""

        def value(match: re.Match[str]) -> float:
            whole, places = (group for group in match.groups() if group is not None)
            return float(f"{whole}.{places}")

        return Digits(_DECIMAL, value)

    @cached_property
    def below_1000(self) -> Part:
        """1 to 999 in words."""
        rest = maybe(Chain(self._joint, self.below_100, make=_last))
        return Either(self.below_100, Chain(Forms(self.numerals.hundreds), rest, make=_sum))

    @cached_property
    def _joint(self) -> Part:
        return skipped(*self.numerals.joint)

    @cached_property
    def cardinal(self) -> Part:
        """0 to 999,999,999 in words."""
        factor = Either(self.below_1000, Digits(r"\d{1,3}"), self.decimal, *self._mixed())
        rest = maybe(Chain(self._joint, self.below_1000, make=_last))
        one = Forms(dict.fromkeys(self.numerals.thousand, 1))
        thousands = Either(one, Chain(factor, literal(*self.numerals.thousands), make=lambda n, _: n))
        from_1000 = Chain(thousands, rest, make=lambda n, low: _whole(n * 1000 + low))
        below_million = Chain(self._joint, Either(self.below_1000, from_1000, *self._joined()), make=_last)
        million = [Forms(dict.fromkeys(self.numerals.million, 1))] if self.numerals.million else []
        counted = Chain(factor, literal(*self.numerals.millions), make=lambda n, _: n)
        millions = Chain(
            Either(counted, *million), maybe(below_million), make=lambda n, low: _whole(n * 1_000_000 + low)
        )
        zero = Forms(dict.fromkeys(self.numerals.zero, 0))
        large = (self.below_1000, zero, from_1000, millions)
        return Either(self.below_100, Either(*large, *self._joined()))

    def _mixed(self) -> Iterable[Part]:
        return [Forms(self.numerals.mixed)] if self.numerals.mixed else []

    def _joined(self) -> Iterable[Part]:
        joined = self.numerals.joined
        form = self.numerals.joined_form
        return [Digits(form, lambda match: joined(match[0]))] if joined is not None else []

    @cached_property
    def whole(self) -> Part:
        """A whole number that is not negative, in words or digits."""
        return Either(self.cardinal, self.digits, Forms({}, self.numerals.dozens)) if self.numerals.dozens else Either(
            self.cardinal, self.digits
        )  # fmt: skip

    @cached_property
    def _places(self) -> Part:
        """What follows the decimal point, as digits: "one four", "fourteen"."""
        zero = dict.fromkeys(self.numerals.zero, "0")
        said = zero | {form: str(n) for form, n in self.numerals.small.items() if n < 10}
        digit = Either(Forms(said), Digits(r"\d", lambda match: match[0]))
        two = Chain(digit, maybe(digit, "", rare=True), make=_sum)
        led = Chain(digit, maybe(two, "", rare=True), maybe(two, "", rare=True), make=lambda *all_: "".join(all_))
        return Either(led, Chain(Either(self.below_100, Digits(r"\d{2,}", lambda match: match[0])), make=str))

    def _with_places(self, whole: Part) -> Part:
        point = literal(*self.numerals.point)
        spoken = Chain(whole, point, self._places, make=lambda n, _, after: float(f"{n}.{after}"))
        return Either(spoken, self._named(whole)) if self.numerals.tail else spoken

    def _named(self, whole: Part) -> Part:
        """A decimal whose place has a name: "одна целая пять десятых"."""
        top = Chain(
            Either(self.below_100, Digits(r"\d{1,3}")), Forms(self.numerals.tail),
            make=lambda top, size: top / size if top < size else None,
        )  # fmt: skip
        led = Chain(whole, literal(*self.numerals.point), self._joint, top, make=lambda n, _, __, part: n + part)
        return Either(led, top)

    @cached_property
    def plus_fraction(self) -> Part:
        """What follows a whole number: "and a half"."""
        return Forms(self.numerals.with_fraction)

    @cached_property
    def plain(self) -> Part:
        """A number before a unit that is not negative, no fraction after it."""
        spoken = self._with_places(Either(self.cardinal, self.digits))
        return Either(self.whole, self.decimal, *self._mixed(), spoken)

    @cached_property
    def amount(self) -> Part:
        """A number that is not negative, with its decimals or fraction."""
        return Either(self.counted, Forms(self.numerals.fractions))

    @cached_property
    def counted(self) -> Part:
        """A number as it stands before what is counted: with decimals or fraction, but at least one of them whole."""
        parts: list[Part] = [self.plain]
        if self.numerals.with_fraction:
            parts.append(Chain(Either(self.below_100, self.digits), self.plus_fraction, make=_sum))
        return Either(*parts)

    @cached_property
    def small_amount(self) -> Part:
        """The same below 100."""
        zero = Forms(dict.fromkeys(self.numerals.zero, 0))
        whole = Either(self.below_100, zero, Digits(r"\d\d?"))
        parts = [self.decimal, *self._mixed(), self._with_places(whole)]
        if self.numerals.with_fraction:
            parts.append(Chain(whole, self.plus_fraction, make=_sum))
        return Either(*parts)

    @cached_property
    def integer(self) -> Part:
        """A whole number."""
        return self._signed(self.whole)

    @cached_property
    def number(self) -> Part:
        """Any number."""
        return self._signed(Chain(self.amount, make=float))

    def _signed(self, part: Part) -> Part:
        minus = literal(*self.numerals.minus, read=("-",))
        return Either(part, part, part, Chain(minus, part, make=lambda _, value: -value))


def _within(forms: Mapping[str, int], least: int, limit: int) -> dict[str, int]:
    return {form: value for form, value in forms.items() if least <= value < limit}


def _whole(value: float) -> int | None:
    return round(value) if abs(value - round(value)) < 1e-6 and value < _LARGEST else None


def _last(*values: Any) -> Any:
    return values[-1]


def _sum(first: Any, second: Any) -> Any:
    return first + second
