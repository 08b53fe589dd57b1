"""What a speech recogniser looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.audio.chunk import AudioChunk

if TYPE_CHECKING:
    from assistant.intent.template import Grammar


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A recognised word with its place in the utterance, in seconds from the utterance's start."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was understood of one utterance.

    Attributes:
        text: the words; empty when nothing intelligible (or, for a closed recogniser, nothing
            that its grammar accepts) was said.
        confidence: 0 to 1.
        words: with times where the engine gives them.
        language: ISO 639-1 code.
        rejected: the best raw hypothesis when a closed recogniser refused it.
        free: what a closed recogniser would have heard had the sentence not had to be complete; empty if unknown.
        ending: 0 to 1, how likely a sentence of a closed recogniser's language ends where ``rejected`` does.
    """

    text: str
    confidence: float = 1.0
    words: tuple[TimedWord, ...] = ()
    language: str = "en"
    rejected: str = ""
    free: str = ""
    ending: float = 1.0


class Abandoned(Exception):
    """A decode was given up half-way, because nobody waits for it any more."""


class Recognition(Protocol):
    """One utterance on its way to becoming text."""

    def feed(self, chunk: AudioChunk) -> str | None:
        """Take audio (16 kHz); return a new partial hypothesis when there is one."""

    def finish(self) -> Transcript:
        """The final transcript; call once, after the last feed."""

    def close(self) -> None:
        """Give the utterance up; safe at any time and more than once."""


class Recognizer(Protocol):
    """A recogniser, loaded once; at most one utterance is open at a time."""

    def open(self, *, answering: bool = False) -> Recognition:
        """Begin an utterance.

        Args:
            answering: it may also be an answer to what the assistant has asked, or a correction ("no, ten minutes").
        """


@runtime_checkable
class Answerable(Protocol):
    """A recogniser that hears answers better when it knows what has been asked."""

    def expect(self, answers: Grammar | None, share: float = 0.8) -> None:
        """Say what may be answered to utterances opened with ``answering`` from now on; takes no time.

        Args:
            answers: what may be said besides commands; None for any answer at all.
            share: how likely it is said rather than a command, 0 to 1.
        """

    def prepare_answers(self) -> None:
        """Get ready for what is expected, or the first answer waits for that.

        May be called on another thread than the engine's, any number of times.
        """


@runtime_checkable
class Adaptable(Protocol):
    """A recogniser that wants to know what the loaded skills can understand."""

    def adapt(self, grammar: Grammar, prefixes: tuple[str, ...] = ()) -> None:
        """Learn a grammar; ``prefixes`` are wake phrases that may come before a command."""
