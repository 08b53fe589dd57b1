"""What surrounds the skills of a spoken session: how they speak, ask, ring, play and show; part of the composition."""

from __future__ import annotations

import asyncio
import base64

from assistant.audio.sink import Sink
from assistant.events import CardShown
from assistant.intent.template import SlotType
from assistant.session.announcer import Announcer
from assistant.session.floor import Floor
from assistant.session.player import Player
from assistant.session.timeline import Timeline
from assistant.session.turns import Turns
from assistant.skill.around import Card, Playing, Sound

_GLANCE_S = 0.02


class Spoken:
    """Implements :class:`assistant.session.house.Surroundings` with a loudspeaker.

    Args:
        announcer: speaks unasked, and rings.
        sink: where it is heard.
        timeline: where what is shown goes.

    Attributes:
        floor, turns: the conversation, once there is one.
    """

    def __init__(self, announcer: Announcer, sink: Sink, timeline: Timeline) -> None:
        self._announcer = announcer
        self._sink = sink
        self._timeline = timeline
        self._player = Player(sink.mixer)
        self._loop = asyncio.get_running_loop()
        self.floor: Floor | None = None
        self.turns: Turns | None = None

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked."""
        await self._announcer.announce(text, skill)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring until stopped."""
        return await self._announcer.ring(text, skill, seconds)

    async def ask(self, question: str, kind: SlotType) -> str | None:
        """Ask within the current turn; None where there is no conversation, or nothing comes in time."""
        return await self.floor.ask(question, kind) if self.floor is not None else None

    async def say(self, text: str) -> None:
        """A turn that is prepared while the user may still speak begins to speak when it is given the word."""
        while self.turns and not self.turns.current and self.floor and self.floor.busy:  # noqa: ASYNC110
            await asyncio.sleep(_GLANCE_S)
        if self.turns is None or self.turns.current is None:
            await self._announcer.announce(text, "session")
        else:
            await self.turns.current.say(text)

    def stop(self) -> bool:
        """From any thread: what rings or speaks, else what is played."""
        if self._announcer.active or (self.floor is not None and self.floor.took_over):
            self._loop.call_soon_threadsafe(self._announcer.stop)
            return True
        return self.stop_playing()

    async def play(self, sound: Sound, title: str) -> Playing:
        """Begin to play a sound."""
        return await self._player.play(sound, title)

    @property
    def playing(self) -> str | None:
        """The title of what is played."""
        return self._player.title

    def stop_playing(self) -> bool:
        """From any thread."""
        active = self._player.title is not None
        self._loop.call_soon_threadsafe(self._player.stop)
        return active

    def show(self, card: Card, skill: str) -> None:
        """Show something, as an event; from any thread."""
        image = base64.b64encode(card.image).decode("ascii") if card.image is not None else ""
        shown = CardShown(at=-1, skill=skill, title=card.title, text=card.text, image=image)
        self._loop.call_soon_threadsafe(self._timeline.for_turn(self._timeline.turn), shown)

    @property
    def ringing(self) -> str | None:
        """The text of what rings."""
        return self._announcer.ringing

    def apply_volume(self, level: float) -> None:
        """Make the assistant this loud, 0 to 1."""
        self._sink.mixer.volume = level
