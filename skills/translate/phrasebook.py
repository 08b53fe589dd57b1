"""Common phrases in six languages, of ``phrases.csv``: "a/b" there is two ways to say it; the first is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_MARKS = re.compile(r"[^\w\s'-]")
_SHORT = {"'s ": " is ", "i'm ": "i am ", "i'd ": "i would ", "don't ": "do not "}
"""English words that are drawn together, and what they are in full."""


def translated(text: str, source: str, target: str) -> str | None:
    """A phrase in another language, None if the book does not have it."""
    return book(source, target).get(plain(text))


def plain(text: str) -> str:
    """A phrase without marks, capitals and the like, as it is looked up."""
    words = _MARKS.sub(" ", text.lower().replace("ё", "е").replace("’", "'")).split()
    found = " ".join(words) + " "
    for short, full in _SHORT.items():
        found = found.replace(short, full)
    return found.strip()


@cache
def book(source: str, target: str) -> Mapping[str, str]:
    """Phrase as :func:`plain` writes it → the same in the other language; empty for languages that it does not know."""
    import csv

    found: dict[str, str] = {}
    with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE):
            if source in row and target in row:
                for form in row[source].split("/"):
                    found.setdefault(plain(form), row[target].split("/")[0])
    return found
