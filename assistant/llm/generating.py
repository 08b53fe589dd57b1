"""A reply that comes from a loop of its own, drawn from any thread and stopped from any other.

The protocol of engines is synchronous, but a blocking read can be neither given up from elsewhere nor limited as a
whole. So the requests of an engine run on a private event loop (anyio's portal): a cancelled reply closes its
connection at once, whether somebody is just waiting for a piece of it or not.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Final

import anyio
from anyio.from_thread import BlockingPortal

from assistant.errors import AssistantError, EngineError
from assistant.llm.base import Piece

Put = Callable[[Piece], None]
Work = Callable[[Put], Awaitable[None]]
_END: Final = object()
_CLOSING_S = 1.0


class Loop:
    """An event loop on a thread of its own; started when it is first needed.

    The thread is a daemon, and unlike that of anyio's own ``start_blocking_portal`` nothing waits for it when the
    program ends without ``close``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._portal: BlockingPortal | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, work: Callable[[], Awaitable[Any]]) -> Future[Any]:
        """Begin a piece of work; cancelling the future ends it.

        Raises:
            RuntimeError: the loop is closed.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine is closed")
            if self._portal is None:
                started: Future[BlockingPortal] = Future()
                self._thread = threading.Thread(target=anyio.run, args=(_serve, started), name="llm-http", daemon=True)
                self._thread.start()
                self._portal = started.result()
            return self._portal.start_task_soon(work)

    def close(self, last: Callable[[], Awaitable[Any]]) -> None:
        """Do the last work and end all other; waits a second at most (a name that is being looked up holds it up)."""
        with self._lock:
            self._closed, portal, thread = True, self._portal, self._thread
            self._portal = None
        if portal is None or thread is None:
            return
        with suppress(Exception):
            portal.start_task_soon(last).result(_CLOSING_S)
        portal.start_task_soon(portal.stop, True)
        thread.join(_CLOSING_S)


async def _serve(started: Future[BlockingPortal]) -> None:
    async with BlockingPortal() as portal:
        started.set_result(portal)
        await portal.sleep_until_stopped()


class LoopGeneration:
    """A :class:`assistant.llm.base.Generation` whose pieces are put by work on a loop.

    What has been generated is taken in at once, however slowly it is drawn; how much that can be, is capped.

    Args:
        loop: where the work runs.
        work: called with the function that puts a piece; what it raises is raised by ``next``.
        engine: named in errors.
        before: called once on the thread that draws the first piece, before the work begins.
    """

    def __init__(self, loop: Loop, work: Work, engine: str, before: Callable[[], None] = lambda: None) -> None:
        self._loop = loop
        self._before = before
        self._work = work
        self._engine = engine
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._lock = threading.Lock()
        self._task: Future[Any] | None = None
        self._over = False

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        """See :class:`assistant.llm.base.Generation`."""
        self.begin()
        item: Any = _END if self._over else self._queue.get()
        if self._over or item is _END:  # cancelled while we waited: what came last is of no interest
            self._over = True
            raise StopIteration
        if isinstance(item, BaseException):
            self._over = True
            raise item
        piece: Piece = item
        return piece

    def begin(self) -> None:
        """Begin without waiting for a piece.

        Raises:
            EngineError: it cannot begin.
        """
        if self._task is not None or self._over:
            return
        self._before()
        with self._lock:
            if not self._over:
                try:
                    self._task = self._loop.start(self._run)
                except RuntimeError as error:
                    raise EngineError("llm", self._engine, "cancelled", str(error)) from None

    async def _run(self) -> None:
        try:
            await self._work(self._queue.put)
        except AssistantError as error:
            self._queue.put(error)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            self._queue.put(EngineError("llm", self._engine, "crashed", message))
        finally:
            self._queue.put(_END)

    def cancel(self) -> None:
        """See :class:`assistant.llm.base.Generation`."""
        with self._lock:
            self._over = True
            task = self._task
        self._queue.put(_END)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Stop what is still under way."""
        self.cancel()
