"""One thing that is being played."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from collections import deque
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import AudioChunk, to_float
from assistant.audio.resample import StreamResampler

Kind = Literal["speech", "earcon", "music", "alarm"]

ROOM_SECONDS = 0.5
"""``room()`` waits while more than this is buffered."""

_PAUSE_MS = 5.0
_DUCK_SECONDS = 0.08
_INAUDIBLE = 0.001


class Ramp:
    """A gain that moves linearly, at most ``step`` per sample."""

    def __init__(self, value: float, step: float) -> None:
        self.value = value
        self.target = value
        self.step = step

    def to(self, target: float, step: float | None = None) -> None:
        """Move towards ``target``."""
        self.target = target
        self.step = step or self.step

    @property
    def left(self) -> int:
        """Samples until the target is reached."""
        return math.ceil(abs(self.target - self.value) / self.step - 1e-9)

    def apply(self, block: NDArray[np.float32]) -> None:
        """Multiply a block in place and move on by its length."""
        if self.value == self.target:
            if self.value != 1.0:
                block *= np.float32(self.value)
            return
        sign = 1.0 if self.target > self.value else -1.0
        ramp = self.value + sign * self.step * np.arange(1, len(block) + 1, dtype=np.float32)
        ramp = np.minimum(ramp, self.target) if sign > 0 else np.maximum(ramp, self.target)
        block *= ramp
        if len(block):
            self.value = self.target if self.left <= len(block) else float(ramp[-1])


class Voice:
    """A handle on one sound in the mixer. Made by ``Mixer.play``; all methods may be called from any thread.

    Attributes:
        kind: ``speech``, ``earcon``, ``music`` or ``alarm``; music and alarms go down under speech.
        finished: it has been pulled to its end, or stopped.
        started_at, finished_at: seconds of output stream time of the first sample and of the end; ``None`` before.
        underruns: pulls that found nothing in the middle of the voice.
    """

    def __init__(self, kind: Kind, rate: int, lock: threading.Lock, gain: float = 1.0) -> None:
        self.kind = kind
        self.finished = False
        self.started_at: float | None = None
        self.finished_at: float | None = None
        self.underruns = 0
        self._rate = rate
        self._lock = lock
        self._blocks: deque[NDArray[np.float32]] = deque()
        self._buffered = 0
        self._pulled = 0
        self._level = 0.0  # of the sample played last
        self._ended = self._stopping = self._paused = False
        self._gain = Ramp(gain, 1.0 / (_DUCK_SECONDS * rate))
        self._duck = Ramp(1.0, 1.0 / (_DUCK_SECONDS * rate))
        self._fade = Ramp(1.0, 1000.0 / (_PAUSE_MS * rate))
        self._resampler: StreamResampler | None = None
        self._waiters: list[tuple[Callable[[], bool], asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    @property
    def played(self) -> float:
        """Seconds of its own audio that the output has taken."""
        return self._pulled / self._rate

    @property
    def buffered(self) -> float:
        """Seconds that wait to be played."""
        return self._buffered / self._rate

    @property
    def paused(self) -> bool:
        """Whether ``pause`` holds it."""
        return self._paused

    @property
    def sounding(self) -> bool:
        """Whether it has something to play now, or is in the middle of it."""
        return not (self.finished or self._paused) and (self._buffered > 0 or self.started_at is not None)

    @property
    def gain(self) -> float:
        """Linear gain; a change is ramped."""
        return self._gain.target

    @gain.setter
    def gain(self, value: float) -> None:
        self._gain.to(value)

    def write(self, chunk: AudioChunk) -> None:
        """Queue a chunk of any rate; after ``stop`` it is ignored. One writer at a time.

        Raises:
            ValueError: the voice has ended.
        """
        if self._ended and not self._stopping:
            raise ValueError("write to a voice that has ended")
        if self._stopping:
            return
        if self._resampler is None or self._resampler.from_rate != chunk.rate:
            self._flush()
            self._resampler = StreamResampler(chunk.rate, self._rate)
        self._queue(self._resampler.process(to_float(chunk.samples)))

    def end(self) -> None:
        """No more is coming: it finishes when what is queued has been played."""
        if self._ended or self._stopping:
            return
        self._flush()
        self._ended = True

    def stop(self, fade_ms: float = 5) -> None:
        """Fade out within ``fade_ms`` from the next sample pulled, and throw away the rest."""
        with self._lock:
            self._stopping = True
            self._fade.to(0.0, 1.0 if fade_ms <= 0 else 1000.0 / (fade_ms * self._rate))

    def pause(self) -> None:
        """Fade out and hold; what is queued stays."""
        with self._lock:
            if not self._stopping:
                self._paused = True
                self._fade.to(0.0, 1000.0 / (_PAUSE_MS * self._rate))
                if self.started_at is None:
                    self._fade.value = 0.0

    def resume(self) -> None:
        """Go on where ``pause`` stopped it."""
        with self._lock:
            if not self._stopping:
                self._paused = False
                self._fade.to(1.0, 1000.0 / (_PAUSE_MS * self._rate))

    async def drained(self) -> None:
        """Wait until the output has taken the last sample, or it was stopped. A device's latency comes on top."""
        await self._until(lambda: self.finished)

    async def room(self, seconds: float = ROOM_SECONDS) -> None:
        """Wait while more than so much is queued."""
        await self._until(lambda: self.finished or self.buffered <= seconds)

    async def _until(self, ready: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if ready():
                return
            self._waiters.append((ready, loop, future))
        await future

    def wake_waiters(self) -> None:
        """Release who waits in ``drained`` or ``room``; the mixer calls it after a pull, without the lock."""
        if not self._waiters:
            return
        with self._lock:
            ready = [waiter for waiter in self._waiters if waiter[0]()]
            self._waiters = [waiter for waiter in self._waiters if waiter not in ready]
        for _, loop, future in ready:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_release, future)

    def duck(self, gain: float) -> None:
        """Move towards a gain on top of the voice's own; the mixer calls it with the lock held."""
        if gain != self._duck.target:
            self._duck.to(gain)

    def mix_into(self, mix: NDArray[np.float32], position: int) -> None:
        """Add the next samples to ``mix``, shape (n,), at output sample ``position``; called with the lock held."""
        want = len(mix)
        fading_out = self._fade.target == 0.0
        if fading_out:
            want = min(want, self._fade.left)
        block = self._take(want)
        count = len(block)
        if count:
            if self.started_at is None:
                self.started_at = position / self._rate
            for ramp in (self._gain, self._duck, self._fade):
                ramp.apply(block)
            mix[:count] += block
            self._pulled += count
            self._level = float(block[-1])
        if self.started_at is not None and not (self._ended or self._paused or self._stopping):
            self.underruns += not count
            if count < want:
                self._ran_dry(mix[count:])
        silent = self._fade.value == 0.0 or not self._buffered
        if (self._stopping and silent) or (self._ended and not self._buffered):
            self.finished = True
            self.finished_at = (position + count) / self._rate
            self._blocks.clear()
            self._buffered = 0

    def _ran_dry(self, rest: NDArray[np.float32]) -> None:
        """What should come is late: no click where it breaks off, and none where it goes on."""
        if abs(self._level) > _INAUDIBLE:
            decay = math.exp(math.log(_INAUDIBLE) * 1000.0 / (_PAUSE_MS * self._rate))
            tail = self._level * np.power(decay, np.arange(1, len(rest) + 1))
            rest += tail.astype(np.float32)
            self._level = float(tail[-1])
        self._fade.value = 0.0

    def _take(self, want: int) -> NDArray[np.float32]:
        """Up to ``want`` samples off the queue, as an array of its own."""
        parts: list[NDArray[np.float32]] = []
        while want > 0 and self._blocks:
            head = self._blocks.popleft()
            if len(head) > want:
                self._blocks.appendleft(head[want:])
                head = head[:want]
            parts.append(head)
            want -= len(head)
        taken = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        self._buffered -= len(taken)
        return taken

    def _flush(self) -> None:
        if self._resampler is not None:
            self._queue(self._resampler.process(np.zeros(0, np.float32), last=True))
            self._resampler = None

    def _queue(self, samples: NDArray[np.float32]) -> None:
        if len(samples):
            with self._lock:
                if not self._stopping:
                    self._blocks.append(samples)
                    self._buffered += len(samples)


def _release(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
