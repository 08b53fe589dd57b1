"""How far partial transcripts lag behind the speech, and whether streaming changes what is understood.

Audio is fed in chunks of 20 ms as fast as the recogniser takes it, decodes inline; a partial's time is the
end of the chunk that brought it plus the time that feeding the chunk took.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import numpy as np

from assistant.app import find_skills
from assistant.asr.base import Adaptable, Recognizer, Transcript
from assistant.asr.streaming import BatchEngine, Pace, Streaming
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.bench.corpus import COMMANDS, VOICES, trimmed
from assistant.choosing import build, choose_asr
from assistant.commands.demo import Line, spoken
from assistant.config import Loaded
from assistant.intent.template import words_of

_CHUNK = RATE // 50
_BEFORE_S, _AFTER_S = 0.3, 0.6
_NOISE_RMS = 6.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A partial: when it came, in seconds of the utterance, and its words in lower case."""

    at: float
    words: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What streaming gave.

    Attributes:
        engine: the recogniser's name.
        lags: seconds from the end of each word in the final transcript to the first partial that holds it.
        unseen: words of final transcripts that no partial held.
        retracted: words of partials that the next partial or the final transcript no longer had.
        utterances: how many were spoken.
        words: in batch transcripts.
        differences: word insertions, deletions and substitutions between streamed and batch transcripts.
        decode_ms: duration of each decode; of a streaming engine, of each chunk.
        final_ms: from the end of the audio to the final transcript.
    """

    engine: str
    lags: list[float] = field(default_factory=list)
    unseen: int = 0
    retracted: int = 0
    utterances: int = 0
    words: int = 0
    differences: int = 0
    decode_ms: list[float] = field(default_factory=list)
    final_ms: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Figures to print; milliseconds, and shares from 0 to 1."""
        return {
            "engine": self.engine,
            "utterances": self.utterances,
            "words": self.words,
            "partial_lag_ms": _spread([lag * 1000 for lag in self.lags]),
            "words_without_partial": self.unseen,
            "words_retracted": self.retracted,
            "streamed_differs_share": round(self.differences / max(self.words, 1), 4),
            "decode_ms": _spread(self.decode_ms),
            "final_ms": _spread(self.final_ms),
        }


def measure(loaded: Loaded, commands: Sequence[str] = COMMANDS * 4) -> Report:
    """Speak commands by several espeak-ng voices to the configured recogniser.

    A recogniser that streams by itself is compared with itself fed everything at once.
    """
    name, engine = choose_asr(loaded)
    if isinstance(engine, Adaptable):
        engine.adapt(find_skills(loaded.config).grammar)
    voice = build(loaded, "vad", loaded.config.vad.engine)
    return stream(name, engine, voice, takes(commands))


def takes(commands: Iterable[str]) -> Iterable[Samples]:
    """The commands by one voice after the other, over a faint noise floor."""
    rng = np.random.default_rng(5)
    for text, (voice, variant) in zip(commands, cycle(VOICES), strict=False):
        speech = trimmed(spoken(Line(voice, variant, text, 0.0)))
        clean = np.pad(speech, (int(_BEFORE_S * RATE), int(_AFTER_S * RATE)))
        yield np.clip(clean + rng.normal(0, _NOISE_RMS, len(clean)), -32768, 32767).astype(np.int16)


def stream(name: str, engine: Any, voice: Any, utterances: Iterable[Samples], pace: Pace | None = None) -> Report:
    """Feed utterances to an engine, lifted to streaming where it decodes whole windows."""
    report = Report(name)
    watched = _Watched(engine, report.decode_ms) if isinstance(engine, BatchEngine) else None
    recognizer: Recognizer = Streaming(watched, voice, pace, background=False) if watched is not None else engine
    for samples in utterances:
        final, shown = follow(recognizer, samples, report)
        whole = engine.transcribe(samples) if watched is not None else _at_once(engine, samples)
        report.utterances += 1
        report.words += len(words_of(whole.text))
        report.differences += edits(words_of(whole.text), words_of(final.text))
        _note_partials(report, shown, final)
    return report


def follow(recognizer: Recognizer, samples: Samples, report: Report) -> tuple[Transcript, list[Shown]]:
    """Feed one utterance in chunks of 20 ms; its transcript, and each partial with its time."""
    utterance = recognizer.open()
    shown = []
    for start in range(0, len(samples), _CHUNK):
        chunk = AudioChunk(samples[start : start + _CHUNK], start=start)
        began = time.perf_counter()
        partial = utterance.feed(chunk)
        took = time.perf_counter() - began
        if not isinstance(recognizer, Streaming):
            report.decode_ms.append(took * 1000)
        if partial is not None:
            shown.append(Shown(chunk.end / RATE + took, tuple(words_of(partial))))
    began = time.perf_counter()
    final = utterance.finish()
    report.final_ms.append((time.perf_counter() - began) * 1000)
    return final, shown


def word_lags(final: Transcript, shown: Sequence[Shown]) -> list[float | None]:
    """For each word of the final transcript, seconds from its end to the first partial with it; None for never."""
    lags: list[float | None] = []
    seen: Counter[str] = Counter()
    for word in final.words:
        for spoken_word in words_of(word.text):
            seen[spoken_word] += 1
            first = next((each.at for each in shown if each.words.count(spoken_word) >= seen[spoken_word]), None)
            lags.append(None if first is None else first - word.end)
    return lags


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


class _Watched:
    """A batch engine whose decodes are timed."""

    def __init__(self, engine: BatchEngine, times_ms: list[float]) -> None:
        self.without_wake_phrase = engine.without_wake_phrase
        self._engine = engine
        self._times = times_ms

    def decode(self, samples: Samples, **options: Any) -> Transcript:
        began = time.perf_counter()
        found = self._engine.decode(samples, **options)
        self._times.append((time.perf_counter() - began) * 1000)
        return found


def _at_once(engine: Recognizer, samples: Samples) -> Transcript:
    utterance = engine.open()
    utterance.feed(AudioChunk(samples))
    return utterance.finish()


def _note_partials(report: Report, shown: Sequence[Shown], final: Transcript) -> None:
    for lag in word_lags(final, shown):
        if lag is None:
            report.unseen += 1
        else:
            report.lags.append(lag)
    last = Shown(0.0, tuple(words_of(final.text)))
    for one, after in zip(shown, [*islice(shown, 1, None), last], strict=True):
        report.retracted += (Counter(one.words) - Counter(after.words)).total()


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    median, p90, worst = (round(float(np.percentile(values, share)), 1) for share in (50, 90, 100))
    return {"median": median, "p90": p90, "worst": worst}
