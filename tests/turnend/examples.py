"""Pauses in real speech: those at which a turn is over, and those after which it goes on.

Every pause is found as the session finds it: the voice detector, a soft end after 150 ms without voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.turnend.base import WINDOW
from assistant.vad.base import FRAME, VoiceDetector
from assistant.vad.endpoint import Edge, Limits, Segmenter
from tests.turnend.clips import Clip

SOFT_END = 0.15
_PREROLL = int(0.3 * RATE)
_CUTS = 4
Kind = Literal["end", "pause", "cut"]


@dataclass(frozen=True, slots=True)
class Example:
    """A moment at which a turn-end model is asked.

    Attributes:
        kind: ``end``: the speaker is done; ``pause``: a natural pause; ``cut``: silence put in between two words.
        audio, text: what the model is given.
        pause: seconds until speech goes on, from the last voiced frame; infinite at an end, NaN where a reader's
            next piece is another file.
    """

    corpus: str
    clip: str
    kind: Kind
    audio: Samples
    text: str
    pause: float

    @property
    def over(self) -> bool:
        """Whether the turn is over."""
        return self.kind == "end"


def examples(clips: Iterable[Clip], voice: VoiceDetector, seed: int = 5) -> Iterator[Example]:
    """Every pause of every clip, and up to four cuts at word ends of each (none where no word is sure)."""
    rng = np.random.default_rng(seed)
    for clip in clips:
        floor = _background(clip.samples, rng)
        yield from _natural(clip, voice, floor)
        if clip.complete is not None:
            yield from _cut(clip, voice, floor, rng)


def _natural(clip: Clip, voice: VoiceDetector, floor: Samples) -> Iterator[Example]:
    whole = np.concatenate((floor[: RATE // 2], clip.samples, floor))
    shift = 0.5
    found = list(soft_ends(whole, voice))
    for since, until, at, back in found:
        audio = whole[max(0, since - _PREROLL, at - WINDOW) : at]
        text = clip.text(until / RATE - shift if back is not None else np.inf)
        if back is not None:
            yield Example(clip.corpus, clip.name, "pause", audio, text, (back - until) / RATE)
        elif clip.complete is not None:
            kind: Kind = "end" if clip.complete else "pause"
            yield Example(clip.corpus, clip.name, kind, audio, text, np.inf if clip.complete else np.nan)


def _cut(clip: Clip, voice: VoiceDetector, floor: Samples, rng: np.random.Generator) -> Iterator[Example]:
    """Silence after a word, as a speaker who searches for the next one leaves it; its length 0.3 to 1.5 s."""
    places = np.arange(len(clip.words) - 1)
    for place in sorted(rng.permutation(places)[:_CUTS]):
        word = clip.words[place]
        spoken = clip.samples[: int(word.end * RATE)].copy()
        fade = min(160, len(spoken))
        spoken[len(spoken) - fade :] = spoken[len(spoken) - fade :] * np.linspace(1, 0, fade)
        whole = np.concatenate((floor[: RATE // 2], spoken, floor))
        found = list(soft_ends(whole, voice))
        if found:
            since, _, at, _ = found[-1]
            audio = whole[max(0, since - _PREROLL, at - WINDOW) : at]
            yield Example(clip.corpus, clip.name, "cut", audio, clip.text(word.end), rng.uniform(0.3, 1.5))


def soft_ends(samples: Samples, voice: VoiceDetector) -> Iterator[tuple[int, int, int, int | None]]:
    """Where speech began, the last voiced sample, the soft end, and where speech goes on (None: it does not)."""
    voice.reset()
    segmenter = Segmenter(Limits(pause=SOFT_END, silence=5.0, no_speech=60.0, cap=60.0))
    waiting: tuple[int, int, int] | None = None
    for start in range(0, len(samples) // FRAME * FRAME, FRAME):
        end = start + FRAME
        edges = segmenter.push(voice.probability(samples[start:end]), end)
        if Edge.RESUMED in edges and waiting is not None:
            yield (*waiting, end - segmenter.limits.start_frames * FRAME)
            waiting = None
        if Edge.PAUSED in edges:
            waiting = segmenter.since, segmenter.until, end
    if waiting is not None:
        yield (*waiting, None)


def _background(samples: Samples, rng: np.random.Generator) -> Samples:
    """A second of noise as loud as the clip's quietest twentieth."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    quiet = np.percentile(np.sqrt(np.mean(frames**2, axis=1)), 5)
    return np.round(rng.normal(0, max(quiet, 1.0), RATE)).astype(np.int16)
