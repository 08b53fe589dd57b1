"""The built-in recogniser: PocketSphinx, closed to what the loaded skills can understand.

A trigram model counted from the skills' templates steers a streaming search; at the end the best path
of its word lattice that the grammar accepts is the transcript. Speech that the grammar cannot explain
is rejected.
"""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from assistant.asr import closed, lattice
from assistant.asr.base import TimedWord, Transcript
from assistant.asr.confidence import confidence, levels
from assistant.asr.lexicon import Lexicon
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.errors import ConfigError, EngineError, MissingDependency, MissingModel
from assistant.intent.answers import answers_grammar
from assistant.intent.match import Matcher
from assistant.intent.ngram import END, audible
from assistant.intent.template import Grammar

_FRAME = RATE // 100
_INSTALL = "pip install pocketsphinx"

_SCALE, _INSERTION, _SILENCE, _FILLER = 12.0, 0.65, 0.005, 1e-8
_SEARCH: dict[str, Any] = {
    "lw": _SCALE, "wip": _INSERTION, "silprob": _SILENCE, "fillprob": _FILLER,
    "beam": 1e-65, "pbeam": 1e-65, "wbeam": 1e-43, "lpbeam": 1e-55, "lponlybeam": 1e-38,
    "maxhmmpf": 3000, "bestpath": False, "loglevel": "FATAL",
}  # fmt: skip
_SECOND_PASS = {"fwdflatbeam": 1e-80, "fwdflatwbeam": 1e-45}

_PARTIAL_EVERY = RATE // 50
_RESTART_AT = tuple(int(seconds * RATE) for seconds in (0.4, 0.8, 1.6, 3.2))
_CMN_PRIOR_FRAMES = 40
_CMN_WINDOW = 500  # frames that PocketSphinx counts a mean for which it is told
_WAKE_LASTS = int(0.8 * RATE)
_LEAST_REMAINS = 20  # frames
_TRIES = 30
_KEPT_ANSWERS = 4  # decoders, of some 10 MB each
_LATTICE_BEAM = 150.0  # natural log
_FLOOR = np.random.default_rng(0).normal(0.0, 60.0, RATE)  # int16 units RMS, one second


