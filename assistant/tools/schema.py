"""JSON schemas of skills' functions (draft 2020-12), kept short: they are part of every prompt."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from assistant.intent.numbers import parse_int
from assistant.intent.template import Template
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay
from assistant.skill.binding import Handler
from assistant.suggest import nearest
from assistant.tools.base import ToolArgumentError
from assistant.tools.reading import Reader, slots_of

MOST_CHOICES = 30
"""A longer list is free text in the schema, and checked all the same."""
_LONGEST_DESCRIPTION = 300
_TYPES: Mapping[Any, Mapping[str, Any]] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Percentage: {"type": "number", "minimum": 0, "maximum": 100},
    Duration: {"type": "string", "description": "like '90 seconds'"},
    TimeOfDay: {"type": "string", "description": "HH:MM, 24 hours"},
    Date: {"type": "string", "description": "like 'tomorrow', 'friday', 'YYYY-MM-DD'"},
}
_ARGUMENT = re.compile(r"^ +(\w+): (.+)$", re.MULTILINE)


class Parameters:
    """The parameters of a skill's function.

    Args:
        handler: the function, as it is asked for in the main language.
        templates: its sentences, in each language in which values may be given, the conversation's first.
        languages: their ISO 639-1 codes; the last one is the schema's.
    """

    def __init__(self, handler: Handler, templates: Sequence[Sequence[Template]], languages: Sequence[str]) -> None:
        seen = [set[int]() for _ in templates]
        slots = [
            [slot for each in one for slot in slots_of(each.node, ids)]
            for one, ids in zip(templates, seen, strict=True)
        ]
        self._handler = handler
        self._readers = {
            name: Reader(name, annotation, [[slot for slot in one if slot.name == name] for one in slots], languages)
            for name, annotation in handler.parameters.items()
        }

    def schema(self) -> dict[str, Any]:
        """What the model may give."""
        told = described(self._handler.function)
        properties = {name: _property(reader, told.get(name, "")) for name, reader in self._readers.items()}
        found: dict[str, Any] = {"type": "object", "properties": properties}
        if self._handler.required:
            found["required"] = [name for name in properties if name in self._handler.required]
        return found

    def listed(self, names: Collection[str]) -> Iterator[str]:
        """What may be said for some parameters that have lists."""
        for name in names:
            if name in self._readers:
                yield from (each.said for each in self._readers[name].choices)

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Parameter → value. An optional one may also be null or empty.

        Raises:
            ToolArgumentError: something is missing, unknown or wrong; all of it, in one line.
        """
        wrong = [
            f"there is no {name!r}{nearest(name, self._readers)}" for name in arguments if name not in self._readers
        ]
        given = {name: value for name, value in arguments.items() if value is not None and value != ""}
        wrong += [
            f"{name} is missing" for name in self._readers if name in self._handler.required and name not in given
        ]
        values: dict[str, Any] = {}
        for name, reader in self._readers.items():
            if name in given:
                try:
                    values[name] = reader.read(given[name])
                except ToolArgumentError as error:
                    wrong.append(str(error))
        if wrong:
            raise ToolArgumentError("; ".join(wrong))
        return values


def described(function: Callable[..., Any]) -> dict[str, str]:
    """What the section ``Args:`` of a docstring says of each parameter."""
    _, found, section = (inspect.getdoc(function) or "").partition("Args:\n")
    return dict(_ARGUMENT.findall(section.partition("\n\n")[0])) if found else {}


def _property(reader: Reader, told: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(_TYPES.get(reader.kind, {"type": "string"}))
    if reader.choices and not _are_themselves(reader):
        found = {"type": "string"}
        if len(reader.choices) <= MOST_CHOICES:
            found["enum"] = [each.said for each in reader.choices]
    if told:
        found["description"] = told
    return found


def _are_themselves(reader: Reader) -> bool:
    """Whether the values of a list are simply numbers, or true and false."""
    whole = reader.kind is int and all(type(each.value) is int for each in reader.choices)
    if whole:
        return all(parse_int(each.said) == each.value for each in reader.choices)
    return {repr(each.value) for each in reader.choices} == {"True", "False"}


def description(handler: Handler) -> str:
    """What a function does, in a line."""
    text = handler.doc or f"{handler.title}: {handler.intent.partition('.')[2].replace('_', ' ')}"
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1] + "…"
