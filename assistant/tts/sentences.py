"""A reply's text, which arrives a few letters at a time, cut into pieces that can be spoken one by one.

Every decision looks at the text alone, never at how it was chunked: a boundary that depends on what follows
("at 3 p.m. …") waits for it. The pieces joined are the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

LONGEST = 400
"""A piece is cut at a clause or word when a sentence is longer than this many characters."""

_LONGEST_CODE = 10_000  # a fenced block stays whole, so that it can be left out as a whole
_FENCE = "```"
_CLOSERS = "\"'”’»)\\]*_"
_OPENERS = " \t\"'“‘«([*_"
_CANDIDATE = re.compile(
    rf"(?P<end>[.!?…]+)(?P<closers>[{_CLOSERS}]*)(?=\s)|(?P<line>\n)|(?P<clause>[,;:][{_CLOSERS}]*(?=\s)|—|\s[–-](?=\s))|(?P<comma>,)"
)
_MARKED = re.compile(r"[\"“«(\[*_`]")
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[*_]*\Z")

# Words, as they stand before a full stop.
_NEVER_LAST = re.compile(
    r"dr|mr|mrs|ms|mx|prof|st|rev|hon|gen|col|sgt|capt|lt|vs|e\.g|i\.e|cf|viz|approx|fig|vol|pp|ca|mt|ft|dept|est"
    r"|(?-i:[A-HJ-Z])",
    re.IGNORECASE,
)
_SELDOM_LAST = re.compile(
    r"[ap]\.m|etc|inc|ltd|co|corp|jr|sr|u\.s|u\.k|u\.s\.a|e\.u|a\.d|b\.c|ph\.d|al|bros|ave|blvd|rd"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
_NUMBER_FOLLOWS = re.compile(r"nos?|nr|art|sec|ch|p", re.IGNORECASE)


class Span(NamedTuple):
    """Where a piece lies in the text: ``text[start:end]``."""

    start: int
    end: int


def split(text: str, first_clause: int | None = None) -> list[Span]:
    """Cut a whole text into sentences; the spans touch and cover it.

    Args:
        text: the text.
        first_clause: see :class:`SentenceStream`.
    """
    stream = SentenceStream(first_clause)
    spans = []
    start = 0
    for piece in [*stream.feed(text), *stream.flush()]:
        spans.append(Span(start, start + len(piece)))
        start += len(piece)
    return spans


class SentenceStream:
    """Cuts a stream of text into sentences as they become complete.

    A piece ends with its sentence and one white-space character; more white space opens the next piece, so only the
    last piece can be blank. A first piece that ends at a comma ends right there. A line break ends a piece; a fenced
    code block is never cut.

    Args:
        first_clause: the first piece may already end at a clause ("Well, in that case, …") once it has so many
            characters, so that speech begins early; None never does that.
    """

    def __init__(self, first_clause: int | None = 12) -> None:
        self._first_clause = first_clause
        self._text = ""

    def feed(self, delta: str) -> list[str]:
        """Take more text; returns the pieces that it completes."""
        self._text += delta
        return list(self._pieces(final=False))

    def flush(self) -> list[str]:
        """The text is over; returns what is left, as pieces."""
        pieces = list(self._pieces(final=True))
        if self._text:
            pieces.append(self._text)
            self._text = ""
        return pieces

    def _pieces(self, final: bool) -> Iterator[str]:
        start = 0
        while (length := self._cut(start, final)) is not None:
            piece = self._text[start : start + length]
            if piece.strip():
                self._first_clause = None
            yield piece
            start += length
        self._text = self._text[start:]

    def _cut(self, start: int, final: bool) -> int | None:
        """Length of the next piece; None when it is not known yet, or is the rest."""
        limit = LONGEST
        if self._text.count(_FENCE, start, start + limit) % 2:
            limit = _LONGEST_CODE
        window = self._text[start : start + limit]
        full = len(window) == limit
        for candidate in _CANDIDATE.finditer(window):
            decision = self._ends(window, candidate)
            if decision is None and not full and not final:
                return None
            if decision is not False and window.count(_FENCE, 0, candidate.end()) % 2 == 0:
                return min(self._end(window, candidate), len(window))
        return _forced(window) if full else None

    def _end(self, window: str, candidate: re.Match[str]) -> int:
        """Where a piece that ends at the candidate ends: after one white-space character, if it is sure to come."""
        if self._at_comma(window, candidate):
            return candidate.start() + 1
        return candidate.end() + (candidate["line"] is None and candidate["clause"] != "—")

    def _at_comma(self, window: str, candidate: re.Match[str]) -> bool:
        """Whether the first piece ends right at a comma: the letter before it tells, so no further token is waited for.

        Not where a quotation or emphasis has begun, whose end may belong to the piece.
        """
        before = window[: candidate.start()]
        if self._first_clause is None or window[candidate.start()] != "," or not before[-1:].isalpha():
            return False
        return len(before.strip()) + 1 >= self._first_clause and not _MARKED.search(before)

    def _ends(self, window: str, candidate: re.Match[str]) -> bool | None:
        """Whether a piece ends at the candidate; None when the text that decides has not come yet."""
        if self._at_comma(window, candidate):
            return True
        before = window[: candidate.start()]
        if candidate["comma"]:
            return False
        if candidate["line"]:
            return bool(before.strip())
        follows = _follows(window[candidate.end() :])
        if candidate["clause"]:
            if self._first_clause is None or len(window[: candidate.end()].strip()) < self._first_clause:
                return False
            return not before[-1:].isdigit() or _unless(follows, str.isdigit)
        return _sentence_ends(before, candidate["end"], bool(candidate["closers"]), follows)


def _sentence_ends(before: str, end: str, closed: bool, follows: str | None) -> bool | None:
    """Whether terminators end a sentence, by the word before them and the first letter after them."""
    if closed or "…" in end or end.startswith(".."):
        return _unless(follows, str.islower)
    if end != ".":
        return True
    word = _LAST_WORD.search(before)
    last = word[0] if word else ""
    is_list_number = last.isdigit() and before[before.rfind("\n") + 1 :].strip() == last
    if is_list_number or _NEVER_LAST.fullmatch(last):
        return False
    if _NUMBER_FOLLOWS.fullmatch(last):
        return _unless(follows, str.isdigit)
    if _SELDOM_LAST.fullmatch(last):
        return _unless(follows, lambda letter: letter.islower() or letter.isdigit())
    return True


def _unless(follows: str | None, test: Callable[[str], bool]) -> bool | None:
    """True unless the next letter is of a kind; None when it has not come yet."""
    return None if follows is None else not test(follows)


def _follows(rest: str) -> str | None:
    """The first character that tells; a line break counts as itself; None when there is none yet."""
    return next((letter for letter in rest if letter not in _OPENERS), None)


def _forced(window: str) -> int:
    """Where to cut a window that holds no boundary: after its last clause, else word, else anywhere."""
    clauses = [match.end() for match in re.finditer(r"[,;:]\s", window)]
    if clauses and clauses[-1] > len(window) // 2:
        return clauses[-1]
    words = [match.end() for match in re.finditer(r"\S\s", window)]
    return words[-1] if words else len(window)
