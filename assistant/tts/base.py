"""What a voice looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.audio.chunk import AudioChunk


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a word of the text begins in the audio.

    Attributes:
        start, end: character offsets into the text given to ``speak``.
        sample: index of the word's first sample since ``speak`` began, at the voice's rate.
    """

    start: int
    end: int
    sample: int


@dataclass(frozen=True, slots=True)
class SpeechChunk(AudioChunk):
    """Synthesised audio with the words that begin in it (empty where the engine gives none)."""

    marks: tuple[Mark, ...] = ()


class Synthesizer(Protocol):
    """A voice, loaded once."""

    rate: int

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak one sentence; audio comes as soon as the engine has some.

        Chunks are int16 mono at ``rate``. Closing the iterator stops the synthesis.
        """
