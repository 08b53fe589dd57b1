"""Arithmetic expressions: what may be said, and the numbers and operators that it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, partial

from assistant.intent.numbers import written
from assistant.intent.template import Alt, Node, Seq, SlotType, Word, one_of, optional, phrase, words_of
from assistant.skill.marking import LocalSlotType
from assistant.skill.tongue import tongue

from .words import Words, words_of_language

Term = Fraction | str
_SIGNS = ("$", "£", "€")


def exact(value: float) -> Fraction:
    """A number as it was said: 0.1 is a tenth."""
    return Fraction(repr(float(value)))


PI = exact(math.pi)


def read(text: str, language: str = "en") -> list[Term] | None:
    """The numbers and operators of an expression in words or signs, or None if a part is neither."""
    known = words_of_language(language)
    ignored = {*_SIGNS, *known.money}
    words = [word for word in words_of(text) if word not in ignored]
    terms: list[Term] = []
    number: list[str] = []
    at = 0
    while at < len(words):
        size, symbol = _symbol(words, at, known)
        if size == 0:
            number.append(words[at])
        elif not _close(number, terms, language):
            return None
        elif symbol[:1] == "^" and symbol[1:]:
            terms += ["^", Fraction(symbol[1:])]
        elif symbol:
            terms.append(symbol)
        at += size or 1
    return terms if _close(number, terms, language) else None


def _symbol(words: Sequence[str], at: int, known: Words) -> tuple[int, str]:
    for size in range(min(known.longest, len(words) - at), 0, -1):
        symbol = known.symbols.get(" ".join(words[at : at + size]))
        if symbol:
            return size, symbol
    return 0, ""


def _close(number: list[str], terms: list[Term], language: str) -> bool:
    """Turn the words gathered so far into a number; False if they are none."""
    if not number:
        return True
    parse = tongue(language).slots["float"].parse
    value = math.pi if number == [words_of_language(language).pi] else parse(" ".join(number)) if parse else None
    number.clear()
    if value is None:
        return False
    terms.append(exact(value))
    return True


def _network(language: str) -> Node:
    words = words_of_language(language)
    money = optional(written(*_SIGNS))
    kind = tongue(language).slots["float"]
    number = Seq((money, Alt((kind.node, Word(words.pi))), optional(written(*words.money))))
    root: Node = one_of(*words.before)
    if words.article:
        root = Seq((optional(phrase(words.article)), root))
    unary = Alt((Seq((Alt((root, written("√"))), number)), Seq((number, one_of(*words.after)))))
    power: Node = one_of(*words.powers) if len(words.powers) > 1 else phrase(words.powers[0])
    if words.raised:
        power = Seq((optional(phrase(words.raised)), power))
    first, *others = words.percents
    percent = Alt((phrase(first), Seq((written("%"), phrase(words.of))), *(phrase(each) for each in others)))
    operator = Alt((one_of(*words.operators), power, percent, written("+", "-", "*", "x", "×", "/", "÷", "^")))
    term = Alt((number, unary))
    more = Seq((operator, term))
    tail: Node = Seq((more, more))
    for _ in range(3):
        tail = Seq((more, optional(tail)))
    return Alt((unary, Seq((term, tail))))


@cache
def _kind(language: str) -> SlotType:
    return SlotType("expression", _network(language), partial(_readable, language=language))


def _readable(text: str, language: str) -> str | None:
    return text if read(text, language) else None


EXPRESSION = LocalSlotType("expression", _kind("en").node, _kind("en").parse, elsewhere=_kind)
"""Up to six numbers with operators between them; its value is the text, for :func:`read`."""
