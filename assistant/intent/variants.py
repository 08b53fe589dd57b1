"""Sentences drawn from templates: what the paraphrase classifier learns from besides the examples."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from assistant.intent.template import Alt, Grammar, Node, Seq, Slot, Tag, Template, Wild, Word

_PER_INTENT = 24
_MOST = 6_000
"""Of all intents together: learning stays a matter of seconds, however many templates there are."""
_DEEP = 60
UNSAID = "…"
"""Stands for a free text in a drawn sentence; it is no word."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a drawn sentence and the slot that it fills, or none."""

    word: str
    slot: str = ""


def sentences(grammar: Grammar) -> list[tuple[str, str]]:
    """(sentence, intent): the examples, and a few sentences of every template; the same each time.

    Args:
        grammar: of the loaded skills.
    """
    drawn = [
        (" ".join(piece.word for piece in pieces if piece.word != UNSAID), template.intent)
        for template, count in _shares(grammar.templates)
        for pieces in draw(template, count)
    ]
    thinned = drawn[:: 1 + len(drawn) // _MOST]
    return [pair for pair in dict.fromkeys([*grammar.examples.items(), *thinned]) if pair[0]]


def _shares(templates: Sequence[Template]) -> Iterator[tuple[Template, int]]:
    own: dict[str, int] = {}
    for template in templates:
        own[template.intent] = own.get(template.intent, 0) + 1
    each = max(1, min(_PER_INTENT, _MOST // max(len(own), 1)))
    for template in templates:
        yield template, max(1, each // own[template.intent])


def draw(template: Template, count: int) -> list[tuple[Piece, ...]]:
    """At most so many different sentences of a template; the same each time."""
    dice = Random(zlib.crc32(f"{template.intent} {template.source}".encode()))
    drawn = (_draw(template.node, dice, "", 0) for _ in range(count * 2))
    return list(dict.fromkeys(tuple(pieces) for pieces in drawn if pieces is not None))[:count]


def _draw(node: Node, dice: Random, slot: str, depth: int) -> list[Piece] | None:
    """Words of one way through a network; None where the way ends at what can only be written."""
    if depth > _DEEP:
        return None
    match node:
        case Word(text):
            return [Piece(text, slot)]
        case Tag(inner, _):
            return _draw(inner, dice, slot, depth + 1)
        case Slot(name, kind):
            return _draw(kind.node, dice, name, depth + 1)
        case Wild(hints):
            return _draw(dice.choice(hints), dice, slot, depth + 1) if hints else [Piece(UNSAID, slot)]
        case Seq(items):
            return _draw_all(items, dice, slot, depth)
        case Alt(items) if items:
            tries = (_draw(dice.choice(items), dice, slot, depth + 1) for _ in range(4))
            return next((made for made in tries if made is not None), None)
    return None


def _draw_all(items: Sequence[Node], dice: Random, slot: str, depth: int) -> list[Piece] | None:
    made: list[Piece] = []
    for item in items:
        part = _draw(item, dice, slot, depth + 1)
        if part is None:
            return None
        made += part
    return made