class Options(BaseModel):
    """``asr:`` in the configuration, for ``engine: pocketsphinx``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field("en", description="Only en has a model in the package.")
    model: Path | None = Field(None, description="Folder of another acoustic model with ARPAbet phones.")
    dictionary: Path | None = Field(None, description="Another CMU dictionary.")
    cache: Path | None = Field(None, description="File for pronunciations of words that no dictionary has.")
    second_pass: bool = Field(False, description="Search again at the end: fewer errors, some 30 ms a second later.")
    min_confidence: float = Field(0.5, ge=0, le=1, description="What is less certain is rejected.")


class Engine:
    """PocketSphinx for one grammar at a time; call :meth:`adapt` before :meth:`open`.

    Raises:
        ConfigError: a language without a model.
        MissingModel: no acoustic model or dictionary at the given place.
        MissingDependency: pocketsphinx is not installed.
    """

    def __init__(self, options: Options) -> None:
        if options.language != "en":
            text = f"pocketsphinx knows only 'en', not {options.language!r}; use asr.engine: whisper"
            raise ConfigError(f"asr.language: {text}, and if need be: assistant models pull whisper-base")
        if find_spec("pocketsphinx") is None:
            raise MissingDependency("pocketsphinx (for asr.engine: pocketsphinx)", _INSTALL)
        import pocketsphinx

        self._library = pocketsphinx
        self._acoustic = options.model or Path(pocketsphinx.get_model_path("en-us/en-us"))
        dictionary = options.dictionary or Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
        for part in (self._acoustic / "mdef", dictionary):
            if not part.is_file():
                raise MissingModel(str(part), f"{_INSTALL} (or correct asr.model and asr.dictionary)")
        cache = options.cache or Path(platformdirs.user_cache_dir("assistant")) / "pronunciations-en-us.json"
        self._lexicon = Lexicon(dictionary, cache)
        self._options = options
        self._grammar: _Loaded | None = None
        self._expected = _Expected()
        self._answering: dict[_Expected, _Loaded] = {}
        self._parts: tuple[Grammar, closed.Parts] | None = None
        self._lock = threading.Lock()

    def adapt(self, grammar: Grammar, prefixes: tuple[str, ...] = ()) -> None:
        """Compile a grammar and load it; the utterance that is open goes on with the old one.

        Raises:
            MissingDependency, EngineError: a word cannot be pronounced, or PocketSphinx refuses the model.
        """
        grammar = audible(grammar)
        vocabulary = closed.prepare(grammar, prefixes, self._lexicon)
        if vocabulary is None:
            raise ConfigError(
                "asr.engine: no loaded skill has a sentence that pocketsphinx could listen for; use whisper"
            )
        with self._lock:
            self._grammar = _Loaded(self._decoder(vocabulary), vocabulary, (Matcher(grammar),))
            self._parts, self._answering = (grammar, vocabulary.parts), {}

    def expect(self, answers: Grammar | None, share: float = 0.8) -> None:
        """Say what may be answered from now on; see :meth:`assistant.asr.base.Answerable.expect`."""
        self._expected = _Expected(answers, share)

    def prepare_answers(self) -> None:
        """Compile what may be answered, with the commands; else the first answer waits for it.

        It takes a third of the time of :meth:`adapt`, and may be called on another thread than the engine's. The
        last few are kept.

        Raises:
            MissingDependency, EngineError: a word cannot be pronounced, or PocketSphinx refuses the model.
        """
        self._prepared(self._expected)

    def _prepared(self, expected: _Expected) -> _Loaded | None:
        """The decoder for answers, made if need be; None without a grammar."""
        with self._lock:
            if self._parts is None:
                return None
            found = self._answering.pop(expected, None) or self._answerer(*self._parts, expected)
            while len(self._answering) >= _KEPT_ANSWERS:
                del self._answering[next(iter(self._answering))]
            self._answering[expected] = found  # the last used is the last
            return found

    def _answerer(self, grammar: Grammar, parts: closed.Parts, expected: _Expected) -> _Loaded:
        answers = expected.answers or answers_grammar(grammar)
        vocabulary = closed.extend(parts, answers, self._lexicon, expected.share)
        return _Loaded(self._decoder(vocabulary), vocabulary, (Matcher(grammar), Matcher(answers)))

    def _decoder(self, vocabulary: closed.Vocabulary) -> Any:
        with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
            model, dictionary = Path(folder) / "grammar.lm", Path(folder) / "grammar.dict"
            model.write_text(vocabulary.model.arpa(), encoding="utf-8")
            dictionary.write_text(vocabulary.dictionary, encoding="utf-8")
            search = {**_SEARCH, **_SECOND_PASS, "fwdflat": self._options.second_pass}
            try:
                return self._library.Decoder(hmm=str(self._acoustic), lm=str(model), dict=str(dictionary), **search)
            except (RuntimeError, ValueError) as error:
                raise EngineError(
                    "asr", "pocketsphinx", "crashed", f"the grammar could not be loaded: {error}"
                ) from error

    def open(self, *, answering: bool = False) -> Recognition:
        """Begin an utterance.

        Args:
            answering: what is expected (:meth:`expect`) is understood, too.

        Raises:
            EngineError: there is no grammar yet.
        """
        if self._grammar is None:
            raise EngineError("asr", "pocketsphinx", "not_adapted", "no grammar was given; call adapt() first")
        loaded = self._prepared(self._expected) if answering else None
        if loaded is None:
            return Recognition(self._grammar, self._options.min_confidence)
        loaded.usual_mean = self._grammar.last_mean
        return Recognition(loaded, self._options.min_confidence)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What may be answered (None: anything), and how likely that is said rather than a command."""

    answers: Grammar | None = None
    share: float = 0.8


class _Loaded:
    """A decoder with the grammar it was made for.

    Attributes:
        usual_mean: cepstral mean that an utterance is expected to have; an answer's is that of the command before
            it, since answers are short and come from the same voice.
        last_mean: that of the last utterance that was understood.
    """

    def __init__(self, decoder: Any, vocabulary: closed.Vocabulary, matchers: tuple[Matcher, ...]) -> None:
        self.decoder = decoder
        self.acceptor = vocabulary.acceptor
        self._matchers = matchers
        insertion = math.log(_INSERTION)
        silence, filler = (_SCALE * math.log(p) + insertion for p in (_SILENCE, _FILLER))
        fillers = {"<sil>": silence, "[NOISE]": filler, "[SPEECH]": filler}
        self.weights = lattice.Weights(vocabulary.model.logprob, _SCALE, insertion, fillers)
        self.usual_mean = self.last_mean = _numbers(decoder.get_cmn(False))
        self.has_wake = any(gram[0].startswith(closed.MARK) for gram in vocabulary.model.grams)
        self.owner: Recognition | None = None

    def understands(self, text: str) -> bool:
        """Whether a sentence means something."""
        return any(matcher.match(text) for matcher in self._matchers)

    def ending(self, text: str) -> float:
        """How likely a sentence ends after these words."""
        return math.exp(self.weights.language(tuple(text.split())[-2:], END))


