"""Change one value in a YAML file and leave every other character of it as it is, comments and all.

The parser tells where each node begins and ends; only that stretch is replaced, or a line is put in. What comes out is
parsed again and must hold what the file held before, with the one value changed; else nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from assistant.errors import ConfigError


def set_value(text: str, keys: Sequence[str], value: Any) -> str:
    """The text with ``keys`` (a path through mappings) set to a value: null, text, a number, or a flat mapping.

    Raises:
        ConfigError: the text is not YAML, or is written in a way that this cannot change (aliases, tags).
    """
    before = _parsed(text)
    wanted = _changed(before, keys, value)
    after = _edited(text, list(keys), _flow(value))
    try:
        right = yaml.safe_load(after) == wanted
    except yaml.YAMLError:
        right = False
    if not right:
        raise ConfigError(f"{'.'.join(keys)} cannot be changed as the file is written; set it by hand: {_flow(value)}")
    return after


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"it is not YAML: {' '.join(str(error).split())}") from None
    if found is not None and not isinstance(found, dict):
        raise ConfigError("it is not a mapping of keys to values")
    return found or {}


def _changed(data: Mapping[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    key, *below = keys
    inner = data.get(key)
    return {**data, key: _changed(inner if isinstance(inner, dict) else {}, below, value) if below else value}


def _flow(value: Any) -> str:
    """A value on one line, as it may stand anywhere in a file."""
    written = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return str(written).strip()[1:-1]


def _edited(text: str, keys: list[str], value: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None or not isinstance(root, yaml.MappingNode):
        return _appended(text, keys, value)
    if root.flow_style:
        return _in_flow(text, root, keys, value)
    return _in_block(text, root, keys, value)


def _in_block(text: str, mapping: yaml.MappingNode, keys: list[str], value: str) -> str:
    """Set a value somewhere below a mapping whose keys stand on lines of their own."""
    first = mapping.value[0][0]
    found = _pair(mapping, keys[0])
    if found is None:
        indent = " " * int(first.start_mark.column)
        if mapping.start_mark.column == 0:
            return _appended(text, keys, value)
        at = int(first.start_mark.index)
        return text[:at] + _nested(keys, value, indent) + indent + text[at:]
    key, node = found
    if len(keys) == 1:
        return _replaced(text, key, node, value)
    if isinstance(node, yaml.MappingNode) and node.value:
        return (_in_flow if node.flow_style else _in_block)(text, node, keys[1:], value)
    if isinstance(node, yaml.ScalarNode) and not node.value and node.start_mark.index == node.end_mark.index:
        # Nothing stands after the key, or only comments: the value gets lines of its own below it.
        end = text.find("\n", key.end_mark.index)
        end = len(text) if end < 0 else end
        indent = " " * (key.start_mark.column + 2)
        return text[:end] + "\n" + indent + _nested(keys[1:], value, indent).rstrip("\n") + text[end:]
    return _replaced(text, key, node, _as_flow(keys[1:], value))


def _in_flow(text: str, mapping: yaml.MappingNode, keys: list[str], value: str) -> str:
    """Set a value somewhere below a mapping in braces."""
    found = _pair(mapping, keys[0])
    if found is None:
        at = mapping.start_mark.index + 1
        return f"{text[:at]}{_as_flow(keys, value)[1:-1]}{', ' if mapping.value else ''}{text[at:]}"
    key, node = found
    if len(keys) > 1 and isinstance(node, yaml.MappingNode):
        return _in_flow(text, node, keys[1:], value)
    return _replaced(text, key, node, _as_flow(keys[1:], value) if len(keys) > 1 else value)


def _replaced(text: str, key: yaml.Node, node: yaml.Node, value: str) -> str:
    start, end = node.start_mark.index, _end(node)
    at = text.index(":", key.end_mark.index) + 1
    if start == end:  # nothing stands there
        return f"{text[:at]} {value}{text[at:]}"
    end = start + len(text[start:end].rstrip())
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:  # lines of its own; its comments go with it
        return f"{text[:at]} {value}{text[at:start].rstrip()}{text[end:]}"
    return text[:start] + value + text[end:]


def _end(node: yaml.Node) -> int:
    """Where a node ends; a block collection is said to end only where the next key begins, after the comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _appended(text: str, keys: list[str], value: str) -> str:
    above = text if not text or text.endswith("\n") else text + "\n"
    return above + _nested(keys, value, "")


def _nested(keys: list[str], value: str, indent: str) -> str:
    """Block lines for keys below each other; the first line without its indentation, each with its line break."""
    lines = [f"{'' if depth == 0 else indent + '  ' * depth}{_flow(key)}:" for depth, key in enumerate(keys)]
    return "\n".join(lines) + f" {value}\n"


def _as_flow(keys: list[str], value: str) -> str:
    for key in reversed(keys):
        value = f"{{{_flow(key)}: {value}}}"
    return value


def _pair(mapping: yaml.MappingNode, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((name, node) for name, node in mapping.value if name.value == key), None)
