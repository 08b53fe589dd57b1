"""Where sound comes from: a file, samples, or (in ``microphone``) a device; one interface, one clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.device import device_number, looks_like_file
from assistant.audio.microphone import CHUNK, DeviceSource, OnEvent

__all__ = ["CHUNK", "DeviceSource", "FileSource", "OnEvent", "SamplesSource", "Source", "open_source"]

_PREFETCH_SECONDS = 120


class Source(Protocol):
    """Endless 16 kHz mono sound in chunks of 20 ms.

    Attributes:
        rate: always 16_000.
        name: for people: a path or a device's name.
        live: whether the chunks come from a device.
        exhausted: whether the last sample of a file has been delivered; never true of a device.
    """

    rate: int
    name: str
    live: bool
    exhausted: bool

    def chunks(self) -> AsyncIterator[AudioChunk]:
        """Chunks of exactly 320 int16 samples; ``start`` counts samples. Call it once."""

    async def close(self) -> None:
        """Stop; ``chunks`` ends. A second call does nothing."""


class SamplesSource:
    """Plays samples as if they were heard, then silence until closed.

    Chunk n is delivered at ``t0 + (n + 1) · 20 ms`` of the loop's clock, as a microphone would: in real time on a
    real loop, as fast as the CPU goes on a loop with virtual time. A slow consumer loses nothing.

    Args:
        samples: int16 mono at 16 kHz, shape (n,).
        tail_seconds: silence after the end before the stream ends by itself; ``None`` is endless.

    Attributes:
        duration: seconds of sound.
        exhausted: whether the last sample has been delivered.
    """

    rate = RATE
    live = False

    def __init__(self, samples: Samples, name: str = "samples", tail_seconds: float | None = None) -> None:
        self.name = name
        self.duration = len(samples) / RATE
        self.exhausted = False
        self._blocks: Iterator[Samples] = iter((samples,))
        self._tail = tail_seconds
        self._closed = False

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Chunks of 320 samples, paced by the loop's clock.

        Raises:
            InputError: a long file turns out to be damaged further on.
        """
        loop = asyncio.get_running_loop()
        began, start, silence = loop.time(), 0, 0
        pieces = self._cut()
        while not self._closed:
            piece = next(pieces, None)
            if piece is None:
                self.exhausted = True
                if self._tail is not None and silence >= self._tail * RATE:
                    return
                piece = np.zeros(CHUNK, np.int16)
                silence += CHUNK
            await asyncio.sleep(max(0.0, began + (start + CHUNK) / RATE - loop.time()))
            if self._closed:
                return
            if not self.exhausted and (start + CHUNK) / RATE >= self._known_end():
                self.exhausted = True
            yield AudioChunk(piece, RATE, start)
            start += CHUNK

    async def close(self) -> None:
        """Stop within one chunk."""
        self._closed = True

    def _known_end(self) -> float:
        return self.duration

    def _cut(self) -> Iterator[Samples]:
        """The blocks as pieces of 320 samples, the last one filled with silence."""
        rest: Samples = np.zeros(0, np.int16)
        for block in self._blocks:
            data = np.concatenate((rest, block)) if len(rest) else block
            whole = len(data) // CHUNK * CHUNK
            for at in range(0, whole, CHUNK):
                yield data[at : at + CHUNK]
            rest = data[whole:]
        if len(rest):
            yield np.concatenate((rest, np.zeros(CHUNK - len(rest), np.int16)))


class FileSource(SamplesSource):
    """A sound file, heard as ``SamplesSource`` says.

    The first two minutes are decoded at once, so that a broken file fails here and not in the middle; what follows
    is decoded while it is heard, so memory stays bounded. ``duration`` of a longer file is what its container says
    until its end has been reached.

    Raises:
        InputError: as ``decode``.
    """

    def __init__(self, path: Path | str, tail_seconds: float | None = None) -> None:
        from assistant.audio import decode  # av takes 40 ms to import; a microphone does not need it

        stream = decode.decode_stream(path)
        blocks: list[Samples] = []
        length = 0
        self._whole = True
        for block in stream:
            blocks.append(block)
            length += len(block)
            if length >= _PREFETCH_SECONDS * RATE:
                self._whole = False
                break
        super().__init__(np.concatenate(blocks), str(path), tail_seconds)
        if not self._whole:
            self._blocks = self._then(self._blocks, stream)
            self.duration = max(self.duration, decode.duration(path) or 0.0)

    def _known_end(self) -> float:
        return self.duration if self._whole else float("inf")

    def _then(self, first: Iterator[Samples], stream: Iterator[Samples]) -> Iterator[Samples]:
        length = 0
        for blocks in (first, stream):
            for block in blocks:
                length += len(block)
                yield block
        self.duration = length / RATE


def open_source(spec: str | int | None, on_event: OnEvent) -> Source:
    """The source that ``--input`` names: an existing file, else a device by name or number, ``None`` the default one.

    Raises:
        InputError: the file cannot be used.
        DeviceError: there is no such device.
    """
    if isinstance(spec, str) and (Path(spec).exists() or looks_like_file(spec)):
        return FileSource(spec)
    return DeviceSource(device_number(spec), on_event)
