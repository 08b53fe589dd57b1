"""Answers to what the assistant asks, and corrections of what it has just done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.intent.dates import ORDINALS
from assistant.intent.match import Match, Matcher
from assistant.intent.slots import DURATION, INT, PERCENTAGE, TEXT, TIME, slot_type_for
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
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

RULES = {
    "no": "(no|no no|nope|wait|oh|oops|sorry|actually)",
    "meant": "(i (meant|mean|said)|make (it|that)|change (it|that) to|set (it|that) to)",
    "well": "(um|well|oh|okay|yes|yeah|maybe|i think|let's say)",
    "like": "(i want|i'd like|i would like|it's|it is|that's|let's (make it|do|take)|take)",
    "at": "[(for|at|to|in|on|by|about)] [the]",
    "tail": "(please|thanks|thank you|then|instead)",
}
_ANSWER = "[(<no>|<well>)] [(<meant>|<like>)] <at> {value} [<tail>]"
_HEARD = ("{value}",) * 4 + ("(for|at|to|in|by|the) {value}",) * 2 + ("{value} please", "no {value}", _ANSWER)
"""The same for a language model: most answers are short."""
_SHARES = {"duration": 4, "time": 2}
"""How many times as likely as others the answers of a type are: they are what is asked for and corrected most."""
_CORRECTIONS = (
    "<no> [<meant>] <at> {value} [<tail>]",
    "<meant> <at> {value} [<tail>]",
    "[<meant>] <at> {value} instead [please]",
)
DISMISSAL = (
    "[(no|oh|well|actually|sorry|please)] (never mind|nevermind|forget [about] it|cancel [(it|that)]|stop [(it|that)]"
    "|leave it|drop it|nothing|that's all|that is all|that's it|no thanks|no thank you|not now)"
    " [(please|thanks|thank you)]"
)
_YES = (
    "yes", "yeah", "yep", "yup", "sure", "of course", "okay", "ok", "right", "that's right", "correct", "definitely",
    "absolutely", "i am", "i do", "[(yes|yeah)] (do (it|that|so)|please do|go ahead)", "yes i (am|do)", "i'm sure",
)  # fmt: skip
_NO = ("no", "nope", "nah", "no way", "[no] (don't|do not) [do (it|that)]", "[no] (rather|better) not", "not really",
       "no i (am not|don't|do not)", "i'm not")  # fmt: skip
_IDLE = frozenset(words_of("a an the one please for it is it's i i'd like want my that thanks"))

YES_OR_NO = list_type("yes or no", {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)})


def _templates(intent: str, sources: Sequence[str], kind: SlotType | None = None) -> list[Template]:
    parser = TemplateParser({"value": kind} if kind else {}, RULES)
    if kind is not None and (kind.is_list or isinstance(kind.node, Wild)):
        sources = [source.replace("{value}", "{value} [one]") for source in sources]
    return [Template(intent, source, parser.parse(source)) for source in sources]


_DISMISSALS = Matcher(Grammar(tuple(_templates("dismissal", [DISMISSAL]))))


def is_dismissal(text: str) -> bool:
    """Whether somebody wants no more of it: "never mind", "forget it", "cancel"."""
    return bool(_DISMISSALS.match(text))


class Expectation:
    """What answers a question.

    Args:
        expected: a type that slots have (``int``, ``Duration``, ``Literal[...]`` …), ``bool`` for yes or no, ``str``
            for any words, a slot type, or a list or mapping of spoken forms; one of a list may also be chosen by its
            place ("the second one") or by a word that it alone has.
        by: a slot type by whose values an entry of the list may be chosen, too, and which value chooses which entry:
            its duration chooses a timer. None refuses a value.

    Attributes:
        kind: the slot type whose values answer.
        is_open: any words do.

    Raises:
        ConfigError: nothing of that kind can be asked for.
    """

    def __init__(self, expected: Any, by: tuple[SlotType, Callable[[Any], Any]] | None = None) -> None:
        self._entries: dict[str, Any] = {}
        if isinstance(expected, SlotType):
            kind = expected
        elif expected is bool:
            kind = YES_OR_NO
        elif isinstance(expected, Mapping | Sequence):
            pairs = expected.items() if isinstance(expected, Mapping) else ((text, text) for text in expected)
            self._entries = dict(pairs)
            kind = _with_values(list_type("answer", _with_places(self._entries)), by)
        else:
            kind = slot_type_for(expected)
        self.kind = kind
        self.is_open = _is_open(kind.node)
        self._matcher = Matcher(Grammar(tuple(_templates("answer", ["{value}" if self.is_open else _ANSWER], kind))))

    def read(self, text: str) -> tuple[Any] | None:
        """The value that an answer gives, in a tuple of its own; None if it gives none."""
        found = self._matcher.match(text)
        return (found[0].slots["value"],) if found else self._by_a_word(text)

    def _by_a_word(self, text: str) -> tuple[Any] | None:
        said = {word for word in words_of(text) if word not in _IDLE}
        if not said:
            return None
        fits = [value for form, value in self._entries.items() if said <= set(words_of(form))]
        return (fits[0],) if len(fits) == 1 else None


def _with_places(entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries and, after them, their places."""
    values = list(entries.values())
    places = {f"[the] ({word}|number {number})": value for (word, number), value in zip(_PLACES, values, strict=False)}
    return {**places, **({"[the] last": values[-1]} if values else {}), **entries}


