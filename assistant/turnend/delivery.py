"""How the end of an utterance was spoken: the classical prosodic cues to a turn's end.

Falling pitch, a drop in loudness and a lengthened last syllable mark the end of a turn (S. Duncan: "Some signals
and rules for taking speaking turns in conversations", 1972; A. Gravano, J. Hirschberg: "Turn-taking cues in
task-oriented dialogue", Computer Speech & Language 25, 2011).
"""

from __future__ import annotations

import numpy as np

from assistant.audio.chunk import Samples
from assistant.turnend.contour import STEP_S, Contour, Voice, listen

NAMES = (
    "pitch_end", "pitch_low", "pitch_slope", "pitch_range", "level_end", "level_slope", "voiced", "last_voiced",
    "decay", "duration",
)  # fmt: skip
"""Names of the features, in the order of :func:`features`."""

_TAIL = int(0.3 / STEP_S)
_CONTEXT = int(0.2 / STEP_S)
_LEAST_VOICED = 4


def features(audio: Samples) -> dict[str, float]:
    """Named features of an utterance with a pause at its end (int16, shape (n,), 16 kHz).

    What cannot be told (no voice, too short) is 0, which is near every feature's middle. Units: semitones,
    semitones a second, tens of decibels, tens of decibels a second, shares, seconds.
    """
    voice = listen(audio)
    end = speech_end(voice.level)
    if end == 0:
        return dict.fromkeys(NAMES, 0.0)
    speech = voice.level[:end] > speech_floor(voice.level)
    return dict(zip(NAMES, (*_of_pitch(voice, end), *_of_level(voice, speech, end), *_of_time(voice, speech, end)), strict=True))


def speech_floor(level: Contour) -> float:
    """The level in dB that parts speech from background: a third of the way from the quiet to the loud frames."""
    quiet, loud = np.percentile(level, (5, 95))
    return float(max(quiet + (loud - quiet) / 3, loud - 30.0))


def speech_end(level: Contour) -> int:
    """One past the last frame of speech; 0 for none."""
    if not len(level):
        return 0
    above = np.flatnonzero(level > speech_floor(level))
    return int(above[-1]) + 1 if len(above) else 0


def _of_pitch(voice: Voice, end: int) -> tuple[float, float, float, float]:
    """End against median, end against the lowest, slope, and range of the last 300 ms."""
    whole = voice.pitch[:end]
    heard = whole[~np.isnan(whole)]
    tail = whole[-_TAIL:]
    at = np.flatnonzero(~np.isnan(tail))
    if len(heard) < 3 * _LEAST_VOICED or len(at) < _LEAST_VOICED:
        return 0.0, 0.0, 0.0, 0.0
    low, middle = np.percentile(heard, (10, 50))
    last = float(np.median(tail[at[-2 * _LEAST_VOICED :]]))
    slope = _slope(at * STEP_S, tail[at])
    return last - float(middle), last - float(low), slope, float(np.ptp(tail[at]))


def _of_level(voice: Voice, speech: np.ndarray, end: int) -> tuple[float, float]:
    """Loudness of the last 200 ms against the speech before, and its slope over the last 300 ms."""
    usual = float(np.mean(voice.level[:end][speech]))
    tail = voice.level[max(0, end - _TAIL) : end]
    last = float(np.mean(tail[-_CONTEXT:]))
    return (last - usual) / 10, _slope(np.arange(len(tail)) * STEP_S, tail) / 10


def _of_time(voice: Voice, speech: np.ndarray, end: int) -> tuple[float, float, float, float]:
    """Voiced share of the last 300 ms, length of the last voiced stretch against the others, decay, duration."""
    voiced = ~np.isnan(voice.pitch[:end])
    runs = _runs(voiced)
    usual = float(np.mean(runs[:-1])) if len(runs) > 1 else 0.0
    longer = float(np.log(runs[-1] / usual)) if usual else 0.0
    after = voice.level[end : end + 8]
    decay = (float(np.mean(voice.level[max(0, end - 5) : end])) - float(np.mean(after))) / 10 if len(after) else 0.0
    seconds = float(np.count_nonzero(speech)) * STEP_S
    return float(np.mean(voiced[-_TAIL:])), longer, decay, float(np.log(max(seconds, 0.1)))


def _slope(x: Contour, y: Contour) -> float:
    """Least-squares slope."""
    if len(x) < 2:
        return 0.0
    away = x - x.mean()
    return float(away @ (y - y.mean()) / (away @ away))


def _runs(voiced: np.ndarray) -> list[int]:
    """Lengths in frames of the voiced stretches of three frames or more."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], voiced.astype(np.int8), [0]))))
    lengths = edges[1::2] - edges[::2]
    return [int(length) for length in lengths if length >= 3]
