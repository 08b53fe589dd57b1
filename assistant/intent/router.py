"""Who answers a sentence, and an honest word when nobody does."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from threading import Lock
from typing import Protocol

from assistant.intent.answers import answers_grammar
from assistant.intent.fillers import fillers
from assistant.intent.lang.conversation import said
from assistant.intent.manner import forbids
from assistant.intent.match import Match, Matcher
from assistant.intent.ngram import audible
from assistant.intent.numbers import ONES, TEENS, TENS
from assistant.intent.paraphrasing import Ambiguous, Learnt, Paraphrasing, learn
from assistant.intent.progress import Foresight, Progress
from assistant.intent.template import Grammar, words_of
from assistant.skill.binding import Handler

_COMMON = frozenset(
    words_of(
        "a an the this that some any my me i you your it its is are was be am do does did can could will would shall "
        "of to in on at for from by with and or not no what what's whats who how when where which there i'm it's "
        "please hey like much many tell give want need get let go make set"
    )
) | {*ONES, *TEENS, *TENS}
_NEAR = 0.2
"""Least similarity, 0 to 1, at which an example that shares an uncommon word is worth suggesting."""
_HELP = "what can you do"
LONGEST = 2_000
"""Characters of the longest sentence that is matched; matching is slower than linear."""


class Understood(Protocol):
    """What a router needs to know of the loaded skills (:class:`assistant.skill.loader.Skills`)."""

    grammar: Grammar

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Intent → handler."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A match, and the variant of the sentence that gave it."""

    text: str
    match: Match


class Router:
    """Routes sentences to skills; follows ``skills.grammar`` when it is replaced. Deterministic.

    The rule for who wins is :attr:`Match.rank`. A sentence is taken as it was said; polite and filler
    words are taken away only where nothing matches with them, or where free text would swallow them.

    Args:
        skills: the loaded skills.
        language: ISO 639-1 code of what is said.
    """

    def __init__(self, skills: Understood, language: str = "en") -> None:
        self._skills = skills
        self._language = language
        self._fillers = fillers(language)
        self._grammar = skills.grammar
        self._matcher = Matcher(skills.grammar)
        self._nearest = _Nearest(skills.grammar.examples)
        self._foresights: dict[tuple[bool, bool], Foresight] = {}
        self._paraphrasing: Paraphrasing | None = None
        self._learnt: Learnt | None = None
        self._building = Lock()
        self._learning = Lock()

    def route(self, text: str) -> Match | None:
        """The best match, or None; nobody says more than :data:`LONGEST` characters to a skill."""
        self._follow()
        if len(text) > LONGEST:
            return None
        fronts = [text, *self._fillers.less_fillers(text)]
        found = min(filter(None, map(self._best, fronts)), key=lambda match: match.match.wild, default=None)
        if found is None:
            backs = (plain for front in fronts for plain in self._fillers.less_thanks(front))
            found = next(filter(None, map(self._best, backs)), None)
        if found is not None and found.match.wild:
            shorter = self._best(self._fillers.less_last_please(found.text))
            if shorter and shorter.match.intent == found.match.intent and shorter.match.wild < found.match.wild:
                found = shorter
        return found.match if found and not self._swallows_a_prohibition(found) else None

    def _swallows_a_prohibition(self, found: _Found) -> bool:
        """Whether free text at the front took a "don't": "don't set a timer" names no timer."""
        first = words_of(found.text)[:1]
        texts = found.match.texts.values() if found.match.wild else ()
        return any(words_of(text)[:1] == first and forbids(text, self._language) for text in texts)

    def paraphrase(self, text: str) -> Match | Ambiguous | None:
        """What a sentence means that no template matches; a question where it could be several things.

        The first call after the skills have changed learns from them, which takes about a second.
        """
        self._follow()
        if len(text) > LONGEST:
            return None
        with self._learning:
            if self._paraphrasing is None:
                self._learnt = learn(self._grammar, self._language, self._learnt)
                self._paraphrasing = Paraphrasing(
                    self._grammar, self._skills.handlers, self._matcher, self._learnt, self._language
                )
            paraphrasing = self._paraphrasing
        for plain in self._fillers.less_fillers(text):
            text = plain
        for plain in self._fillers.less_thanks(text):
            text = plain
        return paraphrasing.find(text)

    def progress(self, text: str, *, answering: bool = False, closed: bool = False) -> Progress:
        """How far along a sentence is, hesitations and polite words at its front aside; cheap enough for partials.

        Args:
            text: the words so far.
            answering: they may also be an answer or a correction.
            closed: they come from a recogniser that can hear nothing but what the skills let it listen for.
        """
        self._follow()
        if len(text) > LONGEST:
            return Progress(complete=False, prefix=False)
        with self._building:
            foresight = self._foreseen(closed=closed)
            answers = self._foreseen(closed=closed, answering=True) if answering else None
        found = Progress(complete=False, prefix=False)
        for front in (text, *self._fillers.less_fillers(text)):
            found = foresight.progress(front)
            if found.complete or found.prefix:
                break
        if found.complete or answers is None:
            return found
        answer = answers.progress(text)
        return answer if answer.complete or not found.prefix else found

    def _foreseen(self, *, closed: bool, answering: bool = False) -> Foresight:
        """How sentences of a kind go on; made when it is first needed."""
        key = (closed, answering)
        if key not in self._foresights:
            grammar = audible(self._grammar) if closed else self._grammar
            whole = None if closed or answering else self._matcher
            grammar = answers_grammar(grammar, self._language) if answering else grammar
            self._foresights[key] = Foresight(grammar, whole, closed=closed)
        return self._foresights[key]

    def _best(self, text: str) -> _Found | None:
        found = self._matcher.match(text)
        return _Found(text, found[0]) if found else None

    def fallback(self, text: str) -> str:
        """What to say when nothing matches: that it cannot, and the nearest thing that it can."""
        self._follow()
        cannot = said("cannot", self._language)
        example = self._nearest.find(text[:LONGEST])
        if example is not None:
            return f"{cannot} {self._offer(example)}"
        if self._language == "en" and self.route(_HELP) is not None:
            return f"{cannot} {said('ask', self._language, example=_HELP)}"
        first = next(iter(self._grammar.examples), None)
        return f"{cannot} {self._offer(first)}" if first else said("nothing", self._language)

    def _offer(self, example: str) -> str:
        handler = self._skills.handlers.get(self._grammar.examples[example])
        doc = re.split(r"[.,;:(]", handler.doc)[0].strip() if handler and self._language == "en" else ""
        if not doc:
            return said("say", self._language, example=example)
        plain = doc if doc.split()[0].isupper() and len(doc.split()[0]) > 1 else doc[0].lower() + doc[1:]
        return f"I can, for example, {plain}: say '{example}'."

    def _follow(self) -> None:
        if self._skills.grammar is not self._grammar:
            self._grammar = self._skills.grammar
            self._matcher = Matcher(self._grammar)
            self._nearest = _Nearest(self._grammar.examples)
            self._foresights = {}
            self._paraphrasing = None


