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


def check(code: str, sentences: Mapping[str, Any], kind: str) -> None:
    """Sentences mean what the notation says, by way of the network, in capitals, too."""
    slot = language(code).slots[kind]
    wrong = []
    for text, value in sentences.items():
        expected = meaning(kind, value)
        found = understood(slot, text)
        if found != (pytest.approx(expected) if isinstance(value, float) else expected):
            wrong.append(f"{text}: {found!r}, not {expected!r}")
        elif understood(slot, text.upper()) is None:
            wrong.append(text.upper())
    assert not wrong, "\n".join(wrong)


def check_nonsense(code: str, sentences: Sequence[str], kind: str) -> None:
    """Sentences mean nothing."""
    slot = language(code).slots[kind]
    wrong = {text: found for text in sentences if (found := understood(slot, text)) is not None}
    assert not wrong
