"""Lifts a batch recogniser to streaming: it decodes a growing window again and again, on a thread of its own.

Two policies tell which words are certain. Where the engine gives word times from its cross-attention, a word
is certain once the audio goes on well past it (AlignAtt: Papi et al., https://arxiv.org/abs/2305.11408, on
word times instead of frames). Elsewhere it is certain once two successive hypotheses agree on it (local
agreement: Liu et al., https://arxiv.org/abs/2005.11185; Macháček et al., "Turning Whisper into Real-Time
Transcription System", https://arxiv.org/abs/2307.14743). Certain audio is cut off the window at a word's end
once the window is long.

The last decode of an utterance is of its whole window without any constraint, so the final transcript is the
batch engine's own; only silence after the last word may be missing from it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from assistant.asr.base import Abandoned, Adaptable, Recognition, Transcript
from assistant.asr.speech_end import SpeechEnd
from assistant.asr.window import Window, agreed, text_of
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.errors import EngineError
from assistant.intent.template import words_of
from assistant.vad.base import VoiceDetector

if TYPE_CHECKING:
    from assistant.intent.template import Grammar


@runtime_checkable
class BatchEngine(Protocol):
    """What the adapter needs of a recogniser."""

    def decode(
        self,
        samples: Samples,
        *,
        prompt: str = "",
        prefix: str = "",
        word_timestamps: bool = False,
        abandoned: Callable[[], bool] | None = None,
    ) -> Transcript:
        """Decode int16 samples, shape (n,), 16 kHz; ``prompt`` is the text before them.

        Raises:
            Abandoned: ``abandoned``, asked between the stages of the work, said yes.
        """

    def without_wake_phrase(self, transcript: Transcript) -> Transcript:
        """The transcript less a wake phrase at its front."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When to decode and when to trim; seconds of audio.

    Attributes:
        step: new audio that makes another decode worth while.
        stable: how far the audio must go past a word's end before the word counts as certain.
        window: window length from which certain audio is cut off.
        pause: silence after which everything said in a long window is certain.
        slack: silence after the last word that a decode must have heard to count as complete.
        brief, sure: what is less likely than ``sure`` and came from less speech than ``brief`` is decoded again
            with the silence after it, once that is a pause: it makes a noise look less like a word.
        load: share of the time that may be spent on decodes for partials, 0 to 1.
    """

    step: float = 0.2
    stable: float = 0.2
    window: float = 15.0
    pause: float = 0.5
    slack: float = 0.08
    load: float = 0.5
    brief: float = 1.0
    sure: float = 0.9


class Streaming:
    """A recogniser with partials, made of a batch one.

    Args:
        engine: decodes whole windows; nothing else may use it meanwhile.
        voice: tells speech from silence, so that silence is not decoded; without it all audio counts as speech.
        pace: when to decode and trim.
        background: decode on a thread of its own; otherwise within ``feed``, so that a run on virtual time
            gives the same partials each time.
    """

    def __init__(
        self,
        engine: BatchEngine,
        voice: VoiceDetector | None = None,
        pace: Pace | None = None,
        *,
        background: bool = True,
    ) -> None:
        self._engine = engine
        self._voice = voice
        self._pace = pace or Pace()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asr-decode") if background else _Inline()

    def open(self, *, answering: bool = False) -> Recognition:  # noqa: ARG002 - hears everything anyway
        """Begin an utterance."""
        return _Utterance(self._engine, SpeechEnd(self._voice), self._pace, self._pool)

    def adapt(self, grammar: Grammar, prefixes: tuple[str, ...] = ()) -> None:
        """Pass the skills' words on to an engine that wants them, after the decode under way."""
        if isinstance(self._engine, Adaptable):
            self._pool.submit(self._engine.adapt, grammar, prefixes).result()

    def close(self) -> None:
        """End the thread; a decode under way ends unheard."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Inline(Executor):
    """Runs everything at once, where it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        result: Future[Any] = Future()
        try:
            result.set_result(fn(*args, **kwargs))
        except Exception as error:  # as ThreadPoolExecutor does
            result.set_exception(error)
        return result


@dataclass(frozen=True, slots=True)
class _Heard:
    """A decoded window: its first and one past its last sample from the utterance's start, and what it holds."""

    start: int
    end: int
    found: Transcript


@dataclass(frozen=True, slots=True)
class _Decode:
    """A decode under way; the result comes with the seconds that it took."""

    start: int
    end: int
    result: Future[tuple[Transcript, float]]
    abandoned: threading.Event = field(default_factory=threading.Event)