class _Nearest:
    """The example that shares the rarest words with a sentence, at least one that means something.

    Similarity is the share of inverse-document-frequency weight of both sentences' words that they have in
    common (Dice), where a misheard word counts by its letters (Ratcliff-Obershelp, from 0.75 up).
    """

    def __init__(self, examples: Mapping[str, str]) -> None:
        self._examples = [(example, frozenset(words_of(example))) for example in examples]
        self._counts = Counter(word for _, words in self._examples for word in words)

    def find(self, text: str) -> str | None:
        """The nearest example, or None when none is near."""
        words = frozenset(words_of(text))
        heard = {word: self._known(word) for word in words}
        best, found = _NEAR, None
        for example, own in self._examples:
            score = self._score(heard, own)
            if score > best:
                best, found = score, example
        return found

    def _weight(self, word: str) -> float:
        rarity = math.log((len(self._examples) + 1) / (self._counts[word] + 0.5))
        return rarity / 4 if word in _COMMON else rarity

    def _known(self, word: str) -> tuple[str, float]:
        """The word of some example that this one most likely is, and how sure that is."""
        if word in self._counts or len(word) < 4:
            return word, 1.0
        ratio = SequenceMatcher(b=word)
        best, known = 0.75, word
        for other in sorted(self._counts):
            ratio.set_seq1(other)
            if ratio.real_quick_ratio() > best and ratio.quick_ratio() > best and ratio.ratio() > best:
                best, known = ratio.ratio(), other
        return known, best if known != word else 1.0

    def _score(self, heard: Mapping[str, tuple[str, float]], own: frozenset[str]) -> float:
        shared = [(known, sure) for known, sure in heard.values() if known in own]
        if all(known in _COMMON for known, _ in shared):
            return 0.0
        common = sum(self._weight(known) * sure for known, sure in shared)
        total = sum(self._weight(known) for known, _ in heard.values()) + sum(map(self._weight, own))
        return 2 * common / total if total else 0.0
