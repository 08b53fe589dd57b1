"""Logistic regression with a ridge, and the area under the ROC curve; numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def fit(x: Array, y: Array, ridge: float = 5.0) -> Array:
    """Weights of shape (columns + 1,), the bias last; ends and non-ends count the same in all (Newton's method)."""
    weights = np.zeros(x.shape[1] + 1)
    inputs = np.column_stack((x, np.ones(len(x))))
    penalty = np.diag([ridge] * x.shape[1] + [1e-6])
    share = np.where(y == 1, 0.5 / np.mean(y), 0.5 / np.mean(1 - y))
    for _ in range(30):
        guess = sigmoid(inputs @ weights)
        curvature = inputs.T @ ((share * guess * (1 - guess))[:, None] * inputs) + penalty
        weights = weights + np.linalg.solve(curvature, inputs.T @ (share * (y - guess)) - penalty @ weights)
    return weights


def predict(x: Array, weights: Array) -> Array:
    """Probabilities, shape (rows,)."""
    return sigmoid(x @ weights[:-1] + weights[-1])


def sigmoid(score: Array) -> Array:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.clip(score, -50, 50)))


def logit(probability: Array) -> Array:
    """Its inverse, within ±9.2."""
    inside = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.log(inside / (1 - inside))


def auc(score: Array, y: Array) -> float:
    """How often an end scores more than a non-end; ties count half."""
    ends, others = score[y == 1], np.sort(score[y == 0])
    below = np.searchsorted(others, ends, "left") + np.searchsorted(others, ends, "right")
    return float(np.mean(below) / 2 / len(others))
