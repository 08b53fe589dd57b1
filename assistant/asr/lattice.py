"""The best path through a word lattice that a grammar accepts.

A Viterbi search over pairs of a lattice node and a grammar state gives the exact best score of every
pair; an A* search backwards, with those scores as its estimate, then yields whole sentences from best
to worse (Soong and Huang, "A tree-trellis based fast search for finding the N best sentence
hypotheses", 1991).
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple, Protocol

_ALTERNATIVE = re.compile(r"\(\d+\)$")  # of a pronunciation: "a(2)"

LOG_BASE = math.log(1.0001)
"""Natural log of the base of PocketSphinx's scores."""


class Node(NamedTuple):
    """A word that may begin at a frame (10 ms)."""

    word: str
    frame: int


class Span(NamedTuple):
    """A word with its first frame, the frame after its last, and its natural log acoustic score."""

    word: str
    start: int
    end: int
    acoustic: float


class Edge(NamedTuple):
    """From a word to what may follow it; ``score`` is the natural log acoustic score of the first."""

    source: int
    target: int
    score: float


@dataclass(frozen=True, slots=True)
class Lattice:
    """A word lattice; ``edges`` lead forward in time.

    Attributes:
        nodes: node number → word and first frame.
        edges: ordered by the frame of their source.
        initial, final: where every path begins and ends.
        frames: length of the utterance in frames of 10 ms.
    """

    nodes: Mapping[int, Node]
    edges: tuple[Edge, ...]
    initial: int
    final: int
    frames: int


def parse(text: str) -> Lattice:
    """Read the text that PocketSphinx writes."""
    nodes: dict[int, Node] = {}
    edges: list[Edge] = []
    heads = {"Initial": -1, "Final": -1, "Frames": 0}
    section = ""
    for line in text.splitlines():
        fields = line.split()
        if not fields or fields[0] == "#":
            continue
        if fields[0] in heads:
            heads[fields[0]] = int(fields[1])
        if not fields[0].isdigit():
            section = fields[0]
        elif section == "Nodes":
            nodes[int(fields[0])] = Node(_ALTERNATIVE.sub("", fields[1]), int(fields[2]))
        elif section == "Edges":
            edges.append(Edge(int(fields[0]), int(fields[1]), int(fields[2]) * LOG_BASE))
    edges.sort(key=lambda edge: (nodes[edge.source].frame, nodes[edge.target].frame))
    return Lattice(nodes, tuple(edges), heads["Initial"], heads["Final"], heads["Frames"])


def pruned(lattice: Lattice, weights: Weights, beam: float) -> Lattice:
    """Only the edges on paths that score within the beam (natural log) of the best, by bigrams."""
    scored = [(edge, edge.score + _bigram(lattice, edge, weights)) for edge in lattice.edges]
    ahead, behind = {lattice.initial: 0.0}, {lattice.final: 0.0}
    for edge, score in scored:
        if edge.source in ahead:
            ahead[edge.target] = max(ahead.get(edge.target, -math.inf), ahead[edge.source] + score)
    for edge, score in reversed(scored):
        if edge.target in behind:
            behind[edge.source] = max(behind.get(edge.source, -math.inf), behind[edge.target] + score)
    least = ahead.get(lattice.final, math.inf) - beam
    kept = tuple(
        edge
        for edge, score in scored
        if edge.source in ahead and edge.target in behind and ahead[edge.source] + score + behind[edge.target] >= least
    )
    return replace(lattice, edges=kept)


def _bigram(lattice: Lattice, edge: Edge, weights: Weights) -> float:
    first, second = lattice.nodes[edge.source].word, lattice.nodes[edge.target].word
    if second in weights.fillers:
        return weights.fillers[second]
    history = () if first in weights.fillers else (first,)
    return weights.scale * weights.language(history, second) + weights.insertion


class Walker(Protocol):
    """What says which words may follow each other, see :class:`assistant.asr.acceptor.Acceptor`."""

    start: int

    def step(self, state: int, word: str) -> int | None:
        """The state after a word."""

    def is_final(self, state: int) -> bool:
        """Whether a sentence may end here."""


class Anything:
    """Allows every sequence of words; a search with it gives the best path of all."""

    start = 0

    def step(self, state: int, word: str) -> int | None:
        """Always allowed."""
        del word
        return state

    def is_final(self, state: int) -> bool:
        """Always."""
        return state == self.start


