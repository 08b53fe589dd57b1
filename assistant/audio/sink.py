"""Where sound goes: a device, a file, or nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, to_float
from assistant.audio.device import device_number, find, looks_like_file
from assistant.audio.microphone import OnEvent
from assistant.audio.mixer import Mixer
from assistant.audio.portaudio import BUFFER_SECONDS, Format, Link
from assistant.audio.resample import StreamResampler, pcm16
from assistant.audio.wav import WavWriter

FILE_RATE = 24_000


class Sink(Protocol):
    """An output that pulls from its mixer.

    Attributes:
        rate: Hz of the mixer.
        name: for people: a path or a device's name.
        latency: seconds from a pull to the loudspeaker.
        mixer: where voices are played.
    """

    rate: int
    name: str
    latency: float
    mixer: Mixer

    def start(self) -> None:
        """Begin to pull.

        Raises:
            DeviceError: the device cannot be opened.
        """

    def tick(self, elapsed: int) -> None:
        """The input's time: index one past its newest sample at 16 kHz (``chunk.end``). A device ignores it."""

    def close(self) -> None:
        """Stop and finish the file; a second call does nothing."""


class NullSink:
    """Renders on the input's time line, and throws it away."""

    def __init__(self, rate: int = FILE_RATE, name: str = "none") -> None:
        self.rate = rate
        self.name = name
        self.latency = 0.0
        self.mixer = Mixer(rate)
        self._closed = False

    def start(self) -> None:
        """Nothing to open."""

    def tick(self, elapsed: int) -> None:
        """Render up to input sample ``elapsed`` (16 kHz); never backwards."""
        target = elapsed * self.rate // RATE
        while not self._closed and (left := target - self.mixer.position) > 0:
            self._render(min(left, self.rate // 10))

    def close(self) -> None:
        """Render no more."""
        self._closed = True

    def _render(self, count: int) -> None:
        self.mixer.pull(count)


class FileSink(NullSink):
    """A WAV (16-bit mono) on the input's time line: sample t of it is played while sample t of the input is heard.

    Raises:
        InputError: the file cannot be written.
    """

    def __init__(self, path: Path | str, rate: int = FILE_RATE) -> None:
        super().__init__(rate, str(path))
        self._writer = WavWriter(path, rate)

    def close(self) -> None:
        """Finish the file."""
        super().close()
        self._writer.close()

    def _render(self, count: int) -> None:
        self._writer.write(self.mixer.pull(count))


class DeviceSink:
    """A loudspeaker, at its own rate and channels, in callback mode with 20 ms buffers.

    A lost device is noticed within 1.5 s and opened again when it is back; meanwhile its mixer is pulled by the
    clock and what was to be heard is gone, so that nobody waits for it for ever.

    Args:
        device: number, name, part of a name, or ``None`` for the default one.
        on_event: ``lost`` or ``back`` with the device's name; called on the event loop if there was one at ``start``,
            else on PortAudio's thread.

    Raises:
        DeviceError: there is no such device (here), or it cannot be opened (from ``start``).
    """

    def __init__(self, device: str | int | None = None, on_event: OnEvent = lambda _kind, _detail: None) -> None:
        found = find(device, "output")
        self.name = found.name
        self.rate = found.rate
        self.latency = found.latency[1] + BUFFER_SECONDS
        self.mixer = Mixer(self.rate)
        self.lost = False
        self._on_event = on_event
        self._format: Format | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._resampler = StreamResampler(self.rate, self.rate)
        self._rest: NDArray[np.float32] = np.zeros(0, np.float32)
        self._lost_at = 0.0
        self._link = Link(
            found.name if isinstance(device, int) else device,
            "output",
            process=self._process,
            opened=self._opened,
            changed=self._changed,
            waiting=self._discard,
            busy=lambda: not self.mixer.idle,
            rate=self.rate,
        )

    def start(self) -> None:
        """Open the device."""
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        self._link.open()

    def tick(self, elapsed: int) -> None:
        """Nothing: the device has its own clock."""

    def close(self) -> None:
        """Close the device at once; what is still queued is not played."""
        self._link.close()

    def _opened(self, form: Format) -> None:
        self._format = form
        self.name = form.device
        self.latency = max(form.latency, BUFFER_SECONDS)
        self._resampler = StreamResampler(self.rate, form.rate, low_latency=True)
        self._rest = np.zeros(0, np.float32)

    def _process(self, _data: bytes | None, frames: int) -> bytes:
        """On the audio thread: fill one buffer."""
        form = self._format
        if form is None:
            return b""
        if form.rate == self.rate:
            block = self.mixer.pull(frames)
        else:
            while len(self._rest) < frames:
                pulled = to_float(self.mixer.pull(round(self.rate * BUFFER_SECONDS / 2)))
                self._rest = np.concatenate((self._rest, self._resampler.process(pulled)))
            block = pcm16(self._rest[:frames])
            self._rest = self._rest[frames:]
        return block.tobytes() if form.channels == 1 else np.repeat(block, form.channels).tobytes()

    def _changed(self, status: str, name: str) -> None:
        self.lost = status == "lost"
        self._lost_at = time.monotonic()
        if self._loop is None:
            self._on_event(status, name)
        else:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_event, status, name)

    def _discard(self) -> None:
        now = time.monotonic()
        self.mixer.pull(round((now - self._lost_at) * self.rate))
        self._lost_at = now


def open_sink(spec: str | int | None, on_event: OnEvent) -> Sink:
    """The sink that ``--output`` names: ``none``, a file, a device by name or number, ``None`` the default one.

    Raises:
        InputError: the file cannot be written.
        DeviceError: there is no such device.
    """
    if spec == "none":
        return NullSink()
    if isinstance(spec, str) and looks_like_file(spec):
        return FileSink(spec)
    return DeviceSink(device_number(spec), on_event)
