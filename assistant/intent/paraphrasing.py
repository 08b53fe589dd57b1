"""What a sentence means that no template matches: an intent, its slots, or a question that settles it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.intent.answers import Expectation
from assistant.intent.choices import MOST, Entries, differently, which
from assistant.intent.encoder import find_encoder
from assistant.intent.features import IDLE
from assistant.intent.filling import Filler, Filling
from assistant.intent.manner import Manner, manner
from assistant.intent.match import Match, Matcher
from assistant.intent.paraphrase import Guess, Paraphrases
from assistant.intent.template import Grammar, Slot, Template, words_of
from assistant.intent.variants import sentences
from assistant.skill.binding import Handler

PARAPHRASE = ""
"""The template of a match that no template gave."""

_ACT, _TELL, _LEAST = 0.8, 0.6, 0.5
"""Least certainty for a command with side effects, for one without, and for asking whether it is meant."""
_STRANGE = 0.75
"""How much of its certainty a guess keeps for each word that is new and in no slot ("how much *gas* is left"); with one
it is never sure enough for side effects."""
_CLOSE = 0.7
"""A second guess with this share of the first one's certainty is as good."""


Settle = Callable[[Any], Match | None]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several things could be meant, or one lacks a value: a question to the user settles it.

    Attributes:
        question: to be said.
        intent: the likeliest, whose skill asks.
        expected: what answers it.
        settle: the answer's value → the command that is meant, None for nothing after all.
    """

    question: str
    intent: str
    expected: Expectation
    settle: Settle


@dataclass(frozen=True, slots=True)
class _Filled:
    """A guess with its slots."""

    intent: str
    certainty: float
    filling: Filling

    def match(self) -> Match:
        return Match(self.intent, self.filling.slots, self.filling.texts, PARAPHRASE, 0, 0)

    def given(self, slot: Slot) -> Callable[[Any], Match]:
        """The match once a slot's value is known."""
        return lambda value: replace(self.match(), slots={**self.filling.slots, slot.name: value})


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from skills; it outlives a change of what their lists hold.

    Attributes:
        skills: what tells one set of skills from another.
        classifier: trained on their sentences.
        manners: (intent, manner) of those sentences.
        words: every word of them.
    """

    skills: object
    classifier: Paraphrases
    manners: frozenset[tuple[str, Manner]]
    words: frozenset[str]


def learn(grammar: Grammar, language: str = "en", before: Learnt | None = None) -> Learnt:
    """Learn from a grammar's sentences, which takes about a second; at once if only lists have changed.

    Args:
        grammar: of the loaded skills.
        language: ISO 639-1 code of the sentences.
        before: what was learnt last.
    """
    skills = frozenset((each.intent, each.source) for each in grammar.templates), tuple(grammar.examples.items())
    if before is not None and before.skills == skills:
        return before
    known = sentences(grammar)
    manners = frozenset((intent, manner(text, language)) for text, intent in known)
    words = frozenset(word for text, _ in known for word in words_of(text))
    return Learnt(skills, Paraphrases(known, encoder=find_encoder()), manners, words)


class Paraphrasing:
    """The second layer of routing, for one grammar.

    Args:
        grammar: of the loaded skills.
        handlers: intent → handler, to know which have side effects.
        matcher: over the same grammar; its indexes are used again.
        learnt: from the same skills.
        language: ISO 639-1 code of the sentences.
    """

    def __init__(
        self,
        grammar: Grammar,
        handlers: Mapping[str, Handler],
        matcher: Matcher,
        learnt: Learnt,
        language: str = "en",
    ) -> None:
        self._handlers = handlers
        self._matcher = matcher
        self._language = language
        self._speaks_english = language.startswith("en")
        self._templates: dict[str, list[Template]] = {}
        for template in grammar.templates:
            self._templates.setdefault(template.intent, []).append(template)
        self._fillers: dict[str, Filler] = {}
        self._entries: dict[int, Entries] = {}
        self._learnt = learnt

    def find(self, text: str) -> Match | Ambiguous | None:
        """What is meant, or a question that settles it, or None: none of these, or not sure enough."""
        guesses = [guess for guess in self._learnt.classifier.guesses(text) if self._is_apt(guess, text)]
        if not guesses or guesses[0].certainty < _LEAST:
            return None
        found = [each for guess in guesses if (each := self._filled(guess, text)) is not None]
        if not found or found[0].intent != guesses[0].intent or found[0].certainty < _LEAST:
            return None
        best = found[0]
        if len(found) > 1 and found[1].certainty > _CLOSE * best.certainty:
            return self._which_intent(found)
        if best.filling.missing is not None:
            return self._missing(best, best.filling.missing, text)
        return self._sure(best, best.match())

    def _is_apt(self, guess: Guess, text: str) -> bool:
        """Whether a skill is asked, told or ordered in a manner that suits it; what only answers may be asked."""
        how = manner(text, self._language)
        if (guess.intent, how) in self._learnt.manners:
            return True
        return how is Manner.REQUEST or (how is Manner.QUESTION and self._handlers[guess.intent].spec.pure)

    def _filled(self, guess: Guess, text: str) -> _Filled | None:
        if guess.intent not in self._fillers:
            self._fillers[guess.intent] = Filler(self._templates.get(guess.intent, ()))
        filling = self._fillers[guess.intent].fill(text, self._matcher.spans(text))
        if filling is None:
            return None
        used = {word for value in filling.texts.values() for word in words_of(value)}
        rest = [word for word in words_of(text) if word not in used]
        if IDLE.issuperset(rest):
            return None  # a value alone is no command
        strange = [word for word in rest if word not in self._learnt.words and word not in IDLE]
        return _Filled(guess.intent, guess.certainty * _STRANGE ** len(strange), filling)

    def _which_intent(self, found: Sequence[_Filled]) -> Ambiguous | None:
        """Ask between what two skills do, where both can say it and neither lacks anything."""
        matches = {self._does(each.intent): each.match() for each in found[:2]}
        if not self._speaks_english or len(matches) < 2 or "" in matches:
            return None
        if any(each.filling.missing for each in found[:2]):
            return None
        question = f"Do you want me to {' or to '.join(matches)}?"
        return Ambiguous(question, found[0].intent, Expectation(matches), lambda match: match)

    def _sure(self, best: _Filled, match: Match) -> Match | Ambiguous | None:
        """The command, or, where that is not sure enough, whether it is meant."""
        does = self._does(best.intent)
        if best.certainty >= (_TELL if self._handlers[best.intent].spec.pure else _ACT):
            return match
        if not does or not self._speaks_english:
            return None
        return Ambiguous(
            f"Do you want me to {does}?", best.intent, Expectation(bool), lambda agreed: match if agreed else None
        )

    def _does(self, intent: str) -> str:
        """What an intent does, from its docstring: "start a countdown timer"."""
        doc = self._handlers[intent].doc
        for end in ".,;:(":
            doc = doc.split(end)[0]
        return doc[:1].lower() + doc[1:].strip()

    def _missing(self, best: _Filled, slot: Slot, text: str) -> Match | Ambiguous | None:
        """One value is missing: the only entry that the words could mean, or a question."""
        if best.certainty < _TELL:
            return None
        settle = best.given(slot)
        name = slot.name.replace("_", " ")
        if not slot.type.is_list:
            return self._asked(f"What {name}?", best, Expectation(slot.type, language=self._language), settle)
        if id(slot.type) not in self._entries:
            self._entries[id(slot.type)] = Entries(slot.type)
        meant = self._entries[id(slot.type)].meant(words_of(text))
        if not meant:
            return self._asked(f"Which {name}?", best, Expectation(slot.type, language=self._language), settle)
        if IDLE.union(*map(words_of, meant)).issuperset(words_of(text)):
            return None
        if not differently(meant):
            return self._sure(best, settle(next(iter(meant.values()))))
        expected = Expectation(meant, language=self._language)
        if len(meant) > MOST:
            return self._asked(f"Which {name}?", best, expected, settle)
        return Ambiguous(which(list(meant), self._language), best.intent, expected, settle)

    def _asked(self, question: str, best: _Filled, expected: Expectation, settle: Settle) -> Ambiguous | None:
        """A question of words that are English, as slots' names and docstrings are."""
        return Ambiguous(question, best.intent, expected, settle) if self._speaks_english else None
