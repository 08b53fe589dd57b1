"""Whisper (https://arxiv.org/abs/2212.04356) by faster-whisper on CTranslate2: int8 on a CPU, float16 on a GPU.

One utterance is decoded at a time and without sampling, so the same audio always gives the same text.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from assistant.asr import hallucination, wake_phrase, whisper_files
from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE, AudioChunk, Samples, to_float
from assistant.errors import ConfigError, EngineError

if TYPE_CHECKING:
    from assistant.asr.whisper_decoder import Audio
    from assistant.intent.template import Grammar

log = logging.getLogger(__name__)

_FAINTER, _LATER = 0.4, RATE // 4
_FAULTS = (RuntimeError, ValueError)  # what CTranslate2 raises for a driver, library, memory or file that is no good


class Options(BaseModel):
    """``asr:`` in the configuration, for ``engine: whisper``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field("base", description="A folder, or a name: tiny, base, small, base.en, distil-small.en …")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="auto takes a GPU when there is one.")
    compute_type: Literal["auto", "int8", "int8_float16", "float16", "bfloat16", "float32"] = Field(
        "auto", description="auto is int8 on a CPU and float16 on a GPU."
    )
    beam_size: int = Field(5, ge=1, le=20, description="1 is fastest, 5 most accurate.")
    language: str | None = Field("en", description="ISO 639-1; null lets a multilingual model decide.")
    languages: tuple[str, ...] = Field((), description="ISO 639-1; of more than one, each utterance's is detected.")
    cpu_threads: int = Field(0, ge=0, description="0 takes up to four cores.")
    audio_context: Literal["auto", "full"] = Field(
        "auto", description="auto encodes the audio that is there and a margin, full always 30 s."
    )
    context_margin: float = Field(2.56, ge=0.5, le=30, description="Seconds of silence that auto adds.")
    hint_tokens: int = Field(64, ge=0, le=200, description="Room for the skills' words as hints; 0 gives none.")
    voice_gate: bool = Field(True, description="Ask Silero whether anybody speaks before decoding.")


@dataclass(frozen=True, slots=True)
class _Job:
    """How to decode; see :meth:`Engine.decode`."""

    prompt: str
    prefix: str
    timed: bool
    abandoned: Callable[[], bool] | None


