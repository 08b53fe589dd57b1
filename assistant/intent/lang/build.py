"""Puts a language together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from assistant.intent.lang import Language
from assistant.intent.lang.numerals import NumberParts
from assistant.intent.lang.parts import Chain, Digits, Either, Forms, Part, maybe, slot_type
from assistant.intent.lang.phrases import Phrases
from assistant.intent.lang.saying import Say
from assistant.intent.slots import TEXT
from assistant.intent.template import SlotType
from assistant.intent.values import Percentage


def percentages(
    numbers: NumberParts, words: Sequence[str], shares: Mapping[str, float], hundred: Sequence[str]
) -> Part:
    """The part of a grammar that is a percentage, 0 to 100.

    Args:
        numbers: the language's numbers.
        words: "percent", in every form; the first are the usual ones.
        shares: parts of the whole: "half" → 50.
        hundred: a hundred, as it is said before "percent".
    """
    numerals = numbers.numerals
    bounds = Forms(dict.fromkeys(numerals.zero, 0) | dict.fromkeys(hundred, 100))
    usual = Either(numbers.below_100, bounds, Digits(r"\d+"))
    number = Either(usual, usual, usual, numbers.small_amount)
    whole = Forms({form: Percentage(value) for form, value in shares.items()})
    sign = maybe(Forms(dict.fromkeys(words, 0), {"%": 0}))
    share = Chain(number, sign, make=lambda value, _: Percentage(value) if 0 <= value <= 100 else None)
    return Either(whole, share, share, share)


def slot_types(numbers: NumberParts, duration: Part, time: Part, date: Part, percentage: Part) -> dict[str, SlotType]:
    """The slot types of a language by their names in templates."""
    parts = {
        "int": numbers.integer, "float": numbers.number, "duration": duration, "time": time, "date": date,
        "percentage": percentage,
    }  # fmt: skip
    return {name: slot_type(name, part) for name, part in parts.items()} | {"text": TEXT}


def described(code: str, name: str, slots: Mapping[str, SlotType], say: Say, phrases: Phrases) -> Language:
    """A language of its slot types, its way to say values, and its phrases."""
    talk = {each.name: getattr(phrases, each.name) for each in fields(phrases)}
    return Language(code=code, name=name, slots=slots, say=say, **talk)
