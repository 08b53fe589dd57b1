"""Linear support-vector machines, one for each class against the rest, trained by dual coordinate descent.

L2-regularised squared hinge loss, the method of Hsieh et al., "A Dual Coordinate Descent Method for Large-scale
Linear SVM" (ICML 2008). The machines of all classes are updated together, one sentence at a time, so that the inner
loop is a few numpy operations on a (features, classes) block of weights, and nothing but numpy is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

NO_CLASS = -1
"""The class of a sentence that belongs to none."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector.

    Attributes:
        at: int64 indices, each once.
        values: float32, as many.
    """

    at: Places
    values: Floats


def train(
    vectors: Sequence[Vector], classes: Sequence[int], size: int, cost: float = 1.0, epochs: int = 8, seed: int = 0
) -> Floats:
    """Fit the machines.

    Args:
        vectors: one for each sentence.
        classes: class numbers from 0, as many; :data:`NO_CLASS` for sentences that no machine may accept.
        size: how many features there are.
        cost: of a sentence on the wrong side of its margin (liblinear's C).
        epochs: passes over the sentences.
        seed: of the order in which they are visited; equal seeds give equal weights.

    Returns:
        float32 (size, classes) weights.
    """
    count = max(classes, default=NO_CLASS) + 1
    weights = np.zeros((size, count), np.float32)
    duals = np.zeros((len(vectors), count), np.float32)
    signs = np.full((count + 1, count), -1, np.float32)  # the last row is nobody's
    np.fill_diagonal(signs, 1)
    ridge = np.float32(0.5 / cost)
    bounds = [np.float32(vector.values @ vector.values) + ridge for vector in vectors]
    order = np.random.default_rng(seed)
    for _ in range(epochs):
        for i in order.permutation(len(vectors)):
            vector, sign = vectors[i], signs[classes[i]]
            block = weights[vector.at]
            slope = sign * (vector.values @ block) - 1 + ridge * duals[i]
            fresh = np.maximum(duals[i] - slope / bounds[i], 0)
            weights[vector.at] = block + vector.values[:, None] * ((fresh - duals[i]) * sign)
            duals[i] = fresh
    return weights


def scores(weights: Floats, vector: Vector) -> Floats:
    """(classes,) signed distances of one sentence; positive means the class."""
    found: Floats = vector.values @ weights[vector.at]
    return found
