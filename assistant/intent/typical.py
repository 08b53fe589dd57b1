"""A skill's examples as networks: the words as they stand, the slots opened up to all their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.intent.match import Matcher
from assistant.intent.template import Grammar, Node, Seq, Slot, Word, children, words_of


def skeletons(grammar: Grammar) -> list[tuple[str, Node]]:
    """One network for each example: "set a timer for {duration}" of "set a timer for five minutes".

    Args:
        grammar: with the skills' examples; one that does not match its intent is left out.

    Returns:
        (intent, network) in the order of the examples.
    """
    matcher = Matcher(grammar)
    nodes = {(template.intent, template.source): template.node for template in grammar.templates}
    found: list[tuple[str, Node]] = []
    for example, intent in grammar.examples.items():
        match = next((match for match in matcher.match(example) if match.intent == intent), None)
        if match is not None:
            slots = {slot.name: slot for slot in _slots(nodes[intent, match.template])}
            found.append((intent, _opened(words_of(example), match.texts, slots)))
    return found


def _slots(node: Node) -> Iterator[Slot]:
    if isinstance(node, Slot):
        yield node
        return
    for child in children(node):
        yield from _slots(child)


def _opened(words: Sequence[str], texts: Mapping[str, str], slots: Mapping[str, Slot]) -> Node:
    items: list[Node] = [Word(word) for word in words]
    for name, text in texts.items():
        value = [Word(word) for word in words_of(text)]
        for start in range(len(items) - len(value) + 1):
            if items[start : start + len(value)] == value:
                items[start : start + len(value)] = [slots[name]]
                break
    return Seq(tuple(items))
