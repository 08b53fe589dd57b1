"""One spoken command: synthesised, trimmed, and cut where a word begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.audio.resample import resample

_SILENT = 200  # int16 steps; espeak-ng's own silence is exact zeros, this is −44 dBFS
_SEEK_S = 0.02
_WINDOW_S = 0.005
_FADE = 64  # samples, 4 ms


@dataclass(frozen=True, slots=True)
class Take:
    """One utterance.

    Attributes:
        text: the words, without the wake phrase.
        intent: ``skill.function`` that should answer; empty if unknown.
        samples: 16 kHz int16, shape (n,): from the first audible sample to the last, without noise.
        words: where a word begins: (characters of ``text`` before it, sample). Negative characters are those of the
            wake phrase; words that the voice runs together ("of the") count as one.
        before: the words in front of a pause that was put in; None without.
        pause: its length in seconds.
        noise_rms: of the silence after it, in int16 steps.
    """

    text: str
    intent: str
    samples: Samples
    words: tuple[tuple[int, int], ...] = ()
    before: str | None = None
    pause: float = 0.0
    noise_rms: float = 6.0


def speak(text: str, intent: str, engine: Any, wake: str = "") -> Take:
    """One command in one breath.

    Args:
        engine: a voice that tells where its words begin (:class:`assistant.tts.base.Synthesizer`).
        wake: said before it.
    """
    chunks = list(engine.speak(wake + text))
    samples = resample(np.concatenate([chunk.samples for chunk in chunks]), engine.rate, RATE)
    first, last = audible(samples)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    words = tuple((mark.start - len(wake), max(0, mark.sample * RATE // engine.rate - first)) for mark in marks)
    return Take(text, intent, samples[first:last], words)


def with_pause(take: Take, sample: int, seconds: float) -> Take:
    """Silence before the word that begins at a sample; the noise floor is added to the whole later.

    The cut goes through the quietest 5 ms within 20 ms of the word's beginning, and both edges are faded.
    """
    cut = quietest(take.samples, sample)
    gap = round(seconds * RATE)
    left, right = take.samples[:cut].astype(np.float64), take.samples[cut:].astype(np.float64)
    fade = np.linspace(0.0, 1.0, min(_FADE, len(left), len(right)))
    left[len(left) - len(fade) :] *= fade[::-1]
    right[: len(fade)] *= fade
    samples = np.concatenate((left, np.zeros(gap), right)).astype(np.int16)
    words = tuple((characters, at + gap if at >= sample else at) for characters, at in take.words)
    return replace(take, samples=samples, words=words)


def quietest(samples: Samples, near: int) -> int:
    """The sample in the middle of the window with the least energy around a place."""
    window = round(_WINDOW_S * RATE)
    first = max(0, near - round(_SEEK_S * RATE))
    part = samples[first : near + round(_SEEK_S * RATE)].astype(np.float64) ** 2
    if len(part) <= window:
        return near
    energy = np.convolve(part, np.ones(window), "valid")
    return first + int(np.argmin(energy)) + window // 2


def audible(samples: Samples) -> tuple[int, int]:
    """The first audible sample, and one past the last; (0, 0) if there is none."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _SILENT)
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def trimmed(samples: Samples) -> Samples:
    """Without silence at either end."""
    first, last = audible(samples)
    return samples[first:last]
