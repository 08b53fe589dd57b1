"""The side of the Coqui engine that stays in the assistant: starts the worker, asks it, starts it again."""

from __future__ import annotations

import contextlib
import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.audio.chunk import Samples
from assistant.errors import EngineError
from assistant.tts.coqui_link import Link
from assistant.tts.coqui_worker import frames

_log = logging.getLogger(__name__)

START_S = 300.0
"""How long loading may take: a large model from a slow card takes minutes."""
SILENCE_S = 60.0
"""How long a worker at work may give nothing before it counts as stuck."""

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Ready:
    """What a loaded voice says of itself.

    Attributes:
        rate: Hz.
        speakers, languages: names; empty where there is no choice.
        device: ``cpu`` or ``cuda``.
        longest: language ("" where there is no choice) → most characters at once.
    """

    rate: int
    speakers: tuple[str, ...]
    languages: tuple[str, ...]
    device: str
    longest: dict[str, int]


class Refused(Exception):
    """The worker could not load the voice; ``code`` as in the worker's ``LoadFailed``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Restarts:
    """Whether a worker that died may be started again: ``most`` times within ``seconds``.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, most: int = 3, seconds: float = 120.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.seconds = seconds
        self._clock = clock
        self._deaths: deque[float] = deque(maxlen=most)

    def died(self) -> None:
        """Count a death."""
        self._deaths.append(self._clock())

    @property
    def allowed(self) -> bool:
        """Whether another start is worth trying."""
        return len(self._deaths) < self.most or self._clock() - self._deaths[0] > self.seconds


@dataclass(frozen=True, slots=True)
class _Ended:
    """Put into the queues of all sentences under way when the worker ends; ``why`` is empty if it was idle."""

    why: str


_Answer = tuple[dict[str, Any], bytes] | _Ended


class _Running:
    """One worker from its start to its end.

    Args:
        link: to it.
        order: what it shall load.
        ended: told why when it ends unasked ("" for idleness); called on the reading thread.
    """

    def __init__(self, link: Link, order: dict[str, Any], ended: Callable[[str], None]) -> None:
        self._link = link
        self._ended = ended
        self._orders: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._waiting: dict[int, queue.SimpleQueue[_Answer]] = {}
        self._start: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._closing = False
        self.alive = True
        self._orders.put({"do": "load", **order})
        threading.Thread(target=self._write, name="coqui-orders", daemon=True).start()
        threading.Thread(target=self._read, name="coqui-audio", daemon=True).start()

    def ready(self) -> Ready:
        """Wait until the voice is loaded.

        Raises:
            Refused: it cannot be.
            EngineError: the worker died, or is stuck.
        """
        deadline = time.monotonic() + START_S
        while True:
            answer = _next(self._start, deadline - time.monotonic(), "loading")
            if isinstance(answer, _Ended):
                raise EngineError("tts", "coqui", "crashed", f"the worker died while it loaded ({answer.why})")
            header, _ = answer
            if header["is"] == "progress":
                _log.info("coqui: %s", header["text"])
            elif header["is"] == "failed":
                raise Refused(header["code"], header["message"])
            else:
                return Ready(
                    int(header["rate"]),
                    tuple(header["speakers"]),
                    tuple(header["languages"]),
                    header["device"],
                    dict(header["longest"]),
                )

    def speak(self, number: int, order: dict[str, Any]) -> queue.SimpleQueue[_Answer]:
        """Ask for a sentence; its answers come in the queue."""
        answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._waiting[number] = answers
        self._orders.put({"do": "speak", "id": number, **order})
        if not self.alive:  # after the line above, since the reading thread looks through them only once
            answers.put(_Ended(""))
        return answers

    def forget(self, number: int) -> None:
        """Stop a sentence that nobody listens to any more, if it is still under way."""
        if self._waiting.pop(number, None) is not None:
            self._orders.put({"do": "cancel", "id": number})

    def close(self) -> None:
        """End it."""
        self._closing = True
        self._orders.put(None)
        self._link.kill()

    def _write(self) -> None:
        """Deliver the orders; a thread does it so that nobody ever waits for the worker, a garbage collector least."""
        try:
            while (order := self._orders.get()) is not None:
                frames.write(self._link.sink, order)
        except (OSError, ValueError):
            pass  # it is dead; the reading thread says so to everybody
        with contextlib.suppress(OSError):
            self._link.sink.close()

    def _read(self) -> None:
        why = ""
        try:
            while (frame := frames.read(self._link.source)) is not None:
                self._dispatch(frame)
        except (OSError, ValueError, KeyError) as error:
            why = f"what it sent cannot be read: {error}"
            self._link.kill()
        self._link.source.close()
        self.alive = False
        self._orders.put(None)
        why = why or self._link.last_words()
        waiting, self._waiting = self._waiting, {}
        for answers in (self._start, *waiting.values()):
            answers.put(_Ended(why))
        if not self._closing:
            self._ended(why)
        self._link.kill()

    def _dispatch(self, frame: tuple[dict[str, Any], bytes]) -> None:
        number = frame[0].get("id")
        if number is None:
            self._start.put(frame)
            return
        last = frame[0]["is"] in ("end", "error")
        answers = self._waiting.pop(number, None) if last else self._waiting.get(number)
        if answers is not None:
            answers.put(frame)


