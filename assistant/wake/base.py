"""What a wake-word engine looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

from assistant.audio.chunk import AudioChunk


@dataclass(frozen=True, slots=True)
class Detection:
    """A wake word was heard.

    Attributes:
        word: the word's name in the configuration, for example ``hey_jarvis``.
        score: 0 to 1.
        end: stream index of the sample at which the engine decided (16 kHz).
    """

    word: str
    score: float
    end: int


class WakeDetector(Protocol):
    """Listens for one or several wake words."""

    words: Sequence[str]

    def process(self, chunk: AudioChunk) -> Detection | None:
        """Take 16 kHz int16 mono audio of any length, in stream order."""

    def reset(self) -> None:
        """Forget the audio heard so far."""


@runtime_checkable
class Twinned(WakeDetector, Protocol):
    """A detector that can listen to a second stream without loading its models again."""

    def another(self, threshold: float | None = None) -> Self:
        """A detector of the same words without a cool-down, and with one threshold for all of them if given."""
