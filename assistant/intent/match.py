"""Match a sentence against the grammar.

A memoised top-down chart over the words. Which match wins is a stated rule (:attr:`Match.rank`):

1. fewest words swallowed by a free-text slot,
2. then most literal words of the template,
3. then the template declared first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.intent.indexes import Chooser, Index, Sieve, chooser
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
    Pattern,
    Seq,
    Slot,
    Tag,
    Template,
    Token,
    Wild,
    Word,
    tokenize,
)

__all__ = ["Index", "Match", "Matcher"]

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence understood.

    Attributes:
        intent: which intent.
        slots: slot name → value.
        texts: slot name → the words that gave it, as they were written.
        template: the template that matched.
        literals: words matched literally.
        wild: words swallowed by free-text slots.
    """

    intent: str
    slots: Mapping[str, Any]
    texts: Mapping[str, str]
    template: str
    literals: int
    wild: int

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is better; equal ranks are settled by declaration order."""
        return (self.wild, -self.literals)


@dataclass(frozen=True, slots=True)
class _Path:
    """The best way to match a node up to some word."""

    literals: int = 0
    wild: int = 0
    captures: tuple[tuple[str, Any, int, int], ...] = ()
    value: Any = _MISSING

    def then(self, other: _Path) -> _Path:
        value = other.value if other.value is not _MISSING else self.value
        return _Path(self.literals + other.literals, self.wild + other.wild, self.captures + other.captures, value)

    def beats(self, other: _Path) -> bool:
        return (self.wild, -self.literals) < (other.wild, -other.literals)


_Ends = dict[int, _Path]
_HERE = _Path()


class Matcher:
    """Matches sentences against one grammar; build it once, it indexes as it goes."""

    def __init__(self, grammar: Grammar) -> None:
        self._templates = grammar.templates
        self._indexes: dict[int, Chooser] = {}
        self._sieve = Sieve([template.node for template in grammar.templates])

    def match(self, text: str) -> list[Match]:
        """Every intent that the whole sentence matches, best first, one match for each."""
        tokens = tokenize(text)
        chart = _Chart(tokens, self._indexes)
        best: dict[str, Match] = {}
        for position in self._sieve.candidates([token.text for token in tokens]):
            template = self._templates[position]
            path = chart.ends(template.node, 0).get(len(tokens))
            if path is None:
                continue
            found = _to_match(template, path, tokens, text)
            if template.intent not in best or found.rank < best[template.intent].rank:
                best[template.intent] = found
        return sorted(best.values(), key=lambda match: match.rank)

    def spans(self, text: str) -> Spans:
        """What finds slots' values in a sentence that need not match."""
        return Spans(text, self._indexes)


@dataclass(frozen=True, slots=True)
class Span:
    """A value somewhere in a sentence.

    Attributes:
        value: what the words mean.
        start, end: from which word to before which.
    """

    value: Any
    start: int
    end: int


class Spans:
    """Finds the values of slots anywhere in one sentence; made by :meth:`Matcher.spans`.

    Attributes:
        tokens: the words of the sentence.
    """

    def __init__(self, text: str, indexes: dict[int, Chooser]) -> None:
        self.tokens = tokenize(text)
        self._chart = _Chart(self.tokens, indexes)

    def of(self, slot: Slot) -> list[Span]:
        """Every value of a slot; words that could begin a value at one place may end it at several."""
        return [
            Span(path.captures[-1][1], start, end)
            for start in range(len(self.tokens))
            for end, path in self._chart.ends(slot, start).items()
            if end > start
        ]


def _to_match(template: Template, path: _Path, tokens: tuple[Token, ...], text: str) -> Match:
    slots = {name: value for name, value, _, _ in path.captures}
    texts = {name: text[tokens[i].start : tokens[j - 1].end] for name, _, i, j in path.captures if j > i}
    return Match(template.intent, slots, texts, template.source, path.literals, path.wild)


class _Chart:
    """Ends of every node at every word, each computed once."""

    def __init__(self, tokens: tuple[Token, ...], indexes: dict[int, Chooser]) -> None:
        self._tokens = tokens
        self._words = [token.text for token in tokens]
        self._indexes = indexes
        self._memo: dict[tuple[int, int], _Ends] = {}

    def ends(self, node: Node, at: int) -> _Ends:
        """Where the node can end when it begins at a word, with the best path to each end."""
        if isinstance(node, Word):
            return self._word(at, node.text)
        key = (id(node), at)
        if key not in self._memo:
            self._memo[key] = self._compute(node, at)
        return self._memo[key]

    def _compute(self, node: Node, at: int) -> _Ends:
        match node:
            case Word(text):
                return self._word(at, text)
            case Pattern(regex):
                if at >= len(self._tokens):
                    return {}
                return {at + 1: _HERE} if regex.fullmatch(self._tokens[at].text) else {}
            case Seq(items):
                return self._seq(items, at)
            case Alt(items):
                return self._alt(node, items, at)
            case Tag(inner, value):
                tagged = _Path(value=value)
                return {end: path.then(tagged) for end, path in self.ends(inner, at).items()}
            case Wild():
                return {end: _Path(wild=end - at) for end in range(at + 1, len(self._tokens) + 1)}
            case Slot():
                return self._slot(node, at)

    def _word(self, at: int, text: str) -> _Ends:
        if at >= len(self._tokens):
            return {}
        return {at + 1: _Path(literals=1)} if self._tokens[at].text == text else {}

    def _seq(self, items: tuple[Node, ...], at: int) -> _Ends:
        paths: _Ends = {at: _HERE}
        for item in items:
            step: _Ends = {}
            for middle, path in paths.items():
                for end, rest in self.ends(item, middle).items():
                    _keep_best(step, end, path.then(rest))
            paths = step
            if not paths:
                break
        return paths

    def _alt(self, node: Node, items: tuple[Node, ...], at: int) -> _Ends:
        if len(items) < 4:
            positions: Iterator[int] = iter(range(len(items)))
        else:
            index = self._indexes.get(id(node))
            if index is None:
                index = self._indexes[id(node)] = chooser(items)
            positions = index.beginning(self._words, at)
        found: _Ends = {}
        for position in positions:
            for end, path in self.ends(items[position], at).items():
                _keep_best(found, end, path)
        return found

    def _slot(self, node: Slot, at: int) -> _Ends:
        found: _Ends = {}
        for end, path in self.ends(node.type.node, at).items():
            value = path.value if path.value is not _MISSING else self._parse(node, at, end)
            if value is not None:
                found[end] = _Path(
                    path.literals if node.type.is_list else 0,
                    path.wild,
                    ((node.name, value, at, end),),
                )
        return found

    def _parse(self, node: Slot, at: int, end: int) -> Any:
        text = " ".join(token.text for token in self._tokens[at:end])
        return node.type.parse(text) if node.type.parse else text


def _keep_best(paths: _Ends, end: int, path: _Path) -> None:
    if end not in paths or path.beats(paths[end]):
        paths[end] = path
