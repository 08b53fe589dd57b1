"""What every part of a session shares: its state, its events, its small sounds."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.mixer import Mixer
from assistant.events import Event, StateChanged
from assistant.session.announcer import Announcer
from assistant.session.state import State, Trigger, follow
from assistant.session.timeline import Timeline


class Stage:
    """The session's state and voice.

    Args:
        timeline: where events go.
        mixer: where earcons are played.
        announcer: is told when nobody speaks.
        earcons: name → int16 samples at 16 kHz; a missing one is off.
    """

    def __init__(self, timeline: Timeline, mixer: Mixer, announcer: Announcer, earcons: Mapping[str, Samples]) -> None:
        self.timeline = timeline
        self.state = State.IDLE
        self._mixer = mixer
        self._announcer = announcer
        self._earcons = earcons

    @property
    def now(self) -> int:
        """The stream index that has been heard up to."""
        return round(self.timeline.now * RATE)

    @property
    def turn(self) -> int:
        """The current turn's number."""
        return self.timeline.turn

    def next_turn(self) -> None:
        """What follows belongs to a new turn."""
        self.timeline.turn += 1

    def emit(self, event: Event) -> None:
        """Publish an event of the current turn; a negative time becomes the present."""
        self.timeline.for_turn(self.timeline.turn)(event)

    def move(self, trigger: Trigger) -> None:
        """Change the state as the table says."""
        old, self.state = self.state, follow(self.state, trigger)
        self.emit(StateChanged(at=-1, old=old.value, new=self.state.value))
        if self.state is State.IDLE:
            self._announcer.conversation_over()
        else:
            self._announcer.quiet.clear()

    def earcon(self, name: str) -> None:
        """Play a small sound, unless it is off."""
        samples = self._earcons.get(name)
        if samples is not None:
            voice = self._mixer.play("earcon")
            voice.write(AudioChunk(samples, RATE))
            voice.end()
