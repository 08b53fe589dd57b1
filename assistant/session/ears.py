"""The part that always listens: wake word and voice detection on one thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.vad.base import FRAME, VoiceDetector
from assistant.wake.base import Detection, WakeDetector

_HISTORY_S = 3.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice-detection frame: stream index one past its last sample, and its speech probability."""

    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What one chunk held.

    Attributes:
        chunk: the chunk without the echo of the assistant's own speech; the same stream indices.
        detection: a wake word that somebody else said.
        voices: voice-detection frames that this chunk completed.
    """

    chunk: AudioChunk
    detection: Detection | None
    voices: tuple[Voice, ...]


class Ears:
    """Runs both detectors over every chunk.

    Args:
        voice: the voice detector.
        wake: the wake-word detector; None listens without one.
    """

    def __init__(self, voice: VoiceDetector, wake: WakeDetector | None) -> None:
        self._voice = voice
        self._wake = wake
        self._pending: Samples = np.zeros(0, np.int16)
        self.recent: deque[Voice] = deque(maxlen=int(_HISTORY_S * RATE / FRAME))

    def hear(self, chunk: AudioChunk) -> Heard:
        """Take the next chunk of the stream (16 kHz int16, any length)."""
        detection = self._wake.process(chunk) if self._wake is not None else None
        self._pending = np.concatenate((self._pending, chunk.samples))
        start = chunk.end - len(self._pending)
        voices = []
        while len(self._pending) >= FRAME:
            start += FRAME
            voices.append(Voice(start, self._voice.probability(self._pending[:FRAME])))
            self._pending = self._pending[FRAME:]
        self.recent.extend(voices)
        return Heard(chunk, detection, tuple(voices))

    def since(self, index: int) -> tuple[Voice, ...]:
        """The recent frames that end after a stream index."""
        return tuple(voice for voice in self.recent if voice.end > index)
