"""Keeps the assistant from waking up at a wake word that it has said itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk
from assistant.wake.base import Detection, WakeDetector

OWN_THRESHOLD = 0.02
"""Threshold of the detector of what is played: what it hardly hears the room may make whole."""

_TOGETHER_S = 2.0
_SAID_S = 3.0  # a word lasts 0.6 s, its echo comes 0.4 s late and rings on, and a detector decides up to 0.6 s after it
_BEGINNING_S = 0.5  # no wake word can have been said and noticed so soon
_AUDIBLE = 8  # int16 steps
_AFTERWARDS_S = 0.8
_IN_A_ROW_S = 0.2
_EVIDENCE_S = 1.2
_SURE = 0.9
_CERTAIN = 0.99
_SOME = (0.3, 0.5)  # seconds, mean probability over them
_CHUNK_S = 0.02


class SelfGuard:
    """Knows which wake words the assistant says, and lets only those of others count.

    It knows from the text, with the time at which each word sounds, and from a second wake-word detector on what is
    played (an alarm, a radio, a name that is written unlike it sounds). Neither alone is enough: a voice says a word
    so that the detector does not know it, and what the canceller leaves of it is a word again. For 3 s after it has
    begun to say a wake word itself, that word does not count, whatever the evidence: in a room whose echo the
    canceller has not learnt, evidence of somebody else is worth nothing, and people who are not heard say it again.

    Any other time while something is played, and for 0.8 s after it, it takes two detections in a row, one with a score
    of 0.9, and somebody else speaking at that time: what is left of an echo can sound like a wake word, but faintly,
    and briefly. Until the canceller can tell who speaks, it takes two scores of 0.99.

    The microphone's detector must be without a cool-down, because a score rises over some 80 ms frames and a refused
    one must not hide the next; the cool-down is kept here.

    Args:
        detector: a detector of its own for what is played, for the same words, with :data:`OWN_THRESHOLD` and no
            cool-down; None knows from the text alone. It works only on what is given to :meth:`hear`, so it costs
            nothing while nothing is played.
        words: the detector's name of each word → how people write it.
        cooldowns: word → seconds after an allowed detection in which it does not count again.
    """

    def __init__(self, detector: WakeDetector | None, words: Mapping[str, str], cooldowns: Mapping[str, float]) -> None:
        self._detector = detector
        self._keys = {name: max(phrase.casefold().split(), key=len) for name, phrase in words.items()}
        self._cooldowns = {name: round(seconds * RATE) for name, seconds in cooldowns.items()}
        self._ready_at: dict[str, int] = {}
        self._began = 0
        self._end = self._sounded = -RATE * 60
        self._said: dict[str, int] = {}  # word → stream index until which it is the assistant's own
        self._near: deque[float] = deque(maxlen=round(_EVIDENCE_S / _CHUNK_S))
        self._knows = False
        self._last: dict[str, Detection] = {}

    def hear(self, played: AudioChunk, near_end: float, *, knows: bool = True, saying: str = "") -> None:
        """Take what was played, before :meth:`allows` is asked about the same time.

        Args:
            played: 20 ms at 16 kHz under the microphone's stream index; after a gap the detector begins anew.
            near_end: probability that somebody else spoke meanwhile.
            knows: whether the canceller can tell.
            saying: the words that sounded meanwhile.
        """
        if played.start != self._end:
            if self._detector is not None:
                self._detector.reset()
            self._near.clear()
            self._began = played.start
        self._end = played.end
        if len(played.samples) and np.abs(played.samples.astype(np.int32)).max() >= _AUDIBLE:
            self._sounded = played.end
        self._near.append(near_end)
        self._knows = knows
        self.note(saying, played.end)
        own = self._detector.process(played) if self._detector is not None else None
        if own is not None:
            self._own(own.word, own.end + round(_TOGETHER_S * RATE))

    def note(self, saying: str, at: int) -> None:
        """Remember the wake words among the words that sounded until a stream index; enough where there is no echo."""
        text = saying.casefold()
        for word, key in self._keys.items():
            if key in text:
                self._own(word, at + round(_SAID_S * RATE))

    def allows(self, detection: Detection) -> bool:
        """Whether a detection at the microphone is somebody else's, and a new one."""
        if detection.end < self._ready_at.get(detection.word, 0) or not self._is_foreign(detection):
            return False
        self._ready_at[detection.word] = detection.end + self._cooldowns.get(detection.word, 0)
        return True

    def _own(self, word: str, until: int) -> None:
        self._said[word] = max(until, self._said.get(word, until))

    def _is_foreign(self, detection: Detection) -> bool:
        if detection.end <= self._said.get(detection.word, 0):
            return False
        playing = detection.end <= self._sounded + _AFTERWARDS_S * RATE
        if not playing or detection.end - self._began <= _BEGINNING_S * RATE:
            return True
        scores = self._in_a_row(detection)
        if not self._knows:
            return min(scores) >= _CERTAIN
        return min(scores) > 0.0 and max(scores) >= _SURE and _lasted(np.array(self._near), *_SOME)

    def _in_a_row(self, detection: Detection) -> tuple[float, float]:
        """Its score, and that of the detection just before it or 0."""
        before = self._last.get(detection.word)
        self._last[detection.word] = detection
        recent = before is not None and detection.end - before.end <= _IN_A_ROW_S * RATE
        return detection.score, before.score if recent and before is not None else 0.0


def _lasted(probabilities: NDArray[np.float64], seconds: float, limit: float) -> bool:
    """Whether their mean over so many seconds on end was ever that high."""
    count = round(seconds / _CHUNK_S)
    if len(probabilities) < count:
        return False
    return bool(np.convolve(probabilities, np.full(count, 1 / count), "valid").max() >= limit)