class Client:
    """Sentences in, audio out, from a worker that is started when it is needed and started again if it dies.

    Any thread may ask; sentences are spoken one after the other.

    Args:
        launch: starts a worker.
        order: what it shall load.
        restarts: how often it may die.
    """

    def __init__(self, launch: Callable[[], Link], order: dict[str, Any], restarts: Restarts | None = None) -> None:
        self._launch = launch
        self._order = order
        self._restarts = restarts or Restarts()
        self._starting = threading.Lock()
        self._running: _Running | None = None
        self._numbers = itertools.count(1)
        self._closed = False
        self._ready: Ready
        self._why = ""

    def start(self) -> Ready:
        """Have the worker running and the voice loaded.

        Raises:
            Refused, EngineError: as they say.
        """
        return self._ensure()[1]

    def prepare(self) -> None:
        """Start the worker if it is not running, and do not wait for it."""
        threading.Thread(target=self._quietly, name="coqui-start", daemon=True).start()

    def speak(self, order: dict[str, Any]) -> Iterator[tuple[Samples, list[list[int]]]]:
        """Audio of one sentence, and the words that begin in each part.

        Raises:
            EngineError: ``crashed``, ``stuck`` or ``failed``; the next sentence is tried anew.
        """
        begun = False
        for _ in range(_TRIES):
            try:
                for part in self._try(order):
                    begun = True
                    yield part
                return
            except _Idle:
                if begun:
                    break
        raise EngineError("tts", "coqui", "crashed", "the worker ended in the middle of its work")

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        with self._starting:
            if self._running is not None:
                self._running.close()

    def _try(self, order: dict[str, Any]) -> Iterator[tuple[Samples, list[list[int]]]]:
        running, _ = self._ensure()
        number = next(self._numbers)
        answers = running.speak(number, order)
        try:
            while True:
                answer = self._answer(running, answers)
                if isinstance(answer, _Ended):
                    if not answer.why:
                        raise _Idle
                    raise EngineError("tts", "coqui", "crashed", f"the worker died ({answer.why}); it is started again")
                header, payload = answer
                match header["is"]:
                    case "audio":
                        yield np.frombuffer(payload, np.int16), header["marks"]
                    case "error":
                        raise EngineError("tts", "coqui", header["code"], header["message"])
                    case _:
                        return
        finally:
            running.forget(number)

    def _answer(self, running: _Running, answers: queue.SimpleQueue[_Answer]) -> _Answer:
        try:
            return _next(answers, SILENCE_S, "synthesis")
        except EngineError:
            running.close()  # whatever it is stuck in, a new one is not
            self._restarts.died()
            raise

    def _ensure(self) -> tuple[_Running, Ready]:
        with self._starting:
            if self._running is not None and self._running.alive:
                return self._running, self._ready
            if self._closed:
                raise EngineError("tts", "coqui", "closed", "the voice was closed")
            if not self._restarts.allowed:
                message = f"the worker died {self._restarts.most} times within {self._restarts.seconds:.0f} s"
                raise EngineError("tts", "coqui", "crashed", f"{message} ({self._why})")
            began = time.monotonic()
            running = _Running(self._launch(), self._order, self._ended)
            try:
                self._ready = running.ready()
            except (Refused, EngineError):
                running.close()
                raise
            self._running = running
            _log.info("coqui: ready on %s after %.1f s", self._ready.device, time.monotonic() - began)
            return running, self._ready

    def _ended(self, why: str) -> None:
        """Start again at once after a death, so that the next sentence does not wait; after idleness do not."""
        if not why:
            _log.info("coqui: unloaded after idle time")
            return
        self._why = why
        self._restarts.died()
        _log.warning("The Coqui worker died (%s)", why)
        if self._running is not None and not self._closed and self._restarts.allowed:
            self.prepare()

    def _quietly(self) -> None:
        try:
            self._ensure()
        except (EngineError, Refused) as error:
            _log.warning("%s", error)


class _Idle(Exception):
    """The worker had ended by itself, which it does when it is idle; the sentence is asked for again."""


def _next(answers: queue.SimpleQueue[_Answer], seconds: float, doing: str) -> _Answer:
    try:
        return answers.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise EngineError("tts", "coqui", "stuck", f"the worker gives nothing any more ({doing})") from None
