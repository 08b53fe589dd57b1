"""Values of a skill's parameters, from what a model gives for them."""

from __future__ import annotations

import datetime as dt
import math
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ConfigError
from assistant.intent.features import IDLE
from assistant.intent.match import Matcher
from assistant.intent.slots import slot_type_for
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
    Pattern,
    Seq,
    Slot,
    SlotType,
    Tag,
    Template,
    Wild,
    Word,
    children,
    is_constant,
    words_of,
)
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay
from assistant.skill.tongue import tongue
from assistant.suggest import nearest
from assistant.tools.base import ToolArgumentError

_PERIOD = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
"""A length of time as ISO 8601 has it, without months and years, whose lengths differ."""
_CLOCK = re.compile(r"(?:\d{4}-\d\d-\d\d)?T?(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?)?", re.IGNORECASE)
_LONGEST_S = 36_525 * 86_400
_MANY_FORMS = 2_000
"""A list of more is shown as free text, without being looked through."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a list.

    Attributes:
        said: the shortest way to say it.
        value: what the skill gets.
    """

    said: str
    value: Any


def kind_of(annotation: Any) -> Any:
    """The class that an annotation names, without the None of an optional one; ``Literal[…]`` is of no class."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        inner = [each for each in typing.get_args(annotation) if each is not types.NoneType]
        return kind_of(inner[0]) if len(inner) == 1 else None
    return annotation if isinstance(annotation, type) else None


def literals_of(annotation: Any) -> tuple[Any, ...]:
    """The values of ``Literal[…]``, an optional one's, too."""
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return next((found for each in typing.get_args(annotation) if (found := literals_of(each))), ())


class Reader:
    """Reads one parameter: by the slots of that name in the sentences of its function, and as its annotation says.

    Args:
        name: the parameter's.
        annotation: its type.
        slots: of that name, of all sentences in each language that counts, the conversation's first.
        languages: ISO 639-1 codes, likewise; what is shown of lists is in the last one, if they have it.

    Attributes:
        kind: the class of its values, None where a list says what they are.
        choices: the values of its lists; empty when it takes others, too.
    """

    def __init__(
        self,
        name: str,
        annotation: Any,
        slots: Sequence[Sequence[Slot]],
        languages: Sequence[str],
    ) -> None:
        self.name = name
        self.kind = kind_of(annotation)
        said = [slot for one in slots for slot in one]
        constants = [slot.type.node.value for slot in said if isinstance(slot.type.node, Tag) and is_constant(slot)]
        kinds = list(dict.fromkeys(slot.type for slot in said if not is_constant(slot)))
        self._kinds = kinds + _by_annotation(annotation, languages, closed=bool(kinds or constants))
        shown = [slot.type for one in reversed(slots) for slot in one if not is_constant(slot)]
        closed = [each for each in dict.fromkeys([*shown, *self._kinds]) if each.is_list]
        literals = literals_of(annotation)
        found = [Choice(_plain(each), each) for each in (*literals, *constants)]
        self._all = _distinct([*(choice for each in closed for choice in _choices(each)), *found])
        only = all(each.is_list for each in self._kinds) and (
            bool(literals) or self.kind in (int, float, str, bool, None)
        )
        self.choices = [each for each in self._all if not literals or each.value in literals] if only else []
        self._values = {_plain(each.value).casefold(): each.value for each in self._all}
        self._values |= {each.said.casefold(): each.value for each in self._all}
        self._matcher = Matcher(Grammar(tuple(
            Template(str(at), "{value}", Slot("value", kind)) for at, kind in enumerate(self._kinds)
        )))  # fmt: skip

    def read(self, given: Any) -> Any:
        """The value.

        Raises:
            ToolArgumentError: there is no such value.
        """
        value = self._typed(given)
        if value is None:
            value = self._said(_as_text(given))
        if value is None:
            raise ToolArgumentError(f"{self.name} must be {self._wanted()}, not {given!r}{self._near(given)}")
        return value

    def _typed(self, given: Any) -> Any:
        """From a JSON value that is no text, or from a text in a standard notation."""
        if isinstance(given, bool | int | float) and self.choices:
            same = type(given) if isinstance(given, bool) else int | float
            fits = (each.value for each in self.choices if isinstance(each.value, same) and each.value == given)
            return next(fits, None)
        if isinstance(given, int | float) and not isinstance(given, bool):
            return _number(given, self.kind)
        if isinstance(given, str) and self.kind in _NOTATIONS:
            return _NOTATIONS[self.kind](given.strip())
        return None

    def _said(self, text: str) -> Any:
        if text.casefold() in self._values:
            return self._values[text.casefold()]
        found = self._matcher.match(text)
        if found:
            return found[0].slots["value"]
        words = set(words_of(text)) - IDLE
        fits = {id(each.value): each.value for each in self.choices if words and words <= set(words_of(each.said))}
        return next(iter(fits.values())) if len(fits) == 1 else None

    def _wanted(self) -> str:
        if not self.choices:
            return _CALLED.get(self.kind, "text")
        shown = [each.said for each in self.choices]
        return f"one of {', '.join(shown)}" if len(shown) <= 12 else "one of its values"

    def _near(self, given: Any) -> str:
        if len(self.choices) <= 12:
            return ""
        hint = nearest(_as_text(given), [each.said for each in self.choices])
        return hint if hint.startswith("; did") else ""


