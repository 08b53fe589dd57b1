"""Joins without clicks: short fades where speech begins, ends, or breaks off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.tts.base import Mark, SpeechChunk

FADE_MS = 5


def faded(chunks: Iterable[SpeechChunk]) -> Iterator[SpeechChunk]:
    """The same audio, faded in over its first 5 ms and out over its last 5 ms, also where it breaks off by an error.

    The newest 5 ms are held back until more comes, so nothing has to be known ahead. All chunks have one rate.
    """
    held: SpeechChunk | None = None
    position = 0
    try:
        for chunk in chunks:
            joined = _joined(held, _faded_in(chunk, position))
            position += len(chunk.samples)
            ready, held = _cut(joined, max(0, len(joined.samples) - _fade(chunk)))
            if len(ready.samples) or ready.marks:
                yield ready
    except Exception:
        if held is not None:
            yield _faded_out(held)
        raise
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    if held is not None:
        yield _faded_out(held)


def _fade(chunk: SpeechChunk) -> int:
    return chunk.rate * FADE_MS // 1000


def _faded_in(chunk: SpeechChunk, position: int) -> SpeechChunk:
    """A chunk that begins ``position`` samples into the speech."""
    length = _fade(chunk)
    if position >= length:
        return chunk
    return _scaled(chunk, np.minimum((position + np.arange(len(chunk.samples))) / length, 1.0))


def _faded_out(chunk: SpeechChunk) -> SpeechChunk:
    return _scaled(chunk, np.arange(len(chunk.samples))[::-1] / max(len(chunk.samples), 1))


def _scaled(chunk: SpeechChunk, gains: NDArray[np.float64]) -> SpeechChunk:
    return replace(chunk, samples=np.rint(chunk.samples * gains).astype(np.int16))


def _joined(held: SpeechChunk | None, chunk: SpeechChunk) -> SpeechChunk:
    if held is None:
        return chunk
    marks = held.marks + chunk.marks
    return SpeechChunk(np.concatenate([held.samples, chunk.samples]), chunk.rate, held.start, marks)


def _cut(chunk: SpeechChunk, at: int) -> tuple[SpeechChunk, SpeechChunk]:
    """A chunk in two; a mark goes with the sample at which its word begins."""
    border = chunk.start + at
    before: tuple[Mark, ...] = tuple(mark for mark in chunk.marks if mark.sample < border)
    after = tuple(mark for mark in chunk.marks if mark.sample >= border)
    return (
        SpeechChunk(chunk.samples[:at], chunk.rate, chunk.start, before),
        SpeechChunk(chunk.samples[at:], chunk.rate, border, after),
    )
