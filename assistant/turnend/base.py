"""What a turn-end model looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.audio.chunk import RATE, Samples

WINDOW_S = 8.0
"""The longest stretch of an utterance that a model looks at, in seconds."""

WINDOW = int(WINDOW_S * RATE)
"""The same in samples."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A model's operating points, measured on real ends of turns.

    Attributes:
        likely: 98 of 100 true ends score at least this.
        sure: half of them do.
    """

    likely: float
    sure: float


class TurnEndModel(Protocol):
    """Says at a pause how likely the speaker has finished.

    Synchronous, without memory from one call to the next; one instance belongs to one thread.
    """

    @property
    def thresholds(self) -> Thresholds:
        """How its probabilities are to be read."""

    def probability(self, audio: Samples, text: str) -> float:
        """Probability in [0, 1] that the turn is over.

        Args:
            audio: int16, shape (n,), 16 kHz: the newest part of the utterance, up to and including the pause so
                far. What is older than :data:`WINDOW_S` is ignored; 150 to 250 ms of pause is what models expect.
            text: the words so far, as the recogniser has them; may be empty.
        """
