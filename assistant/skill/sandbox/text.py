"""Text of strangers: what is spoken, printed or logged must not command a terminal."""

from __future__ import annotations

from typing import Any

from assistant.skill.around import Card

_LINE = 500


def harmless(text: str) -> str:
    """One short line without control characters."""
    return "".join(each if each.isprintable() else "·" for each in text[:_LINE])


def printable(value: Any) -> Any:
    """A text without control characters but line ends, a card with such texts; anything else as it is."""
    match value:
        case str():
            return "".join(each for each in value if each.isprintable() or each == "\n")
        case Card(title, text, image):
            return Card(printable(title), printable(text), image)
    return value
