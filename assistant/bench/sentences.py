"""Sentence sets with intents, read where they lie beside a checkout of the project."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from assistant import paths
from assistant.errors import InputError

_T = TypeVar("_T")

Labelled = tuple[str, str]
"""A sentence and its intent."""


@dataclass(frozen=True, slots=True)
class Clinc:
    """CLINC150 (Larson et al., EMNLP 2019): 150 intents, and sentences that are outside of all of them.

    Attributes:
        train, val: 100 and 20 sentences of each intent.
        oos_train, oos_val: out-of-scope sentences.
    """

    train: Sequence[Labelled]
    val: Sequence[Labelled]
    oos_train: Sequence[str]
    oos_val: Sequence[str]

    def thinned(self, limit: int) -> Clinc:
        """At most about so many sentences of each part, spread evenly."""
        return Clinc(
            thin(self.train, limit), thin(self.val, limit), thin(self.oos_train, limit), thin(self.oos_val, limit)
        )


def thin(part: Sequence[_T], limit: int) -> Sequence[_T]:
    """At most about so many of some things, spread evenly."""
    return part[:: max(1, len(part) // limit)]


def folder() -> Path:
    """Where the sets are expected."""
    return paths.shipped("skills").parent.parent / "shared" / "data" / "text"


def clinc(where: Path) -> Clinc:
    """Read ``clinc150_train_val.json``.

    Raises:
        InputError: it is not there, or is something else.
    """
    file = where / "clinc150_train_val.json"
    try:
        parts = json.loads(file.read_text(encoding="utf-8"))
        train, val = ([(text, intent) for text, intent in parts[name]] for name in ("train", "val"))
        oos_train, oos_val = ([text for text, _ in parts[name]] for name in ("oos_train", "oos_val"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} cannot be read ({_why(error)}); name the folder of the sets with --data") from error
    return Clinc(train, val, oos_train, oos_val)


def hwu(where: Path) -> list[Labelled]:
    """Read ``hwu64_train.tsv`` (Liu et al., IWSDS 2019): 64 intents of a home assistant.

    Raises:
        InputError: it is not there, or is something else.
    """
    file = where / "hwu64_train.tsv"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            return [(row["text"], row["intent"]) for row in rows]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{file} cannot be read ({_why(error)}); name the folder of the sets with --data") from error


def _why(error: Exception) -> str:
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else type(error).__name__


def folds(labelled: Sequence[Labelled], count: int) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """Training and test parts, each intent spread evenly over the test parts; the same each time."""
    order = np.random.default_rng(0).permutation(len(labelled))
    seen: dict[str, int] = {}
    part = np.zeros(len(labelled), int)
    for at in order:
        intent = labelled[at][1]
        seen[intent] = seen.get(intent, -1) + 1
        part[at] = seen[intent] % count
    for turn in range(count):
        train = [each for each, own in zip(labelled, part, strict=True) if own != turn]
        yield train, [each for each, own in zip(labelled, part, strict=True) if own == turn]
