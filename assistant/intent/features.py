"""What a sentence looks like to the paraphrase classifier: its words, pairs of words, and pieces of words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from assistant.intent.encoder import Encoder
from assistant.intent.numbers import ONES, TEENS, TENS
from assistant.intent.svm import Vector
from assistant.intent.template import words_of

NUMBER = "#"
_NUMBERS = frozenset((*ONES, *TEENS, *TENS, "hundred", "thousand"))
IDLE = frozenset(
    words_of(
        "a an the to for of in at by with my your it that this and is are please some me i you "
        "der die das den dem ein eine einen im auf bitte mit und mir le la les un une de du des à au en et "
        "el los las una del por favor y в на с и пожалуйста мне моля се"
    )
)
"""Words that say nothing alone."""
_PIECES = (3, 4, 5)
"""Lengths of the pieces of a word, its edges marked; they make "alarms" and "alarm" alike."""


def plain_words(text: str) -> list[str]:
    """Normalised words, every number as :data:`NUMBER`."""
    return [NUMBER if word[0].isdigit() or word in _NUMBERS else word for word in words_of(text)]


def word_features(words: Sequence[str]) -> Iterator[str]:
    """Words, and pairs of neighbours with the edges of the sentence."""
    yield from words
    yield from (f"{one} {other}" for one, other in zip(("^", *words), (*words, "$"), strict=True))


def piece_features(words: Sequence[str]) -> Iterator[str]:
    """Pieces of three to five letters, with the edges of their word."""
    for word in words:
        marked = f"_{word}_"
        for size in _PIECES:
            if len(marked) <= size:
                yield "~" + marked
                break
            yield from (f"~{marked[at : at + size]}" for at in range(len(marked) - size + 1))


class Vectorizer:
    """Sentences as vectors: term frequency times inverse document frequency, words and pieces of unit length each,
    and a constant, without which the machines would have to pass through nothing at all.

    Args:
        texts: what it is to know; features that are in none of them count for nothing.
        encoder: gives further features, a vector of unit length.
    """

    def __init__(self, texts: Iterable[str], encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            words = plain_words(text)
            counts.update(list(dict.fromkeys([*word_features(words), *piece_features(words)])))  # in a fixed order
            total += 1
        self._total = total
        self._places = {feature: place for place, feature in enumerate(counts)}
        self._rarity = np.array([math.log((1 + total) / (1 + count)) + 1 for count in counts.values()], np.float32)

    @property
    def size(self) -> int:
        """How many features there are, the constant one included."""
        return len(self._places) + 1 + (self._encoder.size if self._encoder else 0)

    def vector(self, text: str) -> Vector:
        """A text's features."""
        words = plain_words(text)
        constant = np.array([len(self._places)], np.int64), np.ones(1, np.float32)
        parts = [self._part(word_features(words)), self._part(piece_features(words)), constant]
        if self._encoder is not None:
            embedding = self._encoder.encode([text])[0]
            parts.append((len(self._places) + 1 + np.arange(len(embedding)), embedding))
        at, values = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Vector(at, values)

    def _part(self, features: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        counts = Counter(place for feature in features if (place := self._places.get(feature)) is not None)
        at = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self._rarity[at]
        length = float(np.sqrt(values @ values))
        return at, values / length if length else values

    def known(self, text: str) -> float:
        """0 to 1: the share of a text's words that occur in what it knows, the rare counting most."""
        words = plain_words(text)
        weights = [self._weight(word) for word in words]
        met = sum(weight for word, weight in zip(words, weights, strict=True) if word in self._places)
        return met / sum(weights) if words else 0.0

    def _weight(self, word: str) -> float:
        place = self._places.get(word)
        return float(self._rarity[place]) if place is not None else math.log(1 + self._total) + 1
