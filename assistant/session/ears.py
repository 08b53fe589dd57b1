"""The part that always listens: wake word and voice detection on one thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.audio.chunk import AudioChunk, Samples
from assistant.session.selfhearing import SelfHearing
from assistant.vad.base import FRAME, VoiceDetector
from assistant.wake.base import Detection, WakeDetector


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice-detection frame.

    Attributes:
        end: stream index one past its last sample.
        probability: of speech, by anybody.
        near_end: probability that somebody other than the loudspeaker speaks; 1 while nothing is played.
    """

    end: int
    probability: float
    near_end: float = 1.0


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
        own: what takes the assistant's own sound out; None hears it like any other. It keeps the wake words'
            cool-down, so the detector must have none.
    """

    def __init__(self, voice: VoiceDetector, wake: WakeDetector | None, own: SelfHearing | None = None) -> None:
        self._voice = voice
        self._wake = wake
        self._own = own
        self._near_end = 1.0
        self._pending: Samples = np.zeros(0, np.int16)

    def hear(self, chunk: AudioChunk) -> Heard:
        """Take the next chunk of the stream: 16 kHz int16; a multiple of 320 samples if there is an ``own``."""
        if self._own is not None:
            chunk = self._own.clean(chunk)
            self._near_end = max(self._near_end, self._own.near_end)
        detection = self._wake.process(chunk) if self._wake is not None else None
        if detection is not None and self._own is not None and not self._own.allows(detection):
            detection = None
        self._pending = np.concatenate((self._pending, chunk.samples))
        start = chunk.end - len(self._pending)
        voices = []
        while len(self._pending) >= FRAME:
            start += FRAME
            voices.append(Voice(start, self._voice.probability(self._pending[:FRAME]), self._near_end))
            self._pending = self._pending[FRAME:]
            self._near_end = self._own.near_end if self._own is not None else 1.0
        return Heard(chunk, detection, tuple(voices))
