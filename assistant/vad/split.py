"""A long recording as utterances."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.audio.chunk import RATE, Samples
from assistant.vad.base import FRAME, VoiceDetector
from assistant.vad.endpoint import Edge, Limits, Segmenter

_MARGIN = int(0.35 * RATE)


def utterances(samples: Samples, voice: VoiceDetector, limits: Limits) -> Iterator[Samples]:
    """The stretches of a recording in which somebody speaks, with a margin on both sides.

    Args:
        samples: int16, shape (n,), 16 kHz.
        voice: the voice detector; its memory is reset.
        limits: when an utterance begins and ends; ``no_speech`` plays no part.
    """
    voice.reset()
    segmenter = Segmenter(limits)
    whole = len(samples) // FRAME * FRAME
    for start in range(0, whole, FRAME):
        end = start + FRAME
        edges = segmenter.push(voice.probability(samples[start:end]), end)
        if Edge.ENDED in edges or Edge.TOO_LONG in edges:
            yield _cut(samples, segmenter)
            segmenter.reset(end)
    if segmenter.started:
        yield _cut(samples, segmenter)


def _cut(samples: Samples, segmenter: Segmenter) -> Samples:
    return samples[max(0, segmenter.since - _MARGIN) : segmenter.until + _MARGIN]
