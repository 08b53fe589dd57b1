"""Where on a live stream's time line we are, and whether the device swallowed sound on the way."""

from __future__ import annotations

import math

_WINDOW_SECONDS = 2.0
_LOST_SECONDS = 0.25


class Timeline:
    """Relates the samples that have arrived to a clock.

    Blocks may come late, and catch up; sound that an overloaded machine lost never does. So the earliest arrival in
    each window of two seconds counts: a quarter of a second behind the clock is lost sound, less is the device's own
    clock running a little slow or fast, which is followed.

    Args:
        rate: samples per second.
        now: seconds of a monotonic clock at stream index 0.
    """

    def __init__(self, rate: int, now: float) -> None:
        self._rate = rate
        self._zero = now
        self._window_end = now
        self._earliest = math.inf

    def index(self, now: float) -> int:
        """The stream index that should have arrived by now."""
        return int((now - self._zero) * self._rate)

    def start(self, now: float, end: int) -> None:
        """The device delivers (again); ``end`` is the stream index one past the first block."""
        self._zero = now - end / self._rate
        self._window_end = now + _WINDOW_SECONDS
        self._earliest = math.inf

    def arrived(self, now: float, end: int) -> int:
        """Note a block that ends at stream index ``end``; returns how many samples were lost before it, mostly 0."""
        zero = now - end / self._rate
        self._earliest = min(self._earliest, zero)
        self._zero = min(self._zero, zero)
        if now < self._window_end:
            return 0
        late = self._earliest - self._zero
        self._window_end = now + _WINDOW_SECONDS
        self._earliest = math.inf
        if late > _LOST_SECONDS:
            return round(late * self._rate)
        self._zero += late
        return 0
