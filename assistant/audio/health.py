"""Tells a muted or dead microphone from a quiet room."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray


class Health:
    """Counts samples that are exactly zero: a live microphone has noise, a muted or dead one has none.

    Pure: it knows samples and no clock.
    """

    def __init__(self, rate: int, dead_seconds: float = 3.0) -> None:
        self.dead = False
        self._limit = round(rate * dead_seconds)
        self._zeros = 0

    def feed(self, samples: NDArray[np.int16]) -> Literal["dead", "alive"] | None:
        """Look at the next samples, shape (frames,) or (frames, channels), as the device gave them.

        Returns:
            ``dead`` once when ``dead_seconds`` of zeros are full, ``alive`` once when they end, else ``None``.
        """
        if samples.any():
            self._zeros = 0
            if self.dead:
                self.dead = False
                return "alive"
            return None
        self._zeros += len(samples)
        if not self.dead and self._zeros >= self._limit:
            self.dead = True
            return "dead"
        return None

    def reset(self) -> None:
        """Begin anew, for a device that was opened again."""
        self._zeros = 0
