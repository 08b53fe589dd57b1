"""What surrounds a skill: what it can reach of the assistant, and the plain values that go between them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.audio.chunk import AudioChunk
from assistant.intent.template import SlotType
from assistant.memory.facts import Fact
from assistant.skill.dialogue import Dialogue

Sound = Path | str | Iterable[AudioChunk] | AsyncIterable[AudioChunk]
"""What can be played: a sound file, or chunks as they come."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place on the earth.

    Attributes:
        latitude, longitude: degrees, north and east positive.
        name: what the user calls it, or empty.
    """

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Something to look at besides what is said.

    Attributes:
        title: one line.
        text: more lines, plain text.
        image: a PNG or JPEG file's bytes.
    """

    title: str
    text: str = ""
    image: bytes | None = None


class Store(Protocol):
    """A skill's own durable memory: JSON values by key, each write on disk before it returns."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""

    def put(self, key: str, value: Any) -> None:
        """Keep a JSON value."""

    def delete(self, key: str) -> None:
        """Forget a key; no error if it is not there."""

    def items(self, prefix: str = "") -> list[tuple[str, Any]]:
        """Every key that begins with the prefix, with its value, sorted by key."""


class FactMemory(Protocol):
    """What the user has asked to be remembered, for all skills; see :class:`assistant.memory.facts.Facts`.

    Every method raises ``StorageError`` when the file cannot be used.
    """

    def remember(self, text: str, who: str = "", at: datetime | None = None) -> Fact:
        """Keep a fact; one that is known already becomes the newest."""

    def all(self, who: str | None = None) -> list[Fact]:
        """Every fact, the newest first."""

    def find(self, query: str, most: int, who: str | None = None) -> list[Fact]:
        """The facts that a sentence is about, the best first."""

    def forget(self, ids: Iterable[int]) -> int:
        """Forget facts by their numbers; returns how many there were."""

    def clear(self, who: str | None = None) -> int:
        """Forget everything; returns how many facts that were."""


class House(Protocol):
    """What a skill can reach of the assistant around it."""

    def now(self) -> datetime:
        """The local time, with its time zone."""

    async def sleep(self, seconds: float) -> None:
        """Wait; in a fast run the time passes at once."""

    def spawn(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        """Run in the background until the assistant stops; a crash is logged, not fatal."""

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked, as soon as nobody is speaking."""

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring and say the text until somebody stops it; True if somebody did.

        Only one thing rings at a time: a call while something rings waits for its turn, and the seconds
        count from the moment it begins to ring.
        """

    async def ask(self, question: str, skill: str, kind: SlotType) -> str | None:
        """Ask the user for a value of a type; what the user says to it, or None if nothing comes in time."""

    def stop(self) -> bool:
        """Stop whatever rings or speaks; True if something did."""

    @property
    def ringing(self) -> str | None:
        """The text of what rings now."""

    @property
    def last_reply(self) -> str:
        """The last thing said to the user."""

    @property
    def volume(self) -> float:
        """The assistant's own loudness, 0 to 1."""

    def set_volume(self, level: float) -> None:
        """Change it, and remember it."""

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Skill title → example sentences, of every loaded skill."""

    async def say(self, text: str, skill: str) -> None:
        """Say something within the current turn; return when it has been said."""

    async def play(self, sound: Sound, title: str, skill: str) -> Playing:
        """Begin to play a sound, instead of what was played before; return when its first samples are there.

        Raises:
            SkillError: it cannot be played; the text says why.
        """

    @property
    def playing(self) -> str | None:
        """The title of what is played now; None when nothing is."""

    def stop_playing(self) -> bool:
        """Stop what is played; True if something was."""

    def show(self, card: Card, skill: str) -> None:
        """Show something."""

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        """The reply of another skill's function, ``timers.set_timer``.

        Raises:
            SkillError: there is none, or it says why it cannot.
        """

    async def answer(self, text: str, skill: str) -> str:
        """The reply to a sentence, as if the user had said it; empty for silence.

        Raises:
            SkillError: no skill understands it.
        """


class Playing(Protocol):
    """Something that is being played."""

    async def over(self) -> bool:
        """Wait until it ends: True when it was played to its end, False when it was stopped."""


class OtherSkills:
    """The other skills, as one of them sees them; the time that they take does not count as its own.

    Args:
        skill: which one.
        house: the assistant around it.
        dialogue: the call of it that is under way.
    """

    def __init__(self, skill: str, house: House, dialogue: Dialogue) -> None:
        self._skill = skill
        self._house = house
        self._dialogue = dialogue

    async def call(self, intent: str, **slots: Any) -> str:
        """The reply of another skill's function: ``await ctx.skills.call("timers.set_timer", duration=…)``.

        Raises:
            SkillError: there is none, or it says why it cannot.
        """
        with self._dialogue.waiting():
            return await self._house.call(intent, slots, self._skill)

    async def answer(self, text: str) -> str:
        """The reply to a sentence, as if the user had said it.

        Raises:
            SkillError: no skill understands it, or one says why it cannot.
        """
        with self._dialogue.waiting():
            return await self._house.answer(text, self._skill)
