"""What a server of tools gives, as plain text for a model: a stranger's text, so it is cut and made harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.skill.sandbox.text import printable

LONGEST = 4_000
"""Characters of a result."""
_LONGEST_SCHEMA = 4_000
_SILENT = ("$schema", "title", "examples", "$comment")
"""What a model does not need of a schema."""
_NAMED = ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas")
"""Keywords whose keys are names."""


def told(result: Any) -> str:
    """The text of a ``mcp_types.CallToolResult``: texts as they are, other contents by what they are."""
    text = "\n".join(part for block in result.content if (part := _block(block)))
    data = result.structured_content
    if data is not None and (not text or _is_json_of(text, data)):
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return shortened(text) or "(no text)"


def shortened(text: str) -> str:
    """Harmless, and cut where it is too long, which it then says."""
    plain = printable(text).strip()
    if len(plain) <= LONGEST:
        return str(plain)
    return f"{plain[:LONGEST]}\n[cut: the first {LONGEST} of {len(plain)} characters]"


def _block(block: Any) -> str:
    match block.type:
        case "text":
            return str(block.text)
        case "resource_link":
            return f"[file {block.name}: {block.uri}]"
        case "resource":
            inner = block.resource
            return str(inner.text) if hasattr(inner, "text") else f"[file {inner.uri}]"
    return f"[{block.type}]"


def _is_json_of(text: str, data: Any) -> bool:
    try:
        return bool(json.loads(text) == data)
    except ValueError:
        return False


def line(text: str, longest: int) -> str:
    """A stranger's text in one line, cut."""
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def lean(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A tool's schema as the model sees it: an object's, without what costs tokens and says nothing.

    Descriptions are cut, and left out where it is very long all the same.
    """
    for longest in (120, 0):
        found = {**_leaner(schema, longest), "type": "object"}
        found.setdefault("properties", {})
        if len(json.dumps(found)) <= _LONGEST_SCHEMA:
            break
    return found


def _leaner(schema: Mapping[str, Any], longest: int) -> dict[str, Any]:
    return {
        key: {name: _within(each, longest) for name, each in value.items()}
        if key in _NAMED and isinstance(value, Mapping)
        else _within(value, longest)
        if key != "description"
        else line(str(value), longest)
        for key, value in _kept(schema, longest)
    }


def _kept(schema: Mapping[str, Any], longest: int) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in schema.items() if key not in _SILENT and (longest or key != "description"))


def _within(value: Any, longest: int) -> Any:
    if isinstance(value, Mapping):
        return _leaner(value, longest)
    return [_within(each, longest) for each in value] if isinstance(value, list) else value
