"""One window of audio through a Whisper: features, encoder, beam search, word times.

faster-whisper's own ``transcribe`` pads every window to 30 s, may decode the tail of a short command
twice and falls back to sampling; a command needs one deterministic pass, so this calls the parts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from assistant.asr import hallucination
from assistant.asr.base import Abandoned, TimedWord
from assistant.audio.chunk import RATE

WINDOW = 30 * RATE
"""Samples that a window holds."""

_FRAME_S = 0.01
_FULL = 3000  # frames
_STEP = 128  # frames; a context is a multiple of it
_TEXT = 448  # tokens of the decoder's context
_TOKENS_PER_SECOND = 10  # nobody says more
# Kasai et al. 2022, "A Call for Clarity in Beam Search and How It Works When It Stops": with 1, the search stops
# as soon as a beam's worth of poor short texts have ended, although the best one has not.
_PATIENCE = 2.0
_UNSURE = -0.5  # average log-probability from which a trimmed window is decoded again in full
_BEFORE, _AFTER = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # punctuation that belongs to the next or the previous word

Audio = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to decode.

    Attributes:
        beam_size: 1 is greedy.
        language: ISO 639-1, or None to detect it.
        languages: if there are more than one, the language is detected among these.
        margin: seconds after the audio that the encoder also sees; None for the full 30 s.
        gate: whether Silero says where speech is; without it all audio counts as speech.
    """

    beam_size: int = 5
    language: str | None = "en"
    margin: float | None = 2.56
    gate: bool = True
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """Speech in a piece of audio, in seconds: when it begins, and how much of it there is."""

    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one window was decoded to.

    Attributes:
        text, tokens: with the forced prefix, without special tokens.
        evidence: for judging it.
        language: ISO 639-1.
        states: the encoder's output, for word times.
        full: whether the encoder saw the full 30 s.
        cut: the text was cut off for its length.
    """

    text: str
    tokens: list[int]
    evidence: hallucination.Evidence
    language: str
    states: Any
    full: bool
    cut: bool


class Decoder:
    """Decodes windows with a loaded ``faster_whisper.WhisperModel``.

    Attributes:
        hints: tokens of words to expect.
    """

    def __init__(self, whisper: Any, settings: Settings) -> None:
        self._whisper = whisper
        self._settings = settings
        self._tokenizers: dict[str, Any] = {}
        self.hints: list[int] = []

    def decode(
        self, audio: Audio, prompt: str = "", prefix: str = "", abandoned: Callable[[], bool] | None = None
    ) -> Hypothesis:
        """At most 30 s of audio, float32 in [-1, 1], shape (n,), 16 kHz.

        A trimmed window that does not convince, and a text that repeats itself, get a second look
        in a full window.

        Raises:
            Abandoned: ``abandoned`` said yes between two stages; CTranslate2 cannot be stopped within one.
        """
        give_up = abandoned or (lambda: False)
        features = self._whisper.feature_extractor(audio[:WINDOW])[:, :-1]
        found = self._attempt(features, self._context(features.shape[1]), prompt, prefix, give_up)
        looping = hallucination.objection(found.evidence) == "repetition"
        doubtful = found.cut or (found.text != "" and found.evidence.logprob < _UNSURE)
        if looping or (doubtful and not found.full):
            found = self._attempt(features, _FULL, prompt, prefix, give_up, no_repeat=3 if looping else 0)
        return found

    def words(self, found: Hypothesis, seconds: float, voiced: float = 0.0) -> tuple[TimedWord, ...]:
        """Word times from the cross-attention by dynamic time warping, as openai/whisper's ``timing.py``.

        Args:
            seconds: duration of the audio.
            voiced: when speech begins; the path itself always begins at 0.
        """
        if not found.tokens:
            return ()
        frames = math.ceil(seconds / _FRAME_S)
        tokenizer = self.tokenizer(found.language)
        aligned = self._whisper.find_alignment(tokenizer, [found.tokens], found.states, frames)[0]
        merge_punctuations(aligned, _BEFORE, _AFTER)
        words = [
            TimedWord(entry["word"].strip(), float(entry["start"]), float(entry["end"]), float(entry["probability"]))
            for entry in aligned
            if entry["word"].strip()
        ]
        if words and words[0].start < voiced < words[0].end:
            words[0] = replace(words[0], start=voiced)
        return tuple(words)

    def tokenizer(self, language: str) -> Any:
        """faster-whisper's tokenizer for a language."""
        if language not in self._tokenizers:
            many = self._whisper.model.is_multilingual
            self._tokenizers[language] = Tokenizer(self._whisper.hf_tokenizer, many, "transcribe", language)
        return self._tokenizers[language]

    def speech(self, audio: Audio) -> Speech | None:
        """Where somebody speaks for 0.1 s or more, by Silero; None when nobody does."""
        if not self._settings.gate:
            return Speech(0.0, len(audio) / RATE)
        settings = VadOptions(min_speech_duration_ms=96, min_silence_duration_ms=300, speech_pad_ms=0)
        found = get_speech_timestamps(audio, settings)
        if not found:
            return None
        return Speech(found[0]["start"] / RATE, sum(part["end"] - part["start"] for part in found) / RATE)

    @staticmethod
    def pieces(audio: Audio) -> list[tuple[int, Audio]]:
        """Audio parted where it is quietest, so that each part fits a window.

        Returns:
            (first sample, samples) of each part; one part for anything up to 30 s.
        """
        parts: list[tuple[int, Audio]] = []
        start, grain = 0, RATE // 5
        while len(audio) - start > WINDOW:
            late = audio[start + WINDOW * 2 // 3 : start + WINDOW]
            power = np.square(late[: len(late) // grain * grain]).reshape(-1, grain).mean(1)
            end = start + WINDOW * 2 // 3 + int(power.argmin()) * grain + grain // 2
            parts.append((start, audio[start:end]))
            start = end
        return [*parts, (start, audio[start:])]

    def _context(self, frames: int) -> int:
        if self._settings.margin is None:
            return _FULL
        wanted = frames + self._settings.margin / _FRAME_S
        return min(_FULL, math.ceil(wanted / _STEP) * _STEP)

    def _attempt(
        self, features: Audio, context: int, prompt: str, prefix: str, give_up: Callable[[], bool], no_repeat: int = 0
    ) -> Hypothesis:
        frames = min(features.shape[1], context)
        window = np.zeros((features.shape[0], context), np.float32)
        window[:, :frames] = features[:, :frames]
        states = _unless(give_up, self._whisper.encode, window)
        language = self._language(states)
        tokenizer = self.tokenizer(language)
        forced = tokenizer.encode(" " + prefix.strip()) if prefix.strip() else []
        start = self._start(tokenizer, prompt, forced)
        room = min(_TEXT // 2, 16 + int(frames * _FRAME_S * _TOKENS_PER_SECOND))
        result = _unless(
            give_up,
            self._whisper.model.generate,
            states,
            [start],
            beam_size=self._settings.beam_size,
            patience=_PATIENCE if self._settings.beam_size > 1 else 1.0,
            no_repeat_ngram_size=no_repeat,
            max_length=min(_TEXT, max(2 * room, room + len(start))),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
        )[0]
        new = result.sequences_ids[0]
        tokens = [token for token in new if token < tokenizer.eot]  # the forced ones among them
        text = tokenizer.decode(tokens).strip()
        logprob = min(0.0, float(result.scores[0]) * len(new) / (len(new) + 1))
        evidence = hallucination.Evidence(text, frames * _FRAME_S, result.no_speech_prob, logprob)
        return Hypothesis(text, tokens, evidence, language, states, context == _FULL, len(new) - len(forced) >= room)

    def _start(self, tokenizer: Any, before: str, forced: list[int]) -> list[int]:
        """The decoder's prompt: hints, then as much earlier text as fits beside them."""
        several = len(self._settings.languages) > 1
        foreign = several and tokenizer.language_code != self._settings.language
        hints = [] if foreign else self.hints[: _TEXT // 2 - 1]
        room = _TEXT // 2 - 1 - len(hints)
        earlier = tokenizer.encode(" " + before.strip())[-room:] if before.strip() and room else []
        opening = [tokenizer.sot_prev, *hints, *earlier] if hints or earlier else []
        return [*opening, *tokenizer.sot_sequence, tokenizer.no_timestamps, *forced]

    def _language(self, states: Any) -> str:
        if not self._whisper.model.is_multilingual:
            return "en"
        among = self._settings.languages
        if self._settings.language is not None and len(among) < 2:
            return self._settings.language
        return likeliest(self._whisper.model.detect_language(states)[0], among)


def likeliest(probabilities: Iterable[tuple[str, float]], among: Collection[str] = ()) -> str:
    """The language with the highest probability.

    Args:
        probabilities: (token, probability) of every language that the model knows: ``("<|en|>", 0.97)``.
        among: ISO 639-1 codes of those to choose from; none for all. Their order decides between equals.

    Raises:
        ValueError: the model knows none of them.
    """
    known = {token.strip("<|>"): probability for token, probability in probabilities}
    return max([code for code in among or known if code in known], key=known.__getitem__)


def _unless(give_up: Callable[[], bool], stage: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run the next stage, unless nobody waits any more."""
    if give_up():
        raise Abandoned
    return stage(*args, **options)
