"""Skills that call each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from assistant.errors import EngineError, SkillError
from assistant.session.brain import Brain
from assistant.skill.api import Context
from assistant.skill.dialogue import Dialogue, speaking
from assistant.skill.invoke import call
from assistant.skill.loader import Skills

_DEEPEST = 8
_depth: ContextVar[int] = ContextVar("depth", default=0)


class OtherSkills:
    """Answers for the other skills when one of them asks; implements :class:`assistant.session.house.Others`.

    Args:
        brain: routes sentences.
        skills: what is loaded.
        contexts: skill name → the context its functions get.
        timeout: seconds after which a skill's answer is given up.
    """

    def __init__(self, brain: Brain, skills: Skills, contexts: Mapping[str, Context], timeout: float) -> None:
        self._brain = brain
        self._skills = skills
        self._contexts = contexts
        self._timeout = timeout

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        """The reply of a skill's function, ``timers.set_timer``.

        Raises:
            SkillError: there is none, it lacks a slot, or it says why it cannot.
        """
        handler = self._skills.handlers.get(intent)
        if handler is None:
            raise SkillError(f"The {skill} skill needs {intent}, which I can't find.")
        if missing := handler.required - set(slots):
            raise SkillError(f"The {skill} skill called {intent} without {min(missing)}.")
        ctx = replace(self._contexts[handler.skill], dialogue=Dialogue())
        language = speaking.get() or ctx.language
        if language != ctx.language and (spoken := self._skills.spoken(language).get(handler.skill)) is not None:
            ctx = replace(ctx, language=language, replies=spoken.replies)
        with _deeper(skill):
            try:
                return await call(handler, ctx, slots, self._timeout)
            except EngineError as error:
                raise SkillError(f"Sorry, something went wrong in the {handler.skill} skill.") from error

    async def answer(self, text: str, skill: str) -> str:
        """The reply to a sentence, as if the user had said it.

        Raises:
            SkillError: no skill understands it, or one says why it cannot.
        """
        with _deeper(skill):
            decision = self._brain.decide(text, language=speaking.get() or None)
            if decision.match is None:
                raise SkillError(f"I don't understand {text!r}.")
            return (await self._brain.act(decision)).text


@contextmanager
def _deeper(skill: str) -> Iterator[None]:
    """One call further down; skills that call each other in a circle are stopped."""
    if _depth.get() >= _DEEPEST:
        raise SkillError(f"The {skill} skill calls itself again and again.")
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)
