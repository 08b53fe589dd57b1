"""Values on their way between processes: JSON, and tagged objects for the types that skills use.

Nothing here runs code that a message names: the types are a fixed list, so a hostile message can at worst be refused.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

import assistant
from assistant.audio.chunk import AudioChunk
from assistant.intent.slots import BUILT_IN
from assistant.intent.template import Alt, Node, Pattern, Seq, Slot, SlotType, Tag, Wild, Word, children
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay
from assistant.skill.scheduling import Scheduled

_KEY = "$"
_ANNOTATIONS: Mapping[str, Any] = {
    kind.__name__: kind for kind in (bool, int, float, str, Duration, TimeOfDay, Date, Percentage)
}

_COLLECTIONS: tuple[tuple[Any, str], ...] = ((tuple, "tuple"), (frozenset, "frozenset"), (set, "set"))


class Unfit(TypeError):
    """A value that cannot leave its process."""


def encode(value: Any) -> Any:
    """A value as JSON.

    Raises:
        Unfit: it is of a type that does not travel.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value) and _KEY not in value:
            return {key: encode(each) for key, each in value.items()}
        return _tagged("dict", [[encode(key), encode(each)] for key, each in value.items()])
    if isinstance(value, list):
        return [encode(each) for each in value]
    for kind, name in _COLLECTIONS:
        if isinstance(value, kind):
            return _tagged(name, [encode(each) for each in value])
    for kind, name, to_json, _ in _CODECS:
        if isinstance(value, kind):
            return _tagged(name, to_json(value))
    if is_dataclass(value) and not isinstance(value, type) and type(value).__name__ in _records():
        state = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return _tagged("record", [type(value).__name__, state])
    if isinstance(value, bool | int | float | str):  # an enumeration's member, for example
        return next(kind(value) for kind in (int, float, str) if isinstance(value, kind))
    raise Unfit(f"{type(value).__name__} cannot be handed to another process")


def decode(value: Any) -> Any:
    """The value that :func:`encode` made JSON of.

    Raises:
        Unfit: there is no such type, or it does not have such values.
    """
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _KEY not in value:
        return {key: decode(each) for key, each in value.items()}
    try:
        return _untagged(value[_KEY], value.get("v"))
    except Unfit:
        raise
    except Exception as error:  # whatever a constructor thinks of a stranger's values
        raise Unfit(f"{value[_KEY]!r} with a wrong value: {type(error).__name__}: {error}") from None


def _tagged(name: str, value: Any) -> dict[str, Any]:
    return {_KEY: name, "v": value}


def _untagged(name: str, value: Any) -> Any:
    if name == "dict":
        return {decode(key): decode(each) for key, each in value}
    if name == "record":
        kind, state = value
        return _records()[kind](**{key: decode(each) for key, each in state.items()})
    for collection, known in _COLLECTIONS:
        if known == name:
            return collection(decode(each) for each in value)
    for _, known, _, from_json in _CODECS:
        if known == name:
            return from_json(value)
    raise Unfit(f"there is no type {name!r}")


def _records() -> dict[str, Callable[..., Any]]:
    """The plain records of the public interface: Card, Recurrence and the like."""
    public = (getattr(assistant, name) for name in assistant.__all__)
    return {kind.__name__: kind for kind in (*public, Scheduled) if isinstance(kind, type) and is_dataclass(kind)
            and kind.__name__ not in ("Context", "SlotType")}  # fmt: skip


def _moment(value: dt.datetime) -> list[Any]:
    zone = value.tzinfo
    offset = value.utcoffset()
    where = zone.key if isinstance(zone, ZoneInfo) else offset.total_seconds() if offset is not None else None
    return [value.replace(tzinfo=None).isoformat(), value.fold, where]


def _to_moment(value: Sequence[Any]) -> dt.datetime:
    text, fold, where = value
    zone: dt.tzinfo | None = None
    if isinstance(where, str):
        zone = ZoneInfo(where)
    elif where is not None:
        zone = dt.timezone(dt.timedelta(seconds=where))
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _to_sound(samples: str, rate: int, start: int) -> AudioChunk:
    return AudioChunk(np.frombuffer(base64.b64decode(samples, validate=True), np.int16), rate, start)


