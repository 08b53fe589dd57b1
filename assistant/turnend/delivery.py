"""How the end of an utterance was spoken: the classical prosodic cues to a turn's end.

Falling pitch, a drop in loudness and a lengthened last syllable mark the end of a turn (S. Duncan: "Some signals
and rules for taking speaking turns in conversations", 1972; A. Gravano, J. Hirschberg: "Turn-taking cues in
task-oriented dialogue", Computer Speech & Language 25, 2011).
"""

from __future__ import annotations

import numpy as np

from assistant.audio.chunk import Samples
from assistant.turnend.contour import STEP_S, Contour, listen

NAMES = ("pitch", "level", "voiced")
"""Names of the features.

Measured and left out, as they did nothing or worse for a corpus held out: the slope and range of the last 300 ms'
pitch, its end against the speaker's median, the slope of loudness, the last voiced stretch against the others. Left
out, as they would tell an edited recording from a live one: the decay after the last frame and the time spoken so far.
"""

_TAIL = int(0.3 / STEP_S)
_LAST = int(0.2 / STEP_S)
_FEW = 8
_TYPICAL = {"pitch": 0.2, "level": -0.5, "voiced": 0.5}


def features(audio: Samples) -> dict[str, float]:
    """Named features of an utterance with a pause at its end (int16, shape (n,), 16 kHz).

    ``pitch``: the end's height in octaves above the speaker's lowest; ``level``: loudness of the last 200 ms against
    all speech before, in tens of dB; ``voiced``: share of voiced frames in the last 300 ms. What cannot be told (no
    voice, too short) is typical.
    """
    voice = listen(audio)
    end = speech_end(voice.level)
    if end == 0:
        return dict(_TYPICAL)
    speech = voice.level[:end] > speech_floor(voice.level)
    level = float(np.mean(voice.level[max(0, end - _LAST) : end]) - np.mean(voice.level[:end][speech])) / 10
    voiced = float(np.mean(~np.isnan(voice.pitch[max(0, end - _TAIL) : end])))
    return {"pitch": _height(voice.pitch[:end]), "level": level, "voiced": voiced}


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


def _height(pitch: Contour) -> float:
    """The last voiced frames against the speaker's tenth percentile, in octaves."""
    heard = pitch[~np.isnan(pitch)]
    tail = pitch[-_TAIL:]
    last = tail[~np.isnan(tail)][-_FEW:]
    if len(heard) < 2 * _FEW or len(last) < _FEW // 2:
        return _TYPICAL["pitch"]
    return float(np.median(last) - np.percentile(heard, 10)) / 12
