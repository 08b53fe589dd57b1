"""What a voice looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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

    @property
    def rate(self) -> int:
        """Hz."""

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak one sentence; audio comes as soon as the engine has some.

        Chunks are int16 mono at ``rate``. Closing the iterator stops the synthesis.
        """


@dataclass(frozen=True, slots=True)
class Style:
    """How something is said, as factors on the voice's normal manner.

    Attributes:
        rate: 1.2 is a fifth faster.
        pitch: 1.2 is about three semitones higher.
    """

    rate: float = 1.0
    pitch: float = 1.0


NORMAL = Style()


@runtime_checkable
class Expressive(Protocol):
    """A voice that can speak in other manners."""

    def styled(self, style: Style) -> Synthesizer:
        """The same voice in another manner; what it cannot do of a style it leaves out."""


@runtime_checkable
class Keeping(Protocol):
    """A voice that keeps what it has said."""

    def keep(self, text: str) -> Iterator[None]:
        """Make a text, step by step, that is not kept yet; whoever stops halfway has kept nothing."""


@runtime_checkable
class Resting(Protocol):
    """A voice that gives its memory back when it is not used for long."""

    def prepare(self) -> None:
        """Load what was given back, in the background; speech is likely soon."""


def prepare(voice: Synthesizer) -> None:
    """Tell a voice that speech is likely soon; returns at once."""
    if isinstance(voice, Resting):
        voice.prepare()


def in_style(voice: Synthesizer, style: Style) -> Synthesizer:
    """A voice in another manner, or as it is where it knows none."""
    return voice.styled(style) if isinstance(voice, Expressive) and style != NORMAL else voice


def is_instant(voice: Synthesizer) -> bool:
    """Whether a voice says of itself (``instant = True``) that it begins within milliseconds.

    Such a voice is neither kept on disk nor made ahead.
    """
    return bool(getattr(voice, "instant", False))
