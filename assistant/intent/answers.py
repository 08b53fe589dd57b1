"""Answers to what the assistant asks, and corrections of what it has just done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from assistant.errors import ConfigError
from assistant.intent.lang import language
from assistant.intent.lang.phrases import Phrases
from assistant.intent.lang.phrases.en import PHRASES
from assistant.intent.match import Match, Matcher
from assistant.intent.slots import BUILT_IN, TEXT, slot_type_for
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
    Pattern,
    Seq,
    Slot,
    SlotType,
    Template,
    TemplateParser,
    Wild,
    children,
    list_type,
    words_of,
)
from assistant.intent.typical import slots_of

RULES = PHRASES.answer_rules
_ANSWER = "[(<no>|<well>)] [(<meant>|<like>)] <at> {value} [<tail>]"
_HEARD = ("{value}",) * 4 + ("(for|at|to|in|by|the) {value}",) * 2 + ("{value} please", "no {value}", _ANSWER)
"""The same for a language model: most answers are short."""
_SHARES = {"duration": 4, "time": 2}
"""How many times as likely as others the answers of a type are: they are what is asked for and corrected most."""
_HEARD_ELSEWHERE = ("{value}",) * 4 + ("<at> {value}",) * 2 + ("{value} <tail>", "<no> {value}", _ANSWER)
DISMISSAL = PHRASES.dismissals[0]

_NONSENSE = "qxzwvk"


def _yes_or_no(words: Phrases) -> SlotType:
    return list_type("yes or no", {**dict.fromkeys(words.yes, True), **dict.fromkeys(words.no, False)})


YES_OR_NO = _yes_or_no(PHRASES)
"""Yes or no in English."""


@dataclass(frozen=True, eq=False)
class _Talk:
    """A language as answers need it."""

    words: Phrases
    slots: Mapping[str, SlotType]
    yes_or_no: SlotType

    def templates(self, intent: str, sources: Sequence[str], kind: SlotType | None = None) -> list[Template]:
        parser = TemplateParser({"value": kind} if kind else {}, self.words.answer_rules)
        if self.words.one and kind is not None and (kind.is_list or isinstance(kind.node, Wild)):
            sources = [source.replace("{value}", f"{{value}} [{self.words.one}]") for source in sources]
        return [Template(intent, source, parser.parse(source)) for source in sources]

    @cached_property
    def dismissals(self) -> Matcher:
        return Matcher(Grammar(tuple(self.templates("dismissal", self.words.dismissals))))

    @cached_property
    def objections(self) -> Matcher:
        return Matcher(Grammar(tuple(self.templates("objection", ["(<no> [<meant>]|<meant>) {value}"], TEXT))))

    @cached_property
    def idle(self) -> frozenset[str]:
        return frozenset(words_of(" ".join(self.words.idle)))

    def kind(self, expected: Any) -> SlotType:
        """The slot type for a type that is asked for, which is understood in this language."""
        kind = self.yes_or_no if expected is bool else slot_type_for(expected)
        return self.slots[kind.name] if BUILT_IN.get(kind.name) is kind else kind

    def places(self, values: Sequence[Any]) -> dict[str, Any]:
        """The places of a list."""
        words, made = self.words, {}
        for place, value in zip(words.places, values, strict=False):
            made[words.place.format(word=place)] = value
        for number, value in zip(words.count, values, strict=False):
            made[words.number.format(word=number)] = value
        return made | ({words.place.format(word=words.last[0]): values[-1]} if values else {})


@lru_cache
def _talk(code: str) -> _Talk:
    """Of a language that is not known, English."""
    try:
        found = language(code)
    except ConfigError:
        found = language("en")
    return _Talk(found, found.slots, YES_OR_NO if found.code == "en" else _yes_or_no(found))


def is_dismissal(text: str, language: str = "en") -> bool:
    """Whether somebody wants no more of it: "never mind", "forget it", "cancel"."""
    return bool(_talk(language).dismissals.match(text))


class Expectation:
    """What answers a question.

    Args:
        expected: a type that slots have (``int``, ``Duration``, ``Literal[...]`` …), ``bool`` for yes or no, ``str``
            for any words, a slot type, or a list or mapping of spoken forms; one of a list may also be chosen by its
            place ("the second one") or by a word that it alone has.
        by: a slot type by whose values an entry of the list may be chosen, too, and which value chooses which entry:
            its duration chooses a timer. None refuses a value.
        language: ISO 639-1 code of the answers.

    Attributes:
        kind: the slot type whose values answer.
        is_open: any words do.

    Raises:
        ConfigError: nothing of that kind can be asked for.
    """

    def __init__(
        self, expected: Any, by: tuple[SlotType, Callable[[Any], Any]] | None = None, language: str = "en"
    ) -> None:
        self._entries: dict[str, Any] = {}
        self._talk = talk = _talk(language)
        if isinstance(expected, SlotType):
            kind = expected
        elif isinstance(expected, Mapping | Sequence):
            pairs = expected.items() if isinstance(expected, Mapping) else ((text, text) for text in expected)
            self._entries = dict(pairs)
            kind = _with_values(list_type("answer", self._with_places()), by)
        else:
            kind = talk.kind(expected)
        self.kind = kind
        self.is_open = _is_open(kind.node)
        source = "{value}" if self.is_open else _ANSWER
        self._matcher = Matcher(Grammar(tuple(talk.templates("answer", [source], kind))))

    def read(self, text: str) -> tuple[Any] | None:
        """The value that an answer gives, in a tuple of its own; None if it gives none. Any words are as written."""
        found = self._matcher.match(text)
        if not found:
            return self._by_a_word(text)
        return ((found[0].texts if self.is_open else found[0].slots)["value"],)

    def _by_a_word(self, text: str) -> tuple[Any] | None:
        said = {word for word in words_of(text) if word not in self._talk.idle}
        if not said:
            return None
        fits = [value for form, value in self._entries.items() if said <= set(words_of(form))]
        return (fits[0],) if len(fits) == 1 else None

    def _with_places(self) -> dict[str, Any]:
        """The entries and, before them, their places."""
        return {**self._talk.places(list(self._entries.values())), **self._entries}


def _with_values(entries: SlotType, by: tuple[SlotType, Callable[[Any], Any]] | None) -> SlotType:
    if by is None or by[0].parse is None:
        return entries
    kind, choose, parse = by[0], by[1], by[0].parse

    def chosen(text: str) -> Any:
        value = parse(text)
        return choose(value) if value is not None else None

    return SlotType("answer", Alt((entries.node, kind.node)), chosen, is_list=True)


def _is_open(node: Node) -> bool:
    """Whether a node takes any words at all, so that nothing follows from its taking some."""
    match node:
        case Wild(hints):
            return not hints
        case Seq(items) if items:
            return _is_open(items[0])
        case Pattern(regex):
            return regex.fullmatch(_NONSENSE) is not None
    return False


def without_objection(text: str, language: str = "en") -> str:
    """What follows "no", "i meant" or the like; empty if a sentence does not begin so."""
    found = _talk(language).objections.match(text)
    return min((each.texts["value"] for each in found), key=len, default="")


# --- corrections -------------------------------------------------------------------------------


def correction(text: str, match: Match, templates: Sequence[Template], language: str = "en") -> Match | None:
    """The command again with what a sentence corrects: "no, ten minutes", "make that ten", "i said tea".

    A value goes to the slot that it fits: one that was filled before, else the only one that takes it. What cannot
    stand beside it in any sentence (a step beside a percentage) is given up; free text corrects only free text.

    Args:
        text: what was said.
        match: the command that is corrected.
        templates: all of its intent's.
        language: ISO 639-1 code of the sentence.
    """
    talk = _talk(language)
    slots = {id(slot.type): slot for template in templates for slot in slots_of(template.node)}
    found: dict[str, Match] = {}
    for slot in slots.values():
        if not _is_open(slot.type.node) or slot.name in match.slots:
            grammar = Grammar(tuple(talk.templates(slot.name, talk.words.corrections, slot.type)))
            for each in Matcher(grammar).match(text):
                if slot.name not in found or each.rank < found[slot.name].rank:
                    found[slot.name] = each
    named = [name for name, each in found.items() if not each.wild or name in match.slots]
    chosen = sorted((name for name in named if name in match.slots), key=lambda name: found[name].rank) or named
    if not chosen or (len(chosen) > 1 and chosen[0] not in match.slots):
        return None
    return _with_value(match, chosen[0], found[chosen[0]], templates)


def _with_value(match: Match, name: str, given: Match, templates: Sequence[Template]) -> Match:
    ways = {way for template in templates for way in _fillings(template.node) if name in way}
    kept = max((way & set(match.slots) for way in ways), key=len, default=frozenset())
    slots = {other: value for other, value in match.slots.items() if other in kept}
    texts = {other: text for other, text in match.texts.items() if other in kept}
    return Match(
        match.intent, {**slots, name: given.slots["value"]}, {**texts, name: given.texts["value"]},
        match.template, match.literals, match.wild,
    )  # fmt: skip


def _fillings(node: Node) -> frozenset[frozenset[str]]:
    """Every set of slots that some sentence of a network fills."""
    match node:
        case Slot(name, _):
            return frozenset((frozenset((name,)),))
        case Seq(items):
            ways = frozenset((frozenset[str](),))
            for item in items:
                ways = frozenset(one | other for one in ways for other in _fillings(item))
            return ways
        case Wild():
            return frozenset((frozenset(),))
    below = children(node)
    return frozenset(way for child in below for way in _fillings(child)) if below else frozenset((frozenset(),))


# --- what a closed recogniser listens for --------------------------------------------------------


def answers_grammar(grammar: Grammar, language: str = "en") -> Grammar:
    """What may be said to a question, or to correct: a value of a slot, a place in a list, yes or no, "never mind".

    Durations, times, numbers, percentages and names may be said alone; the values of the skills' other slots, of
    which hundreds are single short words, only with what makes them a correction.

    Args:
        grammar: the loaded skills'.
        language: ISO 639-1 code of the answers.
    """
    talk = _talk(language)
    heard = _HEARD if talk.words.one else _HEARD_ELSEWHERE
    always = tuple(talk.slots[name] for name in ("duration", "time", "int", "percentage"))
    kinds = {id(kind): kind for kind in always}
    for template in grammar.templates:
        kinds.update((id(slot.type), slot.type) for slot in slots_of(template.node))
    first, last = talk.words.places[:5], talk.words.last
    places = list_type("place", {talk.words.place.format(word=word): word for word in (*first, *last)})
    made = talk.templates("answer.dismissal", [*talk.words.dismissals, *_brief(talk)])
    made += talk.templates("answer.yes_no", ["{value} [<tail>]"], talk.yes_or_no)
    made += talk.templates("answer.yes_no", [f"({talk.words.yes[0]}|{talk.words.no[0]})"])
    made += talk.templates("answer.place", heard, places)
    for kind in kinds.values():
        if kind in always:
            for number in range(_SHARES.get(kind.name, 1)):
                made += talk.templates(f"answer.{kind.name}.{number}", heard, kind)
        elif isinstance(kind.node, Wild) and kind.node.hints:
            made += talk.templates("answer.name", heard, kind)
        elif not _is_open(kind.node):
            made += talk.templates("answer.correction", talk.words.corrections, kind)
    return Grammar(tuple(made))


def _brief(talk: _Talk) -> list[str]:
    """The usual ways to say "never mind" once more, for a language model."""
    return ["(never mind|cancel|forget it)"] * 3 if talk.words.one else []
