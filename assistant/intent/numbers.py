"""Numbers as they are said and written: the networks, and what the words mean.

The networks share their sub-nodes, so that a language model counted from them stays small, and give
everyday numbers at least the weight of odd ones: half of :data:`CARDINAL` is 1 to 99. Words
that are seldom said for a number are :func:`written`: understood in text, not listened for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.intent.template import NOTHING, Alt, Node, Pattern, Seq, Word, one_of, optional, phrase

ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
FRACTIONS = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a quarter": 0.25, "one quarter": 0.25, "three quarters": 0.75,
    "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3,
}  # fmt: skip

_VALUES = {word: value for words, start in ((ONES, 1), (TEENS, 10)) for value, word in enumerate(words, start)}
_TENS = {word: 20 + 10 * place for place, word in enumerate(TENS)}
_DIGITS = {"zero": "0", "oh": "0", "o": "0", **{word: str(value) for value, word in enumerate(ONES, 1)}}
_SCALES = {"million": 1_000_000, "thousand": 1_000, "hundred": 100}
_MINUS = ("minus", "negative", "-")
_DECIMAL = re.compile(r"\d+(\.\d+)?")


def written(*words: str) -> Pattern:
    """One token out of several, understood in text but not listened for."""
    return Pattern(re.compile("|".join(map(re.escape, words))))


def _below(tens: Alt) -> Alt:
    """From 1 up in words; small, teens, round and other numbers weigh the same."""
    ones = one_of(*ONES)
    return Alt((ones, one_of(*TEENS), tens, Seq((tens, ones))))


def seldom(node: Node) -> Alt:
    """The node or nothing, nothing being four times as likely to a model that is counted from the network."""
    return Alt((NOTHING, NOTHING, NOTHING, NOTHING, node))


WHOLE = Pattern(re.compile(r"\d+"))
DECIMAL = Pattern(_DECIMAL)
BELOW_100 = _below(one_of(*TENS))
BELOW_60 = _below(one_of(*TENS[:4]))
_AND = Word("and")
_HUNDREDS = Seq(
    (
        Alt((Word("a"), one_of(*ONES), written(*TEENS[1:]), WHOLE)),
        Word("hundred"),
        optional(Seq((optional(_AND), BELOW_100))),
    )
)
BELOW_1000 = Alt((BELOW_100, _HUNDREDS))
_TAIL = optional(Alt((BELOW_1000, Seq((_AND, BELOW_100)), Seq((written("and"), WHOLE)))))
_BIG = Seq(
    (
        Alt((BELOW_1000, Word("a"), DECIMAL)),
        Alt((Word("thousand"), Seq((Word("million"), optional(Seq((BELOW_1000, Word("thousand")))))))),
        _TAIL,
    )
)
CARDINAL = Alt((BELOW_100, Alt((Word("zero"), _HUNDREDS, _BIG))))
"""0 to 999,999,999 in words."""

_PAIR = Seq((written(*TEENS[1:], "twenty"), Alt((written(*TEENS), written(*TENS), Seq((written(*TENS), written(*ONES))),
             Seq((written("oh", "o"), written(*ONES)))))))  # fmt: skip
_DOZENS = Seq((Alt((written("a", *ONES), Seq((written("half"), written("a"))))), written("dozen")))
_SIGN = Alt((Word("minus"), written("negative", "-")))
_SPOKEN_DIGIT = one_of("zero", "oh", *ONES)
_PLACES = Seq((_SPOKEN_DIGIT, optional(Seq((_SPOKEN_DIGIT, optional(_SPOKEN_DIGIT))))))
_MORE_PLACES = Alt(
    (written(*TEENS), Seq((written(*TENS), written(*ONES))), written(*TENS), Seq((WHOLE, optional(WHOLE))))
)
_LONG_PLACES = Seq((written(*_DIGITS),) * 4 + (optional(Seq((written(*_DIGITS), optional(written(*_DIGITS))))),))
_AFTER_POINT = Alt((_PLACES, _MORE_PLACES, _LONG_PLACES))
_POINT = Alt((Seq((Alt((CARDINAL, WHOLE)), Word("point"), _AFTER_POINT)), Seq((written("point"), _AFTER_POINT))))
AND_A_FRACTION = Seq((_AND, Alt((phrase("a half"), one_of("a quarter", "three quarters", "a third", "two thirds")))))
_FRACTION = Alt(
    (
        one_of("half", "a half"),
        one_of("a quarter", "three quarters", "a third", "two thirds"),
        Seq((written("one"), written("half", "quarter", "third"))),
    )
)
_MIXED = Seq((Alt((BELOW_100, DECIMAL)), AND_A_FRACTION))

_WHOLE_NUMBER = Alt((CARDINAL, WHOLE, _PAIR, _DOZENS))
_NUMBER = Alt((CARDINAL, DECIMAL, Alt((_POINT, _MIXED, _FRACTION, _PAIR, _DOZENS, Seq((_POINT, written(*_SCALES)))))))
INT_NODE = Alt((_WHOLE_NUMBER, _WHOLE_NUMBER, _WHOLE_NUMBER, Seq((_SIGN, _WHOLE_NUMBER))))
FLOAT_NODE = Alt((_NUMBER, _NUMBER, _NUMBER, Seq((_SIGN, _NUMBER))))


def cardinal(words: Sequence[str]) -> int | None:
    """The whole number that words or digits say (``two thousand and five``), or None."""
    for name, scale in (("million", 1_000_000), ("thousand", 1_000)):
        if name in words:
            at = words.index(name)
            return _scaled(words[:at], scale, words[at + 1 :])
    return _below_1000(words)


def _scaled(head: Sequence[str], scale: int, tail: Sequence[str]) -> int | None:
    factor = 1.0 if list(head) == ["a"] else _exact(head)
    rest = _rest(tail, scale)
    if not factor or rest is None or (factor >= 1_000 and scale == 1_000_000) or factor * scale % 1:
        return None
    return round(factor * scale) + rest


def _exact(words: Sequence[str]) -> float | None:
    """What may stand before a scale word: below 1000 in words, or digits with decimals."""
    if len(words) == 1 and _DECIMAL.fullmatch(words[0]):
        return float(words[0])
    return _below_1000(words)


def _rest(words: Sequence[str], limit: int) -> int | None:
    """What follows a scale word: nothing (0), or a smaller number, with or without ``and``."""
    if not words:
        return 0
    value = cardinal(words[1:] if words[0] == "and" else words)
    return value if value and value < limit else None


def _below_1000(words: Sequence[str]) -> int | None:
    if "hundred" not in words:
        return _below_100(words)
    at = words.index("hundred")
    head = 1 if list(words[:at]) == ["a"] else _below_100(words[:at])
    rest = _rest(words[at + 1 :], 100)
    if not head or head >= 100 or (head >= 20 or head == 10) or rest is None:
        return None
    return head * 100 + rest


def _below_100(words: Sequence[str]) -> int | None:
    match list(words):
        case [word] if word.isdecimal():
            return int(word)
        case ["zero"]:
            return 0
        case [word]:
            return _VALUES.get(word, _TENS.get(word))
        case [tens, one] if tens in _TENS and one in ONES:
            return _TENS[tens] + _VALUES[one]
    return None


def year(words: Sequence[str]) -> int | None:
    """A year as it is said in two halves: ``nineteen eighty four``, ``twenty oh five``."""
    if len(words) < 2:
        return None
    century = _VALUES.get(words[0], _TENS.get(words[0], 0))
    rest = list(words[1:])
    if len(rest) == 2 and rest[0] in ("oh", "o"):
        low, valid = _VALUES.get(rest[1]), rest[1] in ONES
    else:
        low = None if rest[0].isdecimal() else _below_100(rest)
        valid = low is not None and low >= 10
    return century * 100 + low if low and valid and 11 <= century <= 20 else None


def _dozens(words: Sequence[str]) -> int | None:
    if not words or words[-1] != "dozen":
        return None
    head = list(words[:-1])
    if head in (["half"], ["half", "a"]):
        return 6
    count = 1 if head == ["a"] else _below_100(head)
    return count * 12 if count else None


def _signed(words: Sequence[str]) -> tuple[int, Sequence[str]]:
    return (-1, words[1:]) if words and words[0] in _MINUS else (1, words)


def parse_int(text: str) -> int | None:
    """A whole number in words or digits, or None."""
    sign, words = _signed(text.split())
    for reading in (cardinal, year, _dozens):
        value = reading(words)
        if value is not None:
            return sign * value
    return None


def parse_float(text: str) -> float | None:
    """A number in words or digits, with decimals or a fraction, or None."""
    sign, words = _signed(text.split())
    value = amount(words)
    if value is None and "point" in words and words[-1] in _SCALES:
        value = _decimal(words[:-1], words.index("point"))
        value = None if value is None else value * _SCALES[words[-1]]
    return None if value is None else sign * value


def amount(words: Sequence[str]) -> float | None:
    """A number that is not negative: ``two``, ``2.5``, ``three point one four``, ``two and a half``, ``a quarter``."""
    if len(words) == 1 and _DECIMAL.fullmatch(words[0]):
        return float(words[0])
    whole = parse_int(" ".join(words)) if words and words[0] not in _MINUS else None
    if whole is not None:
        return float(whole)
    if " ".join(words) in FRACTIONS:
        return FRACTIONS[" ".join(words)]
    if "point" in words:
        return _decimal(words, words.index("point"))
    for at in range(1, len(words) - 1):
        if words[at] == "and" and " ".join(words[at + 1 :]) in FRACTIONS:
            whole = cardinal(words[:at])
            return None if whole is None else whole + FRACTIONS[" ".join(words[at + 1 :])]
    return None


def _decimal(words: Sequence[str], at: int) -> float | None:
    whole = cardinal(words[:at]) if at else 0
    places = list(words[at + 1 :])
    digits = "".join(_DIGITS.get(word, word if word.isdecimal() else "?") for word in places)
    if "?" in digits:
        value = _below_100(places)
        digits = str(value) if value is not None else "?"
    if whole is None or not digits.isdecimal():
        return None
    return float(f"{whole}.{digits}")
