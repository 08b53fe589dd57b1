"""From what the user said to what is answered: routing and running a skill."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import EngineError, SkillError
from assistant.intent.match import Match
from assistant.intent.progress import Progress
from assistant.intent.router import Router
from assistant.skill.api import Context
from assistant.skill.invoke import call
from assistant.skill.loader import Handler, Skills


@dataclass(frozen=True, slots=True)
class Decision:
    """Who will answer a sentence; ``match`` is None when nobody can."""

    text: str
    match: Match | None
    handler: Handler | None

    @property
    def pure(self) -> bool:
        """Whether answering has no side effects, so that it may happen before the user has surely finished."""
        return self.handler is None or self.handler.spec.pure


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        text: what to say; empty for silence.
        intent: ``skill.function``, or empty.
        slots: name → value.
        outcome: ``answered``, ``missed`` or ``failed``.
        failure: what went wrong, for the event log.
    """

    text: str
    intent: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "answered"
    failure: EngineError | None = None


class Brain:
    """Answers sentences with the loaded skills.

    Args:
        skills: what is loaded.
        contexts: skill name → the context its functions get.
        timeout: seconds after which a skill's answer is given up.
    """

    def __init__(self, skills: Skills, contexts: Mapping[str, Context], timeout: float = 10.0) -> None:
        self._skills = skills
        self._contexts = contexts
        self._timeout = timeout
        self._router = Router(skills)

    def decide(self, text: str) -> Decision:
        """Find who answers; no side effects, some milliseconds."""
        match = self._router.route(text)
        return Decision(text, match, self._skills.handlers[match.intent] if match else None)

    def progress(self, text: str) -> Progress:
        """How far along a sentence is; no side effects, some milliseconds, so that each partial can be looked at."""
        return self._router.progress(text)

    async def act(self, decision: Decision) -> Reply:
        """Run the skill; whatever it does wrong becomes a spoken sentence."""
        match, handler = decision.match, decision.handler
        if match is None or handler is None:
            return Reply(self._router.fallback(decision.text), outcome="missed")
        context = replace(self._contexts[handler.skill], text=decision.text)
        try:
            text = await call(handler, context, match.slots, self._timeout)
        except SkillError as error:
            return Reply(str(error), match.intent, match.slots)
        except EngineError as error:
            apology = f"Sorry, something went wrong in the {handler.skill} skill."
            return Reply(apology, match.intent, match.slots, "failed", error)
        return Reply(text or "", match.intent, match.slots)

    async def answer(self, text: str) -> Reply:
        """Decide and act."""
        return await self.act(await asyncio.to_thread(self.decide, text))
