"""One Coqui worker from its start to its end, and what it answers."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.errors import EngineError
from assistant.tts.coqui_link import Link
from assistant.tts.coqui_worker import frames

_log = logging.getLogger(__name__)

START_S = 300.0
"""How long loading may take: a large model from a slow card takes minutes."""
SILENCE_S = 60.0
"""How long a worker at work may give nothing before it counts as stuck."""


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


@dataclass(frozen=True, slots=True)
class Ended:
    """Put into the queues of all sentences under way when the worker ends; ``why`` is empty if it was idle."""

    why: str


Answer = tuple[dict[str, Any], bytes] | Ended
"""Header and payload of a frame, or the end."""


class Running:
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
        self._waiting: dict[int, queue.SimpleQueue[Answer]] = {}
        self._start: queue.SimpleQueue[Answer] = queue.SimpleQueue()
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
            answer = next_answer(self._start, deadline - time.monotonic(), "loading")
            if isinstance(answer, Ended):
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

    def speak(self, number: int, order: dict[str, Any]) -> queue.SimpleQueue[Answer]:
        """Ask for a sentence; its answers come in the queue."""
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._waiting[number] = answers
        self._orders.put({"do": "speak", "id": number, **order})
        if not self.alive:  # after the line above, since the reading thread looks through them only once
            answers.put(Ended(""))
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
            answers.put(Ended(why))
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


def next_answer(answers: queue.SimpleQueue[Answer], seconds: float, doing: str) -> Answer:
    """Wait for an answer.

    Raises:
        EngineError: ``stuck``; there was none for so many seconds.
    """
    try:
        return answers.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise EngineError("tts", "coqui", "stuck", f"the worker gives nothing any more ({doing})") from None
