"""``assistant say`` and ``assistant transcribe``: each end of the chain by itself."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from assistant.app import find_skills, limits_of, wake_phrases
from assistant.asr.base import Adaptable, Recognizer, Transcript
from assistant.asr.streaming import BatchEngine
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from assistant.audio.sink import DeviceSink
from assistant.audio.wav import WavWriter
from assistant.choosing import build, choose_asr, choose_tts
from assistant.config import Loaded, load
from assistant.errors import AssistantError, InputError
from assistant.runtime.worker import Worker
from assistant.session.speaker import Speaker
from assistant.session.turn import sentences
from assistant.tts.sentences import split
from assistant.tts.speakable import speakable
from assistant.vad.base import VoiceDetector
from assistant.vad.split import utterances

_FEED = RATE // 10


def say(
    text: Annotated[str, typer.Argument(help="What to say; - reads standard input.")],
    out: Annotated[Path | None, typer.Option(help="Write a WAV file instead of playing.")] = None,
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
) -> None:
    """Say a text aloud, or into a file."""
    if text == "-":
        text = sys.stdin.read() if sys.stdin else ""
    if not text.strip():
        raise InputError("There is nothing to say: the text is empty.")
    loaded = load(config)
    if out is None:
        play(loaded, text)
    else:
        _write(loaded, text, out)


def play(loaded: Loaded, text: str) -> None:
    """Say a text through the configured loudspeaker.

    Raises:
        DeviceError: there is none.
    """
    asyncio.run(_play(loaded, text))


async def _play(loaded: Loaded, text: str) -> None:
    name, engine = choose_tts(loaded)
    sink = DeviceSink(loaded.config.audio.output)
    sink.mixer.volume = loaded.config.audio.volume
    sink.start()
    worker = Worker("tts", name)
    try:
        speech = Speaker(engine, worker, sink.mixer, loaded.config.language).begin()
        await speech.say(sentences(text))
        await asyncio.sleep(sink.latency)
    finally:
        sink.close()
        worker.close()


def _write(loaded: Loaded, text: str, out: Path) -> None:
    _, engine = choose_tts(loaded)
    try:
        writer = WavWriter(out, engine.rate)
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}") from error
    spans = split(text)
    for span in track(spans, "Speaking", console=Console(stderr=True), transient=True, disable=len(spans) < 5):
        spoken = speakable(text[span.start : span.end], loaded.config.language)
        for chunk in engine.speak(spoken) if spoken.strip() else ():
            writer.write(chunk.samples)
    writer.close()


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
