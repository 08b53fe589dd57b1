"""Real time for what another process does: the loop's own clock may be virtual, a child's work is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

Bark = Callable[[], None]


class Watchdog:
    """Calls back when something takes too long; one thread for everybody, asleep while nothing is watched."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[Hashable, tuple[float, Bark]] = {}
        self._thread: threading.Thread | None = None
        self._waiting_until = 0.0

    def watch(self, key: Hashable, seconds: float, bark: Bark) -> None:
        """Call back after so many real seconds, on the watchdog's thread, unless :meth:`calm` comes first."""
        due = time.monotonic() + seconds
        with self._changed:
            self._due[key] = (due, bark)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            elif due < self._waiting_until:
                self._changed.notify()

    def calm(self, key: Hashable) -> None:
        """It did not take too long."""
        with self._changed:
            self._due.pop(key, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                late = [key for key, (due, _) in self._due.items() if due <= now]
                barks = [self._due.pop(key)[1] for key in late]
                if not barks:
                    self._waiting_until = min((due for due, _ in self._due.values()), default=float("inf"))
                    self._changed.wait(None if not self._due else self._waiting_until - now)
                    self._waiting_until = 0.0
            for bark in barks:
                bark()


watchdog = Watchdog()
"""Everybody's."""