@dataclass(frozen=True, slots=True)
class Weights:
    """How the scores of a path are added up.

    Attributes:
        language: (history, word) → natural log probability, multiplied by ``scale``.
        scale: language weight.
        insertion: natural log added for every word.
        fillers: filler word → natural log score, without the acoustic one; these are no words.
    """

    language: Callable[[tuple[str, ...], str], float]
    scale: float
    insertion: float
    fillers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Path:
    """A sentence found.

    Attributes:
        words: with their places; fillers are left out.
        score: acoustic and language scores of the whole path.
    """

    words: tuple[Span, ...]
    score: float


class _Back(NamedTuple):
    source: tuple[int, int]
    score: float
    acoustic: float


class _Partial(NamedTuple):
    """The end of a path, on its way to the beginning; compares by what the whole can cost at best."""

    cost: float
    order: int
    pair: tuple[int, int]
    behind: float
    words: tuple[Span, ...]


_Pair = tuple[int, int]
_HISTORY = 2


class Search:
    """One search over one lattice.

    Args:
        lattice: where to search.
        walker: the grammar.
        weights: how paths are scored.
    """

    def __init__(self, lattice: Lattice, walker: Walker, weights: Weights) -> None:
        self._lattice = lattice
        self._walker = walker
        self._weights = weights
        self._best: dict[_Pair, float] = {}
        self._history: dict[_Pair, tuple[str, ...]] = {}
        self._back: dict[_Pair, list[_Back]] = {}
        self._forward()

    def _forward(self) -> None:
        lattice = self._lattice
        at: dict[int, list[int]] = {lattice.initial: [self._walker.start]}
        start = (lattice.initial, self._walker.start)
        self._best[start], self._history[start] = 0.0, ("<s>",)
        for edge in lattice.edges:
            word = lattice.nodes[edge.target].word
            for state in at.get(edge.source, ()):
                self._extend((edge.source, state), edge, word, at)

    def _extend(self, source: _Pair, edge: Edge, word: str, at: dict[int, list[int]]) -> None:
        weights, history = self._weights, self._history[source]
        filler = weights.fillers.get(word)
        if filler is not None:
            state: int | None = source[1]
            cost = filler
        elif edge.target == self._lattice.final:
            state = source[1] if self._walker.is_final(source[1]) else None
            cost = weights.scale * weights.language(history, "</s>") + weights.insertion
        else:
            state = self._walker.step(source[1], word)
            cost = weights.scale * weights.language(history, word) + weights.insertion if state is not None else 0.0
            history = (*history, word)[-_HISTORY:]
        if state is None or cost == -math.inf:
            return
        target = (edge.target, state)
        score = self._best[source] + edge.score + cost
        if target not in self._best:
            at.setdefault(edge.target, []).append(state)
        if score > self._best.get(target, -math.inf):
            self._best[target], self._history[target] = score, history
        self._back.setdefault(target, []).append(_Back(source, edge.score + cost, edge.score))

    def paths(self) -> Iterator[Path]:
        """Sentences, best first; the same words may come again with other times."""
        order = count()
        ends = [pair for pair in self._best if pair[0] == self._lattice.final]
        queue = [_Partial(-self._best[pair], next(order), pair, 0.0, ()) for pair in ends]
        heapq.heapify(queue)
        while queue:
            end = heapq.heappop(queue)
            if end.pair[0] == self._lattice.initial:
                yield Path(end.words, -end.cost)
                continue
            for back in self._back[end.pair]:
                rest = end.behind + back.score
                words = self._with(back, end)
                heapq.heappush(
                    queue, _Partial(-(self._best[back.source] + rest), next(order), back.source, rest, words)
                )

    def _with(self, back: _Back, end: _Partial) -> tuple[Span, ...]:
        number = back.source[0]
        node = self._lattice.nodes[number]
        if number == self._lattice.initial or node.word in self._weights.fillers:
            return end.words
        return (Span(node.word, node.frame, self._lattice.nodes[end.pair[0]].frame, back.acoustic), *end.words)

    def best(self) -> Path | None:
        """The best sentence."""
        return next(self.paths(), None)
