"""Text that is rewritten by rules while every character remembers which part of the original it stands for."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], Replacement]
"""A pattern and its replacement: a template in which ``\\1`` keeps a group with its origin, or a function."""


def rule(pattern: str, replacement: Replacement) -> Rule:
    """A rule; ``^`` and ``$`` match at each line."""
    return re.compile(pattern, re.MULTILINE), replacement


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text and where each of its characters comes from.

    Attributes:
        text: the text as it is now.
        starts, ends: for each character of ``text``, the part of the original that it stands for.
        length: length of the original.
    """

    text: str
    starts: array[int]
    ends: array[int]
    length: int

    @classmethod
    def of(cls, text: str) -> Rewritten:
        """A text that nothing has changed yet."""
        return cls(text, array("q", range(len(text))), array("q", range(1, len(text) + 1)), len(text))

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that ``text[start:end]`` stands for; for a word, that of its :class:`Mark`."""
        if start >= end:
            at = self.heard(start)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def heard(self, end: int) -> int:
        """How much of the original has been heard once ``text[:end]`` has: an offset into the original."""
        if end >= len(self.text):
            return self.length
        return self.ends[end - 1] if end > 0 else 0

    def apply(self, rules: Iterable[Rule]) -> Rewritten:
        """The text after every rule in turn, each at every place where its pattern matches."""
        rewritten = self
        for pattern, replacement in rules:
            if pattern.search(rewritten.text):
                rewritten = rewritten._substitute(pattern, replacement)
        return rewritten

    def _substitute(self, pattern: re.Pattern[str], replacement: Replacement) -> Rewritten:
        text: list[str] = []
        starts, ends = array("q"), array("q")

        def keep(start: int, end: int) -> None:
            text.append(self.text[start:end])
            starts.extend(self.starts[start:end])
            ends.extend(self.ends[start:end])

        done = 0
        for match in pattern.finditer(self.text):
            keep(done, match.start())
            done = match.end()
            for new, start, end in _parts(match, replacement):
                if new is None:
                    keep(start, end)
                    continue
                first, last = self.source(start, end)
                text.append(new)
                starts.extend([first] * len(new))
                ends.extend([last] * len(new))
        keep(done, len(self.text))
        return Rewritten("".join(text), starts, ends, self.length)


def _parts(match: re.Match[str], replacement: Replacement) -> Iterator[tuple[str | None, int, int]]:
    """What replaces a match, in order: (new text, or None to keep what is there; start, end of what it stands for)."""
    start, end = match.span()
    if not isinstance(replacement, str):
        new = replacement(match)
        yield None if new == match[0] else new, start, end
        return
    pieces = re.split(r"\\(\d)", replacement)
    groups = [match.span(int(piece)) for piece in pieces[1::2]]
    for literal, (group_start, group_end) in zip(pieces[::2], [*groups, (end, end)], strict=True):
        # New text stands for what was dropped between the kept groups.
        yield literal, min(start, group_start - 1) if literal else start, group_start
        yield None, group_start, group_end
        start = group_end
