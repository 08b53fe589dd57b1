"""Slot values from a sentence that no template of its intent matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeVar

from assistant.intent.features import IDLE, NUMBER, plain_words
from assistant.intent.match import Span, Spans
from assistant.intent.template import Node, Seq, Slot, Tag, Template, Wild, children
from assistant.intent.variants import UNSAID, Piece, draw

_DRAWN = 12

_T = TypeVar("_T")

Way = frozenset[str]


@dataclass(frozen=True, slots=True)
class Filling:
    """The slots of an intent as a sentence fills them.

    Attributes:
        slots, texts: name → value, name → its words.
        missing: a slot that is needed besides; None when nothing is.
    """

    slots: Mapping[str, Any]
    texts: Mapping[str, str]
    missing: Slot | None = None


@dataclass(slots=True)
class _Found:
    """Spans chosen so far."""

    spans: dict[str, Span] = field(default_factory=dict)

    def is_free(self, span: Span) -> bool:
        return all(span.end <= other.start or other.end <= span.start for other in self.spans.values())


class Filler:
    """Fills the slots of one intent.

    A value counts where it stands, whatever the words around it, except for free text, which is what follows words
    that come before it in some template. What is filled must be what some template fills: of "ten percent louder"
    either the step or the level.

    Args:
        templates: all of the intent's.
    """

    def __init__(self, templates: Sequence[Template]) -> None:
        slots = [slot for template in templates for slot in _slots(template.node)]
        self._implied = any(_is_implied(slot) for slot in slots)
        self._slots = {slot.name: slot for slot in reversed(slots)}
        self._ways = frozenset(way for template in templates for way in _ways(template.node))
        self._before, self._after = _words_around(templates)

    def fill(self, text: str, spans: Spans) -> Filling | None:
        """The values in a sentence; None when they do not make sense together.

        Args:
            text: the sentence.
            spans: of the same sentence.
        """
        if self._implied:
            return None  # which template's value is meant cannot be told
        found = self._closed(spans)
        if found is None:
            return None
        self._free(spans, found)
        if self._numbers_left(spans, found):
            return None
        return self._as_templates_do(text, spans, found)

    def _closed(self, spans: Spans) -> _Found | None:
        """Longest values first; None where two slots could hold one value, or two values one slot."""
        found = _Found()
        kinds = [(name, slot) for name, slot in self._slots.items() if not isinstance(slot.type.node, Wild)]
        each = [(name, span) for name, slot in kinds for span in spans.of(slot) if not _is_idle(spans, span)]
        for name, span in sorted(each, key=lambda pair: (pair[1].start - pair[1].end, pair[1].start)):
            if name in found.spans and found.is_free(span):
                return None  # two values for one slot
            if name not in found.spans and found.is_free(span):
                rivals = {other for other, twin in each if (twin.start, twin.end) == (span.start, span.end)} - {name}
                if any(other not in found.spans and self._together(name, other) for other in rivals):
                    return None
                found.spans[name] = span
        return found

    def _together(self, one: str, other: str) -> bool:
        return any(one in way and other in way for way in self._ways)

    def _free(self, spans: Spans, found: _Found) -> None:
        words = [token.text for token in spans.tokens]
        for name, slot in self._slots.items():
            if not isinstance(slot.type.node, Wild):
                continue
            needed = all(name in way for way in self._ways)
            before = self._before.get(name, frozenset())
            start = next((at for at in range(1, len(words)) if _fits(words, at, before, needed=needed)), None)
            if start is not None:
                stop = min((span.start for span in found.spans.values() if span.start >= start), default=len(words))
                end = _end(words, start, stop, self._after.get(name, frozenset()))
                span = Span(" ".join(words[start:end]), start, end)
                if end > start and found.is_free(span):
                    found.spans[name] = span

    def _numbers_left(self, spans: Spans, found: _Found) -> bool:
        """Whether a number is in none of the values: half of what was said is not what was meant."""
        filled = {at for span in found.spans.values() for at in range(span.start, span.end)}
        left = (token.text for at, token in enumerate(spans.tokens) if at not in filled)
        return any(plain_words(word) == [NUMBER] and word != "one" for word in left)

    def _as_templates_do(self, text: str, spans: Spans, found: _Found) -> Filling | None:
        have = frozenset(found.spans)
        if have in self._ways:
            return self._made(text, spans, found, have)
        more = [way for way in self._ways if len(way - have) == 1 and have <= way]
        if more:
            name = min(way - have for way in more) if len(more) == 1 else _smallest(more) - have
            return self._made(text, spans, found, have, next(iter(name)))
        return None

    def _made(self, text: str, spans: Spans, found: _Found, names: Way, missing: str = "") -> Filling:
        chosen = {name: span for name, span in found.spans.items() if name in names}
        tokens = spans.tokens
        texts = {name: text[tokens[span.start].start : tokens[span.end - 1].end] for name, span in chosen.items()}
        return Filling({name: span.value for name, span in chosen.items()}, texts, self._slots.get(missing))


def _smallest(ways: Sequence[Way]) -> Way:
    return min(ways, key=lambda way: (len(way), sorted(way)))


def _is_idle(spans: Spans, span: Span) -> bool:
    """A value that is more likely no value at all: "a", "one", "the"."""
    words = {token.text for token in spans.tokens[span.start : span.end]}
    return words <= IDLE | {"one"}


def _fits(words: Sequence[str], at: int, before: frozenset[tuple[str, ...]], *, needed: bool) -> bool:
    """Whether a free text begins here: after a word that tells, or, if it cannot do without, any that may come before.

    Of words that tell little ("to") the two before it must fit.
    """
    last = words[at - 1]
    if last not in IDLE:
        return (last,) in before
    return needed and (tuple(words[max(at - 2, 0) : at]) in before or (UNSAID, last) in before)


def _end(words: Sequence[str], start: int, stop: int, after: frozenset[str]) -> int:
    """Before which word a free text ends: one that comes after it in templates, or ``stop`` if it may end them."""
    return next((at for at in range(start + 1, stop) if words[at] in after), stop if "" in after else start)


def _words_around(
    templates: Sequence[Template],
) -> tuple[dict[str, frozenset[tuple[str, ...]]], dict[str, frozenset[str]]]:
    """What comes before and after free text slots in templates, by their names.

    Returns:
        The word and the two words before; the word after, empty where there is none or another slot.
    """
    found: dict[str, set[tuple[str, ...]]] = {}
    after: dict[str, set[str]] = {}
    for template in templates:
        open_slots = {slot.name for slot in _slots(template.node) if isinstance(slot.type.node, Wild)}
        for pieces in draw(template, _DRAWN) if open_slots else ():
            for piece, following in zip(pieces, (*pieces[1:], Piece("")), strict=True):
                if piece.slot in open_slots and following.slot != piece.slot:
                    after.setdefault(piece.slot, set()).add("" if following.slot else following.word)
            for at in range(1, len(pieces)):
                name = pieces[at].slot
                if name in open_slots and pieces[at - 1].slot != name:
                    words = tuple(piece.word for piece in pieces[max(at - 2, 0) : at])
                    found.setdefault(name, set()).update((words, words[-1:]))
    return _frozen(found), _frozen(after)


def _frozen(found: Mapping[str, set[_T]]) -> dict[str, frozenset[_T]]:
    return {name: frozenset(words) for name, words in found.items()}


def _slots(node: Node) -> Iterator[Slot]:
    if isinstance(node, Slot):
        yield node
        return
    for child in children(node):
        yield from _slots(child)


def _is_implied(slot: Slot) -> bool:
    """Whether a slot takes no words, but a value that its template implies."""
    node = slot.type.node
    return isinstance(node, Tag) and isinstance(node.node, Seq) and not node.node.items


def _ways(node: Node) -> frozenset[Way]:
    """Every set of slots that some sentence of a network fills."""
    match node:
        case Slot(name, _):
            return frozenset((frozenset((name,)),))
        case Seq(items):
            parts = {_ways(item) for item in items}
            return frozenset(frozenset[str]().union(*ways) for ways in product(*parts))
    below = {_ways(child) for child in children(node)} if not isinstance(node, Wild) else set()
    return frozenset[Way]().union(*below) if below else frozenset((frozenset(),))
