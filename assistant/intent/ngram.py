"""A small n-gram language model counted straight from the grammar's network.

Nothing is enumerated or sampled. Every node of the network is a distribution over word strings
(an alternative splits its mass among its branches), and the expected number of times an n-gram occurs is
exact: an n-gram is counted at the lowest sequence that spans it, as the product of what may end the
left part, what may begin the right part, and how often the sequence itself is expected to be used. The
cost is linear in the network, shared slots are counted once, and the mass of a slot is the mass
of the templates that use it, however many entries it has.

Smoothing is Jelinek-Mercer interpolation, which an ARPA file holds exactly: ``P(w|h) = (1-d) c(h,w)/c(h) +
b(h) P(w|h')``. The weight ``b(h)`` is ``d`` and the mass of what was counted with a shorter history only
(where two rich slots meet, or pruned), so every history still sums to one.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.intent.template import Alt, Grammar, Node, Seq, Slot, SlotType, Tag, Wild, Word
from assistant.intent.typical import skeletons

_log = logging.getLogger(__name__)

BEGIN, END = "<s>", "</s>"

Gram = tuple[str, ...]
_Mass = dict[Gram, float]

MOST_HEARD = 5_000
"""Entries of a list that are listened for. A closed recogniser that listens for 100,000 titles mistakes everything
for one of them, and takes minutes to get ready; in writing, and by an open recogniser, all of them are understood.
"""
_CROSS_LIMIT = 500
_LEAST = 1e-12


def spoken(node: Node) -> Node | None:
    """The part of a network that can be heard, or None when nothing of it can.

    Written digits are dropped, free text is replaced by its hints, slots and tags by what is
    inside them. Shared parts stay shared.
    """
    return _Speaker().run(node)


class _Speaker:
    """Makes equal parts of the network one node, so that they are counted once."""

    def __init__(self) -> None:
        self._cut: dict[int, Alt] = {}
        self._done: dict[int, tuple[Node, Node | None]] = {}
        self._same: dict[tuple[object, ...], Node] = {}

    def run(self, node: Node) -> Node | None:
        if id(node) not in self._done:
            made = self._make(node)
            self._done[id(node)] = (node, self._shared(made) if made is not None else None)
        return self._done[id(node)][1]

    def _shared(self, node: Node) -> Node:
        match node:
            case Seq(items) | Alt(items):
                return self._same.setdefault((type(node), *map(id, items)), node)
            case Word(text):
                return self._same.setdefault((Word, text), node)
        return node

    def _make(self, node: Node) -> Node | None:
        match node:
            case Word():
                return node
            case Tag(inner, _):
                return self.run(inner)
            case Slot(_, kind):
                return self.run(self._heard(kind))
            case Alt(branches) | Wild(branches):
                return self._alt(branches)
            case Seq(items):
                parts = [self.run(item) for item in items]
                known = [part for part in parts if part is not None]
                return Seq(tuple(known)) if len(known) == len(parts) else None
        return None

    def _heard(self, kind: SlotType) -> Node:
        """What is listened for of a slot type: of a very long list the first entries."""
        node = kind.node
        if not kind.is_list or not isinstance(node, Alt) or len(node.items) <= MOST_HEARD:
            return node
        if id(node) not in self._cut:
            self._cut[id(node)] = Alt(node.items[:MOST_HEARD])
            text = "{%s} has %d entries; only the first %d are listened for, name the most wanted first"
            _log.warning(text, kind.name, len(node.items), MOST_HEARD)
        return self._cut[id(node)]

    def _alt(self, items: Iterable[Node]) -> Node | None:
        known = tuple(part for part in map(self.run, items) if part is not None)
        return Alt(known) if len(known) > 1 else known[0] if known else None


@dataclass(slots=True)
class _Edges:
    """How the strings of a node begin and end.

    Attributes:
        short: probability of each whole string with fewer than k words.
        first, last: probability of the first and last k words of the longer ones; of fewer words
            where the rest was given up to bound the size.
    """

    short: _Mass = field(default_factory=dict)
    first: _Mass = field(default_factory=dict)
    last: _Mass = field(default_factory=dict)

    @classmethod
    def of(cls, string: Gram, k: int) -> _Edges:
        if len(string) < k:
            return cls({string: 1.0})
        return cls({}, {string[:k]: 1.0}, {string[-k:]: 1.0})

    def add(self, other: _Edges, weight: float) -> None:
        for mine, theirs in ((self.short, other.short), (self.first, other.first), (self.last, other.last)):
            for string, mass in theirs.items():
                _put(mine, string, weight * mass)

    def closed(self) -> _Edges:
        """The same with no whole strings: what follows is counted without seeing what came before."""
        return _Edges({}, _sum(self.first, self.short), _sum(self.last, self.short))

    def then(self, other: _Edges, k: int) -> _Edges:
        """The edges of this followed by that."""
        made = _Edges(first=dict(self.first), last=dict(other.last))
        for left, mass in self.short.items():
            for right, share in other.short.items():
                made.add(_Edges.of(left + right, k), mass * share)
            for right, share in other.first.items():
                _put(made.first, (left + right)[:k], mass * share)
        ends = _fit(self.last, len(other.short), k)
        for right, share in other.short.items():
            for left, mass in ends.items():
                _put(made.last, (left + right)[-k:], mass * share)
        return made


def _put(mass: _Mass, key: Gram, value: float) -> None:
    mass[key] = mass.get(key, 0.0) + value


def _sum(one: _Mass, other: _Mass) -> _Mass:
    made = dict(one)
    for key, value in other.items():
        _put(made, key, value)
    return made


def _fit(ends: _Mass, others: int, k: int) -> _Mass:
    """The ends, shortened until their pairs with so many others are few enough."""
    keep = k
    while len(ends) * others > _CROSS_LIMIT and keep:
        keep -= 1
        shorter: _Mass = {}
        for end, mass in ends.items():
            _put(shorter, end[-keep:] if keep else (), mass)
        ends = shorter
    return ends


def expected_counts(roots: Iterable[tuple[Node, float]], order: int = 3) -> _Mass:
    """Expected n-gram counts of weighted networks (already :func:`spoken`).

    Args:
        roots: networks with how often each is used.
        order: the longest n-gram.

    Returns:
        n-gram → expected count, each word of each sentence counted once, with its longest history. Only
        histories that begin the sentence (``<s>`` first), or that follow one huge list after
        another, are shorter than ``order - 1``.
    """
    return _Counter(order).run(roots)


class _Counter:
    def __init__(self, order: int) -> None:
        self._k = order - 1
        self._edges: dict[int, _Edges] = {}
        self._chains: dict[int, list[tuple[_Edges, _Edges]]] = {}
        self._keep: list[object] = []
        self.counts: _Mass = {}

    def run(self, roots: Iterable[tuple[Node, float]]) -> _Mass:
        begin = Seq(tuple(Word(BEGIN) for _ in range(self._k)))
        used: dict[int, float] = {}
        whole: list[Node] = []
        for root, weight in roots:
            whole.append(Seq((begin, root, Word(END))))
            used[id(whole[-1])] = weight
        for node in reversed(_bottom_up(whole)):
            self._visit(node, used)
        return _trim_begins(self.counts)

    def _visit(self, node: Node, used: dict[int, float]) -> None:
        mass = used[id(node)]
        match node:
            case Alt(items):
                for item in items:
                    used[id(item)] = used.get(id(item), 0.0) + mass / len(items)
            case Seq(items):
                for item in items:
                    used[id(item)] = used.get(id(item), 0.0) + mass
                self._seq(items, mass)

    def _seq(self, items: tuple[Node, ...], mass: float) -> None:
        k = self._k
        string = _literal(items)
        if string is not None:
            for stop in range(k, len(string)):
                _put(self.counts, string[stop - k : stop + 1], mass)
            return
        for left, right in self._chain(items):
            self._cross(left, right, mass)

    def _chain(self, items: tuple[Node, ...]) -> list[tuple[_Edges, _Edges]]:
        """What stands before each item of a sequence, and the item."""
        if id(items) not in self._chains:
            self._keep.append(items)
            pairs: list[tuple[_Edges, _Edges]] = []
            left = _Edges.of((), self._k)
            for item in items:
                right = self.edges(item)
                left = _bounded(left, right)
                pairs.append((left, right))
                left = left.then(right, self._k)
            self._chains[id(items)] = pairs
        return self._chains[id(items)]

    def edges(self, node: Node) -> _Edges:
        """How the node begins and ends, computed once."""
        if id(node) not in self._edges:
            self._keep.append(node)
            self._edges[id(node)] = self._make(node)
        return self._edges[id(node)]

    def _make(self, node: Node) -> _Edges:
        match node:
            case Word(text):
                return _Edges.of((text,), self._k)
            case Alt(items):
                made = _Edges()
                for item in items:
                    made.add(self.edges(item), 1.0 / len(items))
                return made
            case Seq(items):
                string = _literal(items)
                if string is not None:
                    return _Edges.of(string, self._k)
                left, right = self._chain(items)[-1]
                return left.then(right, self._k)
        raise TypeError(f"not a spoken node: {type(node).__name__}")

    def _cross(self, left: _Edges, right: _Edges, mass: float) -> None:
        """Count the n-grams that have words on both sides."""
        begins = [*right.short.items(), *right.first.items()]
        ends = _fit(left.last, len(begins), self._k)
        for begin, share in begins:
            for end, weight in left.short.items():
                self._span(end, begin, mass * share * weight, whole=True)
            for end, weight in ends.items():
                self._span(end, begin, mass * share * weight, whole=False)

    def _span(self, end: Gram, begin: Gram, mass: float, whole: bool) -> None:
        joined = end + begin
        for stop in range(len(end), len(joined)):
            start = stop - self._k
            if start >= 0 or not whole:
                _put(self.counts, joined[max(start, 0) : stop + 1], mass)


def _literal(items: tuple[Node, ...]) -> Gram | None:
    """The string of a sequence of nothing but words."""
    words = tuple(item.text for item in items if isinstance(item, Word))
    return words if len(words) == len(items) else None


def _bounded(left: _Edges, right: _Edges) -> _Edges:
    pairs = len(left.short) * (len(right.short) + len(right.first))
    return left.closed() if pairs > _CROSS_LIMIT else left


def _bottom_up(roots: Iterable[Node]) -> list[Node]:
    """Every node once, children before parents."""
    order: list[Node] = []
    seen: set[int] = set()
    stack = [(root, False) for root in roots]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            if isinstance(node, Seq | Alt):
                stack.extend((item, False) for item in node.items)
    return order


def _trim_begins(counts: _Mass) -> _Mass:
    """Leave one ``<s>`` of those that padded the first histories."""
    made: _Mass = {}
    for gram, mass in counts.items():
        begins = 0
        while begins < len(gram) and gram[begins] == BEGIN:
            begins += 1
        if begins == len(gram):
            continue
        _put(made, gram[max(begins - 1, 0) :], mass)
    return made


@dataclass(frozen=True, slots=True)
class Model:
    """A back-off n-gram model.

    Attributes:
        order: of the longest n-gram.
        grams: n-gram → natural log of the probability of its last word after the others.
        backoffs: history → natural log of its back-off weight.
    """

    order: int
    grams: Mapping[Gram, float]
    backoffs: Mapping[Gram, float]

    def logprob(self, history: Gram, word: str) -> float:
        """Natural log of P(word | history); -inf for a word it does not know."""
        history = history[max(len(history) - self.order + 1, 0) :]
        weight = 0.0
        while True:
            found = self.grams.get((*history, word))
            if found is not None:
                return weight + found
            if not history:
                return -math.inf
            weight += self.backoffs.get(history, 0.0)
            history = history[1:]

    def arpa(self) -> str:
        """The model in ARPA's text format."""
        levels: list[list[str]] = [[] for _ in range(self.order)]
        backoffs = dict(self.backoffs)
        base = math.log(10)
        for gram, logprob in [((BEGIN,), -99 * base), *self.grams.items()]:
            line = f"{logprob / base:.4f}\t{' '.join(gram)}"
            if gram in backoffs:
                line += f"\t{backoffs[gram] / base:.4f}"
            levels[len(gram) - 1].append(line)
        while not levels[-1]:
            levels.pop()
        head = [f"ngram {n}={len(level)}" for n, level in enumerate(levels, 1)]
        body = [line for n, level in enumerate(levels, 1) for line in (f"\\{n}-grams:", *level, "")]
        return "\n".join(["\\data\\", *head, "", *body, "\\end\\", ""])


