"""Keeps one skill's process: starts it, notices its end, and starts it again, later each time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from assistant.errors import EngineError
from assistant.skill.sandbox.frames import Message
from assistant.skill.sandbox.launch import Child, NotStarted, Plan, ending, start
from assistant.skill.sandbox.wire import Wire

_BACK_OFF_S = 1.0
_LONGEST_BACK_OFF_S = 300.0


class Keeper:
    """Keeps one process.

    Args:
        plan: what to start.
        hang: real seconds that it may be at work without a pause.
        on_message: takes each of its messages.
        on_end: takes the reason for each end that was not asked for; what waited for the process has failed.
        on_back: is awaited after it was started again by itself, which happens if :attr:`wanted`.

    Attributes:
        child: a process that was started but is attached to no loop yet.
        wire: the connection of one that is.
        failures: ends that were not asked for, since :meth:`forgive`.
        wanted: whether it is started again before somebody calls it.

    Raises:
        NotStarted: it cannot be started.
    """

    def __init__(
        self,
        plan: Plan,
        hang: float,
        on_message: Callable[[Message], None],
        on_end: Callable[[str], None],
        on_back: Callable[[], Awaitable[None]],
    ) -> None:
        self.plan = plan
        self._hang = hang
        self._on_message = on_message
        self._on_end = on_end
        self._on_back = on_back
        self.child: Child | None = start(plan)
        self.wire: Wire | None = None
        self.failures = 0
        self.wanted = False
        self._not_before = 0.0
        self._opening: asyncio.Task[Wire] | None = None
        self._returning: asyncio.Task[None] | None = None
        self._burying: set[asyncio.Task[None]] = set()

    @property
    def attached(self) -> Wire | None:
        """The connection, if there is one to the loop that runs, or ran, and has not ended."""
        return self.wire if self.wire is not None and not self.wire.lost and not self.wire.loop.is_closed() else None

    def forgive(self) -> None:
        """It works: the next failure counts as the first."""
        self.failures, self._not_before = 0, 0.0

    async def ready(self) -> Wire:
        """The attached process; it is started if there is none.

        Raises:
            EngineError: it cannot be, or not yet; the code is ``stopped`` or ``restarting``.
        """
        loop = asyncio.get_running_loop()
        if self.wire is not None and self.wire.loop is not loop:
            self.close()
        if self.wire is not None and not self.wire.lost and self._opening is None:
            return self.wire
        if self._opening is None or self._opening.get_loop() is not loop:
            wait = self._not_before - loop.time()
            if self.failures and wait > 0:
                text = f"it failed {self.failures} times and starts again in {max(1, round(wait))} s"
                raise EngineError("skill", self.plan.name, "restarting", text)
            self._opening = loop.create_task(self._open())
            self._opening.add_done_callback(self._opened)
        return await asyncio.shield(self._opening)

    def _opened(self, task: asyncio.Task[Wire]) -> None:
        if self._opening is task:
            self._opening = None
        if not task.cancelled():
            task.exception()

    async def _open(self) -> Wire:
        loop = asyncio.get_running_loop()
        if self.child is None:
            try:
                self.child = await loop.run_in_executor(None, start, self.plan)
            except NotStarted as error:
                self._failed(loop, str(error))
                raise EngineError("skill", self.plan.name, "stopped", f"it cannot be started: {error}") from None
        child, self.child = self.child, None
        wire = Wire(child, self._hang, self._on_message, lambda reason: self._lost(wire, reason))
        self.wire = wire
        await loop.create_unix_connection(lambda: wire, sock=child.connection)
        return wire

    def _lost(self, wire: Wire, reason: str) -> None:
        if self.wire is wire:
            self.wire = None
            task = wire.loop.create_task(self._bury(wire, reason))
            self._burying.add(task)
            task.add_done_callback(self._burying.discard)

    async def _bury(self, wire: Wire, reason: str) -> None:
        if reason:
            await wire.loop.run_in_executor(None, wire.child.kill)
        else:
            reason = f"its process {ending(await wire.loop.run_in_executor(None, wire.child.ended, 1.0))}"
        self._failed(wire.loop, reason)

    def _failed(self, loop: asyncio.AbstractEventLoop, reason: str) -> None:
        wait = 0.0 if self.failures == 0 else min(_LONGEST_BACK_OFF_S, _BACK_OFF_S * 2 ** (self.failures - 1))
        self.failures += 1
        self._not_before = loop.time() + wait
        self._on_end(reason)
        if self.wanted:
            self._returning = loop.create_task(self._return(wait))

    async def _return(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.wanted and self.wire is None:
            await self._on_back()

    def close(self) -> None:
        """End the process; :meth:`ready` starts another."""
        for task in (self._returning, self._opening):
            if (
                task is not None
                and not task.get_loop().is_closed()
                and task is not asyncio.current_task(task.get_loop())
            ):
                task.cancel()
        self._returning = self._opening = None
        wire, self.wire = self.wire, None
        child, self.child = self.child or (wire.child if wire is not None else None), None
        if wire is not None:
            wire.discard()
        if child is not None:
            child.kill()
