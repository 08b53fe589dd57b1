"""The nearest valid word, for messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 40


def nearest(word: str, known: Iterable[str]) -> str:
    """``"; did you mean 'x'?"``, or the list of what is known when nothing is near; nothing where that is long."""
    options = list(known)
    close = get_close_matches(word, options, 1, 0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are: {', '.join(sorted(options))}" if 0 < len(options) <= _MOST else ""
