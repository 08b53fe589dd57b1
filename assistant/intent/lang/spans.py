"""Durations as they are said and written, built from a language's units of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.intent.lang.numerals import NumberParts
from assistant.intent.lang.parts import Chain, Digits, Either, Empty, Forms, Part, literal, maybe, skipped
from assistant.intent.values import Duration

_LONGEST = 36_525 * 86_400
_BARE_AFTER = {3_600: 60, 60: 1}  # "an hour thirty" is 30 of the next smaller unit
SIZES = (604_800, 86_400, 3_600, 60, 1)
"""Seconds of the units, from a week down."""


@dataclass(frozen=True)
class Unit:
    """A unit of time.

    Attributes:
        seconds: its length.
        forms: the noun, in every number and case that follows a number.
        short: abbreviations, understood in text only.
        alone: what means one of it without a number ("час").
        parts: what means a part of it ("half an hour") → the share.
    """

    seconds: int
    forms: tuple[str, ...]
    short: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)


def durations(numbers: NumberParts, units: Sequence[Unit], joint: str, pairs: Sequence[str] = ()) -> Part:
    """The part of a grammar that is a duration.

    Args:
        numbers: the language's numbers.
        units: from large to small.
        joint: the word for "and".
        pairs: what means two before a unit ("a couple of").
    """
    after: dict[int, Part] = {}
    amounts: dict[int, Part] = {}
    count = _count(numbers, pairs)
    for place in reversed(range(len(units))):
        unit = units[place]
        follow: list[Part] = [
            Chain(skipped(joint), amounts_plain(count, other, after[other.seconds]), make=lambda _, value: value)
            for other in units[place + 1 : place + 3]
        ]
        if unit.seconds in _BARE_AFTER:
            size = _BARE_AFTER[unit.seconds]
            bare = Either(numbers.below_60, Digits(r"[0-5]?\d"))
            follow.append(Chain(skipped(joint), bare, make=lambda _, n, size=size: n * size if n else None))
        after[unit.seconds] = maybe(Either(*follow), rare=True) if follow else Empty(0)
        amounts[unit.seconds] = _amounts(numbers, count, unit, after[unit.seconds])
    minute, hour = amounts[60], amounts[3_600]
    common = Either(minute, minute, hour, amounts[1])
    every = Either(common, common, common, Either(amounts[86_400], amounts[604_800]))
    return Chain(every, make=lambda value: Duration(seconds=round(value, 6)) if value <= _LONGEST else None)


def _count(numbers: NumberParts, pairs: Sequence[str]) -> Part:
    common = Either(numbers.below_100, numbers.digits)
    rare: list[Part] = [numbers.counted]
    if pairs:
        rare.append(Forms(dict.fromkeys(pairs, 2)))
    return Either(common, common, common, Either(*rare))


def amounts_plain(count: Part, unit: Unit, after: Part) -> Part:
    """A number of a unit and what follows it; in seconds."""
    noun = literal(*unit.forms, read=unit.short)
    return Chain(count, noun, after, make=lambda n, _, rest: n * unit.seconds + rest)


def _amounts(numbers: NumberParts, count: Part, unit: Unit, after: Part) -> Part:
    plain = amounts_plain(count, unit, after)
    parts: list[Part] = []
    if unit.alone:
        alone = literal(*unit.alone)
        parts.append(Chain(alone, after, make=lambda _, rest: unit.seconds + rest))
        if numbers.numerals.with_fraction:
            parts.append(Chain(alone, numbers.plus_fraction, make=lambda _, share: (1 + share) * unit.seconds))
    if unit.parts:
        parts.append(Forms({form: share * unit.seconds for form, share in unit.parts.items()}))
    if numbers.numerals.with_fraction and unit.seconds > 1:
        noun = literal(*unit.forms, read=unit.short)
        whole = Either(numbers.below_100, numbers.digits)
        parts.append(Chain(whole, noun, numbers.plus_fraction, make=lambda n, _, share: (n + share) * unit.seconds))
    return Either(plain, plain, *parts)
