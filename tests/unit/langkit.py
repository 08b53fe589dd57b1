"""What sentences of a language mean, in a short notation, and how its tests check it.

Durations are in seconds. Times: ``18:30``, or ``~6:30`` where the half of the day is open. Dates: ``+3`` days from
today, ``fri``, ``next fri``, ``3.``, ``3.5.``, ``3.5.2026``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from assistant.intent.lang import language
from assistant.intent.values import Date, Duration, TimeOfDay
from tests.unit.slotkit import understood

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Sentences = Mapping[str, Mapping[str, Any]]
"""Slot type → sentence → value."""


def meaning(kind: str, value: Any) -> Any:
    """The value that a notation stands for."""
    if kind == "duration":
        return Duration(seconds=value)
    if kind == "time":
        hour, minute = map(int, value.lstrip("~").split(":"))
        return TimeOfDay(hour, minute, None if value[0] == "~" else "pm" if hour >= 12 else "am")
    return _date(value) if kind == "date" else value


def _date(value: str) -> Date:
    if value[0] in "+-":
        return Date(offset=int(value))
    if value[-1].isalpha():
        *week, day = value.split()
        return Date(weekday=_DAYS.index(day), week=week[0] if week else "coming")  # type: ignore[arg-type]
    day, month, year = re.fullmatch(r"(\d+)\.(?:(\d+)\.)?(\d+)?", value).groups()  # type: ignore[union-attr]
    return Date(day=int(day), month=int(month) if month else None, year=int(year) if year else None)


def cases(sentences: Sentences) -> pytest.MarkDecorator:
    """A test's parameters: slot type, sentence, value."""
    rows = [(kind, text, value) for kind, table in sentences.items() for text, value in table.items()]
    return pytest.mark.parametrize(("kind", "text", "value"), rows, ids=[f"{kind}: {text}" for kind, text, _ in rows])


def check(code: str, kind: str, text: str, value: Any) -> None:
    """A sentence means what the notation says, by way of the network, whatever its case."""
    expected = meaning(kind, value)
    found = understood(language(code).slots[kind], text)
    assert found == (pytest.approx(expected) if isinstance(value, float) else expected), text
    assert understood(language(code).slots[kind], text.upper().replace("ẞ", "SS")) is not None, text.upper()


def nonsense(sentences: Mapping[str, Sequence[str]]) -> pytest.MarkDecorator:
    """A test's parameters: slot type, sentence."""
    rows = [(kind, text) for kind, texts in sentences.items() for text in texts]
    return pytest.mark.parametrize(("kind", "text"), rows, ids=[f"{kind}: {text}" for kind, text in rows])


def check_nonsense(code: str, kind: str, text: str) -> None:
    """A sentence means nothing."""
    assert understood(language(code).slots[kind], text) is None, text
