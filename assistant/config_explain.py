"""Turn what pydantic finds wrong into lines that a user can act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from assistant.config_source import Origin
from assistant.suggest import nearest

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "path_type": "a path",
    "is_instance_of": "a path",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def explain(
    error: ValidationError, data: Any, above: str, origins: Mapping[str, Origin], known: Iterable[str]
) -> dict[str, str]:
    """A line for each wrong value, by its dotted path.

    Args:
        data: what was validated.
        above: dotted path of ``data`` with a final dot, or nothing.
        origins: where each dotted path came from.
        known: every valid dotted path, for suggestions.
    """
    wrong: dict[str, list[Mapping[str, Any]]] = {}
    for one in error.errors(include_url=False):
        wrong.setdefault(above + ".".join(_within(data, one["loc"])), []).append({**one})
    paths = {path.rstrip("."): errors for path, errors in wrong.items()}
    return {path: _line(path, errors, origins, known) for path, errors in paths.items()}


def in_order(lines: Mapping[str, str], origins: Mapping[str, Origin]) -> str:
    """All lines as one text, in the order of the file."""

    def place(path: str) -> tuple[str, int]:
        origin = _origin(path, origins)
        return (origin.source, origin.line or 0) if origin is not None else ("", 0)

    return "\n".join(lines[path] for path in sorted(lines, key=place))


def unknown(path: str, origin: Origin | None, known: Iterable[str]) -> str:
    """The line for a key that does not exist."""
    return f"{path} is not a setting{_place(origin)}{_nearest_path(path, list(known))}"


def _within(data: Any, loc: Sequence[int | str]) -> list[str]:
    """The part of pydantic's location that exists in the data; the rest names branches of a union."""
    path: list[str] = []
    for step in loc:
        if isinstance(data, Mapping):
            if step not in data and step != loc[-1]:
                break
            data = data.get(step)
        elif isinstance(data, list | tuple) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            break
        path.append(str(step))
    return path


def _line(path: str, errors: list[Mapping[str, Any]], origins: Mapping[str, Origin], known: Iterable[str]) -> str:
    origin = _origin(path, origins)
    first = errors[0]
    if first["type"] == "extra_forbidden":
        return unknown(path, origin, known)
    if first["type"] == "missing":
        return f"{path} must be set"
    bound = [one for one in errors if one["type"] in _BOUNDS]
    if bound or len(errors) == 1:
        return f"{path} {_sentence((bound or errors)[0])}{_place(origin)}"
    kinds = list(dict.fromkeys(_EXPECTED.get(one["type"], "something else") for one in errors))
    return f"{path} must be {' or '.join(kinds)}, not {_shown(first['input'])}{_place(origin)}"


def _sentence(error: Mapping[str, Any]) -> str:
    kind, value = error["type"], error["input"]
    context = error.get("ctx", {})
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"must be {words} {context[key]:g}, not {_shown(value)}"
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}, not {_shown(value)}"
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return f"must be {context['expected']}, not {_shown(value)}{_close(value, choices)}"
    if kind == "too_short":
        return "must not be empty"
    if kind == "value_error":
        return f"is wrong: {context['error']}"
    message = str(error["msg"])
    return f"is wrong: {message[0].lower()}{message[1:]} (it is {_shown(value)})"


def _close(value: Any, choices: list[str]) -> str:
    return nearest(value, choices) if isinstance(value, str) and get_close_matches(value, choices, 1, 0.6) else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        # YAML reads a bare no, off, yes or on as a truth value; say so where text was meant.
        return f"{str(value).lower()} (yes, no, on and off need quotes to be text)"
    if value is None:
        return "null"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _place(origin: Origin | None) -> str:
    return f" ({origin})" if origin is not None else ""


def _origin(path: str, origins: Mapping[str, Origin]) -> Origin | None:
    while path:
        if path in origins:
            return origins[path]
        path = path.rpartition(".")[0]
    return None


def _nearest_path(path: str, known: list[str]) -> str:
    above, _, last = path.rpartition(".")
    siblings = {each.rpartition(".")[2]: each for each in known if each.rpartition(".")[0] == above}
    close = get_close_matches(last, siblings, 1, 0.6)
    if close:
        return f"; did you mean '{siblings[close[0]]}'?"
    elsewhere = [each for each in known if each.rpartition(".")[2] == last]
    if elsewhere:
        return f"; did you mean '{elsewhere[0]}'?"
    return nearest(path, known) if get_close_matches(path, known, 1, 0.7) else nearest(last, siblings)
