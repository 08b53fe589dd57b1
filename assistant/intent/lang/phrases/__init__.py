"""What people say around the values: politeness, answers, corrections, hesitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Phrases:
    """A language's phrases of conversation.

    Attributes:
        rules: expansion rules that every template may use: please, thanks, whats, tell.
        yes, no, dismissals: templates of answers: "yes", "no", "never mind".
        answer_rules: expansion rules of answers and corrections: no ("no", "wait"), meant ("i meant"), well ("um"),
            like ("i'd like"), at ("for the"), tail ("please").
        corrections: templates of corrections around ``{value}``, with the rules above.
        places: words for the first, the second … of a list; last: for its last.
        place: template of a place, with ``{word}``: "the first".
        number: template of a place by its number, with ``{word}``: "number one"; count: the numbers from one on.
        one: what may stand for a noun after a choice: "the first one"; empty where nothing does.
        idle: words of an answer that mean nothing.
        before, after: polite and filler phrases before and after a command.
        polite: those after a command that never belong to free text; the first is "please".
        hesitations: sounds between words.
    """

    rules: Mapping[str, str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    dismissals: tuple[str, ...]
    answer_rules: Mapping[str, str]
    corrections: tuple[str, ...]
    places: tuple[str, ...]
    last: tuple[str, ...]
    place: str
    number: str
    count: tuple[str, ...]
    one: str = ""
    idle: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    polite: tuple[str, ...]
    hesitations: tuple[str, ...]
