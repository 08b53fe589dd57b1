"""Sentences that people say or write to assistants, and where they could have stopped too early."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator

import numpy as np

from assistant.turnend import wording
from tests.shared import DATA
from tests.turnend.logistic import Array

COLUMNS = (*(each.value for each in wording.Last if each is not wording.Last.NONE), "brevity", "question")


def corpora() -> dict[str, list[str]]:
    """CLINC150 (training part, in scope), HWU64, SLURP (development part)."""
    folder = DATA / "text"
    clinc = json.loads((folder / "clinc150_train_val.json").read_text(encoding="utf-8"))["train"]
    with (folder / "hwu64_train.tsv").open(encoding="utf-8", newline="") as lines:
        hwu = [row["text"] for row in csv.DictReader(lines, delimiter="\t")]
    slurp = (folder / "slurp_devel.jsonl").read_text(encoding="utf-8").splitlines()
    return {"clinc": [text for text, _ in clinc], "hwu": hwu, "slurp": [json.loads(line)["sentence"] for line in slurp]}


def design(texts: list[str], seed: int = 1) -> tuple[Array, Array]:
    """Features (rows, columns) and labels: each sentence whole, 1, and cut between two words, 0."""
    found = list(_rows(texts, random.Random(seed)))
    return np.array([row for row, _ in found]), np.array([label for _, label in found])


def _rows(texts: list[str], rng: random.Random) -> Iterator[tuple[list[float], float]]:
    for text in texts:
        words = text.split()
        yield _row(text), 1.0
        if len(words) > 1:
            yield _row(" ".join(words[: rng.randrange(1, len(words))])), 0.0


def _row(text: str) -> list[float]:
    found = wording.features(text)
    return [found.get(name, 0.0) for name in COLUMNS]
