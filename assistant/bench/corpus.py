"""Spoken commands whose end of speech is known from the samples themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.commands.demo import Line, spoken

VOICES: tuple[tuple[str, str | None], ...] = (
    ("en-us", None),
    ("en-gb", None),
    ("en-us", "f3"),
    ("en-gb-scotland", None),
    ("en-us", "m3"),
)

COMMANDS = (
    "what time is it",
    "what's the date today",
    "set a timer for five minutes",
    "set a pasta timer for nine minutes",
    "how long is left on the pasta timer",
    "cancel the pasta timer",
    "what is twelve times seven",
    "what is fifteen percent of eighty",
    "flip a coin",
    "roll a die",
    "convert five miles to kilometers",
    "what time is it in tokyo",
    "set the volume to forty percent",
    "thank you",
    "what can you do",
)

_SILENT = 200  # int16 steps; espeak-ng's own silence is exact zeros, this is −44 dBFS


@dataclass(frozen=True, slots=True)
class Utterance:
    """A command's place in a recording; seconds."""

    text: str
    start: float
    end: float


def record(commands: Sequence[str], *, wake: str = "hey jarvis, ", gap: float = 5.0) -> tuple[Samples, list[Utterance]]:
    """Commands one after the other by several espeak-ng voices, over a faint noise floor.

    Args:
        commands: what is said.
        wake: said before each in the same breath; empty for none.
        gap: seconds of silence after each.

    Returns:
        16 kHz int16 samples, and where each utterance begins and ends.
    """
    parts: list[Samples] = [np.zeros(RATE, np.int16)]
    utterances = []
    at = RATE
    for text, (voice, variant) in zip(commands, cycle(VOICES), strict=False):
        samples = trimmed(spoken(Line(voice, variant, wake + text, 0.0)))
        utterances.append(Utterance(text, at / RATE, (at + len(samples)) / RATE))
        parts += [samples, np.zeros(int(gap * RATE), np.int16)]
        at += len(samples) + int(gap * RATE)
    clean = np.concatenate(parts).astype(np.float64)
    noise = np.random.default_rng(7).normal(0, 6, len(clean))
    return np.clip(clean + noise, -32768, 32767).astype(np.int16), utterances


def trimmed(samples: Samples) -> Samples:
    """Without silence at either end."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _SILENT)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def first_audible(output: Samples, utterances: Sequence[Utterance]) -> Iterator[float | None]:
    """For each utterance, seconds from its end to the first audible sample of the output; None for no answer.

    Args:
        output: 16 kHz, on the input's time line.
    """
    limits = [utterance.start for utterance in utterances[1:]] + [len(output) / RATE]
    for utterance, limit in zip(utterances, limits, strict=True):
        start = int(utterance.end * RATE)
        loud = np.flatnonzero(np.abs(output[start : int(limit * RATE)].astype(np.int32)) > _SILENT)
        yield loud[0] / RATE if len(loud) else None