def estimate(counts: Mapping[Gram, float], order: int = 3, discount: float = 0.3, least: float = _LEAST) -> Model:
    """A smoothed model from expected counts (see the module's text).

    Args:
        counts: as :func:`expected_counts` gives them.
        order: of the longest n-gram.
        discount: mass that every history leaves to its back-off, 0 to 1.
        least: longer n-grams than bigrams that are expected less often than this are left to the back-off.
    """
    levels: list[_Mass] = [{} for _ in range(order + 1)]
    for gram, mass in counts.items():
        if mass > _LEAST:
            for start in range(len(gram)):
                _put(levels[len(gram) - start], gram[start:], mass)
    for n in range(3, order + 1):
        levels[n] = {gram: mass for gram, mass in levels[n].items() if mass >= least}
    model = Model(order, {}, {})
    for n in range(1, order + 1):
        model = _with_level(model, levels[n], levels[n - 1], discount)
    return model


def _with_level(model: Model, level: _Mass, below: _Mass, discount: float) -> Model:
    grams = dict(model.grams)
    counted: _Mass = {}
    for gram, mass in level.items():
        _put(counted, gram[:-1], mass)
    totals = {history: max(below.get(history, 0.0), mass) for history, mass in counted.items()}
    left = {history: 1 - (1 - discount) * mass / totals[history] for history, mass in counted.items()}
    for gram, mass in level.items():
        history = gram[:-1]
        lower = math.exp(model.logprob(history[1:], gram[-1])) if history else 1.0 / len(level)
        grams[gram] = math.log((1 - discount) * mass / totals[history] + left[history] * lower)
    backoffs = {history: math.log(weight) for history, weight in left.items() if history}
    return Model(model.order, grams, {**model.backoffs, **backoffs})


