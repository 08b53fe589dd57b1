"""``assistant say``: a text aloud, into a file, or through a pipe; of any length, a sentence at a time."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Protocol

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from assistant.audio.chunk import AudioChunk, Samples, to_float
from assistant.audio.resample import StreamResampler, pcm16
from assistant.audio.sink import DeviceSink
from assistant.audio.wav import WavWriter
from assistant.commands.voices_consent import asking
from assistant.config import Loaded, load
from assistant.errors import DeviceError, InputError
from assistant.registry import find
from assistant.runtime.worker import Worker
from assistant.session.speaker import Speaker
from assistant.tts import ssml
from assistant.tts.base import NORMAL, Style, Synthesizer, in_style
from assistant.tts.sentences import SentenceStream
from assistant.tts.speakable import speakable
from assistant.tts.ssml import Piece
from assistant.voicing import choose_tts, in_language, make_voice

_BLOCK = 65_536
_STDIN = "-"
_LONG = 1000
"""Characters from which a text is not kept in the cache."""
_SLOWEST, _FASTEST = 0.3, 3.0
_DEEPEST, _HIGHEST = 0.5, 2.0
_UNKNOWN_LENGTH = 0xFFFFFFFF


def say(
    text: Annotated[str | None, typer.Argument(help="What to say; - or nothing reads standard input.")] = None,
    *,
    out: Annotated[str | None, typer.Option(help="A WAV file to write instead; - for standard output.")] = None,
    engine: Annotated[str | None, typer.Option(help="auto, piper, coqui or espeak; default: tts.engine.")] = None,
    voice: Annotated[str | None, typer.Option(help="The engine's name of a voice.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Of a voice with several: one's name or number.")] = None,
    language: Annotated[str | None, typer.Option(help="What the text is written in: en, de, fr …")] = None,
    speed: Annotated[float, typer.Option(min=_SLOWEST, max=_FASTEST, help="1.2 is a fifth faster.")] = 1.0,
    pitch: Annotated[float, typer.Option(min=_DEEPEST, max=_HIGHEST, help="1.2 is three semitones higher.")] = 1.0,
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
) -> None:
    """Say a text aloud, or into a file. A text that begins with <speak> is SSML."""
    loaded = _with_voice(load(config), engine, voice, speaker, language)
    if text in (None, _STDIN) or len(text or "") > _LONG:
        loaded = _keeping_nothing(loaded)
    sentences = _not_blank(_sentences(_blocks(text)))
    name, chosen = asking(lambda: _choose(loaded, engine))
    manner = Style(speed, pitch)
    spoken = in_style(chosen, manner)
    if spoken is chosen and manner != NORMAL:
        lacking = "can change neither its speed nor its pitch" if speed != 1.0 else "cannot change its pitch"
        print(f"assistant: {name} {lacking}; it is left as it is.", file=sys.stderr)
    elif pitch != 1.0 and in_style(chosen, Style(pitch=pitch)) is chosen:
        print(f"assistant: {name} can change its speed, but not its pitch.", file=sys.stderr)
    if out is None:
        asyncio.run(_play(loaded, (name, spoken), sentences))
    else:
        _write(spoken, loaded.config.language, _with_progress(sentences, len(text or "")), out)


def play(loaded: Loaded, text: str) -> None:
    """Say a text through the configured loudspeaker.

    Raises:
        DeviceError: there is none.
    """
    asyncio.run(_play(loaded, choose_tts(loaded), _sentences([text])))


def _choose(loaded: Loaded, engine: str | None) -> tuple[str, Synthesizer]:
    with Console(stderr=True).status("Loading the voice …"):  # torch alone takes seconds
        return choose_tts(loaded) if engine in (None, "auto") else (engine, make_voice(loaded, engine))


def _with_voice(
    loaded: Loaded, engine: str | None, voice: str | None, speaker: str | None, language: str | None
) -> Loaded:
    """The configuration with what the command line says of the voice."""
    if language is not None:
        loaded = in_language(loaded, language.partition("-")[0])
    tts = loaded.config.tts
    changes: dict[str, Any] = {}
    if engine is not None:
        if engine != "auto":
            engine = find("tts", engine).name
        changes = {"engine": engine, "voices": {}} | ({} if engine == tts.engine else {"voice": None, "speaker": None})
    if voice is not None:
        changes |= {"voice": voice, "speaker": None, "voices": {}}
    if speaker is not None:
        changes |= {"speaker": int(speaker) if speaker.isdecimal() else speaker, "voices": {}}
    update: dict[str, Any] = {"tts": tts.model_copy(update=changes)}
    if language is not None:
        update["language"] = language
    return Loaded(loaded.config.model_copy(update=update), loaded.origins)


def _keeping_nothing(loaded: Loaded) -> Loaded:
    """A book that is read aloud would push everything that is said often out of the cache."""
    tts = loaded.config.tts
    cache = tts.cache.model_copy(update={"megabytes": 0})
    update = {"tts": tts.model_copy(update={"cache": cache})}
    return Loaded(loaded.config.model_copy(update=update), loaded.origins)


def _blocks(text: str | None) -> Iterator[str]:
    """The text, or standard input line by line, in blocks of bounded size."""
    if text not in (None, _STDIN):
        yield text or ""
    elif sys.stdin is not None and (text == _STDIN or not sys.stdin.isatty()):
        yield from iter(partial(sys.stdin.readline, _BLOCK), "")


def _sentences(blocks: Iterable[str]) -> Iterator[str]:
    stream = SentenceStream(None)
    for block in blocks:
        yield from stream.feed(block)
    yield from stream.flush()


def _not_blank(sentences: Iterator[str]) -> Iterator[str]:
    """The same sentences, of which at least one says something.

    Raises:
        InputError: none does.
    """
    for first in sentences:
        if first.strip():
            return chain([first], sentences)
    raise InputError("There is nothing to say: give a text, or pipe one in. See: assistant say --help")


def _with_progress(sentences: Iterator[str], whole: int) -> Iterator[str]:
    """The same sentences; how far they are is shown on a terminal.

    Args:
        whole: characters of all; not known where it is no more than a few.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Speaking", total=whole if whole > 1 else None)
        for sentence in sentences:
            yield sentence
            progress.advance(task, len(sentence))


