"""A microphone, at its own rate and channels, as 16 kHz mono."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.device import find
from assistant.audio.health import Health
from assistant.audio.portaudio import Format, Link
from assistant.audio.resample import StreamResampler, pcm16
from assistant.audio.timeline import Timeline

CHUNK = 320
"""Samples in a chunk: 20 ms at 16 kHz."""

INBOX_SECONDS = 2.0

OnEvent = Callable[[str, str], None]
"""``on_event(kind, detail)``: ``lost``, ``back``, ``dead``, ``alive`` with the device; ``dropped`` with seconds."""


class Inbox:
    """Sound between the audio thread and the event loop: holds 2 s, drops the oldest. Thread-safe."""

    def __init__(self, seconds: float = INBOX_SECONDS) -> None:
        self.end = 0
        self._limit = round(seconds * RATE)
        self._blocks: deque[Samples] = deque()
        self._held = 0
        self._dropped = 0
        self._lock = threading.Lock()

    def put(self, samples: Samples) -> None:
        """Append int16 samples, shape (n,)."""
        with self._lock:
            self._put(samples)

    def pad_to(self, index: int) -> None:
        """Append silence up to a stream index; nothing if that is past."""
        with self._lock:
            gap = index - self.end
            if gap > self._limit:
                self._blocks.clear()
                self._dropped += self._held
                self._held = 0
                self.end = index - self._limit
                gap = self._limit
            if gap > 0:
                self._put(np.zeros(gap, np.int16))

    def take(self) -> AudioChunk | None:
        """The next 320 samples, or ``None`` until there are so many."""
        with self._lock:
            if self._held < CHUNK:
                return None
            start = self.end - self._held
            parts, want = [], CHUNK
            while want:
                head = self._blocks.popleft()
                if len(head) > want:
                    self._blocks.appendleft(head[want:])
                    head = head[:want]
                parts.append(head)
                want -= len(head)
            self._held -= CHUNK
            return AudioChunk(np.concatenate(parts), RATE, start)

    def dropped(self) -> float:
        """Seconds thrown away since the last call."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
            return dropped / RATE

    @property
    def ready(self) -> bool:
        """Whether ``take`` has a chunk."""
        return self._held >= CHUNK

    def _put(self, samples: Samples) -> None:
        self._blocks.append(samples)
        self._held += len(samples)
        self.end += len(samples)
        while self._held > self._limit:
            oldest = self._blocks.popleft()
            self._held -= len(oldest)
            self._dropped += len(oldest)


class DeviceSource:
    """A microphone as a ``Source``.

    The device is opened at its own rate and channel count, in callback mode with 20 ms buffers; the audio thread
    mixes down and resamples. A lost device is noticed within 1.5 s; until it is back the stream goes on with
    silence, so that stream time stays true, and so does what an overloaded system loses. If the consumer falls 2 s
    behind, the oldest sound is dropped and ``start`` jumps.

    Args:
        device: number, name, part of a name, or ``None`` for the default one.
        on_event: called on the event loop; see ``OnEvent``.

    Raises:
        DeviceError: there is no such device (here), or it cannot be opened (from ``chunks``).
    """

    rate = RATE
    live = True
    exhausted = False

    def __init__(self, device: str | int | None = None, on_event: OnEvent = lambda _kind, _detail: None) -> None:
        found = find(device, "input")
        self.name = found.name
        self.format: Format | None = None
        self.lost = False
        self._on_event = on_event
        self._inbox = Inbox()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._fresh = asyncio.Event()
        self._closed = False
        self._restart = False
        self._timeline = Timeline(RATE, time.monotonic())
        self._resampler = StreamResampler(found.rate, RATE, low_latency=True)
        self._health = Health(found.rate)
        self._link = Link(
            found.name if isinstance(device, int) else device,
            "input",
            process=self._process,
            opened=self._opened,
            changed=self._changed,
        )

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Chunks of 320 samples as they are heard; opens the device."""
        self._loop = asyncio.get_running_loop()
        self._timeline = Timeline(RATE, time.monotonic())
        await asyncio.to_thread(self._link.open)
        while not self._closed:
            chunk = self._inbox.take()
            if chunk is None:
                await self._wait()
                continue
            if dropped := self._inbox.dropped():
                self._on_event("dropped", f"{dropped:.3f}")
            yield chunk

    async def close(self) -> None:
        """Close the device; ``chunks`` ends."""
        self._closed = True
        self._fresh.set()
        await asyncio.to_thread(self._link.close)

    async def _wait(self) -> None:
        if self.lost:
            await asyncio.sleep(CHUNK / RATE)
            if self.lost:
                self._inbox.pad_to(self._timeline.index(time.monotonic()))
            return
        self._fresh.clear()
        if not self._inbox.ready and not self._closed and not self.lost:
            await self._fresh.wait()

    def _opened(self, form: Format) -> None:
        self.format = form
        self.name = form.device
        self._resampler = StreamResampler(form.rate, RATE, low_latency=True)
        self._health = Health(form.rate) if not self._health.dead else self._health
        self._health.reset()
        self._restart = True

    def _process(self, data: bytes | None, _frames: int) -> None:
        """On the audio thread: one buffer of interleaved int16."""
        form = self.format
        if data is None or form is None or self._loop is None:
            return
        frames = np.frombuffer(data, np.int16).reshape(-1, form.channels)
        if change := self._health.feed(frames):
            self._tell(change, form.device)
        mono = frames[:, 0].astype(np.float32) if form.channels == 1 else frames.mean(axis=1, dtype=np.float32)
        heard = pcm16(self._resampler.process(mono / np.float32(32768)))
        self._place(heard, time.monotonic())
        if self._inbox.ready:
            self._wake()

    def _place(self, heard: Samples, now: float) -> None:
        """Append a block where it belongs in time: what was lost before it becomes silence."""
        if self._restart:
            self._restart = self.lost = False
            if self._inbox.end:
                self._inbox.pad_to(self._timeline.index(now) - len(heard))
            self._timeline.start(now, self._inbox.end + len(heard))
        elif lost := self._timeline.arrived(now, self._inbox.end + len(heard)):
            self._inbox.pad_to(self._inbox.end + lost)
        self._inbox.put(heard)

    def _changed(self, status: str, name: str) -> None:
        if status == "lost":
            self.lost = True
        self._tell(status, name)
        self._wake()

    def _tell(self, kind: str, detail: str) -> None:
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._on_event, kind, detail)

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._fresh.set)
