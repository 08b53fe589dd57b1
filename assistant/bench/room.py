"""A room around a session: the microphone hears people, and what the session's own loudspeaker plays."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.source import CHUNK, SamplesSource

NEAR_RMS = 1500.0
"""Active level of people in these rooms, int16 steps."""

_OWN_RMS = 2500.0  # active level of espeak-ng at the mixer's volume of 0.8
_NOISE_RMS = 6.0


class Room:
    """From a loudspeaker to a microphone, block by block (overlap-add), however long the blocks.

    Args:
        response: 16 kHz, shape (n,).
        gain: linear.
        delay: seconds from :meth:`play` to the loudspeaker; a sound that is played late is heard late.
    """

    def __init__(self, response: NDArray[np.float64], gain: float, delay: float) -> None:
        self._response = response * gain
        self._delay = round(delay * RATE)
        self._spectrum = np.zeros(0, np.complex128)
        self._size = 0
        self._pending: NDArray[np.float64] = np.zeros(0)
        self._now = 0  # stream index of the first of `_pending`
        self._lock = threading.Lock()

    def play(self, chunk: AudioChunk) -> None:
        """Take what the loudspeaker gets, 16 kHz int16, in order; from any thread."""
        count = len(chunk.samples)
        if not count:
            return
        sound = self._convolve(chunk.samples.astype(np.float64))
        with self._lock:
            begin = chunk.start + self._delay - self._now
            if begin < 0:
                self._delay -= begin
                begin = 0
            missing = begin + len(sound) - len(self._pending)
            if missing > 0:
                self._pending = np.concatenate((self._pending, np.zeros(missing)))
            self._pending[begin : begin + len(sound)] += sound

    def hear(self, count: int) -> NDArray[np.float64]:
        """The next ``count`` samples at the microphone."""
        with self._lock:
            heard = self._pending[:count]
            self._pending = self._pending[count:]
            self._now += count
        return np.concatenate((heard, np.zeros(count - len(heard))))

    def _convolve(self, sound: NDArray[np.float64]) -> NDArray[np.float64]:
        count = len(sound) + len(self._response) - 1
        size = 1 << (count - 1).bit_length()
        if size != self._size:
            self._size, self._spectrum = size, np.fft.rfft(self._response, size)
        whole: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(sound, size) * self._spectrum, size)
        return whole[:count]


class RoomSource(SamplesSource):
    """People, faint noise, and the echo of what a session's mixer really plays; for ``open_session``.

    Samples played while a chunk is being heard come one chunk later at the earliest, as with every device, so
    ``delay`` is at least 20 ms.

    Args:
        near: people, int16 at 16 kHz, shape (n,), at :data:`NEAR_RMS` for the ratio to mean what it says.
        mixer: the sink's.
        response: of the way from the loudspeaker to the microphone, 16 kHz, of energy 1.
        ratio_db: active level of the assistant's speech at the microphone against that of people.
        delay: seconds from the mixer to the loudspeaker.
        tail_seconds: as of ``SamplesSource``.
    """

    def __init__(
        self,
        near: Samples,
        mixer: Mixer,
        response: NDArray[np.float64],
        ratio_db: float = 0.0,
        delay: float = 0.05,
        tail_seconds: float | None = None,
    ) -> None:
        super().__init__(near, "a room", tail_seconds)
        self._room = Room(response, NEAR_RMS / _OWN_RMS * 10 ** (ratio_db / 20), max(delay, CHUNK / RATE))
        self._noise = np.random.default_rng(7)
        mixer.also_tell(self._room.play)

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Chunks of 320 samples, paced by the loop's clock."""
        async for chunk in super().chunks():
            noise = self._noise.normal(0, _NOISE_RMS, CHUNK)
            heard = chunk.samples + noise + self._room.hear(CHUNK)
            yield AudioChunk(np.clip(np.rint(heard), -32768, 32767).astype(np.int16), RATE, chunk.start)
