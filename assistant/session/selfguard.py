"""Keeps the assistant from waking up at a wake word that it has said itself."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk
from assistant.wake.base import Detection, WakeDetector

_TOGETHER_S = 1.5
_BEGINNING_S = 0.5  # no wake word can have been said and noticed so soon
_EVIDENCE_S = 1.2  # a detector decides up to 0.6 s after the word, which lasts 0.5 s
_SURE = 0.9
_SOME = (0.3, 0.7)  # seconds, mean probability over them
_STRONG = (0.5, 0.95)
_CHUNK_S = 0.02


class SelfGuard:
    """Listens to what is played with a second wake-word detector, and compares.

    While something is played, a wake word counts only with a score of 0.9 and if somebody else was speaking at that
    time: what is left of an echo can sound like a wake word, but faintly, and briefly. One that the loudspeaker said
    itself within 1.5 s counts only if somebody else was clearly speaking all through it. The second detector works
    only on what is given to :meth:`hear`, so it costs nothing while nothing is played.

    Both detectors must be without a cool-down. The microphone's, because a score rises over some 80 ms frames and a
    refused one must not hide the next; the cool-down is kept here. The other because it tells what is being said now;
    give it a low threshold (0.02), for what it hardly hears the room may make whole.

    Args:
        detector: an engine of its own for what is played, for the same words.
        cooldown: seconds after an allowed detection in which the word does not count again.
    """

    def __init__(self, detector: WakeDetector, cooldown: float = 2.0) -> None:
        self._detector = detector
        self._cooldown = round(cooldown * RATE)
        self._ready_at: dict[str, int] = {}
        self._began = 0
        self._end = -RATE * 60
        self._said: deque[tuple[str, int]] = deque(maxlen=100)
        self._near: deque[float] = deque(maxlen=round(_EVIDENCE_S / _CHUNK_S))

    def hear(self, played: AudioChunk, near_end: float) -> None:
        """Take what was played, before :meth:`allows` is asked about the same time.

        Args:
            played: 20 ms at 16 kHz under the microphone's stream index; after a gap the detector begins anew.
            near_end: probability that somebody else spoke meanwhile.
        """
        if played.start != self._end:
            self._detector.reset()
            self._near.clear()
            self._began = played.start
        self._end = played.end
        self._near.append(near_end)
        own = self._detector.process(played)
        if own is not None:
            self._said.append((own.word, own.end))

    def allows(self, detection: Detection) -> bool:
        """Whether a detection at the microphone is somebody else's, and a new one."""
        if detection.end < self._ready_at.get(detection.word, 0) or not self._is_foreign(detection):
            return False
        self._ready_at[detection.word] = detection.end + self._cooldown
        return True

    def _is_foreign(self, detection: Detection) -> bool:
        playing = detection.end - self._end <= _TOGETHER_S * RATE
        if not playing or detection.end - self._began <= _BEGINNING_S * RATE:
            return True
        own = any(word == detection.word and abs(detection.end - end) <= _TOGETHER_S * RATE for word, end in self._said)
        return detection.score >= _SURE and _lasted(np.array(self._near), *(_STRONG if own else _SOME))


def _lasted(probabilities: NDArray[np.float64], seconds: float, limit: float) -> bool:
    """Whether their mean over so many seconds on end was ever that high."""
    count = round(seconds / _CHUNK_S)
    if len(probabilities) < count:
        return False
    return bool(np.convolve(probabilities, np.full(count, 1 / count), "valid").max() >= limit)
