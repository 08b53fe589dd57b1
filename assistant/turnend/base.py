"""What a turn-end model looks like."""

from __future__ import annotations

from typing import Protocol

from assistant.audio.chunk import RATE, Samples

WINDOW_S = 8.0
"""The longest stretch of an utterance that a model looks at, in seconds."""

WINDOW = int(WINDOW_S * RATE)
"""The same in samples."""


class TurnEndModel(Protocol):
    """Says at a pause how likely the speaker has finished.

    Synchronous, without memory from one call to the next; one instance belongs to one thread.
    """

    def probability(self, audio: Samples, text: str) -> float:
        """Probability in [0, 1] that the turn is over.

        Args:
            audio: int16, shape (n,), 16 kHz: the newest part of the utterance, up to and including the pause so
                far. What is older than :data:`WINDOW_S` is ignored; 150 to 250 ms of pause is what models expect.
            text: the words so far, as the recogniser has them; may be empty.
        """
