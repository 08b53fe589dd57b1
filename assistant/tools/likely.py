"""Which tools a sentence is likely to need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.intent.features import Vectorizer


class Likely:
    """Ranks tools by the sentences and descriptions that are most like what was said: cosines of words, pairs and
    pieces of words, weighted by their rarity (:class:`assistant.intent.features.Vectorizer`).

    Args:
        texts: of each tool.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._count = len(texts)
        rows = [(at, text) for at, own in enumerate(texts) for text in dict.fromkeys(own)]
        self._vectorizer = Vectorizer([text for _, text in rows])
        vectors = [self._vectorizer.vector(text) for _, text in rows]
        self._tool = np.array([at for at, _ in rows], np.int64)
        self._at = np.concatenate([each.at for each in vectors]) if vectors else np.zeros(0, np.int64)
        self._values = np.concatenate([each.values for each in vectors]) if vectors else np.zeros(0, np.float32)
        self._starts = np.cumsum([0, *(len(each.at) for each in vectors)])[:-1]

    def scores(self, text: str) -> NDArray[np.float32]:
        """How like a text each tool's likest sentence is; (tools,)."""
        found = np.zeros(self._count, np.float32)
        if len(self._starts):
            vector = self._vectorizer.vector(text)
            dense = np.zeros(self._vectorizer.size, np.float32)
            dense[vector.at] = vector.values
            np.maximum.at(found, self._tool, np.add.reduceat(self._values * dense[self._at], self._starts))
        return found
