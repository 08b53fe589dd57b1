"""The thread that owns PortAudio, and streams that mend themselves.

PortAudio is not thread-safe and sees a device that was plugged in only after ``Pa_Terminate`` and
``Pa_Initialize``, which kill every stream of the process. So all calls are made on one thread, which knows
all streams, watches them, and opens them again.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.audio.alsa import hush_alsa, pulse_latency, quiet
from assistant.audio.device import Device, Direction, find, import_pyaudio, scan
from assistant.errors import DeviceError

T = TypeVar("T")

BUFFER_SECONDS = 0.02
STALE_SECONDS = 1.0
"""A stream whose callback has not run for this long is lost."""

_START_SECONDS = 2.0
"""More time for the first callback."""

_OPEN_TRIES, _OPEN_PAUSE = 3, 0.3
"""A sound server that is just starting, or a program that is just closing, deserves a moment."""

_TICK = 0.25
_RETRY_SECONDS = 0.75
_PREFERRED_RATES = (48_000, 44_100, 32_000, 16_000)
_MOST_NATIVE_CHANNELS = 8
_CLOSE_SECONDS = 2.0
_ANSWER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Format:
    """How a stream was opened: the device's name, Hz, channels, and latency in seconds."""

    device: str
    rate: int
    channels: int
    latency: float


class Link:
    """One stream that is opened again after its device was lost.

    Args:
        want: device name, number or ``None``, as in ``find``.
        direction: input or output.
        process: called on the audio thread with (bytes heard or ``None``, frames); returns the bytes to play.
        opened: called before the first ``process`` of each opening, with the format.
        changed: called with (``lost`` or ``back``, device name).
        waiting: called about four times a second while the device is away.
        busy: whether a glitch would be heard now (then no search for new devices).
        rate: a sample rate to try before the native one.
    """

    def __init__(
        self,
        want: str | int | None,
        direction: Direction,
        *,
        process: Callable[[bytes | None, int], bytes | None],
        opened: Callable[[Format], None],
        changed: Callable[[str, str], None],
        waiting: Callable[[], None] = lambda: None,
        busy: Callable[[], bool] = lambda: False,
        rate: int | None = None,
    ) -> None:
        self.want = want
        self.direction = direction
        self.process = process
        self.opened = opened
        self.changed = changed
        self.waiting = waiting
        self.busy = busy
        self.rate = rate
        self.name = ""
        self.stream: Any = None
        self.lost = False
        self.running = False
        self.last_call = 0.0
        self.next_try = 0.0

    def open(self) -> None:
        """Open the device and keep it open.

        Raises:
            DeviceError: there is no such device, or it cannot be opened.
        """
        host().run(lambda owner: owner.add(self))

    def close(self) -> None:
        """Close the device for good; a second call does nothing."""
        if self in host().links:
            with contextlib.suppress(DeviceError):
                host().run(lambda owner: owner.remove(self), _ANSWER_SECONDS / 5)


