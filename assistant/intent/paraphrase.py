"""Which intent a sentence means that no template matches: a few-shot classifier with a calibrated "none of these".

Trained on the skills' sentences in seconds whenever skills change: linear support-vector machines
(:mod:`assistant.intent.svm`) over words, pairs and pieces of words (:mod:`assistant.intent.features`). How sure it is
of a guess (:mod:`assistant.intent.certainty`) it learns from folds in which it does without some of the sentences, and
without some of the intents altogether: their sentences are what "none of these" looks like. What it has learnt is kept
on disk (:mod:`assistant.intent.learnt`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.intent import learnt
from assistant.intent.certainty import Certainty
from assistant.intent.encoder import Encoder
from assistant.intent.features import Vectorizer
from assistant.intent.learnt import Learnt
from assistant.intent.svm import NO_CLASS, Floats, Vector, scores, train

_FOLDS = 3
_HELD_OUT = 4_000
"""At most so many sentences of each fold teach the certainty; more make it no surer."""
_LEAST_INTENTS = 2 * _FOLDS


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sentence may mean.

    Attributes:
        intent: which intent.
        certainty: 0 to 1, the probability that it is meant, rather than another or none.
    """

    intent: str
    certainty: float


class Paraphrases:
    """Classifies sentences; deterministic, and safe to use from several threads.

    Args:
        sentences: (sentence, intent) pairs to learn from, some of each intent. Of fewer than six intents it learns
            nothing: what "none of these" looks like could not be told.
        none: sentences that mean no intent.
        encoder: gives sentences further features, if there is one.
    """

    def __init__(
        self, sentences: Sequence[tuple[str, str]], none: Sequence[str] = (), encoder: Encoder | None = None
    ) -> None:
        self.intents = tuple(dict.fromkeys(intent for _, intent in sentences))
        places = {intent: place for place, intent in enumerate(self.intents)}
        texts = [*(text for text, _ in sentences), *none]
        classes = [*(places[intent] for _, intent in sentences), *(NO_CLASS for _ in none)]
        vectorizer = Vectorizer(texts, encoder)
        vectors = [vectorizer.vector(text) for text in texts]
        key = learnt.key(vectors, classes)
        found = learnt.get(key)
        if found is None:
            certainty = _calibrate(texts, classes, encoder) if len(self.intents) >= _LEAST_INTENTS else None
            found = Learnt(train(vectors, classes, vectorizer.size), certainty)
            learnt.put(key, found)
        self._machines = _Machines(vectorizer, vectors, classes, found.weights)
        self._certainty = found.certainty

    def guesses(self, text: str, count: int = 2) -> list[Guess]:
        """The likeliest intents, best first; empty when nothing of the sentence is known.

        The first one's certainty is calibrated; those of the others fall off with the distance of their scores.
        """
        if not self.intents:
            return []
        found = self._machines.look(text)
        if not found.signs[_KNOWN] or self._certainty is None:
            return []
        best = self._certainty.of(found.signs)
        order = np.argsort(-found.scores, kind="stable")[:count]
        top = float(found.scores[order[0]])
        return [Guess(self.intents[at], best * float(np.exp(_FALL * (found.scores[at] - top)))) for at in order]


_KNOWN = 2
_FALL = 4.0


@dataclass(frozen=True, slots=True)
class _Look:
    """What the machines make of a sentence.

    Attributes:
        scores: (classes,).
        signs: of the best class: its score, its lead over the next, the share of known words, the likeness of the
            nearest sentence of it.
    """

    scores: Floats
    signs: tuple[float, ...]

    @property
    def best(self) -> int:
        return int(np.argmax(self.scores))


class _Machines:
    """Trained machines and the sentences that they were trained on."""

    def __init__(
        self, vectorizer: Vectorizer, vectors: Sequence[Vector], classes: Sequence[int], weights: Floats
    ) -> None:
        self._vectorizer = vectorizer
        self._weights = weights
        own: list[list[Vector]] = [[] for _ in range(self._weights.shape[1])]
        for vector, at in zip(vectors, classes, strict=True):
            if at != NO_CLASS:
                own[at].append(vector)
        self._own = [_Near(each) for each in own]

    def look(self, text: str) -> _Look:
        vector = self._vectorizer.vector(text)
        found = scores(self._weights, vector)
        best = int(np.argmax(found))
        next_best = float(np.partition(found, -2)[-2]) if len(found) > 1 else -1.0
        likeness = self._own[best].likeness(vector, self._vectorizer.size)
        lead = float(found[best]) - next_best
        return _Look(found, (float(found[best]), lead, self._vectorizer.known(text), likeness))


class _Near:
    """The sentences of one class, to be compared with another."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self._at = np.concatenate([each.at for each in vectors]) if vectors else np.zeros(0, np.int64)
        self._values = np.concatenate([each.values for each in vectors]) if vectors else np.zeros(0, np.float32)
        self._starts = np.cumsum([0, *(len(each.at) for each in vectors)])[:-1]

    def likeness(self, vector: Vector, size: int) -> float:
        """The greatest cosine, 0 to 1."""
        if not len(self._starts):
            return 0.0
        dense = np.zeros(size, np.float32)
        dense[vector.at] = vector.values
        products = np.add.reduceat(self._values * dense[self._at], self._starts)
        norms = np.add.reduceat(self._values**2, self._starts) * float(vector.values @ vector.values)
        return float(np.max(products / np.sqrt(np.maximum(norms, 1e-9))))


def _trained(texts: Sequence[str], classes: Sequence[int], encoder: Encoder | None) -> _Machines:
    vectorizer = Vectorizer(texts, encoder)
    vectors = [vectorizer.vector(text) for text in texts]
    return _Machines(vectorizer, vectors, classes, train(vectors, classes, vectorizer.size))


def _calibrate(texts: Sequence[str], classes: Sequence[int], encoder: Encoder | None) -> Certainty:
    signs: list[tuple[float, ...]] = []
    right: list[bool] = []
    for kept, tested in _folds(classes):
        names = sorted({classes[at] for at in kept} - {NO_CLASS})
        renamed = {own: place for place, own in enumerate(names)} | {NO_CLASS: NO_CLASS}
        machines = _trained([texts[at] for at in kept], [renamed[classes[at]] for at in kept], encoder)
        for at in tested:
            found = machines.look(texts[at])
            signs.append(found.signs)
            right.append(classes[at] != NO_CLASS and renamed.get(classes[at]) == found.best)
    return Certainty.learn(signs, right)


def _folds(classes: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Sentences to train with and sentences to test with: of each fold, every so-manieth intent is left out whole."""
    seen: dict[int, int] = {}
    turn = []
    for own in classes:
        turn.append(seen.get(own, 0))
        seen[own] = turn[-1] + 1
    for fold in range(_FOLDS):
        missing = {own for own in seen if own != NO_CLASS and own % _FOLDS == fold}
        tested = [at for at, own in enumerate(classes) if own in missing or (turn[at] + own) % _FOLDS == fold]
        left = set(tested)
        order = np.random.default_rng(fold).permutation(len(tested))[:_HELD_OUT]
        yield [at for at in range(len(classes)) if at not in left], [tested[at] for at in order]
