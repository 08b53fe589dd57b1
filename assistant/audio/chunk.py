"""The one audio type that crosses every boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Sample rate in Hz of everything the assistant hears."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A run of mono samples at a known place in a stream.

    Attributes:
        samples: int16, shape (n,).
        rate: Hz; 16_000 for everything heard, a voice's own rate for speech.
        start: index of the first sample since the stream began.
    """

    samples: Samples
    rate: int = RATE
    start: int = 0

    @property
    def end(self) -> int:
        """Index one past the last sample."""
        return self.start + len(self.samples)

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / self.rate


def to_int16(samples: NDArray[np.float32]) -> Samples:
    """Float samples in [-1, 1] as int16; values outside are clipped."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)


def to_float(samples: Samples) -> NDArray[np.float32]:
    """Int16 samples as float32 in [-1, 1)."""
    return samples.astype(np.float32) / 32768.0