def _with_values(entries: SlotType, by: tuple[SlotType, Callable[[Any], Any]] | None) -> SlotType:
    if by is None or by[0].parse is None:
        return entries
    kind, choose, parse = by[0], by[1], by[0].parse

    def chosen(text: str) -> Any:
        value = parse(text)
        return choose(value) if value is not None else None

    return SlotType("answer", Alt((entries.node, kind.node)), chosen, is_list=True)


_PLACES = tuple(
    zip(ORDINALS, ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), strict=False)
)


def _is_open(node: Node) -> bool:
    return isinstance(node, Wild) and not node.hints


_OBJECTIONS = Matcher(Grammar(tuple(_templates("objection", ["(<no> [<meant>]|<meant>) {value}"], TEXT))))


def without_objection(text: str) -> str:
    """What follows "no", "i meant" or the like; empty if a sentence does not begin so."""
    found = _OBJECTIONS.match(text)
    return min((each.texts["value"] for each in found), key=len, default="")


# --- corrections -------------------------------------------------------------------------------


def correction(text: str, match: Match, templates: Sequence[Template]) -> Match | None:
    """The command again with what a sentence corrects: "no, ten minutes", "make that ten", "i said tea".

    A value goes to the slot that it fits: one that was filled before, else the only one that takes it. What cannot
    stand beside it in any sentence (a step beside a percentage) is given up; free text corrects only free text.

    Args:
        text: what was said.
        match: the command that is corrected.
        templates: all of its intent's.
    """
    slots = {id(slot.type): slot for template in templates for slot in slots_of(template.node)}
    found: dict[str, Match] = {}
    for slot in slots.values():
        if not _is_open(slot.type.node) or slot.name in match.slots:
            grammar = Grammar(tuple(_templates(slot.name, _CORRECTIONS, slot.type)))
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


def answers_grammar(grammar: Grammar) -> Grammar:
    """What may be said to a question, or to correct: a value of a slot, a place in a list, yes or no, "never mind".

    Durations, times, numbers, percentages and names may be said alone; the values of the skills' other slots, of
    which hundreds are single short words, only with what makes them a correction.

    Args:
        grammar: the loaded skills'.
    """
    always = (DURATION, TIME, INT, PERCENTAGE)
    kinds = {id(kind): kind for kind in always}
    for template in grammar.templates:
        kinds.update((id(slot.type), slot.type) for slot in slots_of(template.node))
    places = list_type("place", {f"[the] {word}": word for word in (*ORDINALS[:5], "last")})
    made = _templates("answer.dismissal", [DISMISSAL, *["(never mind|cancel|forget it)"] * 3])
    made += _templates("answer.yes_no", ["{value} [<tail>]"], YES_OR_NO) + _templates("answer.yes_no", ["(yes|no)"])
    made += _templates("answer.place", _HEARD, places)
    for kind in kinds.values():
        if kind in always:
            for number in range(_SHARES.get(kind.name, 1)):
                made += _templates(f"answer.{kind.name}.{number}", _HEARD, kind)
        elif isinstance(kind.node, Wild) and kind.node.hints:
            made += _templates("answer.name", _HEARD, kind)
        elif not _is_open(kind.node):
            made += _templates("answer.correction", _CORRECTIONS, kind)
    return Grammar(tuple(made))
