"""The child's end of the connection: a thread reads, anybody may send, and a waiting loop says that it waits."""

from __future__ import annotations

import asyncio
import itertools
import os
import selectors
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from assistant.errors import Cancelled, NetworkError, NoAnswer, SkillError
from assistant.skill.sandbox.codec import decode, encode
from assistant.skill.sandbox.frames import Malformed, Message, Unpacker, packed
from assistant.skill.sandbox.grants import Refused

_PIECE = 65_536
_ERRORS: dict[str, Callable[[str], BaseException]] = {
    "refused": Refused, "cancelled": Cancelled, "no_answer": NoAnswer, "network": NetworkError,
    "skill_error": SkillError,
}  # fmt: skip


class Line:
    """Sends requests to the parent and gets their answers; the parent's own messages go to ``on_message``.

    Args:
        number: the file descriptor, blocking.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._sending = threading.RLock()
        self._ids = itertools.count(1)
        self._pending: dict[int, Future[Any]] = {}
        self._unpacker = Unpacker()
        self._handled = 0
        self._said = -1
        self.jobs = 0
        self.on_message: Callable[[Message], None] = lambda _: None

    def send(self, message: Message) -> None:
        """Send from any thread."""
        data = memoryview(packed(message))
        with self._sending:
            while data:
                data = data[os.write(self._number, data) :]

    def receive(self) -> Message:
        """The first message; before :meth:`listen`."""
        while True:
            for message in self._unpacker.feed(os.read(self._number, _PIECE) or _gone()):
                return message

    def listen(self) -> None:
        """Read for good, on a thread of its own; the end of the connection is the end of this process."""
        threading.Thread(target=self._read, name="connection", daemon=True).start()

    def _read(self) -> None:
        try:
            while piece := os.read(self._number, _PIECE):
                for message in self._unpacker.feed(piece):
                    self._dispatch(message)
        except (OSError, Malformed):
            pass
        _gone()

    def _dispatch(self, message: Message) -> None:
        if message["t"] not in ("answer", "error"):
            self.on_message(message)
            return
        future = self._pending.pop(message["id"], None)
        if future is None or not future.set_running_or_notify_cancel():
            self.handled()
        elif message["t"] == "answer":
            future.set_result(message.get("value"))
        else:
            future.set_exception(_ERRORS.get(message["kind"], SkillError)(message["text"]))

    def _request(self, call: int, name: str, arguments: Any, named: Any) -> tuple[int, Future[Any]]:
        """Ask the parent for something on behalf of a call; its answer is still JSON."""
        number, future = next(self._ids), Future[Any]()
        message = {"t": "ask", "id": number, "call": call, "name": name,
                   "args": encode(list(arguments)), "named": encode(named)}  # fmt: skip
        self._pending[number] = future
        self.send(message)
        return number, future

    def now(self, call: int, name: str, *arguments: Any, **named: Any) -> Any:
        """Ask, and block for the answer."""
        _, future = self._request(call, name, arguments, named)
        try:
            return decode(future.result())
        finally:
            self.handled()

    async def later(self, call: int, name: str, *arguments: Any, **named: Any) -> Any:
        """Ask, and wait for the answer; the parent is told if nobody waits any longer."""
        number, future = self._request(call, name, arguments, named)
        try:
            return decode(await asyncio.wrap_future(future))
        finally:
            if self._pending.pop(number, None) is None:
                self.handled()
            else:
                self.send({"t": "drop", "id": number})

    def handled(self) -> None:
        """A message of the parent has been taken up."""
        with self._sending:
            self._handled += 1

    def waiting(self) -> None:
        """The loop has nothing to do; tell the parent, once for each message taken up."""
        with self._sending:
            if self.jobs or self._said == self._handled:
                return
            self._said = self._handled
            self.send({"t": "idle", "seen": self._said})


def _gone() -> bytes:
    """The assistant has ended, or has given this process up."""
    os._exit(0)


class Selector(selectors.DefaultSelector):
    """Tells the parent before it waits, so that the parent knows whether this process is at work.

    Args:
        line: to the parent.
    """

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As the base class."""
        if timeout is None or timeout > 0:
            self._line.waiting()
        return super().select(timeout)