class Engine:
    """A Whisper model, loaded and warmed up.

    Attributes:
        device: ``cpu`` or ``cuda``: what it really runs on.

    Raises:
        MissingModel: the model is not on this machine; nothing is ever downloaded here.
        EngineError: ``bad_model``: its files are damaged or of another kind.
        ConfigError: the model does not know the language.
    """

    def __init__(self, options: Options) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        self._options = options
        self._folder = whisper_files.find(options.model)
        self._prefixes: tuple[str, ...] = ()
        self._hints: list[int] = []
        self.device = _device(options.device)
        try:
            self._load()
        except _FAULTS as error:
            self._leave_gpu(error)

    def open(self, *, answering: bool = False) -> Utterance:  # noqa: ARG002 - hears everything anyway
        """Begin an utterance."""
        return Utterance(self)

    def adapt(self, grammar: Grammar, prefixes: tuple[str, ...] = ()) -> None:
        """Hint at the skills' rarer words, and drop these wake phrases from the front of transcripts.

        A word is rare when the model has no single token for it. The rarest come first, as many as
        ``hint_tokens`` holds.
        """
        self._prefixes = prefixes
        encode = self._decoder.tokenizer(self._options.language or "en").encode
        tokens = sorted((encode(f" {word}") for word in grammar.vocabulary()), key=len, reverse=True)
        self._hints = []
        for piece in tokens:
            if 1 < len(piece) <= self._options.hint_tokens - len(self._hints):
                self._hints += piece
        self._decoder.hints = self._hints

    def transcribe(self, samples: Samples) -> Transcript:
        """A whole utterance to text with word times, less the wake phrase.

        Args:
            samples: int16, shape (n,), 16 kHz, of any length.
        """
        return self.without_wake_phrase(self.decode(samples, word_timestamps=True))

    def without_wake_phrase(self, transcript: Transcript) -> Transcript:
        """The transcript less the wake phrases given to :meth:`adapt` and what comes before them."""
        return wake_phrase.without(transcript, self._prefixes)

    def decode(
        self,
        samples: Samples,
        *,
        prompt: str = "",
        prefix: str = "",
        word_timestamps: bool = False,
        abandoned: Callable[[], bool] | None = None,
    ) -> Transcript:
        """Decode audio as it is; what a streaming adapter calls again and again.

        Args:
            samples: int16, shape (n,), 16 kHz.
            prompt: text before the audio, for context.
            prefix: beginning of the transcript that is certain already; the result begins with it.
            word_timestamps: give every word its times, in seconds from the first sample.
            abandoned: asked between encoder and decoder; True gives the work up.

        Returns:
            The transcript; empty where nobody speaks, or where the text can hardly have been said,
            which then stands in ``rejected``.

        Raises:
            Abandoned: ``abandoned`` said yes.
        """
        audio = to_float(samples)
        job = _Job(prompt, prefix, word_timestamps, abandoned)
        try:
            if not self._whisper.model.model_is_loaded:
                self._whisper.model.load_model()
            return self._decode(audio, job)
        except _FAULTS as error:
            self._leave_gpu(error)
            return self._decode(audio, job)

    def unload(self) -> None:
        """Give the model's memory back; the next utterance loads it again."""
        self._whisper.model.unload_model()

    # --- loading -----------------------------------------------------------------------------------

    def _load(self) -> None:
        """Load the model and pay every first-use cost."""
        from faster_whisper import WhisperModel

        from assistant.asr.whisper_decoder import Decoder, Settings

        options = self._options
        margin = options.context_margin if options.audio_context == "auto" else None
        try:
            self._whisper: Any = WhisperModel(
                str(self._folder),
                device=self.device,
                compute_type=_compute_type(options.compute_type, self.device),
                cpu_threads=options.cpu_threads or min(4, os.cpu_count() or 1),
                local_files_only=True,
            )
            self._check_language()
            self._decoder = Decoder(
                self._whisper,
                Settings(options.beam_size, options.language, margin, options.voice_gate, options.languages),
            )
            self._decoder.hints = self._hints
            self._warm_up()
        except ConfigError:
            raise
        except Exception as error:  # tokenizers raises nothing more special for a damaged file
            if self.device == "cuda" and isinstance(error, _FAULTS):
                raise
            raise _damaged(self._folder, error) from error

    def _check_language(self) -> None:
        options, known = self._options, self._whisper.supported_languages
        if options.language is not None and options.language not in known:
            raise ConfigError(f"asr.whisper.language: {self._folder} does not know {options.language!r}; use 'en'")
        if strange := sorted(set(options.languages) - set(known)):
            text = f"{self._folder} does not know {', '.join(strange)}; run: assistant models pull whisper-base"
            raise ConfigError(f"asr.whisper.languages: {text}")

    def _warm_up(self) -> None:
        noise = np.random.default_rng(0).normal(0, 0.01, RATE).astype(np.float32)
        self._decoder.speech(noise)
        self._decoder.words(self._decoder.decode(noise), 1.0)

    def _leave_gpu(self, error: Exception) -> None:
        """Load again on the CPU; the error goes on when it was the CPU's."""
        if self.device == "cpu":
            raise error
        log.warning("whisper: the GPU cannot be used (%s); going on with the CPU", _one_line(error))
        self.device = "cpu"
        self._load()

    # --- decoding ----------------------------------------------------------------------------------

    def _decode(self, audio: Audio, job: _Job) -> Transcript:
        parts: list[Transcript] = []
        for start, piece in self._decoder.pieces(audio):
            part = self._decode_piece(piece, job)
            words = (replace(w, start=w.start + start / RATE, end=w.end + start / RATE) for w in part.words)
            parts.append(replace(part, words=tuple(words)))
            job = replace(job, prompt=part.text or job.prompt, prefix="")
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _decode_piece(self, audio: Audio, job: _Job) -> Transcript:
        speech = self._decoder.speech(audio)
        if speech is None:
            return Transcript("", 0.0, language=self._options.language or "en")
        found = self._decoder.decode(audio, job.prompt, job.prefix, job.abandoned)
        evidence = replace(found.evidence, seconds=speech.seconds)
        reason = hallucination.objection(evidence)
        if reason is None and hallucination.is_doubtful(evidence) and not self._confirms(found.text, audio, job):
            reason = "unstable"
        if reason is not None:
            log.info("whisper: dropped %r (%s)", found.text, reason)
            return Transcript("", 0.0, language=found.language, rejected=found.text)
        words = self._decoder.words(found, len(audio) / RATE, speech.start) if job.timed else ()
        return Transcript(found.text, math.exp(found.evidence.logprob), words, found.language)

    def _confirms(self, text: str, audio: Audio, job: _Job) -> bool:
        """Whether the same audio gives the same text when it is fainter, and when it comes a little later.

        What was said stays; what a decoder makes of a noise depends on such things.
        """
        if not self._options.voice_gate:
            return True
        for look in (audio * np.float32(_FAINTER), np.pad(audio, (_LATER, 0))):
            speech = self._decoder.speech(look)
            if speech is None:
                return False
            found = self._decoder.decode(look, job.prompt, job.prefix, job.abandoned)
            evidence = replace(found.evidence, seconds=speech.seconds)
            if hallucination.objection(evidence) or hallucination.words(found.text) != hallucination.words(text):
                return False
        return True


class Utterance:
    """One utterance; audio is kept until :meth:`finish` decodes it. See :class:`assistant.asr.base.Recognition`."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Engine | None = engine
        self._heard: list[Samples] = []

    def feed(self, chunk: AudioChunk) -> str | None:
        """Keep the audio; there are no partials from a batch engine.

        Raises:
            EngineError: ``bad_input``: the audio is not at 16 kHz.
        """
        if chunk.rate != RATE:
            raise EngineError("asr", "whisper", "bad_input", f"audio at {chunk.rate} Hz; resample it to {RATE} Hz")
        if self._engine is not None:
            self._heard.append(chunk.samples)
        return None

    def finish(self) -> Transcript:
        """Decode what was heard; an empty transcript after :meth:`close` or without audio."""
        engine, heard = self._engine, self._heard
        self.close()
        samples = np.concatenate(heard) if heard else np.zeros(0, np.int16)
        if engine is None or len(samples) == 0:
            return Transcript("", 0.0)
        return engine.transcribe(samples)

    def close(self) -> None:
        """Forget the audio."""
        self._engine, self._heard = None, []


def _device(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    import ctranslate2

    return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"


def _compute_type(wanted: str, device: str) -> str:
    if device == "cpu":
        return "int8" if wanted not in ("int8", "float32") else wanted
    return "float16" if wanted == "auto" else wanted


def _damaged(folder: Path, error: Exception) -> EngineError:
    message = f"the model in {folder} cannot be read ({_one_line(error)}); fetch it again with: assistant models pull"
    return EngineError("asr", "whisper", "bad_model", f"{message} whisper-base")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _joined(parts: list[Transcript]) -> Transcript:
    said = [part for part in parts if part.text]
    return Transcript(
        " ".join(part.text for part in said),
        min((part.confidence for part in said), default=0.0),
        tuple(word for part in parts for word in part.words),
        parts[0].language,
        " ".join(part.rejected for part in parts if part.rejected),
    )
