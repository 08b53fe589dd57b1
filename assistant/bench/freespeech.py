"""Free speech: how long after somebody's last word it is thought to be over.

Real recordings of people reading or talking, each followed by silence as loud as its own quietest moments, said to a
session that always listens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import paths
from assistant.audio.chunk import RATE, Samples
from assistant.audio.decode import decode
from assistant.bench.stand import Manner
from assistant.bench.take import Take
from assistant.errors import InputError

MANNER = Manner(settle=3.0)
_FRAME = RATE // 100
_BELOW_SPEECH_DB = 35.0
_ABOVE_FLOOR_DB = 10.0
_LONGEST_S = 16.0  # an utterance ends at 20 s at the latest
_SUFFIXES = {".flac", ".wav"}


def folder() -> Path:
    """Where recordings are expected: beside a checkout of the project."""
    return paths.shipped("skills").parent.parent / "shared" / "data" / "speech" / "librispeech"


def recordings(where: Path, limit: int) -> list[Take]:
    """Up to so many recordings of a folder and those below it, in the order of their names.

    Args:
        where: a folder with FLAC or WAV files, each of one utterance.
        limit: how many, spread evenly over all.
    """
    files = sorted(path for path in where.rglob("*") if path.suffix in _SUFFIXES) if where.is_dir() else []
    chosen = files[:: max(1, len(files) // limit)] if limit else []
    return list(_readable(chosen))[:limit]


def _readable(files: Sequence[Path]) -> Iterator[Take]:
    for path in files:
        try:
            samples = decode(path)
        except InputError:
            continue
        end = end_of_speech(samples)
        if 0 < end <= _LONGEST_S * RATE:
            yield Take(path.stem, "", samples[:end], noise_rms=_floor(samples))


def end_of_speech(samples: Samples) -> int:
    """One past the last sample of speech in a recording; 0 without any."""
    speech = np.flatnonzero(_speech(samples))
    return (int(speech[-1]) + 1) * _FRAME if len(speech) else 0


def pauses(samples: Samples, seconds: float = 0.3) -> int:
    """How many silences of at least so many seconds lie between the first and the last speech of a recording."""
    speech = np.flatnonzero(_speech(samples))
    return int(np.sum(np.diff(speech) - 1 >= seconds * RATE / _FRAME)) if len(speech) else 0


def _speech(samples: Samples) -> NDArray[np.bool_]:
    """For each 10 ms whether it is within 35 dB of the loud ones and 10 dB above the quietest."""
    level = levels(samples)
    if not len(level):
        return np.zeros(0, np.bool_)
    loud, quiet = np.percentile(level, 95), np.percentile(level, 5)
    limit = max(loud - _BELOW_SPEECH_DB, min(quiet + _ABOVE_FLOOR_DB, loud - 6.0))
    found: NDArray[np.bool_] = level >= limit
    return found


def levels(samples: Samples) -> NDArray[np.float64]:
    """Level of each 10 ms, dB against one int16 step, shape (n,)."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    power: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-3)
    return power


def _floor(samples: Samples) -> float:
    """RMS of the quietest twentieth, in int16 steps."""
    return float(max(1.0, 10 ** (np.percentile(levels(samples), 5) / 20)))
