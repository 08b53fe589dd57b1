"""Entries of a list that a few words could mean, and the question which of them is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.intent.features import IDLE
from assistant.intent.indexes import literal
from assistant.intent.template import Alt, Node, SlotType

MOST = 3
"""More choices than these are not read out."""
_OR = {"de": "oder", "fr": "ou", "es": "o", "ru": "или", "bg": "или"}
_OWN_ARTICLE = ("the", "my", "our", "your", "a", "an")


class Entries:
    """A list, by the words of its entries.

    Args:
        kind: a slot type whose node is a list.
    """

    def __init__(self, kind: SlotType) -> None:
        self._forms: list[str] = []
        self._values: list[Any] = []
        self._by_word: dict[str, list[int]] = {}
        for item in _items(kind.node):
            words = literal(item)
            if words:
                for word in set(words) - IDLE:
                    self._by_word.setdefault(word, []).append(len(self._forms))
                self._forms.append(" ".join(words))
                self._values.append(getattr(item, "value", None))

    def meant(self, words: Iterable[str]) -> dict[str, Any]:
        """Form → value of the entries that share the most words with what was said; empty when none shares any."""
        shared: dict[int, int] = {}
        for word in set(words):
            for place in self._by_word.get(word, ()):
                shared[place] = shared.get(place, 0) + 1
        most = max(shared.values(), default=0)
        return {self._forms[place]: self._values[place] for place in sorted(shared) if shared[place] == most}


def _items(node: Node) -> Sequence[Node]:
    return node.items if isinstance(node, Alt) else ()


def which(choices: Sequence[str], language: str = "en") -> str:
    """The question between some things: "The kitchen or the living room light?"."""
    if language in _OR:
        text = f"{', '.join(choices[:-1])} {_OR[language]} {choices[-1]}?"
        return text[0].upper() + text[1:]
    words = [choice.split() for choice in choices]
    shared = 0
    while all(len(each) > shared + 1 for each in words) and len({each[-1 - shared] for each in words}) == 1:
        shared += 1
    named = [" ".join(each[: len(each) - shared]) for each in words[:-1]] + [choices[-1]]
    full = [name if name.split()[0] in _OWN_ARTICLE else f"the {name}" for name in named]
    text = f"{', '.join(full[:-1])} or {full[-1]}?"
    return text[0].upper() + text[1:]


def differently(choices: Mapping[str, Any]) -> bool:
    """Whether it matters which of them is meant."""
    values = list(choices.values())
    return any(value != values[0] for value in values[1:])