class Recognition:
    """One utterance; see :class:`assistant.asr.base.Recognition`."""

    def __init__(self, loaded: _Loaded, min_confidence: float) -> None:
        if loaded.owner is not None:
            loaded.owner.close()
        loaded.owner = self
        self._loaded = loaded
        self._decoder = loaded.decoder
        self._min_confidence = min_confidence
        self._audio: list[Samples] = []
        self._length = self._shown_at = 0
        self._partial = ""
        self._open = True
        self._begin(loaded.usual_mean)

    def _begin(self, mean: NDArray[np.float64]) -> None:
        self._mean = mean
        self._decoder.set_cmn(",".join(f"{value:.4f}" for value in mean))
        self._decoder.start_utt()

    def feed(self, chunk: AudioChunk) -> str | None:
        """Take 16 kHz audio; a new partial at most every 20 ms, without wake phrases.

        Raises:
            EngineError: another rate, or the utterance is over.
        """
        if chunk.rate != RATE:
            raise EngineError("asr", "pocketsphinx", "bad_input", f"needs {RATE} Hz audio, not {chunk.rate} Hz")
        if not self._open:
            raise EngineError("asr", "pocketsphinx", "closed", "this utterance is over; open a new one")
        at = 0
        while at < len(chunk.samples):
            mark = next((mark for mark in _RESTART_AT if mark > self._length), math.inf)
            stop = int(min(len(chunk.samples), at + mark - self._length))
            self._take(chunk.samples[at:stop])
            at = stop
            if self._length == mark:
                self._restart()
        if self._length - self._shown_at < _PARTIAL_EVERY:
            return None
        self._shown_at = self._length
        return self._news()

    def _take(self, samples: Samples) -> None:
        heard = _with_floor(samples, self._length)
        self._audio.append(heard)
        self._length += len(heard)
        self._decoder.process_raw(heard.tobytes())

    def _restart(self) -> None:
        """Decode again from the start with the cepstral mean of what has been heard so far.

        PocketSphinx normalises a stream by the mean of earlier utterances, which for a new speaker or
        microphone is wrong; a few early repetitions cost less than one last pass over everything.
        """
        mean = self._measured_mean()
        self._decoder.end_utt()
        self._begin(mean)
        self._decoder.process_raw(np.concatenate(self._audio).tobytes())

    def _measured_mean(self) -> NDArray[np.float64]:
        frames = max(self._decoder.n_frames(), 1)
        mixed = _numbers(self._decoder.get_cmn(True))
        heard = self._mean + (mixed - self._mean) * (_CMN_WINDOW + frames) / frames
        prior = _CMN_PRIOR_FRAMES / (_CMN_PRIOR_FRAMES + frames)
        mean: NDArray[np.float64] = prior * self._loaded.usual_mean + (1 - prior) * heard
        return mean

    def _news(self) -> str | None:
        hypothesis = self._decoder.hyp()
        words = hypothesis.hypstr.split() if hypothesis is not None else []
        command = _command(words)
        if self._loaded.has_wake and self._length < _WAKE_LASTS and len(command) == len(words):
            return None  # most likely the beginning of a wake phrase
        text = " ".join(command)
        if text == self._partial:
            return None
        self._partial = text
        return text

    def finish(self) -> Transcript:
        """The best sentence of the grammar, or an empty text with what was rejected."""
        if not self._open:
            return Transcript("", 0.0)
        before = self._decoder.hyp()
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        raw = hypothesis.hypstr if hypothesis is not None else ""
        found = self._decide(raw) if raw.strip() else Transcript("", 0.0)
        if before is not None:
            found = replace(found, free=" ".join(_command(before.hypstr.split())))
        if found.rejected:
            found = replace(found, ending=self._loaded.ending(found.rejected))
        if found.text:
            self._loaded.last_mean = self._measured_mean()
        self._release()
        return found

    def _decide(self, raw: str) -> Transcript:
        rejected = " ".join(_command(raw.split()))
        net = _lattice_of(self._decoder)
        if net is None:
            return Transcript("", 0.0, rejected=rejected)
        weights = self._loaded.weights
        net = lattice.pruned(net, weights, max(_LATTICE_BEAM, net.frames * 0.6))
        free = lattice.Search(net, lattice.Anything(), weights).best()
        search = lattice.Search(net, _AfterWake(self._loaded.acceptor), weights)
        for path in islice(search.paths(), _TRIES):
            spans = _from_wake(path.words)
            words = [span for span in spans if not span.word.startswith(closed.MARK)]
            text = " ".join(word.word for word in words)
            if words and self._loaded.understands(text):
                lost = max(free.score - path.score, 0.0) if free is not None else math.inf
                sure = self._sureness(spans, words, lost / net.frames)
                if sure < self._min_confidence:
                    return Transcript("", sure, rejected=rejected)
                return Transcript(text, sure, tuple(_timed(words)))
        return Transcript("", 0.0, rejected=rejected)

    def _sureness(self, spans: Sequence[lattice.Span], words: Sequence[lattice.Span], lost: float) -> float:
        start = spans[0].start if len(spans) > len(words) else 0
        moved = [span._replace(start=span.start - start, end=span.end - start) for span in spans]
        return confidence(moved, len(words), lost, levels(np.concatenate(self._audio))[start:])

    def close(self) -> None:
        """Give the utterance up; safe at any time and more than once."""
        if self._open:
            self._decoder.end_utt()
            self._release()

    def _release(self) -> None:
        self._open = False
        self._loaded.owner = None
        self._audio.clear()
        self._loaded.acceptor.refresh()


