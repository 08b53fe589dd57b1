"""Lifts a batch recogniser to streaming: it decodes a growing window again and again, in the background.

Two policies tell which words are certain. Where the engine gives word times from its cross-attention, a word
is stable once the audio goes on well past it (AlignAtt: Papi et al., https://arxiv.org/abs/2305.11408, on
word times instead of frames). Elsewhere it is stable once two successive hypotheses agree on it (local
agreement: Liu et al., https://arxiv.org/abs/2005.11185; Macháček et al., "Turning Whisper into Real-Time
Transcription System", https://arxiv.org/abs/2307.14743). Stable audio is cut off the window at word ends
once the window is long.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from assistant.asr.base import Adaptable, Recognition, TimedWord, Transcript
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.intent.template import words_of

if TYPE_CHECKING:
    from assistant.intent.template import Grammar


@runtime_checkable
class BatchEngine(Protocol):
    """What the adapter needs of a recogniser."""

    def decode(
        self, samples: Samples, *, prompt: str = "", prefix: str = "", word_timestamps: bool = False
    ) -> Transcript:
        """Decode int16 samples, shape (n,), 16 kHz; ``prompt`` is the text before them."""

    def without_wake_phrase(self, transcript: Transcript) -> Transcript:
        """The transcript less a wake phrase at its front."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When to decode and when to trim; seconds of audio.

    Attributes:
        step: new audio that makes another decode worth while.
        stable: how far the audio must go past a word's end before the word counts as certain.
        window: window length from which stable audio is cut off.
        slack: trailing audio that a decode may miss and still count as complete.
    """

    step: float = 0.4
    stable: float = 0.5
    window: float = 15.0
    slack: float = 0.06


class Streaming:
    """A recogniser with partials, made of a batch one.

    Args:
        engine: decodes whole windows.
        pace: when to decode and trim.
        background: decode on a thread of its own; otherwise within ``feed``, so that a run on virtual time
            gives the same partials each time.
    """

    def __init__(self, engine: BatchEngine, pace: Pace | None = None, *, background: bool = True) -> None:
        self._engine = engine
        self._pace = pace or Pace()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asr-decode") if background else None

    def open(self, *, answering: bool = False) -> Recognition:  # noqa: ARG002 - hears everything anyway
        """Begin an utterance."""
        return _Utterance(self._engine, self._pace, self._pool)

    def adapt(self, grammar: Grammar, prefixes: tuple[str, ...] = ()) -> None:
        """Pass the skills' words on to an engine that wants them."""
        if isinstance(self._engine, Adaptable):
            self._engine.adapt(grammar, prefixes)


@dataclass(frozen=True, slots=True)
class _Decode:
    """A decode under way: the window's first and one past its last sample, counted from the utterance's start."""

    start: int
    end: int
    result: Future[Transcript]


class _Utterance:
    def __init__(self, engine: BatchEngine, pace: Pace, pool: ThreadPoolExecutor | None) -> None:
        self._engine = engine
        self._pace = pace
        self._pool = pool
        self._audio: Samples = np.zeros(0, np.int16)
        self._start = 0  # of the window
        self._settled: list[TimedWord] = []  # words whose audio has been cut off
        self._settled_text = ""
        self._previous: tuple[str, ...] = ()
        self._decoding: _Decode | None = None
        self._last: tuple[int, int, Transcript] | None = None
        self._partial = ""

    @property
    def _end(self) -> int:
        return self._start + len(self._audio)

    def feed(self, chunk: AudioChunk) -> str | None:
        """Take audio; return a partial when a decode has ended with a new one."""
        self._audio = np.concatenate((self._audio, chunk.samples))
        fresh = self._collect()
        covered = self._decoding.end if self._decoding else self._last[1] if self._last else self._start
        if self._decoding is None and self._end - covered >= self._pace.step * RATE:
            self._decoding = self._submit()
            fresh = self._collect() or fresh
        return fresh

    def finish(self) -> Transcript:
        """The final transcript: the last decode if it saw everything, else one more."""
        if self._decoding is not None:
            self._decoding.result.exception()
            self._collect()
        if self._last is not None and self._last[0] == self._start and self._misses(self._last[1]) <= 0:
            found = self._last[2]
        else:
            found = self._engine.decode(self._audio, prompt=self._settled_text, word_timestamps=True)
        return self._engine.without_wake_phrase(self._whole(found))

    def close(self) -> None:
        """Give it up; a decode under way ends unheard."""
        if self._decoding is not None:
            self._decoding.result.cancel()
        self._decoding = self._last = None

    def _misses(self, end: int) -> float:
        return (self._end - end) / RATE - self._pace.slack

    def _submit(self) -> _Decode:
        audio, prompt = self._audio.copy(), self._settled_text
        if self._pool is not None:
            result = self._pool.submit(self._engine.decode, audio, prompt=prompt, word_timestamps=True)
        else:
            result = Future()
            result.set_result(self._engine.decode(audio, prompt=prompt, word_timestamps=True))
        return _Decode(self._start, self._end, result)

    def _collect(self) -> str | None:
        done = self._decoding
        if done is None or not done.result.done():
            return None
        self._decoding = None
        found = done.result.result()
        if done.start != self._start:
            return None  # made for a window that has been cut since: stale
        self._last = (done.start, done.end, found)
        partial = self._stable_text(found, done.end)
        self._previous = tuple(words_of(found.text))
        self._trim(found, done.end)
        if not partial or partial == self._partial:
            return None
        self._partial = partial
        return partial

    def _stable_text(self, found: Transcript, end: int) -> str:
        if found.words:
            limit = (end - self._start) / RATE - self._pace.stable
            stable = " ".join(word.text for word in found.words if word.end <= limit)
        else:
            stable = _agreed(found.text, self._previous)
        whole = self._whole(replace(found, text=stable, words=()))
        return self._engine.without_wake_phrase(whole).text

    def _trim(self, found: Transcript, end: int) -> None:
        """Cut stable words and their audio off a window that has become long."""
        if (end - self._start) / RATE < self._pace.window or not found.words:
            return
        limit = (end - self._start) / RATE - self._pace.window / 3
        stable = [word for word in found.words if word.end <= limit]
        if not stable:
            return
        cut = round(stable[-1].end * RATE)
        offset = self._start / RATE
        self._settled += [replace(word, start=word.start + offset, end=word.end + offset) for word in stable]
        self._settled_text = " ".join(word.text for word in self._settled)
        self._audio = self._audio[cut:]
        self._start += cut
        self._last = None
        self._previous = ()

    def _whole(self, found: Transcript) -> Transcript:
        """A window's transcript with the words before it."""
        if not self._settled:
            return found
        offset = self._start / RATE
        later = tuple(replace(word, start=word.start + offset, end=word.end + offset) for word in found.words)
        text = f"{self._settled_text} {found.text}".strip()
        return replace(found, text=text, words=(*self._settled, *later))


def _agreed(text: str, previous: Sequence[str]) -> str:
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
