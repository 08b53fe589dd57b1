"""The linear part of echo cancellation: a loudspeaker-to-microphone filter that learns while people talk over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BLOCK = 320
"""Samples in a block: 20 ms at 16 kHz."""

_FORGET = 0.9995  # per block; less follows drifting clocks better and spoils speech over the echo
_SMOOTH = 0.5
_FIRST_UNCERTAINTY = 1.0
_DECAY_BLOCKS = 10.0  # how fast the response of a room is expected to fall before anything is known
_TINY = 1e-3


class KalmanFilter:
    """A partitioned-block frequency-domain Kalman filter.

    Every frequency of every 20 ms of the response has its own step size, which is the larger the less is known about
    it and the less else is heard; so it neither needs a double-talk detector nor diverges when somebody speaks over
    the echo. Source: F. Kuech, E. Mabande, G. Enzner, *State-space architecture of the partitioned-block-based
    acoustic echo controller*, ICASSP 2014.

    Args:
        seconds: length of the response that is modelled; costs grow with it.
    """

    def __init__(self, seconds: float) -> None:
        self._parts = max(1, round(seconds * 16_000 / BLOCK))
        self._reference = np.zeros((self._parts, BLOCK + 1), np.complex64)
        self._last: Floats = np.zeros(BLOCK, np.float32)
        self.forget()

    def forget(self) -> None:
        """Begin anew: nothing is known about the response."""
        self._response = np.zeros_like(self._reference)
        fall = np.exp(-np.arange(self._parts, dtype=np.float32) / np.float32(_DECAY_BLOCKS))
        self._uncertainty = np.repeat(np.float32(_FIRST_UNCERTAINTY) * fall[:, None], BLOCK + 1, axis=1)
        self._other: Floats = np.zeros(BLOCK + 1, np.float32)

    def clear(self) -> None:
        """The reference is interrupted: forget what was played, keep the response."""
        self._reference[:] = 0
        self._last = np.zeros(BLOCK, np.float32)

    def process(self, played: Floats, heard: Floats) -> Floats:
        """What was heard without the echo of what was played.

        Args:
            played: float32 in [-1, 1), shape (320,), at the time of ``heard`` or earlier.
            heard: the microphone, likewise.

        Returns:
            float32, shape (320,), not delayed.
        """
        spectrum = np.fft.rfft(np.concatenate((self._last, played)))
        self._last = played
        self._reference[1:] = self._reference[:-1]
        self._reference[0] = spectrum
        echo: NDArray[np.float64] = np.fft.irfft(np.einsum("pf,pf->f", self._response, self._reference))[BLOCK:]
        left: Floats = (heard - echo).astype(np.float32)
        self._learn(left)
        return left

    def _learn(self, left: Floats) -> None:
        error = np.fft.rfft(np.concatenate((np.zeros(BLOCK, np.float32), left))).astype(np.complex64)
        power = self._reference.real**2 + self._reference.imag**2
        expected = np.float32(0.5) * np.einsum("pf,pf->f", self._uncertainty, power)
        self._other = (_SMOOTH * self._other + (1 - _SMOOTH) * np.abs(error) ** 2).astype(np.float32)
        step = self._uncertainty / (expected + self._other + np.float32(_TINY))
        change = np.fft.irfft(step * np.conj(self._reference) * error, axis=1)
        change[:, BLOCK:] = 0.0
        self._response += np.fft.rfft(change, axis=1)
        kept = np.float32(_FORGET**2)
        self._uncertainty *= kept * (1 - np.float32(0.5) * step * power)
        self._uncertainty += (1 - kept) * (self._response.real**2 + self._response.imag**2)