async def _play(loaded: Loaded, voice: tuple[str, Synthesizer], sentences: Iterator[str]) -> None:
    name, engine = voice
    try:
        sink = DeviceSink(loaded.config.audio.output)
    except DeviceError as error:
        raise DeviceError(str(error).replace("--output FILE", "--out FILE")) from None
    sink.mixer.volume = loaded.config.audio.volume
    sink.start()
    worker = Worker("tts", name)

    async def each() -> AsyncIterator[str]:
        while (sentence := await asyncio.to_thread(next, sentences, None)) is not None:
            yield sentence

    try:
        await Speaker(engine, worker, sink.mixer, loaded.config.language).begin().say(each())
        await asyncio.sleep(sink.latency)
    finally:
        sink.close()
        worker.close()


class _Writer(Protocol):
    def write(self, samples: Samples) -> None: ...
    def close(self) -> None: ...


class _PipeWriter:
    """A WAV of unknown length on a stream that cannot be rewound, as sox and ffmpeg write it."""

    def __init__(self, stream: BinaryIO, rate: int) -> None:
        self._stream = stream
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
        riff = struct.pack("<4sI4s", b"RIFF", _UNKNOWN_LENGTH, b"WAVE")
        stream.write(riff + form + struct.pack("<4sI", b"data", _UNKNOWN_LENGTH))

    def write(self, samples: Samples) -> None:
        self._stream.write(np.ascontiguousarray(samples, "<i2").tobytes())
        self._stream.flush()

    def close(self) -> None:
        """Nothing is left to be written."""


def _write(voice: Synthesizer, language: str, sentences: Iterator[str], out: str) -> None:
    rate = voice.rate
    writer: _Writer
    try:
        with closing(_PipeWriter(sys.stdout.buffer, rate) if out == _STDIN else WavWriter(out, rate)) as writer:
            for samples in at_rate(_spoken(voice, language, sentences), rate):
                writer.write(samples)
    except BrokenPipeError:  # "assistant say … | head": nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _spoken(voice: Synthesizer, language: str, sentences: Iterable[str]) -> Iterator[AudioChunk]:
    for piece in ssml.pieces(sentences, language):
        yield from ssml.speak_piece(voice, piece, speakable(_said(piece), language))


def _said(piece: Piece) -> str:
    return piece.text if piece.said is None else piece.said


def at_rate(chunks: Iterable[AudioChunk], rate: int) -> Iterator[Samples]:
    """Audio whose rate may change, for when one voice follows another, at one rate.

    Args:
        chunks: int16 mono.
        rate: Hz of the result.
    """
    resampler: StreamResampler | None = None
    for chunk in chunks:
        if resampler is not None and resampler.from_rate != chunk.rate:
            yield pcm16(resampler.process(np.zeros(0, np.float32), last=True))
            resampler = None
        if chunk.rate == rate:
            yield chunk.samples
            continue
        resampler = resampler or StreamResampler(chunk.rate, rate)
        yield pcm16(resampler.process(to_float(chunk.samples)))
    if resampler is not None:
        yield pcm16(resampler.process(np.zeros(0, np.float32), last=True))
