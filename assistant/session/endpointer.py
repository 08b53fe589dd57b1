"""How long a silence ends an utterance: it depends on what was said, and on who says it.

A closed grammar tells how likely a sentence goes on after the words so far; the speaker's own pauses tell how likely
a silence of some length lies inside a sentence rather than after it. Bayes' rule gives the risk that speech resumes
after a silence, and the utterance ends as soon as that risk is small enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE, Samples
from assistant.intent.progress import Progress


class ProgressOf(Protocol):
    """How far along a sentence is; see :meth:`assistant.session.brain.Brain.progress`."""

    def __call__(self, text: str, *, answering: bool = False) -> Progress:
        """``answering``: it may also be an answer or a correction."""


TurnEnd = Callable[[Samples, str], float]
"""Utterance so far with its pause (int16, 16 kHz), words so far → seconds of silence that would end it."""

_STEP_S = 0.02
_REMEMBERED = 60  # pauses
_WORDS_KEPT = 0.99  # per word: the last hundred or so count
_PRIOR_PAUSES, _PRIOR_WORDS, _PRIOR_LENGTH_S = 0.5, 20.0, 0.25
_PRIOR_WEIGHT = 2.0  # pauses
_BLUR_S = 0.1
_DOUBT = 0.5
_UNKNOWN = 0.5
_UNSURE = 0.9
_LONGEST_BEGINNING = 9  # words; what is refused and longer is no command
_SLOWEST = 1.2  # words a second; fewer were forced upon something else
_BESIDES_S = 3.0  # of the wake word, of hesitation and of the pause itself
_UNASKED_S = 0.85  # the longest wait for what is no command, when nobody was expected to give one
_MISHEARD_S = 0.4  # the wait for what sounds finished but is no command, when one was expected
_SHORTEST_LAST_WORD_S = 0.14
_LEAST_ENDING = 0.1  # below it no command ends with the last words of what was refused


@dataclass(frozen=True, slots=True)
class Waits:
    """Bounds, in seconds of silence, and a risk.

    Attributes:
        soft: ends a command that is complete and that nothing could follow.
        most: ends any complete command.
        prefix: ends what must go on but does not.
        risk: odds at which a complete command may be cut off because its speaker has only paused.
        fixed: seconds that end everything, instead of all of the above.
    """

    soft: float = 0.15
    most: float = 1.6
    prefix: float = 2.0
    risk: float = 0.008
    fixed: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How long to wait, and why: ``complete``, ``extensible``, ``prefix``, ``free`` or ``fixed``."""

    silence: float
    why: str


class SpeakerPauses:
    """How often and how long this speaker pauses between two words of an utterance."""

    def __init__(self) -> None:
        self._lengths: deque[float] = deque(maxlen=_REMEMBERED)
        self._pauses = _PRIOR_PAUSES
        self._words = _PRIOR_WORDS

    def paused(self, seconds: float) -> None:
        """The speaker paused and went on."""
        self._lengths.append(seconds)
        self._pauses += 1

    def said(self, words: int) -> None:
        """An utterance of so many words is over."""
        fade = _WORDS_KEPT**words
        self._pauses *= fade
        self._words = self._words * fade + words

    @property
    def rate(self) -> float:
        """Pauses for each word."""
        return min(1.0, self._pauses / self._words)

    def longer_than(self, seconds: float) -> float:
        """Share of the pauses that last longer."""
        prior = float(np.exp(-seconds / _PRIOR_LENGTH_S))
        seen = np.array(self._lengths)
        known = float(np.sum(1 / (1 + np.exp((seconds - seen) / _BLUR_S * 2)))) if len(seen) else 0.0
        return (_PRIOR_WEIGHT * prior + known) / (_PRIOR_WEIGHT + len(seen))


