"""Sample-rate conversion with soxr (the SoX resampler library, R. Sykes)."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from assistant.audio.chunk import Samples, to_float


def pcm16(samples: NDArray[np.floating]) -> Samples:
    """Float samples in [-1, 1) as int16, rounded and clipped: int16 → float → int16 changes no bit."""
    whole: Samples = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
    return whole


def resample(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    """A whole recording at another rate.

    Args:
        samples: int16 mono, shape (n,).
        from_rate, to_rate: Hz.

    Returns:
        int16 mono, shape (about n · to_rate / from_rate,), aligned with the input (no delay).
    """
    if from_rate == to_rate or not len(samples):
        return samples
    return pcm16(soxr.resample(to_float(samples), from_rate, to_rate, "HQ"))


class StreamResampler:
    """Converts a stream block by block, in float32, so that digital silence stays exactly zero.

    Output sample k lies at the same time as in the input (soxr compensates its delay; within 0.1 ms with
    ``low_latency``); what differs is when it comes out. ``low_latency`` takes soxr's variable-rate engine, which
    holds back 12.5 ms at 48 → 16 kHz (flat to 7.5 kHz, aliases below −110 dB); the ``HQ`` engine holds back 37 ms.
    """

    def __init__(self, from_rate: int, to_rate: int, *, low_latency: bool = False) -> None:
        self.from_rate = from_rate
        self.to_rate = to_rate
        self._stream = (
            None
            if from_rate == to_rate
            else soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32", quality="HQ", vr=low_latency)
        )

    def process(self, samples: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """The output that is ready after ``samples``; ``last`` flushes what was held back.

        Args:
            samples: float32 mono in [-1, 1], shape (n,), n may be 0.
            last: no more input follows; the resampler cannot be used afterwards.

        Returns:
            float32 mono, shape (m,), m may be 0.
        """
        if self._stream is None:
            return samples
        ready: NDArray[np.float32] = self._stream.resample_chunk(np.ascontiguousarray(samples), last=last)
        return ready
