"""What the paraphrase classifier has learnt, kept on disk: the same sentences are not learnt twice.

Learning takes seconds, on a Raspberry Pi many of them; reading what was learnt, some milliseconds. A file that is
damaged, or cannot be written, only means that it is learnt again.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import paths
from assistant.atomic import write_atomically
from assistant.intent.certainty import Certainty
from assistant.intent.svm import Floats, Vector

_log = logging.getLogger(__name__)

_FORMAT = "1"
"""Another one whenever the same sentences would be learnt otherwise."""
_FILES = 8
"""Of languages and sets of skills; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Attributes:
    weights: float32 (features, classes).
    certainty: None where there was too little to learn it from.
    """

    weights: Floats
    certainty: Certainty | None


def folder() -> Path:
    """Where it is kept."""
    return paths.cache_dir() / "paraphrases"


def key(vectors: Sequence[Vector], classes: Sequence[int]) -> str:
    """Names what would be learnt from sentences."""
    digest = hashlib.sha256(_FORMAT.encode())
    digest.update(np.asarray(classes, np.int64).tobytes())
    for vector in vectors:
        digest.update(vector.at.tobytes())
        digest.update(vector.values.tobytes())
    return digest.hexdigest()


def get(name: str) -> Learnt | None:
    """What was kept under a key, if it is there and whole."""
    path = folder() / f"{name}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            certainty = Certainty(found["mean"], found["scale"], found["signs"]) if "mean" in found else None
            learnt = Learnt(found["weights"], certainty)
        os.utime(path)
    except FileNotFoundError:
        return None
    except Exception as error:  # numpy and zipfile raise whatever a damaged file leads to
        _log.info("%s cannot be used and is learnt again: %s", path, error)
        return None
    return learnt


def put(name: str, learnt: Learnt) -> None:
    """Keep it; where that fails it will be learnt again."""
    arrays: dict[str, NDArray[Any]] = {"weights": learnt.weights}
    if learnt.certainty is not None:
        own = learnt.certainty
        arrays |= {"mean": own.mean, "scale": own.scale, "signs": own.weights}
    try:
        data = io.BytesIO()
        np.savez(data, allow_pickle=False, **arrays)
        write_atomically(folder() / f"{name}.npz", data.getvalue())
        _prune()
    except OSError as error:
        _log.info("what was learnt of the skills' sentences cannot be kept: %s", error)


def _prune() -> None:
    with suppress(OSError):  # another process may do the same
        files = sorted(folder().glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[_FILES:]:
            file.unlink(missing_ok=True)
