"""The parent's end of the connection to one child: counts what goes out and comes in, and notices silence.

The child says when it has nothing to do. Between our message and that word it is at work, so that a virtual clock
stands still meanwhile, and one that stays at work for too long hangs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from assistant.skill.sandbox.frames import Malformed, Message, packed
from assistant.skill.sandbox.launch import Child
from assistant.skill.sandbox.watchdog import watchdog

_CHATTER_PER_S = 1_000
"""Lines for the log, and reports; who sends more is given up."""
_MESSAGES_PER_S = 5_000
"""Who sends more waits for the next second: requests hold themselves back, unless somebody means harm."""
_UNREAD = 32 * 1024 * 1024
"""Bytes of ours that a child may leave unread."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a child may take, in real seconds.

    Attributes:
        hang: at work without a pause.
        cancel: to stop what it was told to stop.
        stop: to run ``on_stop``.
        start: to describe itself.
    """

    hang: float = 30.0
    cancel: float = 1.0
    stop: float = 3.0
    start: float = 30.0


class Wire(asyncio.Protocol):
    """An attached child.

    Args:
        child: what it is attached to.
        hang: real seconds that it may be at work without a pause.
        on_message: takes each message but those about idleness.
        on_lost: takes the reason, when the connection has ended or was given up.
    """

    def __init__(
        self, child: Child, hang: float, on_message: Callable[[Message], None], on_lost: Callable[[str], None]
    ) -> None:
        self.child = child
        self.loop = asyncio.get_running_loop()
        self._hang = hang
        self._on_message = on_message
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._sent = 0
        self._second, self._messages, self._chatter = 0, 0, 0
        self._held: Future[None] | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready; what came right after the description is taken now."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        """Take what comes, or give up on a child that sends nonsense or too much."""
        try:
            for message in self.child.unpacker.feed(data):
                self._take(message)
        except Malformed as error:
            self.give_up(str(error))
        except (KeyError, TypeError, ValueError, AttributeError) as error:  # a message without what belongs in it
            self.give_up(f"it sent a malformed message: {type(error).__name__}: {error}")

    def _take(self, message: Message) -> None:
        if self.lost:
            return
        self._count(message["t"])
        if message["t"] != "idle":
            self._on_message(message)
        elif message["seen"] == self._sent:
            self._release()

    def _count(self, kind: str) -> None:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._messages, self._chatter = second, 0, 0
        self._messages += 1
        self._chatter += kind in ("log", "report")
        if self._chatter > _CHATTER_PER_S:
            raise Malformed("it sent too many messages in a second")
        if self._messages == _MESSAGES_PER_S and self._transport is not None:
            self._transport.pause_reading()
            watchdog.watch((self, "pause"), 1.0 - time.monotonic() % 1.0, lambda: self.from_outside(self._resume))

    def _resume(self) -> None:
        if self._transport is not None and not self.lost:
            self._transport.resume_reading()

    def connection_lost(self, _: Exception | None) -> None:
        """The child has ended, or closed its end."""
        self.give_up("")

    def send(self, message: Message) -> None:
        """Send; a child that is gone does not get it.

        Raises:
            ValueError, TypeError: it cannot be sent.
        """
        data = packed(message)
        if self.lost or self._transport is None:
            return
        self._sent += 1
        if self._held is None:
            self._hold()
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > _UNREAD:
            self.loop.call_soon(self.give_up, "it does not read its answers")

    def _hold(self) -> None:
        """The child is at work: let virtual time stand still, and do not wait for ever."""
        self._held = Future()
        self.loop.run_in_executor(_Elsewhere(self._held), _nothing)
        watchdog.watch(self, self._hang, self._late)

    def _release(self) -> None:
        watchdog.calm(self)
        held, self._held = self._held, None
        if held is not None:
            held.set_result(None)

    def _late(self) -> None:
        self.from_outside(lambda: self.give_up(f"it was busy for {self._hang:g} seconds without a pause"))

    def from_outside(self, work: Callable[[], Any]) -> None:
        """Do something on the loop, from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(work)

    def give_up(self, reason: str) -> None:
        """End the connection, once; the owner is told why."""
        if not self.lost:
            self.discard()
            self._on_lost(reason)

    def discard(self) -> None:
        """End the connection; nobody is told."""
        self.lost = True
        if self._transport is not None and not self.loop.is_closed():
            self._transport.abort()
        self._release()


class _Elsewhere(Executor):
    """Gives out a future that somebody else settles: work in another process, as the loop sees it."""

    def __init__(self, future: Future[None]) -> None:
        self._future = future

    def submit(self, fn: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:  # noqa: ARG002
        """The future."""
        return self._future


def _nothing() -> None: ...
