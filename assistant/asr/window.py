"""What an utterance that is being recognised is made of: settled words, and a window of audio after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.asr.base import TimedWord, Transcript
from assistant.audio.chunk import RATE, Samples
from assistant.intent.template import words_of


class Window:
    """The audio that is not settled yet, and the words before it.

    Attributes:
        start, end: of the audio, in samples of the utterance.
        text: the settled words.
    """

    def __init__(self) -> None:
        self.start = self.end = 0
        self.text = ""
        self._audio: list[Samples] = []
        self._words: tuple[TimedWord, ...] = ()
        self._confidence = 1.0

    def append(self, samples: Samples) -> None:
        """Take the next samples."""
        self._audio.append(samples)
        self.end += len(samples)

    def samples(self) -> Samples:
        """A copy."""
        return np.concatenate(self._audio) if self._audio else np.zeros(0, np.int16)

    def settle(self, found: Transcript, count: int, until: int = 0) -> Transcript:
        """Cut the first words off with their audio; return what is left of the window's transcript.

        Args:
            until: where the last of them ends at the earliest, in samples of the utterance.
        """
        certain, rest = found.words[:count], found.words[count:]
        cut = min(max(round(certain[-1].end * RATE), until - self.start), self.end - self.start)
        whole = self.whole(replace(found, text=text_of(certain), words=certain))
        self.text, self._words, self._confidence = whole.text, whole.words, whole.confidence
        self._audio = [self.samples()[cut:]]
        self.start += cut
        return replace(found, text=text_of(rest), words=shifted(rest, -cut / RATE))

    def whole(self, found: Transcript) -> Transcript:
        """A transcript of the window with the words before it."""
        if not self.text:
            return replace(found, words=shifted(found.words, self.start / RATE)) if self.start else found
        confidence = min(self._confidence, found.confidence) if found.text else self._confidence
        words = (*self._words, *shifted(found.words, self.start / RATE))
        return replace(found, text=f"{self.text} {found.text}".strip(), words=words, confidence=confidence)


def text_of(words: Sequence[TimedWord]) -> str:
    """The words as a text."""
    return " ".join(word.text for word in words)


def shifted(words: Sequence[TimedWord], by: float) -> tuple[TimedWord, ...]:
    """The words so many seconds later."""
    return tuple(replace(word, start=word.start + by, end=word.end + by) for word in words)


def agreed(text: str, previous: Sequence[str]) -> str:
    """The longest beginning of a text whose words two successive hypotheses share."""
    kept = []
    position = 0
    for written in text.split():
        spoken = words_of(written)
        if list(previous[position : position + len(spoken)]) != spoken:
            break
        kept.append(written)
        position += len(spoken)
    return " ".join(kept)
