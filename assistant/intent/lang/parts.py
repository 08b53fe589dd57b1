"""Grammars whose rules say what they mean: one structure that is a network of words and its own parser.

A :class:`Part` has a :attr:`~Part.node`, which recognisers and matchers read, and :meth:`~Part.read`, which gives the
values of the words (a recursive-descent parser with all alternatives, after Frost & Launchbury 1989). A language is
then a table of parts, and network and meaning cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from assistant.intent import template
from assistant.intent.numbers import written
from assistant.intent.template import NOTHING, Node, Pattern, SlotType, words_of

Reading = tuple[Any, int]
"""A value, and the index of the word after it."""


class Part:
    """A piece of a grammar."""

    @cached_property
    def node(self) -> Node:
        """Its network; made once, so that parts that share a piece share its node."""
        raise NotImplementedError

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:
        """Every value that the words from ``at`` on can begin with; None is no value."""
        raise NotImplementedError


class Empty(Part):
    """No words at all, which mean a given value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    @cached_property
    def node(self) -> Node:
        """Nothing."""
        return NOTHING

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:  # noqa: ARG002
        """The value."""
        yield self._value, at


class Forms(Part):
    """Phrases and what each means.

    Args:
        heard: phrase → value; recognisers listen for these.
        read: phrase → value; understood in text only, as are all phrases without their accents.
        weighed: whether one, ten, round and other numbers weigh the same, as for numerals below 100.
    """

    def __init__(self, heard: Mapping[str, Any], read: Mapping[str, Any] | None = None, weighed: bool = False) -> None:
        self._heard = {_words(form): value for form, value in heard.items()}
        rest = {_words(form): value for form, value in (read or {}).items()}
        self._read = {form: value for form, value in rest.items() if form not in self._heard}
        for form, value in list(self._read.items()) + list(self._heard.items()):
            for plain in _plain(form):
                if plain not in self._heard:
                    self._read.setdefault(plain, value)
        self._values = {**self._read, **self._heard}
        self._sizes = sorted({len(form) for form in self._values}, reverse=True)
        self._weighed = weighed

    @cached_property
    def node(self) -> Node:
        """The phrases, and a pattern for each place of those that are only read."""
        nodes: list[Node] = list(self._groups())
        for size in sorted({len(form) for form in self._read}):
            columns = zip(*(form for form in self._read if len(form) == size), strict=True)
            patterns: list[Node] = [written(*dict.fromkeys(column)) for column in columns]
            nodes.append(patterns[0] if size == 1 else template.Seq(tuple(patterns)))
        return nodes[0] if len(nodes) == 1 else template.Alt(tuple(nodes))

    def _groups(self) -> Iterator[Node]:
        if not self._weighed:
            yield from (_phrase(form) for form in self._heard)
            return
        tests: tuple[Callable[[int], bool], ...] = (
            lambda n: n < 10,
            lambda n: 10 <= n < 20,
            lambda n: n >= 20 and n % 10 == 0,
            lambda n: n > 20 and n % 10 > 0,
        )
        for fits in tests:
            group = tuple(_phrase(form) for form, value in self._heard.items() if fits(value))
            if group:
                yield template.Alt(group)

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:
        """What the longest phrase means, then shorter ones."""
        for size in self._sizes:
            value = self._values.get(tuple(words[at : at + size]))
            if value is not None:
                yield value, at + size


def _words(form: str) -> tuple[str, ...]:
    return tuple(words_of(form) or form.split())  # a lone "-" is no word


_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MARKS = re.compile("[\u0300-\u036f]")


def _plain(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words as they are typed without umlauts and accents; Cyrillic letters keep theirs."""
    text = " ".join(words)
    if not text.isascii() and re.search("[a-z]", text):
        for plain in (
            text.replace("ß", "ss"),
            text.translate(_ASCII),
            _MARKS.sub("", unicodedata.normalize("NFD", text.replace("ß", "ss"))),
        ):
            yield tuple(plain.split())


@lru_cache(8192)
def _phrase(words: tuple[str, ...]) -> Node:
    return template.phrase(" ".join(words))


class Digits(Part):
    """One written token and what it means.

    Args:
        regex: matches the whole token.
        value: of the match; None refuses it.
    """

    def __init__(self, regex: str, value: Callable[[re.Match[str]], Any] = lambda match: int(match[0])) -> None:
        self._regex = re.compile(regex)
        self._value = value

    @cached_property
    def node(self) -> Node:
        """A pattern."""
        return Pattern(self._regex)

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:
        """What the token means."""
        match = self._regex.fullmatch(words[at]) if at < len(words) else None
        value = self._value(match) if match else None
        if value is not None:
            yield value, at + 1


class Either(Part):
    """One of several parts; the first reading counts. A part that is given twice weighs twice."""

    def __init__(self, *parts: Part) -> None:
        self._parts = parts
        self._distinct = tuple(dict.fromkeys(parts))

    @cached_property
    def node(self) -> Node:
        """An alternative."""
        return template.Alt(tuple(part.node for part in self._parts))

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:
        """The readings of each part in turn."""
        return chain.from_iterable(part.read(words, at) for part in self._distinct)


class Chain(Part):
    """Parts one after the other.

    Args:
        parts: the parts.
        make: the value from the parts' values; None refuses them.
    """

    def __init__(self, *parts: Part, make: Callable[..., Any]) -> None:
        self._parts = parts
        self._make = make

    @cached_property
    def node(self) -> Node:
        """A sequence."""
        return template.Seq(tuple(part.node for part in self._parts))

    def read(self, words: Sequence[str], at: int) -> Iterator[Reading]:
        """The value of every way to read the parts in a row."""
        for values, end in self._each(words, at, 0):
            value = self._make(*values)
            if value is not None:
                yield value, end

    def _each(self, words: Sequence[str], at: int, place: int) -> Iterator[tuple[tuple[Any, ...], int]]:
        if place == len(self._parts):
            yield (), at
            return
        for value, middle in self._parts[place].read(words, at):
            for values, end in self._each(words, middle, place + 1):
                yield (value, *values), end


def maybe(part: Part, otherwise: Any = 0, rare: bool = False) -> Part:
    """The part or nothing, which means ``otherwise``; a rare one is left out four times out of five."""
    empty = Empty(otherwise)
    return Either(part, *(empty,) * (4 if rare else 1))


def skipped(*forms: str, read: Sequence[str] = ()) -> Part:
    """Phrases that mean nothing by themselves and may be left out."""
    if not forms and not read:
        return Empty(0)
    return maybe(Forms(dict.fromkeys(forms, 0), dict.fromkeys(read, 0)))


def literal(*forms: str, read: Sequence[str] = ()) -> Part:
    """Phrases that mean nothing by themselves and must be there."""
    return Forms(dict.fromkeys(forms, 0), dict.fromkeys(read, 0))


@dataclass(frozen=True, eq=False)
class _Parser:
    part: Part
    known: dict[str, Any] = field(default_factory=dict)

    def __call__(self, text: str) -> Any:
        if text not in self.known:
            if len(self.known) > _REMEMBERED:
                self.known.clear()
            words = text.split()
            self.known[text] = next((value for value, end in self.part.read(words, 0) if end == len(words)), None)
        return self.known[text]


_REMEMBERED = 2_000


def slot_type(name: str, part: Part) -> SlotType:
    """A slot type that a part is; what a text means is remembered for a while, as many templates ask for the same."""
    return SlotType(name, part.node, _Parser(part))
