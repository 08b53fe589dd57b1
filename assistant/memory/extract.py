"""A summary without a language model: sentences of the user's, chosen rather than written anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.memory.words import plain

if TYPE_CHECKING:
    from assistant.memory.conversations import Said

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_ABOUT_ME = re.compile(
    r"\b(?:i|i'm|my|mine|we|our|ich|mein\w*|wir|unser\w*|je|j|mon|ma|mes|nous|notre|nos|yo|mi|mis|soy|tengo|vivo|llamo"
    r"|nuestr\w+|я|мой|моя|моё|мое|мои|меня|мне|мы|наш\w*|аз|мой\w*|моя\w*|моят\w*|моето|моите|ми|ние|наш\w*)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 200


def extract(said: Sequence[Said], before: str = "", most: int = 1_200) -> str:
    """What the user has said, a sentence on each line, oldest first, at most so many characters.

    What users say about themselves stays longest, then what is newest; questions go first.

    Args:
        said: exchanges, oldest first.
        before: the extract so far.
    """
    lines = [line for line in before.splitlines() if line.strip()]
    for each in said:
        lines += [sentence[:_LONGEST_SENTENCE].strip() for sentence in _SENTENCE.split(each.user)]
    latest = {plain(line): place for place, line in enumerate(lines) if plain(line)}
    places = sorted(latest.values())
    kept: list[int] = []
    left = most
    for place in sorted(places, key=lambda place: (_worth(lines[place]), place), reverse=True):
        if len(lines[place]) < left:
            kept.append(place)
            left -= len(lines[place]) + 1
    return "\n".join(lines[place] for place in sorted(kept))


def _worth(line: str) -> int:
    """2 for a statement about the user, 1 for another statement, 0 for a question."""
    if line.endswith("?"):
        return 0
    return 2 if _ABOUT_ME.search(line) else 1