def _by_annotation(annotation: Any, languages: Sequence[str], *, closed: bool) -> list[SlotType]:
    """The slot types of an annotation; none of free text where sentences or lists say what it may be."""
    try:
        kind = slot_type_for(annotation)
    except ConfigError:
        return []
    if kind.is_list:
        return [kind]
    if _is_open(kind.node) or (closed and kind_of(annotation) in (int, float)):
        return [] if closed else [kind]
    return list(dict.fromkeys(tongue(code).slots.get(kind.name, kind) for code in languages))


def _is_open(node: Node) -> bool:
    return isinstance(node, Wild)


def slots_of(node: Node, seen: set[int]) -> Iterator[Slot]:
    """The slots of a template's network, those that take no words, too."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, Slot):
        yield node
        return
    for child in children(node):
        yield from slots_of(child, seen)


def _choices(kind: SlotType) -> Iterator[Choice]:
    entries = kind.node.items if isinstance(kind.node, Alt) else ()
    if len(entries) <= _MANY_FORMS:
        for entry in entries:
            if isinstance(entry, Tag) and (said := " ".join(_shortest(entry.node) or ())):
                yield Choice(said, entry.value)


def _shortest(node: Node) -> tuple[str, ...] | None:
    """The fewest words that a network takes; None if it takes any."""
    match node:
        case Word(text):
            return (text,)
        case Seq(items):
            parts = [_shortest(item) for item in items]
            return None if None in parts else tuple(word for part in parts for word in part or ())
        case Alt(items):
            ways = [way for item in items if (way := _shortest(item)) is not None]
            return min(ways, key=len) if ways else None
        case Slot(_, kind):
            return _shortest(kind.node)
        case Tag(inner, _):
            return _shortest(inner)
        case Pattern() | Wild():
            return None


def _distinct(choices: Iterable[Choice]) -> list[Choice]:
    """One for each value, the first."""
    found: dict[str, Choice] = {}
    for each in choices:
        found.setdefault(repr(each.value), each)
    return list(found.values())


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_text(given: Any) -> str:
    if isinstance(given, list):
        return ", ".join(map(_as_text, given))
    return _plain(given).strip()


def _number(given: float, kind: Any) -> Any:
    if not math.isfinite(given):
        return None
    if kind is int:
        return int(given) if given == int(given) else None
    if kind is float:
        return float(given)
    if kind is Percentage:
        return Percentage(given) if 0 <= given <= 100 else None
    if kind is Duration:
        return _seconds(given)
    return None


def _seconds(amount: float) -> Duration | None:
    return Duration(seconds=amount) if 0 < amount <= _LONGEST_S else None


def _duration(text: str) -> Duration | None:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _seconds(float(text))
    match = _PERIOD.fullmatch(text)
    parts = {name: float(value) for name, value in match.groupdict().items() if value} if match else {}
    return _seconds(dt.timedelta(**parts).total_seconds()) if parts else None


def _time(text: str) -> TimeOfDay | None:
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return TimeOfDay(int(match[1]), int(match[2]), "pm" if int(match[1]) >= 12 else "am")


def _date(text: str) -> Date | None:
    match = _DAY.fullmatch(text)
    try:
        day = dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    return Date(day=day.day, month=day.month, year=day.year) if day else None


def _percentage(text: str) -> Percentage | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", text)
    return Percentage(match[1]) if match and float(match[1]) <= 100 else None


_NOTATIONS: Mapping[Any, Any] = {Duration: _duration, TimeOfDay: _time, Date: _date, Percentage: _percentage}
_CALLED = {
    int: "a whole number",
    float: "a number",
    Percentage: "a number from 0 to 100",
    Duration: "a length of time like '10 minutes'",
    TimeOfDay: "a time like '18:30'",
    Date: "a day like 'tomorrow' or '2026-03-05'",
}
