"""Coqui TTS: VITS, XTTS and the other models of ``coqui-tts``, on a GPU or the CPU.

The library and its torch run in a process of their own (``coqui_worker``), which may be of another environment: it is
started ahead, started again if it dies, and ends itself when nothing was said for a while. VITS and XTTS stream within
a sentence; the others give a sentence at once. See the library's documentation at coqui-tts.readthedocs.io.
"""

from __future__ import annotations

import copy
import logging
import os
import re
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import ConfigError, EngineError, InputError, MissingDependency
from assistant.paths import data_dir
from assistant.suggest import nearest
from assistant.tts import coqui_voices
from assistant.tts.base import Mark, SpeechChunk, Style
from assistant.tts.consent import CPML, require, speaker_of
from assistant.tts.coqui_client import Client
from assistant.tts.coqui_link import Link, ProcessLink, ThreadLink, command
from assistant.tts.coqui_running import Ready, Refused
from assistant.tts.coqui_voices import Voice, find_python
from assistant.tts.pieces import pieces

_log = logging.getLogger(__name__)

_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # surrogates have no UTF-8


class Options(BaseModel):
    """``tts:`` in the configuration, for ``engine: coqui``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field(default="en", description="Chooses the voice when none is given, and among a voice's own.")
    voice: str | None = Field(default=None, description="A folder, or a name: tts_models/en/vctk/vits, coqui-xtts_v2 …")
    speaker: str | int | None = Field(default=None, description="Of a voice with several: a name, or a number from 0.")
    rate: float = Field(default=1.0, ge=0.3, le=3, description="Speed; 1.2 is a fifth faster.")
    reference: Path | None = Field(default=None, description="A recording whose voice is imitated (XTTS, YourTTS).")
    vocoder: Path | None = Field(default=None, description="The folder of a vocoder, for models that make spectra.")
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="auto: an NVIDIA GPU if torch sees one.")
    half: bool = Field(default=True, description="Half precision on a GPU.")
    worker: Literal["auto", "process", "inline"] = Field(
        default="auto", description="auto is a process; inline shares torch with a model of this process."
    )
    threads: int | None = Field(default=None, ge=1, description="CPU threads; a process leaves one core to the rest.")
    python: str | None = Field(default=None, description="Interpreter (or environment) that has coqui-tts.")
    idle_unload: float = Field(default=600.0, ge=0, description="Seconds of silence after which it ends; 0 never.")


class Engine:
    """A voice of Coqui TTS.

    Attributes:
        rate: Hz of the audio.
        device: ``cpu`` or ``cuda``.
        identity: tells this voice's files from others of the same name.

    Raises:
        MissingDependency: coqui-tts is not installed, or not whole.
        MissingModel, InputError: there is no such voice, or its files cannot be used.
        ConfigError: no such speaker or language, no GPU, or no consent (:class:`.consent.ConsentNeeded`).
        EngineError: it died while it loaded.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._options = options = options or Options()
        inline = options.worker == "inline"
        self._python = find_python(None if inline else options.python)
        voice = find_voice(options.voice, options.language)
        if options.reference is not None:
            require(speaker_of(options.reference.expanduser()))
        launch: Callable[[], Link] = ThreadLink if inline else partial(ProcessLink, command(self._python))
        self._client = Client(launch, _order(voice, options))
        self._keeper = _Keeper()  # shared with copies in other styles: the last one closes
        weakref.finalize(self._keeper, self._client.close)
        try:
            ready = self._client.start()
        except Refused as refused:
            raise self._explained(refused, voice) from refused
        try:
            self._speaker, self._language = _speaker(ready, options), _language(ready, options.language)
        except ConfigError:
            self._client.close()
            raise
        self.identity = _identity(voice, options)
        self._longest = ready.longest[self._language or ""]
        self._pace = options.rate
        self.rate, self.device = ready.rate, ready.device

    def prepare(self) -> None:
        """Load the voice again, in the background, if it was unloaded; for when speech is likely soon."""
        self._client.prepare()

    def close(self) -> None:
        """End the worker."""
        self._client.close()

    def styled(self, style: Style) -> Engine:
        """The same voice faster or slower; it has no pitch to set."""
        if style.rate == 1.0:
            return self
        other = copy.copy(self)
        other._pace = min(max(self._pace * style.rate, 0.3), 3.0)
        return other

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak a text of any length; text that holds no letter or digit gives no chunk.

        Marks: a VITS knows the times of its phonemes, so a word's mark is where its first one begins (near it, where
        the phonemizer joins or divides words). For the other models they are estimates by the words' lengths.

        Raises:
            EngineError: ``crashed`` (the worker died; it is started again for the next sentence), ``stuck``, or
                ``failed`` (the library could not speak this).
        """
        text = _UNSAYABLE.sub(" ", text)
        position = 0
        for start, end in pieces(text, self._longest):
            order = {
                "text": text[start:end].strip(),
                "speaker": self._speaker,
                "language": self._language,
                "rate": self._pace,
            }
            offset = start + len(text[start:end]) - len(text[start:end].lstrip())
            base = position
            for samples, marks in self._client.speak(order):
                here = tuple(Mark(offset + first, offset + last, base + at) for first, last, at in marks)
                yield SpeechChunk(samples, self.rate, position, here)
                position += len(samples)

    def _explained(self, refused: Refused, voice: Voice) -> Exception:
        """The worker's reason as an error of the assistant's."""
        match refused.code:
            case "missing":
                return MissingDependency(
                    f"coqui-tts for {self._python} ({refused})",
                    f"{self._python} -m pip install coqui-tts torch torchaudio",
                )
            case "espeak":
                return MissingDependency(
                    f"espeak-ng, for this voice's phonemes ({refused}),", "sudo apt-get install espeak-ng"
                )
            case "no_cuda":
                return ConfigError(f"tts.coqui.device: cuda cannot be used here ({refused}); set it to auto")
            case "reference":
                return InputError(f"{self._options.reference} cannot be imitated: {refused}")
        return EngineError(
            "tts", "coqui", "bad_model", f"the voice {voice.checkpoint} cannot be loaded ({refused}); fetch it again"
        )


class _Keeper:
    """Something that dies with the last engine that uses a worker."""


def find_voice(name: str | None, language: str = "") -> Voice:
    """A voice's files, if it may be used; see :func:`.coqui_voices.find_voice`.

    Raises:
        MissingDependency, MissingModel, InputError, ConfigError: what is lacking, be it the user's consent.
    """
    if name is None and not language:  # asked for anything at all, which without the library is of no use
        find_python(None)
    voice = coqui_voices.find_voice(name, language)
    if voice.kind == "xtts":
        require(CPML)
    return voice


def _identity(voice: Voice, options: Options) -> str:
    files = [voice.config, voice.checkpoint / "model.pth" if voice.checkpoint.is_dir() else voice.checkpoint]
    files += [options.reference.expanduser()] if options.reference else []
    return " ".join(f"{file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def _order(voice: Voice, options: Options) -> dict[str, object]:
    return {
        "config": str(voice.config),
        "checkpoint": str(voice.checkpoint),
        "vocoder": str(options.vocoder.expanduser()) if options.vocoder else None,
        "device": options.device,
        "half": options.half,
        "reference": str(options.reference.expanduser()) if options.reference else None,
        "latents": str(data_dir() / "imitated"),
        "idle": options.idle_unload,
        # Torch's threads wait for each other: with as many as there are cores, each other program slows them manifold.
        "threads": options.threads or (None if options.worker == "inline" else max(1, (os.cpu_count() or 2) - 1)),
    }


def _speaker(ready: Ready, options: Options) -> str | None:
    """One of the voice's speakers by name or number; the first if none is wanted."""
    wanted = options.speaker
    if not ready.speakers or (options.reference is not None and wanted is None):
        if wanted is not None:
            raise ConfigError(f"tts.speaker: this voice has only one speaker, so there is no {wanted!r}")
        return None
    if wanted is None:
        _log.info("coqui: the first of %d speakers: %s", len(ready.speakers), ready.speakers[0])
        return ready.speakers[0]
    known = {name.strip().lower(): name for name in ready.speakers}
    if str(wanted).strip().lower() in known:
        return known[str(wanted).strip().lower()]
    if str(wanted).isdecimal() and int(wanted) < len(ready.speakers):
        return ready.speakers[int(wanted)]
    raise ConfigError(f"tts.speaker: this voice has no {wanted!r}{nearest(str(wanted), ready.speakers)}")


def _language(ready: Ready, wanted: str) -> str | None:
    """The voice's name of a language: ``zh`` is ``zh-cn``, ``en-gb`` is ``en``."""
    if not ready.languages:
        return None
    for matches in (str.__eq__, lambda each, code: each.split("-")[0] == code.split("-")[0]):
        for each in ready.languages:
            if matches(each.lower(), wanted.lower()):
                return each
    raise ConfigError(f"tts.language: this voice does not speak {wanted!r}{nearest(wanted, ready.languages)}")
