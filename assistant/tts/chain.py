"""Several voices, of which the next speaks when one fails or cannot keep up with its own speech."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.errors import EngineError, MissingDependency, MissingModel
from assistant.tts.base import NORMAL, Keeping, Mark, SpeechChunk, Style, Synthesizer, in_style, is_instant, prepare
from assistant.tts.sentences import split

_log = logging.getLogger(__name__)

TOO_SLOW = 1.15
"""Seconds of computing per second of speech from which a voice is slower than real time."""

_MEASURED_S = 3.0  # of speech, before a voice is judged
_KEPT_S = 30.0  # of speech, on which it is judged
_FREE = 0.02  # what is computed faster than this was not computed, but kept
_REST_S = {"failed": 60.0, "slow": 600.0}
_LONGEST_REST_S = 4 * 3600.0
_NO_WORD_S = 0.25

Load = Callable[[], Synthesizer]


@dataclass(frozen=True, slots=True)
class Switch:
    """That another voice speaks from now on.

    Attributes:
        old, new: names of the voices.
        reason: why the old one does not.
        detail: one line for the log.
    """

    old: str
    new: str
    reason: Literal["failed", "slow"]
    detail: str


@dataclass(slots=True)
class _Candidate:
    name: str
    load: Load
    voice: Synthesizer | None = None
    resting_until: float = 0.0
    rests: int = 0
    reason: Literal["failed", "slow"] | None = None
    detail: str = ""
    usable: bool = True
    told: bool = False
    warm: bool = False
    paces: list[tuple[float, float]] = field(default_factory=list)  # (seconds computed, seconds of speech)


class Chain:
    """Voices in the order in which they are preferred; one is loaded when it is first needed.

    A voice that fails rests for a minute, one that is slower than real time for ten; each further rest is twice as
    long. Where it fails within a sentence the next voice goes on with the word that broke off, or, where the voice
    does not say where words are, with the next sentence. The last voice is never too slow.

    Args:
        candidates: (name, voice or what loads it), at least one.
        tell: is told of a switch, once for each voice; on the thread that speaks.
        clock: seconds.
    """

    def __init__(
        self,
        candidates: Sequence[tuple[str, Synthesizer | Load]],
        tell: Callable[[Switch], None] = lambda _switch: None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._candidates = [_candidate(name, voice) for name, voice in candidates]
        self._clock = clock
        self._lock = threading.RLock()
        self.tell = tell
        self._last = self._candidates[0]
        self._rate = 0

    @property
    def name(self) -> str:
        """The voice that speaks at present, or spoke last."""
        return self._last.name

    @property
    def rate(self) -> int:
        """Hz of that voice; another's chunks may have another rate."""
        if not self._rate:
            self._rate = self._present()[1].rate
        return self._rate

    @property
    def instant(self) -> bool:
        """See :func:`assistant.tts.base.is_instant`; of the voice that speaks at present."""
        return self._last.voice is not None and is_instant(self._last.voice)

    def styled(self, style: Style) -> Synthesizer:
        """The chain in another manner; itself where the present voice can do nothing of it."""
        voice = self._last.voice
        return self if voice is not None and in_style(voice, style) is voice else _Styled(self, style)

    def speak(self, text: str, style: Style = NORMAL) -> Iterator[SpeechChunk]:
        """Speak with the first voice that can.

        Raises:
            EngineError: none of them can.
        """
        progress = _Progress(text)
        failed: list[_Candidate] = []
        while not progress.done:
            candidate, voice = self._present(failed)
            try:
                yield from self._paced(candidate, in_style(voice, style), progress)
                progress.done = True
            except Exception as error:
                failed.append(candidate)
                self._failed(candidate, error)
                progress.broke_off()

    def prepare(self) -> None:
        """Have the voice that spoke last ready; see :class:`assistant.tts.base.Resting`."""
        voice = self._last.voice
        if voice is not None:
            prepare(voice)

    def keep(self, text: str) -> Iterator[None]:
        """Have the voice that speaks at present make a text; see :class:`assistant.tts.base.Keeping`."""
        _, voice = self._present()
        if isinstance(voice, Keeping) and not is_instant(voice):
            yield from voice.keep(text)

    def _paced(self, candidate: _Candidate, voice: Synthesizer, progress: _Progress) -> Iterator[SpeechChunk]:
        """Speak what is left with one voice, and judge its pace."""
        began, took, asked = progress.seconds, 0.0, self._clock()
        chunks = iter(voice.speak(progress.rest))
        try:
            while (chunk := next(chunks, None)) is not None:
                took += self._clock() - asked
                yield progress.placed(chunk)
                asked = self._clock()
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        self._judge(candidate, took + self._clock() - asked, progress.seconds - began)

    def _present(self, failed: Sequence[_Candidate] = ()) -> tuple[_Candidate, Synthesizer]:
        """The first voice that neither rests nor fails to load; if all rest, the last that has not ``failed``."""
        with self._lock:
            awake = [each for each in self._candidates if each.resting_until <= self._clock()]
            resting = [each for each in reversed(self._candidates) if each not in awake and each.usable]
            for candidate in (*awake, *resting):
                if candidate not in failed and self._loaded(candidate):
                    assert candidate.voice is not None
                    self._chose(candidate, candidate.voice)
                    return candidate, candidate.voice
        detail = next((each.detail for each in self._candidates if each.detail), "none is there")
        raise EngineError("tts", self._candidates[0].name, "no_voice", f"No voice can speak: {detail}")

    def _loaded(self, candidate: _Candidate) -> bool:
        """Load a voice if it is not; whether it is there now."""
        try:
            candidate.voice = candidate.voice or candidate.load()
        except (MissingDependency, MissingModel) as error:
            candidate.usable, candidate.resting_until = False, float("inf")
            _log.debug("%s is passed over: %s", candidate.name, error)
        except Exception as error:
            self._failed(candidate, error)
        return candidate.voice is not None

    def _chose(self, candidate: _Candidate, voice: Synthesizer) -> None:
        self._last, self._rate = candidate, voice.rate
        for better in self._candidates[: self._candidates.index(candidate)]:
            if better.reason is not None and not better.told:
                better.told = True
                self.tell(Switch(better.name, candidate.name, better.reason, better.detail))

    def _failed(self, candidate: _Candidate, error: Exception) -> None:
        _log.warning("The voice of %s failed: %s", candidate.name, error)
        self._rest(candidate, "failed", str(error) or type(error).__name__)

    def _rest(self, candidate: _Candidate, reason: Literal["failed", "slow"], detail: str) -> None:
        candidate.resting_until = self._clock() + min(_REST_S[reason] * 2**candidate.rests, _LONGEST_REST_S)
        candidate.rests += 1
        candidate.reason, candidate.detail = reason, detail
        candidate.paces.clear()

    def _judge(self, candidate: _Candidate, took: float, seconds: float) -> None:
        """Whether a voice keeps up; its first speech, which warms it up, does not count."""
        warm, candidate.warm = candidate.warm, True
        if not warm or took < _FREE * seconds or candidate is self._candidates[-1]:
            return
        candidate.paces.append((took, seconds))
        while sum(lasts for _, lasts in candidate.paces[1:]) > _KEPT_S:
            del candidate.paces[0]
        computing, spoken = (sum(column) for column in zip(*candidate.paces, strict=True))
        if spoken >= _MEASURED_S and computing > TOO_SLOW * spoken:
            detail = f"{computing / spoken:.1f} s of computing for a second of speech"
            _log.warning("%s is slower than real time on this machine: %s", candidate.name, detail)
            self._rest(candidate, "slow", detail)


