"""``assistant transcribe``: recordings into text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import find_skills, limits_of, wake_phrases
from assistant.asr.base import Adaptable, Recognizer, Transcript
from assistant.asr.streaming import BatchEngine
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from assistant.choosing import build, choose_asr
from assistant.config import Loaded, load
from assistant.errors import AssistantError, InputError
from assistant.vad.base import VoiceDetector
from assistant.vad.split import utterances

_FEED = RATE // 10


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Sound files of any kind.")],
    engine: Annotated[str | None, typer.Option(help="auto, whisper or pocketsphinx; default: asr.engine.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line per file.")] = False,
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
) -> None:
    """Write down what is said in sound files."""
    loaded = load(config, env=_with_engine(engine))
    writer: _Writer | None = None
    failures: list[AssistantError] = []
    for file in files:
        try:
            samples = decode(file)
        except InputError as error:
            failures.append(error)
            print(f"assistant: {error}", file=sys.stderr)
            continue
        writer = writer or _Writer(loaded)
        _print(file, writer.write(samples), as_json=as_json, several=len(files) > 1)
    if failures:
        raise typer.Exit(failures[0].exit_code)


def _with_engine(engine: str | None) -> dict[str, str]:
    import os

    return {**os.environ, **({"ASSISTANT_ASR__ENGINE": engine} if engine else {})}


def _recognizer(loaded: Loaded) -> Recognizer:
    _, engine = choose_asr(loaded)
    if isinstance(engine, Adaptable):
        engine.adapt(find_skills(loaded.config).grammar, wake_phrases(loaded.config))
    found: Recognizer = engine
    return found


class _Writer:
    """Writes down recordings of any length: whole with a batch engine, else utterance by utterance."""

    def __init__(self, loaded: Loaded) -> None:
        self._recognizer = _recognizer(loaded)
        self._voice: VoiceDetector = build(loaded, "vad", loaded.config.vad.engine)
        self._limits = limits_of(loaded.config)

    def write(self, samples: Samples) -> Transcript:
        if isinstance(self._recognizer, BatchEngine):
            return self._recognizer.decode(samples)
        parts = [self._recognise(piece) for piece in utterances(samples, self._voice, self._limits)]
        return Transcript(
            " ".join(part.text for part in parts if part.text),
            min((part.confidence for part in parts), default=0.0),
            rejected=" ".join(part.rejected for part in parts if part.rejected),
        )

    def _recognise(self, samples: Samples) -> Transcript:
        recognition = self._recognizer.open()
        for start in range(0, len(samples), _FEED):
            recognition.feed(AudioChunk(samples[start : start + _FEED], RATE, start))
        return recognition.finish()


def _print(file: Path, found: Transcript, *, as_json: bool, several: bool) -> None:
    if as_json:
        line = {"file": str(file), "text": found.text, "confidence": found.confidence, "rejected": found.rejected}
        typer.echo(json.dumps(line, ensure_ascii=False))
        return
    text = found.text or f"(not understood{': ' + found.rejected if found.rejected else ''})"
    typer.echo(f"{file}: {text}" if several else text)
