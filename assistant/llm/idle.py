"""Noticing that something has not been used for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class IdleTimer:
    """Calls a function, on a thread of its own, once nothing was touched for so long.

    Args:
        seconds: 0 for never.
        act: what to do; harmless if it is done once more.
    """

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._lock = threading.Lock()
        self._touched = 0.0
        self._timer: threading.Timer | None = None
        self._closed = False

    def touch(self) -> None:
        """It is in use."""
        with self._lock:
            self._touched = time.monotonic()
            if self._timer is None and self._seconds > 0 and not self._closed:
                self._wait(self._seconds)

    def close(self) -> None:
        """Do nothing any more."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            left = self._touched + self._seconds - time.monotonic()
            if self._closed:
                return
            if left > 0:
                self._wait(left)
                return
        self._act()
