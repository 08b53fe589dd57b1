"""When each word of a text begins, from what a model tells of its timing."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]

_MOST_JOINED = 6  # "2026" is three groups, "1,234.56" six
_LETTERS_OF_A_DIGIT = 4
_JOINING = 1.0  # what joining costs, in symbols

_TOKEN = re.compile(r"[^\s—–]+")


def spans(text: str) -> list[Span]:
    """Character offsets of the words, without the punctuation around them; what holds no letter or digit is none."""
    found = []
    for match in _TOKEN.finditer(text):
        audible = [index for index, character in enumerate(match.group()) if character.isalnum()]
        if audible:
            found.append((match.start() + audible[0], match.start() + audible[-1] + 1))
    return found


def spread(words: Sequence[Span], samples: int) -> list[int]:
    """First samples of words that share a stretch of speech by their lengths in letters (and a gap between two)."""
    total = sum(end - start + 1 for start, end in words)
    firsts, before = [], 0
    for start, end in words:
        firsts.append(samples * before // total)
        before += end - start + 1
    return firsts


def align(text: str, groups: Sequence[tuple[int, int]], samples: int) -> list[int]:
    """First samples of words whose sounds are known in groups between pauses of writing.

    Args:
        text: whose :func:`spans` are the words.
        groups: (first sample, number of symbols) of each group of phonemes; a phonemizer may make two words one group
            ("of the") or one word several ("12").
        samples: length of the speech.

    Returns:
        The start of the group that is the word. Words that are one group share its time by their lengths.
    """
    words = spans(text)
    if not groups or not words:
        return spread(words, samples)
    firsts: list[int] = []
    for some, theirs in _pairs([_spelt(text[start:end]) for start, end in words], [count for _, count in groups]):
        start = groups[theirs.start][0]
        end = groups[theirs.stop][0] if theirs.stop < len(groups) else samples
        firsts += [start + first for first in spread(words[some.start : some.stop], end - start)]
    return firsts


def _spelt(word: str) -> int:
    return sum(_LETTERS_OF_A_DIGIT if character.isdigit() else 1 for character in word)


def _pairs(letters: Sequence[int], symbols: Sequence[int]) -> list[tuple[range, range]]:
    """Which words are which groups, in order: one is one, or several on one side (dynamic programming).

    As Gale and Church align sentences by their lengths ("A Program for Aligning Sentences in Bilingual Corpora", 1993).
    """
    ratio = sum(symbols) / sum(letters)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(1, len(letters) + 1):
        for j in range(1, len(symbols) + 1):
            ways = [(i - 1, j - 1)]
            ways += [(i - 1, j - more) for more in range(2, _MOST_JOINED + 1)]
            ways += [(i - more, j - 1) for more in range(2, _MOST_JOINED + 1)]
            found = []
            for k, m in ways:
                if (k, m) in best:
                    apart = abs(sum(letters[k:i]) * ratio - sum(symbols[m:j])) + (i - k - 1 + j - m - 1) * _JOINING
                    found.append((best[k, m][0] + apart, (k, m)))
            if found:
                best[i, j] = min(found)
    at = (len(letters), len(symbols))
    if at not in best:  # more groups or words in a row than anybody joins: all with all
        return [(range(len(letters)), range(len(symbols)))]
    pairs = []
    while at != (0, 0):
        before = best[at][1]
        pairs.append((range(before[0], at[0]), range(before[1], at[1])))
        at = before
    return pairs[::-1]
