"""The assistant as its skills see it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.errors import SkillError
from assistant.intent.template import SlotType
from assistant.runtime.clock import WallClock
from assistant.skill.around import Card, Playing, Sound, Store

_log = logging.getLogger(__name__)


class Surroundings(Protocol):
    """What differs between a spoken session and a text conversation."""

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked."""

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring until stopped."""

    async def ask(self, question: str, kind: SlotType) -> str | None:
        """Ask the user for a value of a type and wait for what is said to it; None if nothing comes in time."""

    async def say(self, text: str) -> None:
        """Say something within the current turn; return when it has been said."""

    def stop(self) -> bool:
        """Stop what rings, speaks or plays."""

    @property
    def ringing(self) -> str | None:
        """The text of what rings."""

    async def play(self, sound: Sound, title: str) -> Playing:
        """Begin to play a sound; raises ``SkillError`` when it cannot be played."""

    @property
    def playing(self) -> str | None:
        """The title of what is played."""

    def stop_playing(self) -> bool:
        """Stop what is played; True if something was."""

    def show(self, card: Card, skill: str) -> None:
        """Show something."""

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


class Others(Protocol):
    """The other skills, for one that calls them."""

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        """The reply of a skill's function."""

    async def answer(self, text: str, skill: str) -> str:
        """The reply to a sentence."""


class House:
    """Implements :class:`assistant.skill.api.House`; its methods may be called from a skill's thread.

    Attributes:
        others: who answers for the other skills, once there is somebody.
    """

    def __init__(self, setup: Setup, surroundings: Surroundings) -> None:
        self._setup = setup
        self._around = surroundings
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._volume = float(setup.store.get("volume", setup.volume))
        self.last_reply = ""
        self.others: Others | None = None
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

    async def say(self, text: str, skill: str) -> None:
        """Say something within the current turn; return when it has been said."""
        _log.debug("the skill %s says: %s", skill, text)
        self.last_reply = text
        await self._around.say(text)

    def stop(self) -> bool:
        """Stop what rings, speaks or plays; True if something did."""
        return self._around.stop()

    async def play(self, sound: Sound, title: str, skill: str) -> Playing:
        """Begin to play a sound."""
        _log.debug("the skill %s plays: %s", skill, title)
        return await self._around.play(sound, title)

    @property
    def playing(self) -> str | None:
        """The title of what is played."""
        return self._around.playing

    def stop_playing(self) -> bool:
        """Stop what is played; True if something was."""
        return self._around.stop_playing()

    def show(self, card: Card, skill: str) -> None:
        """Show something."""
        _log.debug("the skill %s shows: %s", skill, card.title)
        self._around.show(card, skill)

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        """The reply of another skill's function."""
        return await self._the_others().call(intent, slots, skill)

    async def answer(self, text: str, skill: str) -> str:
        """The reply to a sentence, as if the user had said it."""
        return await self._the_others().answer(text, skill)

    def _the_others(self) -> Others:
        if self.others is None:
            raise SkillError("There are no other skills here.")
        return self.others

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

    async def end(self, skill: str) -> None:
        """Cancel the background tasks of one skill and wait for them."""
        await self._cancel([task for task in self._tasks if task.get_name() == skill])

    async def close(self) -> None:
        """Cancel the background tasks and wait for them."""
        await self._cancel(list(self._tasks))

    async def _cancel(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
