"""How far along a sentence is: whole, a beginning, or whole with more that could follow.

The templates' networks are a distribution over sentences. For the words so far a chart sums the mass of the
sentences that end here and of those that go on (the prefix probability of Jelinek & Lafferty, 1991, for a network
without recursion). What is only courteous ("please", "right now", "for me") adds nothing that is worth waiting
for: it counts as the end. Where the words are a whole command, how many of the skill's examples fill further slots
tells better than the templates do whether people go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.intent.match import Index, Match, Matcher
from assistant.intent.template import Alt, Grammar, Node, Pattern, Seq, Slot, Tag, Token, Wild, Word, tokenize, words_of
from assistant.intent.typical import skeletons, slots_of, understood

COURTESIES = frozenset(("please", "thanks", "thank", "you", "right", "now", "for", "me"))
"""An optional part made of nothing but these words is a courtesy."""

_LEAST = 1e-7
"""Share of what the words so far may be, below which a continuation is none."""
_OPEN_WORD = 1e-3
"""Probability of each word of a free text that none of its hints begins with."""
_TYPICAL = 0.8
"""The examples' share of an intent's mass, as for the language model (:func:`assistant.intent.ngram.weighted`)."""
_FORM = 2
"""How much more an example of the same form counts than one that has filled the same slots."""
_PAUSED = 0.4
"""How likely a value that goes on is interrupted just here ("seven", "thirty"), by all other pauses."""
_UNSEEN = 0.2
"""How many examples that go on are assumed besides those that there are."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far along a sentence is.

    Attributes:
        complete: the words are a whole command.
        prefix: they are a proper beginning of some command; courtesies that could follow do not count. Neither
            flag set means that no command begins like this.
        going_on: 0 to 1, how likely more follows than courtesies, given that it is a command: 0 after
            "what time is it", near 1 after "set a timer for", small where an extension is rare
            ("five minutes" and thirty seconds).
    """

    complete: bool
    prefix: bool
    going_on: float = 0.0

    @property
    def extensible(self) -> bool:
        """A whole command that could go on."""
        return self.complete and self.prefix

    @property
    def final(self) -> bool:
        """A whole command that nothing but courtesies could follow."""
        return self.complete and not self.prefix


class Foresight:
    """Tells the progress of sentences of one grammar; build it once, it indexes as it goes.

    Args:
        grammar: what can be understood.
        matcher: over the same grammar.
        closed: the words come from a recogniser that hears nothing but the grammar: free text is one of its hints.
    """

    def __init__(self, grammar: Grammar, matcher: Matcher | None = None, *, closed: bool = False) -> None:
        self._matcher = matcher or Matcher(grammar)
        self._templates = {(template.intent, template.source): template.node for template in grammar.templates}
        allowed = [(template.intent, template.node) for template in grammar.templates]
        self._roots = [(*root, 1 - _TYPICAL) for root in allowed] + [(*root, _TYPICAL) for root in skeletons(grammar)]
        self._sizes = Counter((intent, weight) for intent, _, weight in self._roots)
        self._grammar = grammar
        self._index = Index.over([node for _, node, _ in self._roots])
        self._network = _Network(closed=closed)
        self._usage = _Usage([match for _, match in understood(grammar)], [text for text, _ in understood(grammar)])

    def progress(self, text: str) -> Progress:
        """Whether the words so far are a command, and whether and how likely more comes; a few milliseconds."""
        tokens = tokenize(text)
        if not tokens:
            return Progress(complete=False, prefix=True, going_on=1.0)
        chart = _Chart(tokens, self._network)
        masses = self._masses(chart, tokens)
        whole = sum(mass.open + mass.ends[len(tokens)] for mass in masses.values())
        prefix = sum(mass.open for mass in masses.values()) > _LEAST * whole
        best = next(iter(self._matcher.match(text)), None)
        if best is None or not prefix:
            return Progress(best is not None, prefix, 1.0 if prefix else 0.0)
        more = 0.0
        for intent, mass in masses.items():
            total = mass.open + mass.ends[len(tokens)]
            if intent != best.intent:
                more += mass.open
            elif mass.open > _LEAST * total:
                growth = self._growth(best, chart, tokens)
                more += total * (1 - (1 - self._usage.goes_on(best, text)) * (1 - growth))
        return Progress(complete=True, prefix=True, going_on=more / whole)

    def _masses(self, chart: _Chart, tokens: tuple[Token, ...]) -> dict[str, _Mass]:
        """Intent → probability that a command of it ends here, and that it goes on."""
        masses: dict[str, _Mass] = {}
        for position in self._index.candidates(tokens[0].text):
            intent, node, weight = self._roots[position]
            found = chart.at(node, 0)
            ended = found.ends.get(len(tokens), 0.0)
            if ended or found.open:
                share = self._expected(intent) * weight / self._sizes[intent, weight]
                mass = masses.setdefault(intent, _Mass({len(tokens): 0.0}))
                mass.ends[len(tokens)] += share * ended
                mass.open += share * found.open
        return masses

    def _expected(self, intent: str) -> float:
        """How often an intent is said, beside others; an open recogniser may hear what a closed one is not told of."""
        return self._grammar.share(intent) if self._network.closed else 1.0

    def _growth(self, match: Match, chart: _Chart, tokens: tuple[Token, ...]) -> float:
        """How likely the value that the last words are has not been said to its end."""
        name, text = [("", ""), *match.texts.items()][-1]
        value = words_of(text)
        start = len(tokens) - len(value)
        if not value or [token.text for token in tokens[start:]] != value:
            return 0.0
        node = self._templates[match.intent, match.template]
        slot = next((slot for slot in slots_of(node) if slot.name == name), None)
        if slot is None:
            return 0.0
        found = chart.at(slot, start)
        return _PAUSED * found.open / max(found.open + found.ends.get(len(tokens), 0.0), 1e-12)


class _Usage:
    """How the examples of the skills go on where a whole command could end.

    Counted twice: by their forms ("set a timer for {duration}"), which are few, and by which slots their intent
    has filled in which order, which is coarse.
    """

    def __init__(self, matches: Sequence[Match], texts: Sequence[str]) -> None:
        self._ended: Counter[tuple[str, ...]] = Counter()
        self._went_on: Counter[tuple[str, ...]] = Counter()
        for match, text in zip(matches, texts, strict=True):
            for weight, key in ((_FORM, _form(match, text)), (1, (match.intent, *match.slots))):
                self._ended[key] += weight
                self._went_on.update({key[:size]: weight for size in range(1, len(key))})

    def goes_on(self, match: Match, text: str) -> float:
        """How likely a sentence goes on with further words than those of its last slot, 0 to 1."""
        keys = (_form(match, text), (match.intent, *match.slots))
        ended, more = (sum(count[key] for key in keys) for count in (self._ended, self._went_on))
        return (more + _UNSEEN) / (ended + more + 1)


def _form(match: Match, text: str) -> tuple[str, ...]:
    """The words of a command, less courtesies at the end, with slots for what they hold."""
    words = words_of(text)
    while len(words) > 1 and words[-1] in COURTESIES:
        words.pop()
    for name, value in match.texts.items():
        part = words_of(value)
        for start in range(len(words) - len(part) + 1):
            if words[start : start + len(part)] == part:
                words[start : start + len(part)] = [f"{{{name}}}"]
                break
    return ("", *words)


@dataclass(slots=True)
class _Mass:
    """What a node makes of the words from some place on.

    Attributes:
        ends: word index → probability that the node is exactly the words up to there.
        open: probability that it is all the remaining words and at least one more.
    """

    ends: dict[int, float]
    open: float = 0.0


class _Network:
    """What is known of nodes whatever the words; nodes are told apart by identity and kept alive by the grammar."""

    def __init__(self, *, closed: bool) -> None:
        self.closed = closed
        self.indexes: dict[int, Index] = {}
        self._empty: dict[int, float] = {}
        self._courteous: dict[int, bool] = {}

    def empty(self, node: Node) -> float:
        """Probability that the node is no words at all, or none but courtesies."""
        if id(node) not in self._empty:
            self._empty[id(node)] = self._empty_of(node)
        return self._empty[id(node)]

    def _empty_of(self, node: Node) -> float:
        match node:
            case Seq(items):
                mass = 1.0
                for item in items:
                    mass *= self.empty(item)
                return mass
            case Alt(items):
                mass = sum(map(self.empty, items)) / len(items) if items else 0.0
                return 1.0 if mass and self._is_courtesy(node) else mass
            case Tag(inner, _):
                return self.empty(inner)
            case Slot(_, kind):
                return self.empty(kind.node)
        return 0.0

    def _is_courtesy(self, node: Node) -> bool:
        if id(node) not in self._courteous:
            match node:
                case Word(text):
                    found = text in COURTESIES
                case Seq(items) | Alt(items):
                    found = all(map(self._is_courtesy, items))
                case _:
                    found = False
            self._courteous[id(node)] = found
        return self._courteous[id(node)]


class _Chart:
    """The masses of every node at every word, each computed once."""

    def __init__(self, tokens: tuple[Token, ...], network: _Network) -> None:
        self._words = [token.text for token in tokens]
        self._network = network
        self._memo: dict[tuple[int, int], _Mass] = {}

    def at(self, node: Node, start: int) -> _Mass:
        """What the node makes of the words from ``start`` on."""
        if start == len(self._words):
            empty = self._network.empty(node)
            return _Mass({start: empty} if empty else {}, 1.0 - empty)
        if isinstance(node, Word):
            return _Mass({start + 1: 1.0}) if self._words[start] == node.text else _Mass({})
        key = (id(node), start)
        if key not in self._memo:
            self._memo[key] = self._make(node, start)
        return self._memo[key]

    def _make(self, node: Node, start: int) -> _Mass:
        match node:
            case Pattern(regex):
                return _Mass({start + 1: 1.0}) if regex.fullmatch(self._words[start]) else _Mass({})
            case Seq(items):
                return self._seq(items, start)
            case Alt(items):
                return self._alt(node, items, start)
            case Tag(inner, _):
                return self.at(inner, start)
            case Slot(_, kind):
                return self._slot(node, self.at(kind.node, start), start)
            case Wild(hints):
                return self._wild(node, hints, start)
        raise TypeError(f"not a node: {type(node).__name__}")

    def _seq(self, items: tuple[Node, ...], start: int) -> _Mass:
        made = _Mass({start: 1.0})
        for item in items:
            before, made.ends = made.ends, {}
            for middle, mass in before.items():
                found = self.at(item, middle)
                made.open += mass * found.open
                for end, share in found.ends.items():
                    made.ends[end] = made.ends.get(end, 0.0) + mass * share
            if not made.ends:
                break
        return made

    def _alt(self, node: Node, items: tuple[Node, ...], start: int) -> _Mass:
        made = _Mass({})
        if len(items) < 4:
            chosen = list(items)
        else:
            index = self._network.indexes.get(id(node))
            if index is None:
                index = self._network.indexes[id(node)] = Index.over(items)
            chosen = [items[position] for position in index.candidates(self._words[start])]
        for item in chosen:
            found = self.at(item, start)
            made.open += found.open / len(items)
            for end, share in found.ends.items():
                made.ends[end] = made.ends.get(end, 0.0) + share / len(items)
        return made

    def _slot(self, node: Slot, inner: _Mass, start: int) -> _Mass:
        parse = node.type.parse
        if parse is None or node.type.is_list:
            return inner
        values = {
            end: share for end, share in inner.ends.items() if parse(" ".join(self._words[start:end])) is not None
        }
        return _Mass(values, inner.open)

    def _wild(self, node: Node, hints: tuple[Node, ...], start: int) -> _Mass:
        """A free text: one of its hints or, except at the beginning of a sentence, any words at all."""
        made = self._alt(node, hints, start) if hints else _Mass({})
        if hints and (start == 0 or self._network.closed):
            return made
        rest = len(self._words) - start
        for size in range(1, rest + 1):
            made.ends[start + size] = made.ends.get(start + size, 0.0) + _OPEN_WORD**size
        made.open += _OPEN_WORD**rest
        return made