class _Styled:
    """A chain that speaks in another manner."""

    def __init__(self, chain: Chain, style: Style) -> None:
        self._chain = chain
        self._style = style

    @property
    def rate(self) -> int:
        return self._chain.rate

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        return self._chain.speak(text, self._style)


class _Progress:
    """How far a text has been spoken, by whichever voices.

    Attributes:
        at: where in the text the next voice goes on.
        seconds: of audio so far.
        done: nothing is left.
    """

    def __init__(self, text: str) -> None:
        self.at = 0
        self.seconds = 0.0
        self.done = not text.strip()
        self._text = text
        self._from = 0.0  # seconds at which the present voice began
        self._begun: list[tuple[float, Mark]] = []  # the present voice's words: when each begins, and where

    @property
    def rest(self) -> str:
        """What is left of the text."""
        return self._text[self.at :]

    def placed(self, chunk: SpeechChunk) -> SpeechChunk:
        """A chunk of the present voice as one of the whole speech: its marks count from the text's beginning."""
        offset = round(self._from * chunk.rate)
        marks = tuple(Mark(m.start + self.at, m.end + self.at, m.sample + offset) for m in chunk.marks)
        self._begun += [(mark.sample / chunk.rate, mark) for mark in marks]
        start = round(self.seconds * chunk.rate)
        self.seconds += chunk.seconds
        return replace(chunk, start=start, marks=marks)

    def broke_off(self) -> None:
        """The present voice failed: the next one goes on with the word that was not finished, or behind it all."""
        begun = [mark for at, mark in self._begun if at < self.seconds]
        lasted = self.seconds - self._from
        self._begun, self._from = [], self.seconds
        if begun:
            self.at = begun[-1].start
            self.done = not any(letter.isalnum() for letter in self._text[begun[-1].end :])
        elif lasted >= _NO_WORD_S:
            self.at += split(self.rest)[0].end
        self.done = self.done or not self.rest.strip()


def _candidate(name: str, voice: Synthesizer | Load) -> _Candidate:
    if callable(voice):
        return _Candidate(name, voice)
    return _Candidate(name, lambda: voice, voice)
