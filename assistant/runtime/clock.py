"""Time: the loop's own, real or virtual, and the wall's.

Under :class:`VirtualLoop` time only passes when nothing is left to do and no engine is working, so
a run takes as long as its computing and every ``sleep`` is exact. The idea is that of
``livekit/agents`` ``tests/virtual_time.py``; here it is the way ``--fast`` runs, too.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tzlocal import get_localzone


class _VirtualSelector(selectors.DefaultSelector):
    """Skips waiting: when only timers are pending and nothing is in flight, time jumps to the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.in_flight = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and (timeout <= 0 or self.in_flight == 0):
            ready = super().select(0)
            if not ready and timeout > 0:
                self.now += timeout
            return ready
        return super().select(None)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is virtual.

    ``time()`` starts at 0 and stands still while callbacks run or executor jobs are in flight.
    """

    def __init__(self) -> None:
        self._virtual = _VirtualSelector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Virtual seconds."""
        return self._virtual.now

    def run_in_executor(  # type: ignore[override]  # typeshed's overloads cannot be matched by a plain override
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """As the base class; time stands still until the job is done."""
        future = super().run_in_executor(executor, func, *args)
        if not future.done():
            self._virtual.in_flight += 1
            future.add_done_callback(self._landed)
        return future

    def _landed(self, _future: asyncio.Future[Any]) -> None:
        self._virtual.in_flight -= 1


class WallClock:
    """The local time of day, carried forward by the loop's clock so that virtual runs agree with it.

    Args:
        loop: whose time passes.
        zone: an IANA name; None for the machine's.
        start: the moment to begin at; None for the present one.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, zone: str | None = None, start: datetime | None = None) -> None:
        self._loop = loop
        self._zone = ZoneInfo(zone) if zone else get_localzone()
        self._follows_system = start is None and not isinstance(loop, VirtualLoop)
        self._start = (start or datetime.now().astimezone()).astimezone(UTC)
        self._origin = loop.time()

    def now(self) -> datetime:
        """Aware local time; safe from any thread. In a real-time loop it follows the system's clock."""
        if self._follows_system:
            moment = datetime.now(UTC)
        else:
            moment = self._start + timedelta(seconds=self._loop.time() - self._origin)
        return moment.astimezone(self._zone)
