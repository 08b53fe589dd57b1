"""Where in an utterance somebody last spoke."""

from __future__ import annotations

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.vad.base import FRAME, VoiceDetector

_VOICED = 0.35
_LOOK_BACK = 2 * RATE


class SpeechEnd:
    """Follows one utterance.

    Args:
        voice: the voice detector; its memory is reset. Without one all audio counts as speech.

    Attributes:
        until: one past the last voiced sample, counted from the utterance's start.
        seconds: of voiced audio so far.
    """

    def __init__(self, voice: VoiceDetector | None) -> None:
        self.until = 0
        self.seconds = 0.0
        self._voice = voice
        self._pending: Samples = np.zeros(0, np.int16)
        self._judged = 0
        if voice is not None:
            voice.reset()

    def push(self, samples: Samples) -> None:
        """Take the next samples (int16, 16 kHz); of a long piece only the last 2 s are looked at."""
        if self._voice is None:
            self.until += len(samples)
            self.seconds += len(samples) / RATE
            return
        self._pending = np.concatenate((self._pending, samples))
        if len(self._pending) > _LOOK_BACK:
            self._skip(len(self._pending) - _LOOK_BACK)
        while len(self._pending) >= FRAME:
            frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
            self._judged += FRAME
            if self._voice.probability(frame) >= _VOICED:
                self.until = self._judged
                self.seconds += FRAME / RATE

    def _skip(self, count: int) -> None:
        """Take so many samples for speech: what is heard again was heard as speech before."""
        assert self._voice is not None
        self._voice.reset()
        self._pending = self._pending[count:]
        self._judged += count
        self.until = self._judged
        self.seconds += count / RATE
