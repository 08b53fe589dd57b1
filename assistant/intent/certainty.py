"""How sure a classifier's best guess is: a probability learnt from what it gets wrong when it must do without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

_PRIOR = 1e-2
"""Ridge on the standardised weights, for each sentence: keeps them finite where everything can be told apart."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """A logistic regression on the signs of a good guess.

    Attributes:
        mean, scale: (signs,) of the sentences it was learnt from.
        weights: (signs + 1,), the last one constant.
    """

    mean: Doubles
    scale: Doubles
    weights: Doubles

    @classmethod
    def learn(cls, signs: Sequence[Sequence[float]], right: Sequence[bool], steps: int = 25) -> Certainty:
        """Fit by Newton's method; right and wrong guesses weigh the same in all, however many there are.

        Args:
            signs: (guesses, signs) numbers, each larger for better guesses or for worse ones.
            right: whether each guess was right; both kinds are needed.
        """
        rows, truth = np.asarray(signs, np.float64), np.asarray(right, bool)
        mean, scale = rows.mean(0), rows.std(0) + 1e-6
        rows = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
        share = np.where(truth, 0.5 / max(truth.sum(), 1), 0.5 / max((~truth).sum(), 1))
        weights = np.zeros(rows.shape[1])
        for _ in range(steps):
            chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (share * (chance - truth)) + _PRIOR * weights
            bend = (rows * (share * chance * (1 - chance))[:, None]).T @ rows + _PRIOR * np.eye(len(weights))
            weights = weights - np.linalg.solve(bend, slope)
        return cls(mean, scale, weights)

    def of(self, signs: Sequence[float]) -> float:
        """The probability, 0 to 1, that a guess with these signs is right."""
        row = np.append((np.asarray(signs, np.float64) - self.mean) / self.scale, 1.0)
        return float(1 / (1 + np.exp(-np.clip(row @ self.weights, -30, 30))))
