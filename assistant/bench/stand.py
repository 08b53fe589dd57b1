"""A measuring stand: somebody who speaks when the assistant is free, and a meter that hears it answer.

Both live on one time line, the talker's: stream seconds by the loop's clock. In real time a chunk reaches the assistant
when its last sample has been spoken, and a sound counts from the moment the output asked for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.sink import NullSink
from assistant.audio.source import CHUNK
from assistant.bench.take import Take

_AUDIBLE = 100  # int16 steps, −50 dBFS
_NOISE_RMS = 6.0
_LATE_S = 0.1


@dataclass(frozen=True, slots=True)
class Manner:
    """How the talker behaves; seconds.

    Attributes:
        lead: silence before the first utterance.
        gap: silence after the assistant has become free, before the next utterance.
        settle: it is not thought free sooner than this after the end of an utterance.
        patience: the next utterance begins this long after the last at the latest.
        hurry: while an answer is being played, time passes as fast as the CPU goes.
    """

    lead: float = 1.0
    gap: float = 0.5
    settle: float = 0.5
    patience: float = 12.0
    hurry: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance and its place in the stream; seconds."""

    take: Take
    start: float
    end: float


class Talker:
    """A :class:`assistant.audio.source.Source` that waits for its answer.

    Args:
        takes: what is said, in order.
        manner: how.

    Attributes:
        said: what has been said so far.
        idle: whether the assistant waits to be addressed; whoever watches it sets this.
        hurrying: whether time passes as fast as the CPU goes until the next utterance; only if the manner allows it.
    """

    rate = RATE
    live = False

    def __init__(self, takes: Sequence[Take], manner: Manner | None = None) -> None:
        self.name = "talker"
        self.said: list[Said] = []
        self.idle = True
        self.hurrying = False
        self.exhausted = False
        self._takes = takes
        self._manner = manner or Manner()
        self._noise_rms = _NOISE_RMS
        self._rng = np.random.default_rng(7)
        self._closed = self._waiting = False
        self._position = 0
        self._origin = 0.0
        self._heard = 0
        self._progress = asyncio.Event()

    def now(self) -> float:
        """Stream seconds by the loop's clock."""
        return asyncio.get_running_loop().time() - self._origin

    def answered(self) -> None:
        """It has begun to answer: what follows need not be waited for."""
        self.hurrying = self.hurrying or self._waiting

    def took(self, elapsed: int) -> None:
        """The assistant has got as far as a stream index."""
        self._heard = elapsed
        self._progress.set()

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Chunks of 320 samples, speech and silence over a faint noise floor."""
        self._origin = asyncio.get_running_loop().time()
        for piece in self._script():
            await self._due()
            if self._closed:
                return
            noise = self._rng.normal(0, self._noise_rms, CHUNK)
            samples = np.clip(piece + noise, -32768, 32767).astype(np.int16)
            yield AudioChunk(samples, RATE, self._position)
            self._position += CHUNK

    async def close(self) -> None:
        """Stop within one chunk."""
        self._closed = True

    async def _due(self) -> None:
        loop = asyncio.get_running_loop()
        end = (self._position + CHUNK) / RATE
        if self.hurrying and self._manner.hurry:
            while self._heard < self._position:
                self._progress.clear()
                await self._progress.wait()
            await asyncio.sleep(0)
            self._origin = min(self._origin, loop.time() - end)  # time is skipped, but never goes back
        else:
            await asyncio.sleep(max(0.0, self._origin + end - loop.time()))

    def _script(self) -> Iterator[Samples]:
        """What is said, decided chunk by chunk."""
        silence = np.zeros(CHUNK, np.int16)
        yield from [silence] * round(self._manner.lead * RATE / CHUNK)
        for take in self._takes:
            start = self._position
            self.said.append(Said(take, start / RATE, (start + len(take.samples)) / RATE))
            padded = np.pad(take.samples, (0, -len(take.samples) % CHUNK))
            yield from padded.reshape(-1, CHUNK)
            self._waiting, self._noise_rms = True, take.noise_rms
            while not self._free():
                yield silence
            self._waiting = self.hurrying = False
            self._noise_rms = _NOISE_RMS
            yield from [silence] * round(self._manner.gap * RATE / CHUNK)
        self.exhausted = True
        while True:
            yield silence

    def _free(self) -> bool:
        at = self._position / RATE
        since = at - self.said[-1].end
        present = self.now() - at < _LATE_S
        return (self.idle and present and since >= self._manner.settle) or since >= self._manner.patience


class Meter(NullSink):
    """An output that notes when it sounds.

    Attributes:
        sounds: stream seconds at which each block with an audible sample was to be heard: when it was asked for, plus
            the place of its first audible sample. A device's own latency comes on top.
    """

    def __init__(self, talker: Talker) -> None:
        super().__init__(name="meter")
        self.sounds: list[float] = []
        self._talker = talker
        self._asked = 0.0

    def tick(self, elapsed: int) -> None:
        """As a sink's; the present is the talker's."""
        self._asked = max(self._talker.now(), elapsed / RATE)
        super().tick(elapsed)
        self._talker.took(elapsed)

    def since(self, seconds: float, limit: float) -> float | None:
        """When it was first audible from a moment on and before another; None for not."""
        return next((at for at in self.sounds if seconds <= at < limit), None)

    def _render(self, count: int) -> None:
        block = self.mixer.pull(count)
        loud = np.flatnonzero(np.abs(block.astype(np.int32)) > _AUDIBLE)
        if len(loud):
            self.sounds.append(self._asked + int(loud[0]) / self.rate)
            self._talker.answered()
