"""What a closed recogniser listens for while an answer or a correction may come.

A question narrows down what is said to it: a length of time, one of three timers, yes or no. The narrower the model,
the better a few words are told apart, and the usual values count most: minutes are asked for and given far more
often than weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.intent.answers import DISMISSAL, RULES, YES_OR_NO
from assistant.intent.template import Grammar, SlotType, Template, TemplateParser, Wild

_TENS = "(twenty|thirty|forty|fifty)"
_FEW = "(two|three|four|five|six|seven|eight|nine|ten)"
_HOUR = "(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_USUAL = {
    "duration": (
        *(f"({_FEW}|five|ten|fifteen|{_TENS}|twenty five|forty five|ninety) minutes",) * 6,
        f"({_TENS}|ten|fifteen|forty five|ninety) seconds",
        *("(half an hour|an hour|one hour|a minute|one minute|an hour and a half)",) * 3,
        f"{_FEW} hours",
    ),
    "time": (
        *(f"{_HOUR} [(a m|p m|o'clock|in the morning|in the evening)]",) * 3,
        *(f"(half past|quarter past|quarter to) {_HOUR}",) * 2,
        *(f"{_HOUR} (fifteen|thirty|forty five) [(a m|p m)]",) * 2,
        "(noon|midnight)",
    ),
    "date": (
        *("(today|tomorrow)",) * 3,
        "[(next|this)] (monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    ),
}
"""How the values of a type are mostly said; half of all answers."""

_BEFORE = {"duration": "for", "time": "(at|for)", "date": "(on|for)", "percentage": "to"}
_SHAPES = (
    *("{}",) * 6, *("<before> {}",) * 3, "{} please", "<before> {} please", "(no|yes|okay|um|i think|let's say) {}",
    "(make it|make that|i want|i'd like|it's) {}",
)  # fmt: skip
_CORRECTING = (
    *("no {}",) * 5, *("no <before> {}",) * 2, *("(no no|sorry|actually|wait|oh) {}",) * 2,
    *("[(no|sorry)] (i meant|i said|make it|make that|change it to|set it to) {}",) * 3, "{}", "{} instead",
)  # fmt: skip
_ANY = ("<no> [<meant>] <at> {} [<tail>]", "[(<no>|<well>)] [(<meant>|<like>)] <at> {} [<tail>]")
_DISMISSED, _AGREED = "dismissal", "yes_no"


@lru_cache(64)
def answers_to(kind: SlotType) -> Grammar:
    """What may be said to a question for a value of a type; the same object for the same type.

    A recogniser takes every intent of it for equally likely; those that are likelier have several.
    """
    made = _spoken(kind, _SHAPES, "answer", 6)
    if kind is YES_OR_NO:
        made += _intents("answer.short", "(yes|no)", 3)
    return Grammar(tuple(made + _dismissals()))


@lru_cache(64)
def corrections_of(kinds: frozenset[SlotType]) -> Grammar:
    """What may be said to a reply: another value for a slot of the last command, yes or no, "never mind"."""
    made = [template for kind in sorted(kinds, key=_order) for template in _spoken(kind, _CORRECTING, "correction", 3)]
    return Grammar((*made, *_intents(_AGREED, "(yes|no|no thanks|okay)", 1), *_dismissals()))


def _order(kind: SlotType) -> tuple[str, int]:
    return kind.name, id(kind)


def _dismissals() -> list[Template]:
    return _intents(_DISMISSED, "(never mind|cancel|forget it|stop)", 2) + _intents("dismissal.any", DISMISSAL, 1)


def _spoken(kind: SlotType, shapes: Sequence[str], intent: str, share: int) -> list[Template]:
    """The values of a type in their wrappings: half of them usual ones, where that is known."""
    value = "{value} [one]" if kind.is_list or isinstance(kind.node, Wild) else "{value}"
    rules = {**RULES, "before": _BEFORE.get(kind.name, "[(for|to|at|in|on)] [the]")}
    parser = TemplateParser({"value": kind}, rules)
    named = f"{intent}.{kind.name}.{id(kind)}"
    whole = [*(shape.replace("{}", value) for shape in shapes), *(way.replace("{}", value) for way in _ANY)]
    made = _several(parser, named, whole, share)
    usual = [shape.replace("{}", f"({'|'.join(_USUAL[kind.name])})") for shape in shapes if kind.name in _USUAL]
    return made + (_several(parser, f"{named}.usual", usual, share) if usual else [])


def _several(parser: TemplateParser, intent: str, sources: Iterable[str], times: int) -> list[Template]:
    parsed = [(source, parser.parse(source)) for source in sources]
    return [Template(f"{intent}.{turn}", source, node) for turn in range(times) for source, node in parsed]


def _intents(intent: str, source: str, times: int) -> list[Template]:
    return _several(TemplateParser({}, RULES), intent, [source], times)
