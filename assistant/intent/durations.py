"""Durations as they are said and written: ``an hour and a half``, ``90 seconds``, ``2 h 5 min``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.intent.numbers import (
    AND_A_FRACTION,
    BELOW_60,
    BELOW_100,
    CARDINAL,
    DECIMAL,
    FRACTIONS,
    WHOLE,
    amount,
    cardinal,
    seldom,
    written,
)
from assistant.intent.template import NOTHING, Alt, Node, Seq, Word, one_of, optional
from assistant.intent.values import Duration

_LONGEST = 36_525 * 86_400


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of time: its length, its article and how it is abbreviated."""

    name: str
    seconds: int
    article: str
    short: tuple[str, ...] = ()

    @property
    def plural(self) -> str:
        return self.name + "s"

    def one(self) -> Node:
        return Word(self.name)

    def many(self) -> Node:
        return Alt((Word(self.plural), Word(self.name), written(*self.short, self.plural + "'")))


_UNITS = (
    _Unit("week", 604_800, "a", ("wk", "wks")),
    _Unit("day", 86_400, "a"),
    _Unit("hour", 3_600, "an", ("h", "hr", "hrs")),
    _Unit("minute", 60, "a", ("m", "min", "mins")),
    _Unit("second", 1, "a", ("s", "sec", "secs")),
)
_SIZES = {word: unit.seconds for unit in _UNITS for word in (unit.name, unit.plural, unit.plural + "'", *unit.short)}
_SIZES["fortnight"] = 14 * 86_400
_BARE_AFTER = {3_600: 60, 60: 1}  # "a minute thirty" is 30 of the next smaller unit

_N = Alt((BELOW_100, DECIMAL))
_PART_OF = Alt((Word("half"), one_of("a quarter of", "three quarters of")))
_RARE_PART_OF = Alt(
    (
        Seq((written("a"), written("half", "quarter"))),
        written("half", "quarter"),
        Seq((written("quarter"), written("of"), written("a", "an"))),
        Seq((written("three"), written("quarters", "quarter"))),
        Seq((written("a"), written("couple"))),
    )
)


def _amounts(unit: _Unit, after: Node) -> Node:
    """Amounts of one unit; plain ones, which smaller units may follow, are half of it."""
    article, one, many = Word(unit.article), unit.one(), unit.many()
    plain = Seq((Alt((Seq((_N, many)), Seq((_N, many)), Seq((article, one)))), after))
    mixed = Seq((Alt((BELOW_100, WHOLE)), AND_A_FRACTION, many))
    fraction = Alt((Seq((_PART_OF, article, one)), Seq((article, one, AND_A_FRACTION)), mixed))
    rare = (Seq((one_of("a couple of"), many)), Seq((_N, many, AND_A_FRACTION)), Seq((CARDINAL, many, after)))
    return Alt((plain, Alt((fraction, fraction, Alt((*rare, Seq((_RARE_PART_OF, many))))))))


def _network() -> Node:
    """Each unit followed by smaller ones; what follows a unit is one node for all durations that contain it."""
    after: dict[str, Node] = {}
    amounts: dict[str, Node] = {}
    for place in reversed(range(len(_UNITS))):
        unit, smaller = _UNITS[place], _UNITS[place + 1 : place + 3]
        follow: list[Node] = [Seq((optional(Word("and")), _N, other.many(), after[other.name])) for other in smaller]
        if unit.seconds in _BARE_AFTER:
            follow.append(Alt((BELOW_60, WHOLE)))
        after[unit.name] = seldom(Alt(tuple(follow))) if follow else NOTHING
        amounts[unit.name] = _amounts(unit, after[unit.name])
    common = Alt((amounts["minute"], amounts["minute"], amounts["hour"], amounts["second"]))
    fortnight = Seq((written("a"), written("fortnight")))
    return Alt((common, common, common, Alt((amounts["day"], amounts["week"], fortnight))))


NODE = _network()


def parse(text: str) -> Duration | None:
    """The duration that words or digits say, or None; units must go from large to small."""
    total, last, amount_words = 0.0, float("inf"), list[str]()
    for word in text.split():
        if word not in _SIZES:
            amount_words.append(word)
            continue
        value = _amount(amount_words, first=last == float("inf"))
        size = _SIZES[word]
        if value is None or size >= last:
            return None
        total, last, amount_words = total + value * size, size, []
    rest = _trailing(amount_words, last)
    if last == float("inf") or rest is None or total + rest > _LONGEST:
        return None
    return Duration(seconds=round(total + rest, 6))


def _amount(words: list[str], first: bool) -> float | None:
    """What stands before a unit: a number, an article, or a part with its ``of`` and article."""
    if not first and words and words[0] == "and":
        words = words[1:]
    if words in (["a"], ["an"]):
        return 1.0
    if words[:2] == ["a", "couple"] and words[2:] in ([], ["of"]):
        return 2.0
    if words and words[-1] in ("a", "an", "of"):
        words = words[:-1]
        words = words[:-1] if words and words[-1] == "of" else words
        return FRACTIONS.get(" ".join(words)) or {"quarter": 0.25}.get(" ".join(words))
    if words in (["quarter"], ["three", "quarter"]):
        return len(words) * 0.5 - 0.25
    return amount(words)


def _trailing(words: Sequence[str], last: float) -> float | None:
    """What stands after the last unit: nothing, ``and a half``, or a bare number of the next smaller unit."""
    if not words:
        return 0.0
    if words[0] == "and":
        part = FRACTIONS.get(" ".join(words[1:]))
        return None if part is None else part * last
    number = cardinal(words)
    if number is None or last not in _BARE_AFTER or not 0 < number < 60:
        return None
    return number * _BARE_AFTER[int(last)]