def _delta(value: dt.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


_CODECS: tuple[tuple[Any, str, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (Percentage, "percentage", float, Percentage),
    (Duration, "duration", _delta, lambda v: Duration(*v)),
    (dt.timedelta, "timedelta", _delta, lambda v: dt.timedelta(*v)),
    (TimeOfDay, "time", lambda v: [v.hour, v.minute, v.meridiem], lambda v: TimeOfDay(*v)),
    (Date, "date", lambda v: [v.offset, v.weekday, v.week, v.day, v.month, v.year], lambda v: Date(*v)),
    (dt.datetime, "datetime", _moment, _to_moment),
    (dt.date, "day", dt.date.isoformat, dt.date.fromisoformat),
    (bytes, "bytes", _base64, lambda v: base64.b64decode(v, validate=True)),
    (AudioChunk, "sound", lambda v: [_base64(v.samples.tobytes()), v.rate, v.start], lambda v: _to_sound(*v)),
    (SlotType, "slot", lambda v: _slot_type(v), lambda v: _to_slot_type(v)),  # noqa: PLW0108  # defined below
)


# --- annotations ---------------------------------------------------------------------------------


def encode_annotation(annotation: Any) -> Any:
    """A parameter's annotation as JSON.

    Raises:
        Unfit: none that a slot can have.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return {"literal": [encode(each) for each in arguments]}
    if origin in (typing.Union, types.UnionType):
        inner = [each for each in arguments if each is not types.NoneType]
        if len(inner) == 1:
            return {"optional": encode_annotation(inner[0])}
    name = getattr(annotation, "__name__", "")
    if _ANNOTATIONS.get(name) is annotation:
        return name
    raise Unfit(f"a slot cannot be of the type {name or annotation!r}")


def decode_annotation(value: Any) -> Any:
    """The annotation that :func:`encode_annotation` made JSON of.

    Raises:
        Unfit: none that a slot can have.
    """
    match value:
        case str() if value in _ANNOTATIONS:
            return _ANNOTATIONS[value]
        case {"literal": [*values]}:
            return Literal[tuple(decode(each) for each in values)]
        case {"optional": inner}:
            return decode_annotation(inner) | None
    raise Unfit(f"there is no annotation {value!r}")


# --- slot types ----------------------------------------------------------------------------------


def _slot_type(kind: SlotType) -> Any:
    """A built-in type by its name; another as its network, each node once, whoever refers to it."""
    if BUILT_IN.get(kind.name) is kind:
        return kind.name
    rows: list[Any] = []
    places: dict[int, int] = {}

    def place(node: Node) -> int:
        if id(node) not in places:
            for child in () if isinstance(node, Slot) else children(node):
                place(child)
            rows.append(_row(node, place))
            places[id(node)] = len(rows) - 1
        return places[id(node)]

    root = place(kind.node)
    return {"name": kind.name, "nodes": rows, "root": root, "list": kind.is_list}


def _row(node: Node, place: Callable[[Node], int]) -> list[Any]:
    match node:
        case Word(text):
            return ["word", text]
        case Pattern(regex):
            return ["pattern", regex.pattern, regex.flags & ~re.UNICODE]
        case Seq(items):
            return ["seq", [place(each) for each in items]]
        case Alt(items):
            return ["alt", [place(each) for each in items]]
        case Tag(inner, value):
            return ["tag", place(inner), encode(value)]
        case Wild(hints):
            return ["wild", [place(each) for each in hints]]
        case Slot(name, kind):
            return ["slot", name, encode(kind)]


def _to_slot_type(value: Any) -> SlotType:
    if isinstance(value, str):
        return BUILT_IN[value]
    nodes: list[Node] = []
    for row in value["nodes"]:
        nodes.append(_node(row, nodes))
    return SlotType(str(value["name"]), nodes[value["root"]], None, bool(value["list"]))


def _node(row: list[Any], nodes: list[Node]) -> Node:
    match row:
        case ["word", str(text)]:
            return Word(text)
        case ["pattern", str(source), int(flags)]:
            return _pattern(source, flags)
        case ["seq", [*items]]:
            return Seq(tuple(nodes[at] for at in items))
        case ["alt", [*items]]:
            return Alt(tuple(nodes[at] for at in items))
        case ["tag", int(at), tagged]:
            return Tag(nodes[at], decode(tagged))
        case ["wild", [*hints]]:
            return Wild(tuple(nodes[at] for at in hints))
        case ["slot", str(name), kind]:
            return Slot(name, decode(kind))
    raise Unfit(f"there is no node {row!r}")


def _pattern(source: str, flags: int) -> Pattern:
    """A pattern that a built-in type has; a stranger's could keep the matcher busy for hours."""
    for known in _built_in_patterns():
        if (known.pattern, known.flags & ~re.UNICODE) == (source, flags):
            return Pattern(known)
    raise Unfit(f"a skill in a process of its own cannot bring a pattern, {source!r}; list the words instead")


def _built_in_patterns() -> list[re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    stack = [kind.node for kind in BUILT_IN.values()]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Pattern):
                found[node.regex.pattern] = node.regex
            stack.extend(children(node))
    return list(found.values())
