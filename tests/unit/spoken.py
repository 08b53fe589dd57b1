"""Numbers to words for tests, written without looking at :mod:`assistant.intent.numbers`."""

from __future__ import annotations

import random

from assistant.intent.ngram import spoken
from assistant.intent.template import Alt, Node, Seq, Word

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
ROUND = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def words(number: int, conjunction: bool = False) -> str:
    """British (with "and") or American words for a whole number from 0 on."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return ROUND[number // 10] + (f" {SMALL[number % 10]}" if number % 10 else "")
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            joint = " and " if conjunction and rest < 100 else " "
            return f"{words(number // scale, conjunction)} {name}" + (joint + words(rest, conjunction) if rest else "")
    raise AssertionError


def samples(node: Node, count: int, seed: int = 5) -> list[str]:
    """Sentences of what can be heard of a network, each alternative equally likely."""
    heard, rng = spoken(node), random.Random(seed)
    assert heard is not None
    return [" ".join(_walk(heard, rng)) for _ in range(count)]


def _walk(node: Node, rng: random.Random) -> list[str]:
    match node:
        case Word(text):
            return [text]
        case Seq(items):
            return [word for item in items for word in _walk(item, rng)]
        case Alt(items):
            return _walk(rng.choice(items), rng)
    raise AssertionError(node)
