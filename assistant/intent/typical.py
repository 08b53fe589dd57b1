"""A skill's examples as networks: the words as they stand, the slots opened up to all their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from assistant.intent.match import Match, Matcher
from assistant.intent.template import Grammar, Node, Seq, Slot, Word, children, is_constant, words_of


def skeletons(grammar: Grammar) -> list[tuple[str, Node]]:
    """One network for each example: "set a timer for {duration}" of "set a timer for five minutes".

    Args:
        grammar: with the skills' examples; one that does not match its intent is left out.

    Returns:
        (intent, network) in the order of the examples.
    """
    nodes = {(template.intent, template.source): template.node for template in grammar.templates}
    found: list[tuple[str, Node]] = []
    for example, match in understood(grammar):
        slots = {slot.name: slot for slot in slots_of(nodes[match.intent, match.template])}
        found.append((match.intent, _opened(words_of(example), match.texts, slots)))
    return found


@lru_cache(4)
def understood(grammar: Grammar) -> list[tuple[str, Match]]:
    """Each example with its match. Remembered: several readers want them, and they take some 0.3 s on a desktop."""
    matcher = Matcher(grammar)
    found = []
    for example, intent in grammar.examples.items():
        match = next((match for match in matcher.match(example) if match.intent == intent), None)
        if match is not None:
            found.append((example, match))
    return found


def slots_of(node: Node) -> Iterator[Slot]:
    """The slots of a template's network that take words."""
    if isinstance(node, Slot):
        if not is_constant(node):
            yield node
        return
    for child in children(node):
        yield from slots_of(child)


def _opened(words: Sequence[str], texts: Mapping[str, str], slots: Mapping[str, Slot]) -> Node:
    items: list[Node] = [Word(word) for word in words]
    for name, text in ((name, text) for name, text in texts.items() if name in slots):
        value = [Word(word) for word in words_of(text)]
        for start in range(len(items) - len(value) + 1):
            if items[start : start + len(value)] == value:
                items[start : start + len(value)] = [slots[name]]
                break
    return Seq(tuple(items))
