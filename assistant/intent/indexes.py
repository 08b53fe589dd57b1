"""Which of many nodes a sentence could match: indexes that leave most of them unlooked at.

None of them changes what is found, only how much is tried in vain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.intent.template import Alt, Node, Seq, Slot, Tag, Word

Clause = frozenset[str]
_CLAUSE_LIMIT = 200
_PHRASES_FROM = 64


class Chooser(Protocol):
    """Tells which alternatives are worth a try."""

    def beginning(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Positions, in order, of those that could be the words from ``at`` on; at the end, of those that are none."""


class Index:
    """Which of several nodes can begin with a given word."""

    __slots__ = ("_always", "_by_word")

    def __init__(self, by_word: dict[str, list[int]], always: list[int]) -> None:
        self._by_word = by_word
        self._always = always

    @classmethod
    def over(cls, nodes: Sequence[Node]) -> Index:
        """Index nodes by their first words."""
        by_word: dict[str, list[int]] = {}
        always: list[int] = []
        for position, node in enumerate(nodes):
            words = first_words(node)
            if words is None:
                always.append(position)
            else:
                for word in words:
                    by_word.setdefault(word, []).append(position)
        return cls(by_word, always)

    def candidates(self, word: str | None) -> Iterator[int]:
        """Positions in order; with no word, every position."""
        if word is None:
            yield from sorted({p for found in self._by_word.values() for p in found} | set(self._always))
        else:
            yield from sorted([*self._by_word.get(word, ()), *self._always])

    def beginning(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Positions in order, as :class:`Chooser` has it."""
        return self.candidates(words[at]) if at < len(words) else self.possible_ends()

    def possible_ends(self) -> Iterator[int]:
        """Positions of those that may be no words at all."""
        return iter(self._always)


_FIRST_LIMIT = 200


def first_words(node: Node) -> frozenset[str] | None:
    """The words a node can begin with, or None when that is open or it can be empty."""
    match node:
        case Word(text):
            return frozenset((text,))
        case Tag(inner, _):
            return first_words(inner)
        case Seq(items):
            return _first_of_seq(items)
        case Alt(items):
            return _first_of_alt(items)
        case Slot(_, kind):
            return None if kind.is_list and _is_long(kind.node) else first_words(kind.node)
    return None


def _is_long(node: Node) -> bool:
    return isinstance(node, Alt) and len(node.items) > _FIRST_LIMIT


def _first_of_alt(items: tuple[Node, ...]) -> frozenset[str] | None:
    words: set[str] = set()
    for item in items:
        first = first_words(item)
        if first is None:
            return None
        words |= first
    return frozenset(words)


def _first_of_seq(items: tuple[Node, ...]) -> frozenset[str] | None:
    words: set[str] = set()
    for item in items:
        solid = _without_empty(item)
        first = first_words(solid) if solid is not None else frozenset()
        if first is None:
            return None
        words |= first
        if solid is item:
            return frozenset(words)
    return None


def _without_empty(node: Node) -> Node | None:
    """The node less its empty alternative: itself when it has none, None when it is only that."""
    if isinstance(node, Alt):
        kept = tuple(item for item in node.items if not _is_nothing(item))
        if len(kept) == len(node.items):
            return node
        return Alt(kept) if kept else None
    return None if _is_nothing(node) else node


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Seq) and not node.items


# --- a list of phrases ---------------------------------------------------------------------------


def chooser(items: Sequence[Node]) -> Chooser:
    """The index that suits the alternatives."""
    return Phrases(items) if len(items) >= _PHRASES_FROM else Index.over(items)


class Phrases:
    """Alternatives that are mostly plain phrases: looked up by all their words at once.

    A list of 100,000 titles costs as many look-ups as its longest title has words, however many begin with "the".
    """

    __slots__ = ("_by_phrase", "_others", "_places", "_sizes")

    def __init__(self, items: Sequence[Node]) -> None:
        self._by_phrase: dict[str, int | list[int]] = {}
        self._places: list[int] = []
        sizes: set[int] = set()
        for position, node in enumerate(items):
            words = literal(node)
            if not words:
                self._places.append(position)
                continue
            sizes.add(len(words))
            self._put(" ".join(words), position)
        self._sizes = tuple(sorted(sizes))
        self._others = Index.over([items[position] for position in self._places])

    def _put(self, phrase: str, position: int) -> None:
        known = self._by_phrase.setdefault(phrase, position)
        if isinstance(known, list):
            known.append(position)
        elif known != position:
            self._by_phrase[phrase] = [known, position]

    def beginning(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Positions in order, as :class:`Chooser` has it."""
        found = [self._places[place] for place in self._others.beginning(words, at)]
        for size in self._sizes:
            if at + size > len(words):
                break
            known = self._by_phrase.get(" ".join(words[at : at + size]))
            if known is not None:
                found += known if isinstance(known, list) else [known]
        return iter(sorted(found))


def literal(node: Node) -> tuple[str, ...] | None:
    """The words of a phrase, with or without a value; None if it is anything else."""
    match node:
        case Word(text):
            return (text,)
        case Tag(inner, _):
            return literal(inner)
        case Seq(items):
            words = tuple(item.text for item in items if isinstance(item, Word))
            return words if len(words) == len(items) else None
    return None


# --- the templates of a grammar ------------------------------------------------------------------


class Sieve:
    """Which of many templates a sentence has the words for.

    A template is a conjunction of clauses, sets of words of which every sentence that it matches has at least one:
    ``set [a] timer (for|to) {x}`` has ``{set}``, ``{timer}`` and ``{for, to}``. It is filed under the words of its
    rarest clause, and looked at when every clause meets the sentence.

    Args:
        nodes: the templates' networks.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        clauses = _Clauses()
        self._clauses = [clauses.of(node) for node in nodes]
        frequency = Counter(word for own in self._clauses for clause in own for word in clause)
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        for position, own in enumerate(self._clauses):
            if not own:
                self._always.append(position)
                continue
            for word in min(own, key=lambda clause: (sum(frequency[word] for word in clause), sorted(clause))):
                self._by_word.setdefault(word, []).append(position)

    def candidates(self, words: Sequence[str]) -> list[int]:
        """Positions of the templates, in order; none for no words."""
        said = set(words)
        filed = {position for word in said for position in self._by_word.get(word, ())}
        fitting = [at for at in filed if not any(clause.isdisjoint(said) for clause in self._clauses[at])]
        return sorted(fitting + self._always) if words else []


class _Clauses:
    """Clauses of nodes; what templates share is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Clause, ...]] = {}

    def of(self, node: Node) -> tuple[Clause, ...]:
        """The clauses that every match of a node meets; none when nothing is certain."""
        if isinstance(node, Word):
            return (frozenset((node.text,)),)
        if id(node) not in self._known:
            self._known[id(node)] = self._make(node)
        return self._known[id(node)]

    def _make(self, node: Node) -> tuple[Clause, ...]:
        match node:
            case Tag(inner, _):
                return self.of(inner)
            case Slot(_, kind):
                return self.of(kind.node)
            case Seq(items):
                return tuple(dict.fromkeys(clause for item in items for clause in self.of(item)))
            case Alt(items):
                return self._one_of(items)
        return ()

    def _one_of(self, items: Sequence[Node]) -> tuple[Clause, ...]:
        if not items or len(items) > _CLAUSE_LIMIT:
            return ()
        union: set[str] = set()
        for item in items:
            clauses = self.of(item)
            if not clauses:
                return ()
            union |= min(clauses, key=lambda clause: (len(clause), sorted(clause)))
        return (frozenset(union),) if len(union) <= _CLAUSE_LIMIT else ()