class Endpointer:
    """Judges the utterances of one conversation.

    Args:
        progress: how far along a sentence is.
        waits: the bounds.
        turn_end: for speech that is no command; without it words decide alone.
    """

    def __init__(self, progress: ProgressOf, waits: Waits | None = None, turn_end: TurnEnd | None = None) -> None:
        self._progress = progress
        self._turn_end = turn_end
        self.waits = waits or Waits()
        self.speaker = SpeakerPauses()

    @property
    def longest(self) -> float:
        """Seconds of silence that end an utterance whatever was said."""
        return self.waits.fixed if self.waits.fixed is not None else max(self.waits.prefix, self.waits.most)

    def is_command(self, text: str, *, answering: bool = False) -> bool:
        """Whether the words so far are a whole command, so that preparing its answer is worth while."""
        return bool(text) and self._progress(text, answering=answering).complete

    def judge(
        self, found: Transcript, partial: str, audio: Samples, *, answering: bool = False, addressed: bool = True
    ) -> Verdict:
        """Decide about an utterance that has just paused; some milliseconds, no side effects.

        Args:
            found: its transcript.
            partial: the last partial before. A closed recogniser forces what it hears into a command; where it would
                rather have heard the beginning of another, that is taken for the truth.
            audio: int16 at 16 kHz, shape (n,): the utterance with its pause.
            answering: it may also be an answer or a correction.
            addressed: it follows the wake word or a question, so that it most likely is a command.
        """
        if self.waits.fixed is not None:
            return Verdict(self.waits.fixed, "fixed")
        free = found.free or partial
        heard = found.text or found.rejected or free
        progress = self._progress(heard, answering=answering)
        if not found.text:
            return self._refused(found, progress, audio, addressed=addressed)
        if not (progress.complete or progress.prefix):
            return Verdict(self._free(heard, audio), "free")
        going_on = progress.going_on
        if free and free != found.text:
            going_on = self._doubted(going_on, found.text, free, answering=answering)
        if going_on >= 1.0 or not progress.complete or _invented_end(found):
            return Verdict(self.waits.prefix, "prefix")
        return self._whole(going_on)

    def _whole(self, going_on: float) -> Verdict:
        silence = self._until_sure(going_on)
        return Verdict(silence, "complete" if silence <= self.waits.soft else "extensible")

    def _refused(self, found: Transcript, progress: Progress, audio: Samples, *, addressed: bool) -> Verdict:
        """What is no command as it stands: a beginning, a misheard command, or talk."""
        text = found.rejected or found.free
        if not text or _is_talk(text, len(audio) / RATE):
            return Verdict(self._free("", audio), "free")
        if progress.complete:  # words are missing, or others were said
            return self._whole(max(progress.going_on, _UNSURE))
        if progress.prefix or (addressed and found.ending < _LEAST_ENDING):
            return Verdict(self.waits.prefix, "prefix")
        if not addressed:
            return Verdict(min(self._free("", audio), _UNASKED_S), "free")
        silence = self._free(text, audio)
        return Verdict(_MISHEARD_S if silence <= _UNASKED_S else silence, "free")

    def _doubted(self, going_on: float, text: str, free: str, *, answering: bool) -> float:
        """How likely it goes on when the free hypothesis is another one than the command."""
        other = self._progress(free, answering=answering)
        if other.complete:
            return (going_on + other.going_on) / 2
        if not other.prefix:
            return going_on
        return (1 - _DOUBT) * going_on + _DOUBT if _agree(text.split(), free.split()) else 1.0

    def _until_sure(self, going_on: float) -> float:
        """The shortest silence after which the risk of cutting the speaker off is small."""
        if going_on <= 0:
            return self.waits.soft
        least_odds = self.waits.risk / (1 - self.waits.risk)
        odds = going_on / max(1 - going_on, 1e-6)
        rate = self.speaker.rate
        for silence in np.arange(self.waits.soft, self.waits.most, _STEP_S):
            if odds * rate * self.speaker.longer_than(float(silence)) <= least_odds:
                return float(silence)
        return self.waits.most

    def _free(self, text: str, audio: Samples) -> float:
        return self._turn_end(audio, text) if self._turn_end is not None else self._until_sure(_UNKNOWN)


def _is_talk(refused: str, seconds: float) -> bool:
    """Whether what a closed recogniser refused is no command at all, so that its words mean nothing."""
    words = len(refused.split())
    return words > _LONGEST_BEGINNING or words < _SLOWEST * (seconds - _BESIDES_S)


def _invented_end(found: Transcript) -> bool:
    """Whether the last word was squeezed in to make a command whole ("thank" heard as "thank you").

    What precedes a pause is drawn out (Wightman et al., 1992, on pre-boundary lengthening): the last word of 62
    spoken commands lasted 0.16 s and more, one that was invented at a break 0.06 to 0.13 s.
    """
    return bool(found.free and found.words) and found.words[-1].end - found.words[-1].start < _SHORTEST_LAST_WORD_S


def _agree(command: list[str], free: list[str]) -> bool:
    """Whether a free hypothesis is a beginning of the command, but for its last word or one that it lacks."""
    if command[: len(free) - 1] == free[:-1]:
        return True
    return any(command[:at] + command[at + 1 :] == free for at in range(len(command)))