def templates(grammar: Grammar) -> list[Node]:
    """The spoken networks of a grammar's templates; those that cannot be heard are left out."""
    speaker = _Speaker()
    found = (speaker.run(template.node) for template in grammar.templates)
    return [node for node in found if node is not None]


def audible(grammar: Grammar) -> Grammar:
    """What a closed recogniser listens for: of the skills that have a share, the templates that can be heard."""
    speaker = _Speaker()
    heard = [
        each for each in grammar.templates if grammar.share(each.intent) > 0 and speaker.run(each.node) is not None
    ]
    intents = {template.intent for template in heard}
    examples = {example: intent for example, intent in grammar.examples.items() if intent in intents}
    return Grammar(tuple(heard), examples, grammar.shares)


def weighted(grammar: Grammar, typical: float = 0.8) -> list[tuple[Node, float]]:
    """The spoken networks of a grammar and how often each is expected; what cannot be heard is left out.

    Every intent is as likely as its share says, however many templates it has. A part of each comes from its
    examples with their slots opened up (:func:`assistant.intent.typical.skeletons`): of all that the
    templates allow, that is how people usually say it.

    Args:
        typical: the examples' share of an intent that has any.
    """
    speaker = _Speaker()
    allowed = _by_intent((template.intent, speaker.run(template.node)) for template in grammar.templates)
    usual = _by_intent((intent, speaker.run(node)) for intent, node in skeletons(grammar))
    everything = sum(map(grammar.share, allowed))
    found = []
    for intent, nodes in allowed.items():
        mass = grammar.share(intent) / everything
        examples = usual.get(intent, [])
        share = typical if examples else 0.0
        found += [(node, mass * (1 - share) / len(nodes)) for node in nodes]
        found += [(node, mass * share / len(examples)) for node in examples]
    return found


def _by_intent(pairs: Iterable[tuple[str, Node | None]]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for intent, node in pairs:
        if node is not None:
            found.setdefault(intent, []).append(node)
    return found
