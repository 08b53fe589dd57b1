"""What keeps the ears from hearing the assistant itself: the canceller and the guard, on one stream."""

from __future__ import annotations

from collections.abc import Callable

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.echo import EchoCanceller
from assistant.session.selfguard import SelfGuard
from assistant.wake.base import Detection

_TAIL = RATE  # the last word's sound, the way to the microphone and the reverberation


class SelfHearing:
    """Cleans what is heard of what is said, and judges wake words.

    Args:
        canceller: gets what is played from the mixer.
        guard: knows what the assistant says; None where there is no wake word.
        saying: the words that have begun to sound since it was last asked, and the one that sounds now.
    """

    def __init__(self, canceller: EchoCanceller, guard: SelfGuard | None, saying: Callable[[], str]) -> None:
        self._canceller = canceller
        self._guard = guard
        self._saying = saying
        self._spoken_until = 0

    @property
    def near_end(self) -> float:
        """Probability that somebody else spoke in the last chunk; 1 while nothing is played."""
        return self._canceller.near_end

    def clean(self, chunk: AudioChunk) -> AudioChunk:
        """The chunk without the assistant's own sound.

        Args:
            chunk: 16 kHz int16, a multiple of 320 samples, as every ``Source`` gives.

        Raises:
            ValueError: another length.
        """
        saying = self._saying()
        if saying:
            self._spoken_until = chunk.end + _TAIL
        cleaned = self._canceller.process(chunk, speech=chunk.end <= self._spoken_until)
        if self._guard is None or not self._canceller.active:
            return cleaned
        if self._canceller.no_echo:
            self._guard.note(saying, chunk.end)  # which two seconds of sound may be wrong about
        else:
            played = self._canceller.played(chunk.start, chunk.end)
            self._guard.hear(played, self.near_end, knows=self._canceller.knows, saying=saying)
        return cleaned

    def allows(self, detection: Detection) -> bool:
        """Whether a wake word in what was cleaned last counts."""
        return self._guard is None or self._guard.allows(detection)
