"""How sure one may be that a sentence of the grammar was really said.

A closed recogniser fits its sentences to anything. What gives a false fit away: another
path through the lattice scores much better, or the words lie where there is no more sound than
elsewhere, are drawn out or torn apart as nobody speaks, or leave most of the sound unexplained. Each
of these is a soft vote from 0 to 1, and the confidence is their product.

Midpoints were set on espeak-ng commands, real coffee orders, read speech and noise;
see ``tests/contract/test_pocketsphinx_rejection.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.asr.lattice import Span
from assistant.audio.chunk import Samples

_FRAME = 160
_LOUD = 6.0  # dB over the floor
_LONGEST_LETTER = 9  # frames
_SHORTEST = 3  # letters: a lone "no" lasts longer than its letters would
_WORST_FIT, _FIT_FOR_ONE = -9.5, 2.5  # natural log acoustic score per frame; one word must fit better than many


def levels(samples: Samples) -> NDArray[np.float64]:
    """Level of every 10 ms in dB, of int16 samples at 16 kHz."""
    frames = samples[: len(samples) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME)
    decibels: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1.0)
    return decibels


def confidence(spans: Sequence[Span], words: int, lost: float, level: NDArray[np.float64]) -> float:
    """Probability-like, 0 to 1.

    Args:
        spans: a wake phrase, if there was one, and words, with their frames.
        words: how many of the spans, at the end, are words of the command.
        lost: how much worse (natural log per frame) the sentence scored than the best path of all.
        level: dB of each frame of the utterance, shape (frames,).
    """
    command = spans[len(spans) - words :]
    if not command or not len(level):
        return 0.0
    inside = _frames_of(spans, len(level))
    heard = level[_frames_of(command, len(level))]
    if not len(heard):
        return 0.0
    floor = float(np.percentile(level, 10))
    power = 10 ** (level / 10)
    letters = max(sum(len(span.word) for span in command), _SHORTEST)
    lasting = sum(span.end - span.start for span in command)
    votes = (
        _below(lost, 0.35, 0.06),
        _above(lasting / (command[-1].end - command[0].start), 0.6, 0.04),
        _below(lasting / letters, 16.5, 1.0),
        _below(max(span.end - span.start - _LONGEST_LETTER * len(span.word) for span in command), 35.0, 4.0),
        _above(sum(span.acoustic for span in command) / lasting, _WORST_FIT + _FIT_FOR_ONE / words, 0.15),
        _above(float(np.mean(heard)) - floor, 9.0, 1.0),
        _above(float(np.mean(heard > floor + _LOUD)), 0.5, 0.04),
        _above(float(power[inside].sum() / power.sum()), 0.3, 0.05),
    )
    return math.prod(votes)


def _frames_of(spans: Sequence[Span], frames: int) -> NDArray[np.bool_]:
    inside = np.zeros(frames, np.bool_)
    for span in spans:
        inside[span.start : span.end] = True
    return inside


def _above(value: float, middle: float, width: float) -> float:
    return 1.0 / (1.0 + math.exp(min(max((middle - value) / width, -60.0), 60.0)))


def _below(value: float, middle: float, width: float) -> float:
    return _above(-value, -middle, width)
