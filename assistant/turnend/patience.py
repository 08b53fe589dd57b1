"""How long to wait in silence, given how likely the turn is over."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.turnend.base import Thresholds

_USUAL_MOST_S = 0.85


@dataclass(frozen=True, slots=True)
class Patience:
    """Silence that ends a turn, as a falling function of the probability that it is over.

    Whatever scores as 98 of 100 true ends do waits at most 0.85 s; the rest, where pauses are far more common
    than ends, waits ``longest``. That bounds the delay's 95th percentile without bounding patience.

    Attributes:
        thresholds: the model's own.
        shortest, longest: seconds; bounds of the result.
    """

    thresholds: Thresholds
    shortest: float = 0.5
    longest: float = 2.0

    def seconds(self, probability: float) -> float:
        """Seconds of silence, from the last voiced sample, after which the turn counts as over."""
        likely, sure = self.thresholds.likely, self.thresholds.sure
        if probability < likely:
            return max(self.shortest, self.longest)
        most = min(max(_USUAL_MOST_S, self.shortest), max(self.shortest, self.longest))
        share = min(1.0, (probability - likely) / max(sure - likely, 1e-9))
        return max(self.shortest, most + share * (self.shortest - most))
