"""Hesitations: commands with a silence put in between two words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from assistant.bench.take import Take, with_pause

SHORTEST_S, LONGEST_S = 0.3, 1.5


def hesitant(takes: Iterable[Take], seed: int = 11) -> Iterator[Take]:
    """Each command of two words or more again, with a pause at a random boundary between two of its words.

    The sentence is synthesised whole and cut where a word begins, so its melody does not tell of the pause. Lengths
    are uniform from 0.3 to 1.5 s.
    """
    rng = np.random.default_rng(seed)
    for take in takes:
        places = [(characters, sample) for characters, sample in take.words if characters > 0]
        seconds = float(rng.uniform(SHORTEST_S, LONGEST_S))
        if places:
            characters, sample = places[int(rng.integers(len(places)))]
            cut = with_pause(take, sample, seconds)
            yield replace(cut, before=take.text[:characters].strip(), pause=seconds)
