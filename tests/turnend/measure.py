"""Delay against cut-offs: what a rule for waiting costs at true ends, and what it spoils in pauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.turnend.patience import Patience
from tests.turnend.examples import Example
from tests.turnend.logistic import Array

Wait = Callable[[float], float]
_LEAST_NATURAL = 0.3


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Seconds of delay at true ends; shares of pauses that were cut off (natural ones: those over 0.3 s)."""

    median: float
    p95: float
    mean: float
    inserted: float
    natural: float

    def __str__(self) -> str:
        return (
            f"median {self.median:.2f} s  P95 {self.p95:.2f} s  mean {self.mean:.2f} s  "
            f"cut off: inserted {self.inserted:6.1%}  natural {self.natural:6.1%}"
        )


def trade_off(examples: Sequence[Example], probabilities: Array, wait: Wait) -> TradeOff:
    """What a rule does on examples whose probabilities are known, shape (examples,)."""
    waits = np.array([wait(float(each)) for each in probabilities])
    kinds = np.array([each.kind for each in examples])
    pauses = np.array([each.pause for each in examples])
    delays = waits[kinds == "end"]
    cut = waits <= pauses
    natural = (kinds == "pause") & (pauses > _LEAST_NATURAL)
    return TradeOff(
        float(np.median(delays)),
        float(np.percentile(delays, 95)),
        float(np.mean(delays)),
        float(np.mean(cut[kinds == "cut"])),
        float(np.mean(cut[natural])) if natural.any() else float("nan"),
    )


def fixed(seconds: float) -> Wait:
    """Silence of one length, whatever was said."""
    return lambda _: seconds


def table(examples: Sequence[Example], named: dict[str, tuple[Array, Patience]]) -> list[str]:
    """Lines for fixed silences and for models."""
    nothing = np.zeros(len(examples))
    lines = [f"{f'fixed {each} s':22s} {trade_off(examples, nothing, fixed(each))}" for each in (0.5, 0.6, 0.8, 0.9)]
    for name, (probabilities, patience) in named.items():
        lines.append(f"{name:22s} {trade_off(examples, probabilities, patience.seconds)}")
    return lines
