"""Whisper's log-mel spectrogram of eight seconds, in numpy, as Smart Turn v3 was trained on it.

The numbers are those of ``transformers.WhisperFeatureExtractor(chunk_length=8)`` with ``do_normalize=True``
(A. Radford et al.: "Robust speech recognition via large-scale weak supervision", 2022, section 2.2; mel scale and
filter areas as in M. Slaney's Auditory Toolbox, 1998).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, Samples, to_float
from assistant.turnend.base import WINDOW

_FFT = 400
_HOP = 160
_MELS = 80
_LINEAR_HZ, _LINEAR_MELS = 1000.0, 15.0  # below, the scale is linear: 3 mels every 200 Hz
_LOG_STEP = np.log(6.4) / 27.0  # above, 27 mels for a factor of 6.4


def log_mel(audio: Samples) -> NDArray[np.float32]:
    """Features of the newest eight seconds, silence put before shorter audio.

    Args:
        audio: int16, shape (n,), 16 kHz.

    Returns:
        float32, shape (1, 80, 800).
    """
    wave = np.zeros(WINDOW, np.float32)
    newest = to_float(audio[-WINDOW:])
    wave[WINDOW - len(newest) :] = newest
    wave = (wave - wave.mean()) / np.sqrt(wave.var() + 1e-7)
    padded = np.pad(wave.astype(np.float64), _FFT // 2, mode="reflect")
    frames = sliding_window_view(padded, _FFT)[::_HOP][: WINDOW // _HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FFT + 1)[:-1])) ** 2
    levels = np.log10(np.maximum(power @ _filters(), 1e-10)).T
    scaled: NDArray[np.float32] = ((np.maximum(levels, levels.max() - 8.0) + 4.0) / 4.0).astype(np.float32)
    return scaled[None]


@cache
def _filters() -> NDArray[np.float64]:
    """Triangles of equal area on Slaney's mel scale, shape (201, 80)."""
    top = _LINEAR_MELS + np.log(RATE / 2 / _LINEAR_HZ) / _LOG_STEP
    corners = _hertz(np.linspace(0.0, top, _MELS + 2))
    bins = np.linspace(0.0, RATE / 2, _FFT // 2 + 1)[:, None]
    rising = (bins - corners[:-2]) / np.diff(corners)[:-1]
    falling = (corners[2:] - bins) / np.diff(corners)[1:]
    triangles: NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (corners[2:] - corners[:-2])
    return triangles


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mels * 200.0 / 3.0
    return np.where(mels < _LINEAR_MELS, linear, _LINEAR_HZ * np.exp(_LOG_STEP * (mels - _LINEAR_MELS)))
