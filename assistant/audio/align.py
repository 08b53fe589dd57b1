"""Which of the samples that were played belongs to which sample that is heard."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.ring import Ring

_KEEP_S = 5.0
_INBOX_CHUNKS = 500
_AUDIBLE = 8  # int16 steps
_BUCKET_S = 2.0
_SLACK = RATE // 50
_JUMP = RATE // 5
_MARGIN = RATE // 100  # devices whose callbacks jitter have longer delays than this
_SEARCH_S = 0.9
_PEAK = 8.0  # how far a delay must stand out; the best of 14 400 chances of noise reaches 5


class Reference:
    """What was played, addressed by the microphone's stream index.

    Both streams count their own samples. The reference is pulled before it is heard, and a microphone's chunk can be
    worked on late but never early; so the smallest difference of the two newest indices within the last seconds is
    how they belong together, whatever the jitter and backlog. :meth:`put` may be called from any thread.

    Attributes:
        lag: extra samples by which the reference is read later, for a device with a long delay.
    """

    def __init__(self) -> None:
        self.lag = 0
        self._inbox: deque[AudioChunk] = deque(maxlen=_INBOX_CHUNKS)
        self._lock = threading.Lock()
        self._ring = Ring(_KEEP_S)
        self._offset: int | None = None
        self._seen: list[tuple[int, int]] = []  # smallest and largest difference of each two seconds
        self._bucket_end = 0
        self._sounded = -(10**9)

    def put(self, chunk: AudioChunk) -> None:
        """Take what is about to be heard, 16 kHz; quick."""
        with self._lock:
            self._inbox.append(chunk)

    def advance(self, end: int) -> bool:
        """The microphone has come to stream index ``end``; returns whether the two streams have shifted.

        Call it for every chunk of the microphone; it costs microseconds while nothing is played.
        """
        with self._lock:
            fresh = tuple(self._inbox)
            self._inbox.clear()
        for chunk in fresh:
            self._ring.append(chunk)
            if len(chunk.samples) and max(chunk.samples.max(), -int(chunk.samples.min())) >= _AUDIBLE:
                self._sounded = end
        return self._track(self._ring.end - end, end) if fresh else False

    def silent_for(self, end: int) -> float:
        """Seconds since something audible was last given to :meth:`put`, at microphone index ``end``."""
        return (end - self._sounded) / RATE

    def at(self, start: int, end: int) -> Samples:
        """What was played at the microphone's indices [start, end); silence where it is unknown."""
        shift = (self._offset or 0) - self.lag
        out = np.zeros(end - start, np.int16)
        known = self._ring.since(start + shift)
        first = known.start - start - shift
        piece = known.samples[: max(0, len(out) - first)]
        out[first : first + len(piece)] = piece
        return out

    def _track(self, difference: int, end: int) -> bool:
        """Follow the smallest difference of the last two to four seconds; small changes do not matter."""
        if not self._seen or end >= self._bucket_end:
            self._seen = [*self._seen[-1:], (difference, difference)]
            self._bucket_end = end + int(_BUCKET_S * RATE)
        least, most = self._seen[-1]
        self._seen[-1] = min(least, difference), max(most, difference)
        least, most = min(least for least, _ in self._seen), max(most for _, most in self._seen)
        wanted = least - (_MARGIN if most - least > _MARGIN else 0)
        old = self._offset
        allowed = _SLACK if self.silent_for(end) > _BUCKET_S else _JUMP
        if old is not None and old <= least and wanted <= old + allowed:
            return False
        self._offset = wanted
        return old is not None


def find_delay(played: Samples, heard: Samples) -> int | None:
    """Samples from what was played to its echo, by generalised cross-correlation with phase transform.

    Args:
        played, heard: int16, shape (n,), the same stretch of time, 2 s or more.

    Returns:
        −1600 to 12 800, or ``None`` where no delay stands out. Source: C. Knapp, G. Carter, *The generalized
        correlation method for estimation of time delay*, IEEE ASSP 24(4), 1976.
    """
    size = 1 << int(2 * len(heard) - 1).bit_length()
    cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    correlation = np.fft.irfft(cross / (np.abs(cross) + 1.0))
    before = RATE // 10
    window: NDArray[np.float64] = np.concatenate((correlation[-before:], correlation[: int(_SEARCH_S * RATE) - before]))
    best = int(np.argmax(window))
    spread = float(np.std(window))
    return best - before if spread > 0 and window[best] > _PEAK * spread else None
