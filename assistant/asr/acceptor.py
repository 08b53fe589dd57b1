"""Which words a grammar allows next: its network as an automaton, made as it is walked.

Nothing is expanded ahead, so a list of ten thousand entries costs an index over their first words and
no more. States are determinised on the way and remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.intent.template import Alt, Node, Seq, Word

State = int
"""A set of places in the network; :attr:`Acceptor.start` is where every sentence begins."""

_Stack = tuple[Any, ...] | None  # (node, rest) or the end of the sentence
_REMEMBER = 200_000


class Acceptor:
    """Walks the spoken networks (:func:`assistant.intent.ngram.spoken`) of a grammar.

    Args:
        roots: one network for each template.
    """

    start: State = 0

    def __init__(self, roots: Sequence[Node]) -> None:
        self._root = Alt(tuple(roots))
        self._empty: dict[int, bool] = {}
        self._first: dict[int, frozenset[str]] = {}
        self._index: dict[int, tuple[dict[str, list[Node]], list[Node]]] = {}
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[frozenset[_Stack], State] = {}
        self._stacks: list[frozenset[_Stack]] = []
        self._steps: dict[tuple[State, str], State | None] = {}
        self._number(frozenset([(self._root, None)]))

    def refresh(self) -> None:
        """Drop remembered states when they have become many; call between utterances."""
        if len(self._steps) > _REMEMBER:
            self._forget()

    def step(self, state: State, word: str) -> State | None:
        """The state after one more word, or None where no sentence goes on like that."""
        key = (state, word)
        if key not in self._steps:
            after = frozenset(rest for stack in self._stacks[state] for rest in self._advance(stack, word))
            self._steps[key] = self._number(after) if after else None
        return self._steps[key]

    def is_final(self, state: State) -> bool:
        """Whether a sentence may end here."""
        return any(self._may_end(stack) for stack in self._stacks[state])

    def accepts(self, words: Sequence[str]) -> bool:
        """Whether the words are a whole sentence."""
        state: State | None = self.start
        for word in words:
            state = self.step(state, word) if state is not None else None
        return state is not None and self.is_final(state)

    def _number(self, stacks: frozenset[_Stack]) -> State:
        if stacks not in self._numbers:
            self._numbers[stacks] = len(self._stacks)
            self._stacks.append(stacks)
        return self._numbers[stacks]

    def _advance(self, stack: _Stack, word: str) -> Iterator[_Stack]:
        if stack is None:
            return
        node, rest = stack
        match node:
            case Word(text):
                if text == word:
                    yield rest
            case Seq(items):
                yield from self._advance(_push(items, rest), word)
            case Alt():
                by_word, skippable = self._indexed(node)
                for item in by_word.get(word, ()):
                    yield from self._advance((item, rest), word)
                if skippable:
                    yield from self._advance(rest, word)

    def _may_end(self, stack: _Stack) -> bool:
        while stack is not None:
            if not self._can_be_empty(stack[0]):
                return False
            stack = stack[1]
        return True

    def _indexed(self, node: Alt) -> tuple[dict[str, list[Node]], list[Node]]:
        if id(node) not in self._index:
            by_word: dict[str, list[Node]] = {}
            for item in node.items:
                for word in self._first_words(item):
                    by_word.setdefault(word, []).append(item)
            self._index[id(node)] = by_word, [item for item in node.items if self._can_be_empty(item)]
        return self._index[id(node)]

    def _can_be_empty(self, node: Node) -> bool:
        if id(node) not in self._empty:
            match node:
                case Seq(items):
                    self._empty[id(node)] = all(map(self._can_be_empty, items))
                case Alt(items):
                    self._empty[id(node)] = any(map(self._can_be_empty, items))
                case _:
                    return False
        return self._empty[id(node)]

    def _first_words(self, node: Node) -> frozenset[str]:
        if isinstance(node, Word):
            return frozenset((node.text,))
        if id(node) not in self._first:
            words: set[str] = set()
            for item in node.items if isinstance(node, Seq | Alt) else ():
                words |= self._first_words(item)
                if isinstance(node, Seq) and not self._can_be_empty(item):
                    break
            self._first[id(node)] = frozenset(words)
        return self._first[id(node)]


def _push(items: Sequence[Node], rest: _Stack) -> _Stack:
    for item in reversed(items):
        rest = (item, rest)
    return rest