class _AfterWake:
    """A grammar that begins anew after a wake phrase, whatever was said before it."""

    _LOST = -1

    def __init__(self, acceptor: lattice.Walker) -> None:
        self._acceptor = acceptor
        self.start = acceptor.start

    def step(self, state: int, word: str) -> int | None:
        if word.startswith(closed.REMAINS):
            return state if state == self.start else None
        if word.startswith(closed.MARK):
            return self.start
        if state == self._LOST:
            return state
        after = self._acceptor.step(state, word)
        return self._LOST if after is None else after

    def is_final(self, state: int) -> bool:
        return state != self._LOST and self._acceptor.is_final(state)


def _command(words: list[str]) -> list[str]:
    """The words after the last wake phrase."""
    marks = [at for at, word in enumerate(words) if word.startswith(closed.MARK)]
    return words[marks[-1] + 1 :] if marks else words


def _from_wake(spans: Sequence[lattice.Span]) -> Sequence[lattice.Span]:
    """The last wake phrase and what follows, or everything; remains of one that any click could be are left out."""
    marks = [at for at, span in enumerate(spans) if span.word.startswith(closed.MARK)]
    if not marks:
        return spans
    wake = spans[marks[-1]]
    is_click = wake.word.startswith(closed.REMAINS) and wake.end - wake.start < _LEAST_REMAINS
    return spans[marks[-1] + is_click :]


def _timed(words: Sequence[lattice.Span]) -> Iterator[TimedWord]:
    for word in words:
        yield TimedWord(word.word, word.start / 100, word.end / 100)


def _lattice_of(decoder: Any) -> lattice.Lattice | None:
    found = decoder.get_lattice()
    if found is None:
        return None
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        file = Path(folder) / "words.lat"
        found.write(str(file))
        return lattice.parse(file.read_text(encoding="utf-8"))


def _with_floor(samples: Samples, at: int) -> Samples:
    """The samples over a faint noise floor (-55 dBFS).

    Muted microphones, noise gates and synthetic speech are silent as no recording in the model's
    training was; their cepstra between the words are far from anything it knows.
    """
    floor = _FLOOR[(at + np.arange(len(samples))) % len(_FLOOR)]
    return np.clip(np.rint(samples + floor), -32768, 32767).astype(np.int16)


def _numbers(text: str) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = np.array([float(value) for value in text.split(",")])
    return numbers
