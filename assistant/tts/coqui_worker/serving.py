"""The worker's loop: orders in, audio out, one sentence after the other; the other half is in ``coqui_client``."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from . import frames
from .loading import LoadFailed, Voice, load, one_line

_log = logging.getLogger(__name__)

SAMPLES_A_FRAME = 8192
"""Longest audio in a frame, so that a cancelled sentence leaves little behind (0.4 s)."""

Loader = Callable[[dict[str, Any], Callable[[str], None]], Any]


class Server:
    """Serves one parent until it goes away or asks for nothing for a while.

    Args:
        source, sink: the pipes.
        gone: called when the parent is gone, from another thread; ends a process in the middle of its work.
        loader: makes the voice; :func:`.loading.load` but in tests of the protocol.
    """

    def __init__(
        self, source: BinaryIO, sink: BinaryIO, gone: Callable[[], None] = lambda: None, loader: Loader = load
    ) -> None:
        self._source = source
        self._sink = sink
        self._gone = gone
        self._loader = loader
        self._orders: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._cancelled: set[int] = set()

    def run(self) -> None:
        """Serve; returns when there is nothing more to do."""
        first = frames.read(self._source)
        if first is None:
            return
        order = first[0]
        threading.Thread(target=self._listen, name="coqui-orders", daemon=True).start()
        try:
            voice = self._loader(order, lambda text: self._send({"is": "progress", "text": text}))
        except LoadFailed as error:
            self._send({"is": "failed", "code": error.code, "message": str(error)})
            return
        except Exception as error:  # what no one foresaw is still one line for the parent
            _log.exception("loading")
            self._send({"is": "failed", "code": "bad_model", "message": one_line(error)})
            return
        self._send(_ready(voice))
        self._work(voice, order.get("idle") or None)

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._source)) is not None:
                order = frame[0]
                if order["do"] == "cancel":
                    self._cancelled.add(order["id"])
                else:
                    self._orders.put(order)
        except (OSError, ValueError):
            pass
        self._orders.put(None)
        self._gone()

    def _work(self, voice: Voice, idle: float | None) -> None:
        while True:
            try:
                order = self._orders.get(timeout=idle)
            except queue.Empty:
                _log.info("nothing to say for %g s", idle)
                return
            if order is None:
                return
            self._speak(voice, order)

    def _speak(self, voice: Voice, order: dict[str, Any]) -> None:
        number = order["id"]
        answer: dict[str, Any] = {"is": "end", "id": number}
        try:
            if number not in self._cancelled:
                self._stream(voice, order)
        except Exception as error:  # a sentence that fails is no reason to stop working
            _log.exception("synthesis")
            answer = {"is": "error", "id": number, "code": "failed", "message": one_line(error)}
        self._cancelled.discard(number)
        self._send(answer)

    def _stream(self, voice: Voice, order: dict[str, Any]) -> None:
        number, position = order["id"], 0
        pieces = voice.speak(order["text"], order.get("speaker"), order.get("language"), order.get("rate", 1.0))
        for samples, marks in pieces:
            waiting = list(marks)
            for start in range(0, len(samples), SAMPLES_A_FRAME):
                if number in self._cancelled:
                    pieces.close()  # type: ignore[attr-defined]
                    return
                part = samples[start : start + SAMPLES_A_FRAME]
                last = start + SAMPLES_A_FRAME >= len(samples)
                begun = [mark for mark in waiting if last or mark[2] < position + len(part)]
                waiting = waiting[len(begun) :]
                self._send({"is": "audio", "id": number, "marks": begun}, part.tobytes())
                position += len(part)

    def _send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        frames.write(self._sink, header, payload)


def _ready(voice: Voice) -> dict[str, Any]:
    return {
        "is": "ready",
        "rate": voice.rate,
        "speakers": voice.speakers,
        "languages": voice.languages,
        "device": voice.device,
        "longest": {language: voice.longest(language) for language in voice.languages or [""]},
    }


def main(loader: Loader = load) -> None:
    """Serve the parent on standard input and output; whatever libraries print goes to standard error."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        Server(source, sink, lambda: os._exit(0), loader).run()
    sys.stderr.flush()
    os._exit(0)