class Host:
    """Owns PortAudio on one daemon thread."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self._audio: Any = None
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        self._stuck = False

    def run(self, job: Callable[[Host], T], seconds: float = _ANSWER_SECONDS) -> T:
        """Run a job on PortAudio's thread and wait for it.

        Raises:
            DeviceError: the thread hangs in the sound system.
        """
        done: Future[T] = Future()

        def work() -> None:
            try:
                done.set_result(job(self))
            except BaseException as error:
                done.set_exception(error)

        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._loop, name="portaudio", daemon=True)
                self._thread.start()
            self._jobs.put(work)
        try:
            return done.result(seconds)
        except FutureTimeout as error:
            raise DeviceError(
                "The sound system does not answer. Restart it, for example: systemctl --user restart pipewire-pulse"
            ) from error

    def devices(self) -> list[Device]:
        """The devices that are there now; looks anew only while no stream is open."""
        return self.run(lambda owner: owner._devices(fresh=not owner.links))

    def add(self, link: Link) -> None:
        """Open a link (on PortAudio's thread)."""
        if link in self.links:
            return
        if not self.links:
            self._terminate()
        if isinstance(link.want, int):
            link.want = find(link.want, link.direction, self._devices()).name
        for attempt in range(_OPEN_TRIES):
            try:
                self._open(link)
                break
            except DeviceError:
                if not self.links:
                    self._terminate()
                if attempt + 1 == _OPEN_TRIES:
                    raise
                time.sleep(_OPEN_PAUSE)
        self.links.append(link)

    def remove(self, link: Link) -> None:
        """Close a link (on PortAudio's thread)."""
        if link in self.links:
            self.links.remove(link)
            self._close(link)
            if not self.links:
                self._terminate()

    def _loop(self) -> None:
        while True:
            try:
                self._jobs.get(timeout=_TICK if self.links else 5.0)()
            except queue.Empty:
                with self._start:
                    if not self.links and self._jobs.empty():
                        self._terminate()
                        self._thread = None
                        return
            self._watch()

    def _watch(self) -> None:
        now = time.monotonic()
        for link in self.links:
            if link.stream is None:
                continue
            if now - link.last_call > STALE_SECONDS or not _active(link.stream):
                link.next_try = now + _RETRY_SECONDS
                if not link.lost:
                    link.lost = True
                    link.changed("lost", link.name)
                self._close(link)
            elif link.lost and link.running:
                link.lost = False
                link.changed("back", link.name)
        for link in self.links:
            if link.lost:
                link.waiting()
        due = [link for link in self.links if link.stream is None and now >= link.next_try]
        if due:
            self._reopen(due)

    def _reopen(self, due: list[Link]) -> None:
        if any(not self._try(link) for link in due) and not any(link.busy() for link in self.links if link.stream):
            self._rescan()
            for link in self.links:
                if link.stream is None:
                    self._try(link)
        for link in due:
            link.next_try = time.monotonic() + _RETRY_SECONDS

    def _try(self, link: Link) -> bool:
        try:
            self._open(link)
        except DeviceError:
            link.lost = True
            return False
        return True

    def _rescan(self) -> None:
        for link in self.links:
            self._close(link)
        self._terminate()

    def _open(self, link: Link) -> None:
        device = find(link.want, link.direction, self._devices())
        pyaudio = import_pyaudio()
        failure: Exception | None = None
        for rate, channels in _formats(device, link.direction, link.rate):
            try:
                self._open_as(link, device, rate, channels, pyaudio)
            except (OSError, ValueError) as error:
                failure = error
                continue
            return
        raise DeviceError(
            f"The {link.direction} device {device.name!r} cannot be opened ({failure}). "
            "Close the program that uses it, or choose another."
        )

    def _open_as(self, link: Link, device: Device, rate: int, channels: int, pyaudio: Any) -> None:
        into = link.direction == "input"
        empty = b""

        def callback(data: bytes | None, frames: int, _time: object, _status: int) -> tuple[bytes | None, int]:
            link.last_call = time.monotonic()
            link.running = True
            return link.process(data, frames) or empty, pyaudio.paContinue

        with quiet(), pulse_latency(link.direction):
            stream = self._library().open(
                rate=rate,
                channels=channels,
                format=pyaudio.paInt16,
                input=into,
                output=not into,
                input_device_index=device.index if into else None,
                output_device_index=None if into else device.index,
                frames_per_buffer=round(rate * BUFFER_SECONDS),
                stream_callback=callback,
                start=False,
            )
            latency = stream.get_input_latency() if into else stream.get_output_latency()
            link.opened(Format(device.name, rate, channels, latency))
            link.running = False
            link.last_call = time.monotonic() + _START_SECONDS
            try:
                stream.start_stream()
            except OSError:
                stream.close()
                raise
        link.name = device.name
        link.stream = stream

    def _devices(self, *, fresh: bool = False) -> list[Device]:
        if fresh:
            self._terminate()
        with quiet():
            return scan(self._library())

    def _library(self) -> Any:
        if self._audio is None:
            hush_alsa()
            self._audio = import_pyaudio().PyAudio()
        return self._audio

    def _close(self, link: Link) -> None:
        stream, link.stream = link.stream, None
        if stream is not None:
            self._guarded(stream.close)

    def _terminate(self) -> None:
        audio, self._audio = self._audio, None
        if audio is not None and not self._stuck:
            self._guarded(audio.terminate)

    def _guarded(self, call: Callable[[], None]) -> None:
        """Closing a dead device can hang in the driver: give it two seconds, then leave it behind

        and never terminate PortAudio under it."""

        def work() -> None:
            with contextlib.suppress(OSError):
                call()

        with quiet():
            thread = threading.Thread(target=work, name="portaudio-close", daemon=True)
            thread.start()
            thread.join(_CLOSE_SECONDS)
            self._stuck |= thread.is_alive()


def _active(stream: Any) -> bool:
    try:
        return bool(stream.is_active())
    except OSError:
        return False


def _formats(device: Device, direction: Direction, rate: int | None) -> list[tuple[int, int]]:
    """(Hz, channels) to try, the native ones first; a virtual device's 32 or 128 channels come last."""
    most = device.channels(direction)
    few = [count for count in (2, 1) if count <= most]
    channels = [most, *few] if most <= _MOST_NATIVE_CHANNELS else [*few, most]
    rates = [rate] if rate else []
    rates += [device.rate, *_PREFERRED_RATES]
    return [(hz, count) for hz in dict.fromkeys(rates) for count in dict.fromkeys(channels)]


_host = Host()


@atexit.register
def _close_all() -> None:
    for link in tuple(_host.links):
        link.close()


def host() -> Host:
    """The process's PortAudio."""
    return _host
