"""From what the user said to what is answered: routing and running a skill, corrections included."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any

from assistant.errors import EngineError, SkillError
from assistant.intent.answers import correction, is_dismissal, without_objection
from assistant.intent.lang.conversation import said
from assistant.intent.match import Match, Matcher
from assistant.intent.paraphrasing import Ambiguous
from assistant.intent.progress import Progress
from assistant.intent.router import LONGEST
from assistant.intent.template import SlotType, Template
from assistant.intent.typical import slots_of
from assistant.session.languages import Languages
from assistant.skill.api import Context
from assistant.skill.dialogue import Dialogue, Overtaken, Undo, speaking
from assistant.skill.invoke import call
from assistant.skill.loader import Handler, Skills

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a sentence is to the assistant."""

    COMMAND = "command"
    CORRECTION = "correction"
    """Of the command before: that is taken back, and done again as it was meant."""
    DISMISSAL = "dismissal"
    """Nothing more is wanted: "never mind"."""
    AMBIGUOUS = "ambiguous"
    """It could mean several things, or lacks something: the user is asked."""
    NOBODY = "nobody"
    """No skill can answer it; in a follow-up it was most likely not meant for the assistant."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who will answer a sentence, and in which language (ISO 639-1; empty for the main one).

    ``match`` and ``handler`` are None when no skill does or it is to be asked.
    """

    text: str
    match: Match | None
    handler: Handler | None
    kind: Kind = Kind.COMMAND
    ambiguity: Ambiguous | None = None
    language: str = ""

    @property
    def pure(self) -> bool:
        """Whether answering has no side effects, so that it may happen before the user has surely finished."""
        return self.kind not in (Kind.CORRECTION, Kind.AMBIGUOUS) and (self.handler is None or self.handler.spec.pure)


