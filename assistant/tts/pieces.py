"""A long text in pieces that an engine takes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDS = (
    re.compile(r"[.!?…。！？][\"'”’»)]*(?:\s+|(?<=[。！？]))|\n+"),
    re.compile(r"[,;:—，、；]\s*"),
    re.compile(r"\s+"),
)


def pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Cut at the end of a sentence, else of a clause, else of a word, else anywhere.

    Args:
        text: of any length.
        most: most characters of a piece.

    Yields:
        Character offsets of pieces that cover the text, without those that hold nothing to say.
    """
    start = 0
    while start < len(text):
        end = min(start + most, len(text))
        if end < len(text):
            end = start + _cut(text[start:end])
        if any(character.isalnum() for character in text[start:end]):
            yield start, end
        start = end


def _cut(window: str) -> int:
    for pattern in _ENDS:
        ends = [match.end() for match in pattern.finditer(window)]
        if ends:
            return ends[-1]
    return len(window)
