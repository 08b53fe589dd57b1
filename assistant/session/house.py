"""The assistant as its skills see it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.intent.template import SlotType
from assistant.runtime.clock import WallClock
from assistant.skill.api import Store

_log = logging.getLogger(__name__)


class Surroundings(Protocol):
    """What differs between a spoken session and a text conversation."""

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked."""

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring until stopped."""

    async def ask(self, question: str, kind: SlotType) -> str | None:
        """Ask the user for a value of a type and wait for what is said to it; None if nothing comes in time."""

    def stop(self) -> bool:
        """Stop what rings or speaks."""

    @property
    def ringing(self) -> str | None:
        """The text of what rings."""

    def apply_volume(self, level: float) -> None:
        """Make the assistant this loud, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a house is made of.

    Attributes:
        clock: the time of day.
        store: the assistant's own memory (volume).
        examples: skill title → example sentences.
        volume: loudness to begin with when none is remembered.
    """

    clock: WallClock
    store: Store
    examples: Callable[[], Mapping[str, Sequence[str]]]
    volume: float


class House:
    """Implements :class:`assistant.skill.api.House`; its methods may be called from a skill's thread."""

    def __init__(self, setup: Setup, surroundings: Surroundings) -> None:
        self._setup = setup
        self._around = surroundings
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._volume = float(setup.store.get("volume", setup.volume))
        self.last_reply = ""
        surroundings.apply_volume(self._volume)

    def now(self) -> datetime:
        """The local time, aware."""
        return self._setup.clock.now()

    async def sleep(self, seconds: float) -> None:
        """Wait in loop time."""
        await asyncio.sleep(seconds)

    def spawn(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        """Run in the background; a crash is logged with the skill's name."""
        self._loop.call_soon_threadsafe(self._start, coroutine, skill)

    def _start(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        task = self._loop.create_task(coroutine, name=skill)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a background task of the skill %s failed: %r", task.get_name(), error)

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked."""
        await self._around.announce(text, skill)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring until stopped."""
        return await self._around.ring(text, skill, seconds)

    async def ask(self, question: str, skill: str, kind: SlotType) -> str | None:
        """Ask the user for a value of a type; what is said to it, or None if nothing comes in time."""
        _log.debug("the skill %s asks: %s", skill, question)
        self.last_reply = question
        return await self._around.ask(question, kind)

    def stop(self) -> bool:
        """Stop what rings or speaks; True if something did."""
        return self._around.stop()

    @property
    def ringing(self) -> str | None:
        """The text of what rings now."""
        return self._around.ringing

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return self._volume

    def set_volume(self, level: float) -> None:
        """Change it and remember it."""
        self._volume = min(1.0, max(0.0, level))
        self._setup.store.put("volume", self._volume)
        self._around.apply_volume(self._volume)

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Skill title → example sentences."""
        return self._setup.examples()

    async def close(self) -> None:
        """Cancel the background tasks and wait for them."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