@dataclass(frozen=True, slots=True)
class _Done:
    """The last command that was executed, and how to take it back."""

    match: Match
    handler: Handler
    undos: Sequence[Undo]
    language: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        text: what to say; empty for silence.
        intent: ``skill.function``, or empty.
        slots: name → value.
        outcome: ``answered``, ``missed`` or ``failed``.
        failure: what went wrong, for the event log.
        language: ISO 639-1 code of the text; empty for the main language. Not compared.
    """

    text: str
    intent: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "answered"
    failure: EngineError | None = None
    language: str = field(default="", compare=False)


class Brain:
    """Answers sentences with the loaded skills.

    Args:
        skills: what is loaded.
        contexts: skill name → the context its functions get.
        timeout: seconds after which a skill's answer is given up.
        languages: ISO 639-1 codes of what else is spoken besides the skills' main language.

    Attributes:
        on_done: called when a command has been executed.
        closed: whether a closed recogniser hears; what it cannot listen for is then no beginning of anything.
        paraphrases: whether sentences that no template matches are understood by what they are like. Not for a
            closed recogniser: what it could not force into a command was none.
    """

    def __init__(
        self,
        skills: Skills,
        contexts: Mapping[str, Context],
        timeout: float = 10.0,
        languages: Sequence[str] = (),
    ) -> None:
        self._contexts = contexts
        self._timeout = timeout
        self._languages = Languages(skills, languages)
        self._done: _Done | None = None
        self._dormant: dict[str, tuple[tuple[Template, ...], Matcher]] = {}
        self.on_done: Callable[[], None] = lambda: None
        self.paraphrases = False
        self.closed = False

    def decide(
        self, text: str, *, follow_up: bool = False, addressed: bool = True, language: str | None = None
    ) -> Decision:
        """Find who answers; no side effects, some milliseconds.

        Args:
            text: what was said.
            follow_up: it was said right after a reply, so it may also correct what has just been done, or dismiss.
            addressed: it was certainly meant for the assistant; else only a template's sentence is a command.
            language: ISO 639-1 code of what was said, as it was detected; None for a sentence that may be in any of
                the languages.
        """
        match, spoken = self._languages.route(text, language)
        if follow_up and (match is None or match.wild) and (corrected := self.correct(text, language)) is not None:
            return corrected
        handler = self._languages.handler(match, spoken)
        dismissed = (code for code in self._languages.of(language) if is_dismissal(text, code))
        if follow_up and (code := next(dismissed, None)) is not None:
            return Decision(text, match, handler, Kind.DISMISSAL, language=spoken if match else code)
        if match is None and self.paraphrases and addressed:
            return self._paraphrased(text, language)
        return Decision(text, match, handler, Kind.COMMAND if match else Kind.NOBODY, language=spoken)

    def _paraphrased(self, text: str, language: str | None) -> Decision:
        found, spoken = self._languages.paraphrase(text, language)
        if isinstance(found, Ambiguous):
            return Decision(text, None, None, Kind.AMBIGUOUS, found, spoken)
        handler = self._languages.handler(found, spoken)
        return Decision(text, found, handler, Kind.COMMAND if found else Kind.NOBODY, language=spoken)

    def correct(self, text: str, language: str | None = None) -> Decision | None:
        """The last command as a sentence corrects it ("no, ten minutes"), or None; no side effects.

        A command with side effects can be corrected when its skill has said how to take it back
        (:meth:`assistant.skill.api.Context.undo`).
        """
        done = self._done
        if done is None or not (done.undos or done.handler.spec.pure):
            return None
        for spoken in sorted(self._languages.of(language), key=lambda code: code != done.language):
            grammar = self._languages.skills(spoken).grammar
            templates = [each for each in grammar.templates if each.intent == done.match.intent]
            match = correction(text, done.match, templates, spoken) or self._said_again(text, done.match, spoken)
            if match is not None:
                return Decision(text, match, done.handler, Kind.CORRECTION, language=spoken)
        return None

    def correctable(self) -> frozenset[SlotType]:
        """The types whose values could correct the last command; empty when it cannot be corrected."""
        done = self._done
        if done is None or not (done.undos or done.handler.spec.pure):
            return frozenset()
        templates = self._languages.skills(done.language).grammar.templates
        own = (each.node for each in templates if each.intent == done.match.intent)
        return frozenset(slot.type for node in own for slot in slots_of(node))

    def _said_again(self, text: str, before: Match, language: str) -> Match | None:
        """The whole command said anew: "no, set a timer for ten minutes"."""
        rest = without_objection(text, language)
        match = self._languages.router(language).route(rest) if rest else None
        return match if match is not None and match.intent == before.intent else None

    def progress(self, text: str, *, answering: bool = False) -> Progress:
        """How far along a sentence is; no side effects, some milliseconds, so that each partial can be looked at.

        Args:
            text: the words so far.
            answering: they may also be an answer or a correction.
        """
        return self._languages.progress(text, answering=answering, closed=self.closed)

    async def act(self, decision: Decision) -> Reply:
        """Run the skill; whatever it does wrong becomes a spoken sentence.

        The answer is to another sentence than the decision's when the skill asks something and is given a new
        command instead.
        """
        language = decision.language or self._languages.main
        token = speaking.set(language)
        try:
            reply = await self._do(decision)
        finally:
            speaking.reset(token)
        return reply if reply.language else replace(reply, language=language)

    async def _do(self, decision: Decision) -> Reply:
        match, handler = decision.match, decision.handler
        language = decision.language or self._languages.main
        if decision.ambiguity is not None:
            return await self._settle(decision, decision.ambiguity)
        if match is None or handler is None:
            if decision.kind is Kind.DISMISSAL:
                return Reply(said("ok", language))
            return Reply(self._missed(decision.text, language), outcome="missed")
        context = self._context(handler, decision)
        try:
            if decision.kind is Kind.CORRECTION:
                await self._take_back(handler)
            text = await call(handler, context, match.slots, self._timeout)
        except Overtaken as other:
            return await self.answer(other.text)
        except SkillError as error:
            return Reply(str(error), match.intent, match.slots)
        except EngineError as error:
            apology = said("skill_broken", language, skill=handler.skill)
            return Reply(apology, match.intent, match.slots, "failed", error)
        self.did(match, handler, context.dialogue.undos, language)
        return Reply(text or "", match.intent, match.slots)

    def _context(self, handler: Handler, decision: Decision) -> Context:
        """What the skill is given: its context, in the language of the conversation."""
        language = decision.language or self._languages.main
        dialogue = Dialogue(partial(self.is_command, language=language))
        context = replace(self._contexts[handler.skill], text=decision.text, dialogue=dialogue)
        spoken = self._languages.skills(language).get(handler.skill)
        if language != self._languages.main and spoken is not None:
            context = replace(context, language=language, replies=spoken.replies)
        return context

    async def _settle(self, decision: Decision, ambiguity: Ambiguous) -> Reply:
        """Ask what is meant, and do that."""
        text, language = decision.text, decision.language or self._languages.main
        handlers = self._languages.skills(language).handlers
        context = self._context(handlers[ambiguity.intent], decision)
        try:
            match = ambiguity.settle(await context.ask(ambiguity.question, ambiguity.expected))
        except Overtaken as other:
            return await self.answer(other.text)
        except SkillError as error:
            return Reply(str(error), ambiguity.intent)
        if match is None:
            return Reply(said("ok", language))
        return await self.act(Decision(text, match, self._languages.handler(match, language), language=language))

    def did(self, match: Match, handler: Handler, undos: Sequence[Undo], language: str) -> None:
        """Something was done otherwise than by :meth:`act`; it can be corrected likewise."""
        self._done = _Done(match, handler, undos, language)
        self.on_done()

    def unclaimed(self, decision: Decision) -> bool:
        """Whether no skill has to do with a sentence, not even one that is yet to be set up; some milliseconds."""
        if decision.kind is not Kind.NOBODY:
            return False
        return self._asleep(decision.text, decision.language or self._languages.main) is None

    def _asleep(self, text: str, language: str) -> Match | None:
        """What a sentence would be to the skills that are not set up."""
        dormant = self._languages.skills(language).dormant
        known = self._dormant.get(language)
        if known is None or known[0] != dormant.templates:
            known = self._dormant[language] = dormant.templates, Matcher(dormant)
        return next(iter(known[1].match(text[:LONGEST])), None)

    def _missed(self, text: str, language: str) -> str:
        """How to set up the skill that would understand a sentence, or that none can answer it."""
        asleep = self._asleep(text, language)
        if asleep is None:
            return self._languages.router(language).fallback(text)
        skill, command = self._languages.skills(language).set_up(asleep.intent)
        return said("not_set_up", language, skill=skill, command=command)

    async def _take_back(self, handler: Handler) -> None:
        done, self._done = self._done, None
        for undo in reversed(done.undos if done is not None else ()):
            try:
                waiting = undo()
                if inspect.isawaitable(waiting):
                    await waiting
            except SkillError:
                raise
            except Exception as error:  # a skill's code may raise anything
                _log.exception("%s could not be taken back", handler.intent)
                raise EngineError("skill", handler.skill, "crashed", f"could not be taken back: {error}") from error

    def is_command(self, text: str, language: str) -> bool:
        """Whether it is one in any language; an answer is most likely in the question's."""
        return any(self._languages.route(text, code)[0] for code in (language, None))

    async def answer(self, text: str, *, follow_up: bool = False, language: str | None = None) -> Reply:
        """Decide and act."""
        return await self.act(await asyncio.to_thread(self.decide, text, follow_up=follow_up, language=language))
