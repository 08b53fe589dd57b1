"""Delay against cut-offs: what a rule for waiting costs at true ends, and what it spoils in pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.turnend.patience import Patience
from tests.turnend.examples import Example
from tests.turnend.logistic import Array

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


def trade_off(examples: Sequence[Example], waits: Array) -> TradeOff:
    """What waiting so many seconds, shape (examples,), would have done."""
    kinds = np.array([each.kind for each in examples])
    pauses = np.array([each.pause for each in examples])
    delays = waits[kinds == "end"]
    cut = waits <= pauses
    natural = (kinds == "pause") & (pauses > _LEAST_NATURAL)
    return TradeOff(
        float(np.median(delays)),
        float(np.percentile(delays, 95)),
        float(np.mean(delays)),
        share(cut[kinds == "cut"]),
        share(cut[natural]),
    )


def share(cut: NDArray[np.bool_]) -> float:
    """Share of pauses that were cut off; NaN of none."""
    return float(np.mean(cut)) if len(cut) else float("nan")


def fixed(examples: Sequence[Example], seconds: float) -> TradeOff:
    """What silence of one length does, whatever was said."""
    return trade_off(examples, np.full(len(examples), seconds))


def waits(patience: Patience, probabilities: Array) -> Array:
    """Seconds for every probability."""
    return np.array([patience.seconds(float(each)) for each in probabilities])


def table(examples: Sequence[Example], named: dict[str, Array]) -> list[str]:
    """Lines for fixed silences and for the named waits."""
    lines = [f"{f'fixed {seconds} s':22s} {fixed(examples, seconds)}" for seconds in (0.5, 0.6, 0.7, 0.8, 0.9)]
    return lines + [f"{name:22s} {trade_off(examples, each)}" for name, each in named.items()]
