"""Typed slots: what may stand in ``{duration}``, and what it means.

Each type is a network of words and written tokens (what a recogniser listens for) with a parser (what
the words mean); the parsers live beside their networks in :mod:`~assistant.intent.numbers`,
:mod:`~assistant.intent.durations`, :mod:`~assistant.intent.clock` and :mod:`~assistant.intent.dates`.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import ConfigError
from assistant.intent import clock, dates, durations, numbers
from assistant.intent.numbers import BELOW_100, DECIMAL, parse_float, written
from assistant.intent.template import Alt, Seq, SlotType, Wild, Word, list_type, one_of, optional, phrase
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay

__all__ = [
    "BUILT_IN", "DATE", "DURATION", "FLOAT", "INT", "PERCENTAGE", "TEXT", "TIME",
    "Date", "Duration", "Percentage", "TimeOfDay", "open_list", "slot_type_for",
]  # fmt: skip

_PARTS = {"half": 50.0, "a half": 50.0, "a quarter": 25.0, "one quarter": 25.0, "three quarters": 75.0}
_SIGNS = (" percent", " per cent", " %")


def _percentage(text: str) -> Percentage | None:
    if text in _PARTS:
        return Percentage(_PARTS[text])
    for sign in _SIGNS:
        text = text.removesuffix(sign)
    value = parse_float(text)
    return Percentage(value) if value is not None and 0 <= value <= 100 else None


_PERCENT = Alt((Word("percent"), Seq((written("per"), written("cent"))), written("%")))
_UP_TO_100 = Alt((BELOW_100, Alt((Word("zero"), Seq((one_of("a", "one"), Word("hundred"))))), DECIMAL))
_POINT = Seq((BELOW_100, written("point"), BELOW_100))
_HALVES = Seq((BELOW_100, written("and"), written("a"), written("half")))
_SHARE = Seq((Alt((_UP_TO_100, _POINT, _HALVES)), optional(_PERCENT)))

INT = SlotType("int", numbers.INT_NODE, numbers.parse_int)
FLOAT = SlotType("float", numbers.FLOAT_NODE, parse_float)
DURATION = SlotType("duration", durations.NODE, durations.parse)
TIME = SlotType("time", clock.NODE, clock.parse)
DATE = SlotType("date", dates.NODE, dates.parse)
PERCENTAGE = SlotType(
    "percentage", Alt((_SHARE, _SHARE, _SHARE, one_of("half", "a quarter", "three quarters"))), _percentage
)
TEXT = SlotType("text", Wild())

BUILT_IN: Mapping[str, SlotType] = {kind.name: kind for kind in (INT, FLOAT, DURATION, TIME, DATE, PERCENTAGE, TEXT)}
"""Slot types by the names that a template may use without declaring them: ``{int:sides}``."""

_BY_CLASS: Mapping[Any, SlotType] = {
    int: INT, float: FLOAT, str: TEXT, Duration: DURATION, TimeOfDay: TIME, Date: DATE, Percentage: PERCENTAGE,
}  # fmt: skip


def open_list(name: str, hints: Sequence[str]) -> SlotType:
    """Any text; a closed recogniser, which can hear only what it knows, listens for the hints."""
    return SlotType(name, Wild(tuple(phrase(hint) for hint in hints)))


def slot_type_for(annotation: Any) -> SlotType:
    """The slot type of a parameter's annotation; ``X | None`` is X, ``Literal[...]`` a list.

    Raises:
        ConfigError: no slot type for it.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return list_type("literal", {str(value): value for value in arguments})
    if origin in (typing.Union, types.UnionType):
        kinds = [argument for argument in arguments if argument is not types.NoneType]
        if len(kinds) == 1:
            return slot_type_for(kinds[0])
    if isinstance(annotation, type) and annotation in _BY_CLASS:
        return _BY_CLASS[annotation]
    known = ", ".join(kind.__name__ for kind in _BY_CLASS)
    raise ConfigError(f"no slot type for {_name(annotation)}; known are {known} and Literal[...]")


def _name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else repr(annotation)
