"""The last seconds of a stream, addressed by stream index."""

from __future__ import annotations

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk, Samples


class Ring:
    """Keeps the newest ``seconds`` of a 16 kHz stream: pre-roll for the recogniser, reference for an echo canceller.

    Not thread-safe: one thread appends and reads.
    """

    def __init__(self, seconds: float) -> None:
        self.capacity = round(seconds * RATE)
        self._samples: Samples = np.zeros(self.capacity, np.int16)
        self._start = 0
        self._end = 0

    @property
    def oldest(self) -> int:
        """Stream index of the oldest sample that is still there."""
        return max(self._start, self._end - self.capacity)

    @property
    def end(self) -> int:
        """Stream index one past the newest sample."""
        return self._end

    def append(self, chunk: AudioChunk) -> None:
        """Add a chunk; a gap before it is filled with silence, samples already there are not written twice.

        Raises:
            ValueError: the chunk is not at 16 kHz.
        """
        if chunk.rate != RATE:
            raise ValueError(f"a ring holds {RATE} Hz, not {chunk.rate} Hz")
        if self._start == self._end and not self._end:
            self._start = self._end = chunk.start
        gap = chunk.start - self._end
        if gap > self.capacity:
            self._start = self._end = chunk.start
        elif gap > 0:
            self._write(np.zeros(gap, np.int16))
        self._write(chunk.samples[max(0, -gap) :])

    def since(self, index: int) -> AudioChunk:
        """Everything from ``index`` (or the oldest sample, whichever is later) to the end, copied."""
        start = min(max(index, self.oldest), self._end)
        places = np.arange(start, self._end) % self.capacity
        return AudioChunk(self._samples[places], RATE, start)

    def clear(self) -> None:
        """Forget the samples; the stream index goes on."""
        self._start = self._end

    def _write(self, samples: Samples) -> None:
        first = self._end
        self._end += len(samples)
        samples = samples[-self.capacity :]
        place = max(first, self._end - len(samples)) % self.capacity
        head = min(len(samples), self.capacity - place)
        self._samples[place : place + head] = samples[:head]
        self._samples[: len(samples) - head] = samples[head:]
