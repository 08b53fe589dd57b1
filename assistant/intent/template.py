"""Sentence templates as a network of words: one structure for every reader.

A template in hassil's syntax (``set [a|an] {name} timer for {duration}``) is parsed by hassil and
turned into a small tree of nodes. The text matcher walks it (:mod:`assistant.intent.match`), the
closed language model is counted from it (:mod:`assistant.intent.ngram`), and Whisper's hints are
read from it (:meth:`Grammar.vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations, product
from typing import Any

from hassil import parse_sentence
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)

from assistant.errors import ConfigError

_TOKEN = re.compile(
    r"\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?!\d)|(?<!\d,)\d+,\d+(?![\d,])|\d+(?:[.:]\d+)?"
    r"|\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’]"
    r"|[^\W\d_]+(?:['’.-](?=[^\W\d_])[^\W\d_]+)*|[%°€$£+*/=×÷^√]|-(?=\s?\d)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_MERIDIEM = re.compile(r"\b([ap])\s?\.\s?m\b\.?", re.IGNORECASE)
_GLUED_LIMIT = 512


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word and its character span in the text it came from."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> tuple[Token, ...]:
    """Split a sentence as every reader sees it: lower case, no punctuation, hyphens parted.

    Numbers stay whole (``6:30``, ``3.5``, ``1,5``, ``1,000`` as ``1000``), signs are words, ``p.m.`` is ``pm``. French
    words that an elision joins are parted (``d'`` ``une``), Russian ``ё`` is ``е``.
    """
    text = _MERIDIEM.sub(lambda m: (m[1] + "m").ljust(len(m[0])), text)
    return tuple(token for match in _TOKEN.finditer(text) for token in _split(match))


def _split(match: re.Match[str]) -> Iterator[Token]:
    word = match[0].lower().replace("’", "'").replace("ё", "е")
    if word[0].isdigit():
        yield Token(_THOUSANDS.sub("", word), *match.span())
        return
    at = match.start()
    if len(word) == 1 or ("-" not in word and "." not in word):
        yield Token(word, at, at + len(word))
        return
    for part in re.split(r"([.-])", word):
        if part not in ".-":
            yield Token(part, at, at + len(part))
        at += len(part)


def words_of(text: str) -> list[str]:
    """The normalised words of a text."""
    return [token.text for token in tokenize(text)]


# --- nodes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """One literal word."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One written token such as ``25`` or ``6:30``; matched in text, never spoken."""

    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Seq:
    """Nodes one after the other; empty means nothing at all."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Alt:
    """Exactly one of several nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A node that stands for a value (an entry of a list slot)."""

    node: Node
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Wild:
    """One or more words of any kind; ``hints`` are what a closed recogniser listens for instead."""

    hints: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A typed slot: captures what its type's node matches."""

    name: str
    type: SlotType


Node = Word | Pattern | Seq | Alt | Tag | Wild | Slot

NOTHING = Seq()


def constant(name: str, value: Any) -> Slot:
    """A slot that takes no words: what a template implies."""
    return Slot(name, SlotType(f"{name}={value}", Tag(NOTHING, value)))


def is_constant(slot: Slot) -> bool:
    """Whether a slot takes no words."""
    return isinstance(slot.type.node, Tag) and slot.type.node.node is NOTHING


def optional(node: Node) -> Alt:
    """The node or nothing."""
    return Alt((node, NOTHING))


@lru_cache(8192)
def phrase(text: str) -> Node:
    """Literal words as a node; equal phrases are one node."""
    words = tuple(Word(word) for word in words_of(text))
    return words[0] if len(words) == 1 else Seq(words)


def one_of(*texts: str) -> Alt:
    """One of several literal phrases."""
    return Alt(tuple(phrase(text) for text in texts))


@dataclass(frozen=True, slots=True, eq=False)
class SlotType:
    """What may stand in a slot and what it means.

    Attributes:
        name: as written in a template, ``{duration}``, and in schemas.
        node: every way to say or write a value.
        parse: turns the matched words into the value, or None to refuse them; not called for
            nodes that carry their value in a :class:`Tag`.
        is_list: the node is an ``Alt`` of ``Tag`` entries, possibly very many.
    """

    name: str
    node: Node
    parse: Callable[[str], Any] | None = None
    is_list: bool = False


def list_type(name: str, entries: Mapping[str, Any] | Sequence[str]) -> SlotType:
    """A slot type with a closed list of entries.

    Args:
        name: for messages.
        entries: spoken form → value, or just spoken forms. Forms may be templates (``[the] kitchen``).
    """
    pairs = entries.items() if isinstance(entries, Mapping) else ((text, text) for text in entries)
    nodes = tuple(Tag(_entry(text), value) for text, value in pairs)
    return SlotType(name, Alt(nodes), is_list=True)


def _entry(text: str) -> Node:
    return parse_template(text, {}) if re.search(r"[\[(<{]", text) else phrase(text)


# --- from hassil's expressions ---------------------------------------------------------------


def parse_template(text: str, slots: Mapping[str, SlotType], rules: Mapping[str, str] | None = None) -> Node:
    """Parse one template; see :class:`TemplateParser`."""
    return TemplateParser(slots, rules).parse(text)


class TemplateParser:
    """Parses templates that share slot types and rules; a rule becomes one node, shared by all of them.

    Args:
        slots: slot types by list name.
        rules: expansion rules by name, themselves templates.
    """

    def __init__(self, slots: Mapping[str, SlotType], rules: Mapping[str, str] | None = None) -> None:
        self.slots = slots
        self.rules = rules or {}
        self.rule_nodes: dict[str, Node] = {}

    def parse(self, text: str, open_rules: tuple[str, ...] = ()) -> Node:
        """Parse one template.

        Args:
            text: hassil syntax: ``[optional]``, ``(a|b)``, ``(any;order)``, ``{list:slot}``, ``{1..9:slot}``,
                ``<rule>``.
            open_rules: the rules that this text is part of.

        Raises:
            ConfigError: bad syntax, an unknown list or rule, or a rule that refers to itself.
        """
        return _Parser(text, self, open_rules).run()


@lru_cache(4096)
def _expression(text: str) -> Expression:
    return parse_sentence(text).expression


class _Parser:
    def __init__(self, text: str, owner: TemplateParser, open_rules: tuple[str, ...]) -> None:
        self._text = text
        self._owner = owner
        self._slots = owner.slots
        self._open = open_rules

    def run(self) -> Node:
        try:
            expression = _expression(self._text)
        except Exception as error:  # hassil raises several unrelated types
            raise ConfigError(f"Template {self._text!r}: {error}") from error
        return self._node(expression)

    def _node(self, expression: Expression) -> Node:
        match expression:
            case TextChunk():
                return phrase(expression.text)
            case ListReference():
                return self._list(expression)
            case RuleReference():
                return self._rule(expression.rule_name)
            case Permutation():
                orders = permutations([self._node(item) for item in expression.items])
                return Alt(tuple(Seq(order) for order in orders))
            case Alternative():
                return Alt(tuple(self._node(item) for item in expression.items))
            case Group():
                return self._sequence(expression.items)
        raise ConfigError(f"Template {self._text!r}: {type(expression).__name__} is not supported")

    def _sequence(self, items: Sequence[Expression]) -> Node:
        nodes = [node for run in _runs(items) for node in self._run(run)]
        return nodes[0] if len(nodes) == 1 else Seq(tuple(nodes))

    def _run(self, run: list[Expression | str]) -> list[Node]:
        """Nodes for items with no space between them; ``light[s]`` becomes ``(light|lights)``."""
        if len(run) == 1 or (not any(isinstance(item, str) and item for item in run) and len(run) < 2):
            return [self._piece(run[0])]
        options = [_strings(item) for item in run]
        known = [option for option in options if option is not None]
        total = 1
        for option in known:
            total *= len(option)
        if len(known) < len(options) or total > _GLUED_LIMIT:
            return [self._piece(item) for item in run]
        texts = dict.fromkeys("".join(parts) for parts in product(*known))
        return [Alt(tuple(phrase(text) for text in texts))]

    def _piece(self, item: Expression | str) -> Node:
        return phrase(item) if isinstance(item, str) else self._node(item)

    def _list(self, reference: ListReference) -> Node:
        limits = reference.get_inline_range()
        if limits is not None and "int" in self._slots:
            allowed = range(limits[0], limits[1] + 1, limits[2])
            return Slot(reference.slot_name, whole_numbers(self._slots["int"], allowed))
        if reference.list_name not in self._slots:
            known = ", ".join(sorted(self._slots)) or "none"
            raise ConfigError(f"Template {self._text!r}: unknown slot {{{reference.list_name}}}; known are: {known}")
        return Slot(reference.slot_name, self._slots[reference.list_name])

    def _rule(self, name: str) -> Node:
        if name in self._open:
            raise ConfigError(f"Template {self._text!r}: rule <{name}> refers to itself")
        if name not in self._owner.rules:
            raise ConfigError(f"Template {self._text!r}: unknown rule <{name}>")
        if name not in self._owner.rule_nodes:
            self._owner.rule_nodes[name] = self._owner.parse(self._owner.rules[name], (*self._open, name))
        return self._owner.rule_nodes[name]


def whole_numbers(whole: SlotType, allowed: range) -> SlotType:
    """The whole numbers of a range, ``{1..60:seconds}`` or, by fives, ``{0..100,5:level}``.

    Args:
        whole: whole numbers in the language.
    """

    def parse(text: str) -> int | None:
        value = whole.parse(text) if whole.parse else None
        return value if value in allowed else None

    return SlotType(f"{allowed[0]}..{allowed[-1]}", whole.node, parse)


def _runs(items: Sequence[Expression]) -> Iterator[list[Expression | str]]:
    """Group a sequence's items by the spaces between them."""
    run: list[Expression | str] = []
    for item in items:
        if not isinstance(item, TextChunk):
            run.append(item)
            continue
        for piece in re.split(r"(\s+)", item.text):
            if piece.strip():
                run.append(piece)
            elif piece and run:
                yield run
                run = []
    if run:
        yield run


def _strings(item: Expression | str) -> list[str] | None:
    """Every string of a purely literal item, spaces kept; None if it holds a list or rule."""
    if isinstance(item, str):
        return [item]
    if isinstance(item, TextChunk):
        return [item.text]
    if not isinstance(item, Group) or isinstance(item, Permutation):
        return None
    parts = [_strings(child) for child in item.items]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(item, Alternative):
        return [text for part in known for text in part]
    return ["".join(texts) for texts in product(*known)]


# --- the grammar of all loaded skills ----------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One template of one intent."""

    intent: str
    source: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """Everything that the loaded skills can understand.

    Attributes:
        templates: in declaration order; the order breaks ties.
        examples: sentence → intent, as the skills declare them.
        shares: intent → how often it is expected, beside the 1 of all others.
    """

    templates: tuple[Template, ...]
    examples: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def share(self, intent: str) -> float:
        """How often an intent is expected; 1 unless its skill says otherwise."""
        return self.shares.get(intent, 1.0)

    def vocabulary(self) -> list[str]:
        """Every spoken word, sorted; hints for an open recogniser."""
        seen: set[str] = set()
        visited: set[int] = set()
        stack: list[Node] = [template.node for template in self.templates]
        while stack:
            node = stack.pop()
            if id(node) in visited:
                continue
            visited.add(id(node))
            if isinstance(node, Word):
                seen.add(node.text)
            stack.extend(children(node))
        return sorted(seen)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Seq(items) | Alt(items):
            return items
        case Tag(inner, _):
            return (inner,)
        case Slot(_, kind):
            return (kind.node,)
        case Wild(hints):
            return hints
    return ()
