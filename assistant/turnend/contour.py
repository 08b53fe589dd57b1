"""Loudness and pitch of an utterance as contours, ten milliseconds a step.

Pitch is YIN's (A. de Cheveigné, H. Kawahara: "YIN, a fundamental frequency estimator for speech and music",
J. Acoust. Soc. Am. 111(4), 2002, steps 1 to 5), with the difference function from autocorrelations by FFT.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, Samples

STEP_S = 0.01

Contour = NDArray[np.float64]

_STEP = int(STEP_S * RATE)
_WINDOW = 400  # samples of a loudness frame, 25 ms
_FLOOR_DB = -80.0

_DECIMATION = 4
_PITCH_RATE = RATE // _DECIMATION
_LAGS = _PITCH_RATE // 60  # the lowest voice, 60 Hz
_LEAST_LAG = _PITCH_RATE // 400  # the highest, 400 Hz
_CORRELATED = 120  # samples compared, 30 ms: two periods of all but the lowest voices
_FFT = 256  # at least _CORRELATED + _LAGS, so that the correlation does not wrap round
_APERIODIC = 0.25  # normalised difference from which a frame counts as unvoiced; YIN's own, stricter one is 0.1


@dataclass(frozen=True, slots=True)
class Voice:
    """Contours of an utterance, all of shape (frames,), one frame every :data:`STEP_S`.

    Attributes:
        level: RMS in decibels of full scale, not below −80.
        pitch: fundamental frequency in semitones above 55 Hz, NaN where unvoiced.
    """

    level: Contour
    pitch: Contour


def listen(audio: Samples) -> Voice:
    """Both contours of int16 samples, shape (n,), 16 kHz."""
    wave = audio.astype(np.float32) / 32768.0
    level = loudness(wave)
    return Voice(level, pitch(wave, level))


def loudness(wave: NDArray[np.float32]) -> Contour:
    """RMS level in dB of full scale of float samples at 16 kHz."""
    frames = max(0, (len(wave) - _WINDOW) // _STEP + 1)
    if not frames:
        return np.zeros(0)
    energy = np.concatenate(([0.0], np.cumsum(wave.astype(np.float64) ** 2)))
    starts = np.arange(frames) * _STEP
    power = (energy[starts + _WINDOW] - energy[starts]) / _WINDOW
    level: Contour = np.maximum(10 * np.log10(np.maximum(power, 1e-12)), _FLOOR_DB)
    return level


def pitch(wave: NDArray[np.float32], level: Contour) -> Contour:
    """Fundamental frequency in semitones above 55 Hz; NaN where unvoiced.

    Args:
        wave: float samples at 16 kHz.
        level: their loudness; only frames within 35 dB of the loudest are looked at.
    """
    found = np.full(len(level), np.nan)
    if not len(level):
        return found
    slow = _decimated(wave)
    span = _CORRELATED + _LAGS
    centre = (np.arange(len(level)) * _STEP + _WINDOW // 2) // _DECIMATION
    starts = centre - span // 2
    audible = level > max(float(level.max()) - 35.0, _FLOOR_DB + 10)
    usable = np.flatnonzero(audible & (starts >= 0) & (starts + span <= len(slow)))
    if not len(usable):
        return found
    frames = sliding_window_view(slow, span)[starts[usable]]
    lags, dips = _best_lags(_normalised_difference(frames))
    voiced = dips < _APERIODIC
    found[usable[voiced]] = 12 * np.log2(_PITCH_RATE / lags[voiced] / 55.0)
    return _without_jumps(found)


def _decimated(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every fourth sample, after a short low-pass against aliasing; pitch needs nothing above 1.5 kHz."""
    kernel = np.hanning(17)[1:-1].astype(np.float32)
    slow: NDArray[np.float32] = np.convolve(wave, kernel / kernel.sum(), mode="same")[::_DECIMATION]
    return slow


def _normalised_difference(frames: NDArray[np.float32]) -> Contour:
    """YIN's cumulative-mean-normalised difference, shape (frames, lags + 1)."""
    head = np.fft.rfft(frames[:, :_CORRELATED], _FFT)
    whole = np.fft.rfft(frames, _FFT)
    correlation = np.fft.irfft(whole * head.conj(), _FFT)[:, : _LAGS + 1]
    energy = np.pad(np.cumsum(np.square(frames, dtype=np.float64), axis=1), ((0, 0), (1, 0)))
    lagged = energy[:, _CORRELATED : _CORRELATED + _LAGS + 1] - energy[:, : _LAGS + 1]
    difference = np.maximum(lagged[:, :1] + lagged - 2 * correlation, 0.0)
    running = np.cumsum(difference[:, 1:], axis=1)
    normalised: Contour = np.ones_like(difference)
    normalised[:, 1:] = difference[:, 1:] * np.arange(1, _LAGS + 1) / np.maximum(running, 1e-12)
    return normalised


def _best_lags(normalised: Contour) -> tuple[Contour, Contour]:
    """The first dip below the threshold (or the deepest), refined by a parabola: lags in samples, depths."""
    inner = normalised[:, _LEAST_LAG:-1]
    dip = (inner <= normalised[:, _LEAST_LAG - 1 : -2]) & (inner <= normalised[:, _LEAST_LAG + 1 :])
    low = dip & (inner < 0.15)
    first = np.where(low.any(axis=1), low.argmax(axis=1), np.where(dip, inner, 2.0).argmin(axis=1)) + _LEAST_LAG
    rows = np.arange(len(normalised))
    left, at, right = (normalised[rows, first + shift] for shift in (-1, 0, 1))
    bend = left - 2 * at + right
    shift = np.where(bend > 1e-9, 0.5 * (left - right) / np.maximum(bend, 1e-9), 0.0)
    return first + np.clip(shift, -0.5, 0.5), at


def _without_jumps(found: Contour) -> Contour:
    """Drop frames more than an octave from the median: halved, doubled or invented periods."""
    if np.isnan(found).all():
        return found
    found[np.abs(found - np.nanmedian(found)) > 12.0] = np.nan
    return found
