"""The side of the Coqui engine that stays in the assistant: starts the worker, asks it, starts it again."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from assistant.audio.chunk import Samples
from assistant.errors import EngineError
from assistant.tts.coqui_link import Link
from assistant.tts.coqui_running import SILENCE_S, Answer, Ended, Ready, Refused, Running, next_answer

_log = logging.getLogger(__name__)

_TRIES = 3


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
        self._running: Running | None = None
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
                if isinstance(answer, Ended):
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

    def _answer(self, running: Running, answers: queue.SimpleQueue[Answer]) -> Answer:
        try:
            return next_answer(answers, SILENCE_S, "synthesis")
        except EngineError:
            running.close()  # whatever it is stuck in, a new one is not
            self._restarts.died()
            raise

    def _ensure(self) -> tuple[Running, Ready]:
        with self._starting:
            if self._running is not None and self._running.alive:
                return self._running, self._ready
            if self._closed:
                raise EngineError("tts", "coqui", "closed", "the voice was closed")
            if not self._restarts.allowed:
                message = f"the worker died {self._restarts.most} times within {self._restarts.seconds:.0f} s"
                raise EngineError("tts", "coqui", "crashed", f"{message} ({self._why})")
            began = time.monotonic()
            running = Running(self._launch(), self._order, self._ended)
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