class _Utterance:
    def __init__(self, engine: BatchEngine, speech: SpeechEnd, pace: Pace, pool: Executor) -> None:
        self._engine = engine
        self._speech = speech
        self._pace = pace
        self._slack = max(1, int(pace.slack * RATE))
        self._pool = pool
        self._window = Window()
        self._decoding: _Decode | None = None
        self._last = _Heard(0, 0, Transcript("", 0.0))
        self._previous: tuple[str, ...] = ()
        self._took = 0.0
        self._partial = ""
        self._open = True

    def feed(self, chunk: AudioChunk) -> str | None:
        """Take audio; return a partial when a decode has ended with a new one.

        Raises:
            EngineError: ``bad_input``: the audio is not at 16 kHz; or what a decode raised.
        """
        if chunk.rate != RATE:
            raise EngineError("asr", "streaming", "bad_input", f"audio at {chunk.rate} Hz; resample it to {RATE} Hz")
        if not self._open:
            return None
        self._window.append(chunk.samples)
        self._speech.push(chunk.samples)
        fresh = self._collect()
        self._trim_at_pause()
        if self._due():
            self._decoding = self._submit()
            fresh = self._collect() or fresh
        return fresh

    def finish(self) -> Transcript:
        """The final transcript: the last decode's if it heard all speech, else that of one more."""
        if not self._open:
            return Transcript("", 0.0)
        try:
            if self._decoding is not None and self._decoding.end < self._needed:
                self._abandon()
            if self._decoding is None and self._last.end < self._needed:
                self._decoding = self._submit()
            self._wait()
            if self._is_doubtful() and self._window.end - self._last.end >= self._pace.pause * RATE:
                self._decoding = self._submit()
                self._wait()
            return self._engine.without_wake_phrase(self._window.whole(self._last.found))
        finally:
            self.close()

    def close(self) -> None:
        """Give it up; a decode under way ends unheard."""
        self._abandon()
        self._window = Window()
        self._open = False

    # --- decodes -----------------------------------------------------------------------------------

    @property
    def _needed(self) -> int:
        """Where a decode must end to be complete; 0 when nobody has spoken."""
        if self._speech.until == 0:
            return 0
        return min(self._window.end, self._speech.until + self._slack)

    def _due(self) -> bool:
        """Whether a decode should begin: enough has been said since the last one, or the speaker pauses."""
        if self._last.end >= self._needed or not self._free():
            return False
        paused = self._window.end - self._speech.until >= self._slack
        step = max(self._pace.step, self._took / self._pace.load)
        return paused or self._window.end - self._last.end >= step * RATE

    def _free(self) -> bool:
        """Whether no decode runs; one that has not begun gives way to newer audio."""
        if self._decoding is not None and self._decoding.result.cancel():
            self._decoding = None
        return self._decoding is None

    def _submit(self) -> _Decode:
        abandoned = threading.Event()
        job = (self._engine, self._window.samples(), self._window.text, abandoned)
        return _Decode(self._window.start, self._window.end, self._pool.submit(_decode, *job), abandoned)

    def _wait(self) -> None:
        if self._decoding is not None:
            self._decoding.result.exception()
            self._collect()

    def _is_doubtful(self) -> bool:
        found = self._last.found
        return found.text != "" and found.confidence < self._pace.sure and self._speech.seconds < self._pace.brief

    def _abandon(self) -> None:
        if self._decoding is not None:
            self._decoding.abandoned.set()
            self._decoding.result.cancel()
        self._decoding = None

    def _collect(self) -> str | None:
        """Take in a decode that has ended; a partial if it brings one."""
        done = self._decoding
        if done is None or not done.result.done():
            return None
        self._decoding = None
        found, took = done.result.result()
        self._took = took if isinstance(self._pool, ThreadPoolExecutor) else 0.0
        self._last = _Heard(done.start, done.end, found)
        partial = self._certain(found)
        self._previous = tuple(words_of(found.text))
        self._trim()
        if not partial or self._partial.startswith(partial):
            return None
        self._partial = partial
        return partial

    # --- policy ------------------------------------------------------------------------------------

    def _certain(self, found: Transcript) -> str:
        if self._last.end >= self._speech.until + self._slack:
            text = found.text  # the speaker pauses
        elif found.words:
            text = text_of(found.words[: self._stable(self._pace.stable)])
        else:
            text = agreed(found.text, self._previous)
        whole = self._window.whole(replace(found, text=text, words=()))
        return self._engine.without_wake_phrase(replace(whole, words=())).text

    def _stable(self, distance: float) -> int:
        """How many of the last decode's words end this many seconds before it does."""
        limit = (self._last.end - self._last.start) / RATE - distance
        words = self._last.found.words
        return next((at for at, word in enumerate(words) if word.end > limit), len(words))

    def _trim(self) -> None:
        """Cut a long window at the longest pause between certain words of its first two thirds."""
        words = self._last.found.words
        if self._last.end - self._last.start < self._pace.window * RATE or not words:
            return
        count = self._stable(self._pace.window / 3)
        if count == 0:
            return
        ends = [*(word.start for word in words[1:]), (self._last.end - self._last.start) / RATE]
        pauses = [ends[at] - words[at].end for at in range(count)]
        at = max(range(count), key=lambda i: (round(pauses[i], 1), i))
        self._settle(at + 1)

    def _trim_at_pause(self) -> None:
        """Cut off all that was said in a long window before a pause."""
        words = self._last.found.words
        long = self._window.end - self._window.start >= self._pace.window * RATE
        paused = self._window.end - self._speech.until >= self._pace.pause * RATE
        if words and long and paused and self._decoding is None and self._last.end >= self._needed:
            self._settle(len(words), self._speech.until)

    def _settle(self, count: int, until: int = 0) -> None:
        rest = self._window.settle(self._last.found, count, until)
        self._last = _Heard(self._window.start, self._last.end, rest)
        self._previous = tuple(words_of(rest.text))


def _decode(engine: BatchEngine, samples: Samples, before: str, abandoned: threading.Event) -> tuple[Transcript, float]:
    began = time.perf_counter()
    if abandoned.is_set():
        raise Abandoned
    found = engine.decode(samples, prompt=before, word_timestamps=True, abandoned=abandoned.is_set)
    return found, time.perf_counter() - began
