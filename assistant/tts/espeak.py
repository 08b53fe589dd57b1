"""espeak-ng, through its C library: formant speech in about 130 voices, instantly, with nothing to download.

The library synthesises inside one blocking call and hands audio to a callback. A short-lived thread makes that call
for one piece of text (at most :data:`PIECE` characters) while :meth:`Engine.speak` yields what has come, so the first
audio leaves before the sentence is finished. The callback never waits: it fills a queue bounded by the piece's length,
and the next piece begins when that queue is empty. So memory stays bounded, nobody holds the library's lock while
waiting for a slow listener, and an abandoned iterator leaves neither a thread nor a lock behind.

The C interface is described in espeak-ng's ``src/include/espeak-ng/speak_lib.h``.
"""

from __future__ import annotations

import copy
import math
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from assistant.audio.chunk import Samples
from assistant.errors import ConfigError, EngineError
from assistant.suggest import nearest
from assistant.tts import espeak_library
from assistant.tts.base import Mark, SpeechChunk, Style
from assistant.tts.espeak_library import Block, Library, Settings, Voice

PIECE = 400
"""Longest text in characters that is given to the library at once (about 30 s of speech)."""

_AUDIBLE = 33  # int16 steps, −60 dBFS
_RELEASE_MS = 15  # real signal kept after the last audible sample
_PAUSES_MS = {**dict.fromkeys(".!?…:", 200), **dict.fromkeys(",;–—", 100)}
_USUAL_VOICE = {"en": "en-us", "fr": "fr-fr", "pt": "pt-br", "zh": "cmn"}
# Control characters would be obeyed (\x01 begins a command, NUL ends the text); surrogates have no UTF-8.
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TOKEN = re.compile(r"[^\s—]+")
_PUNCTUATION = ".,;:!?…\"'“”‘’«»()[]{}*_"

_SLOWEST_WPM, _FASTEST_WPM = 80, 450  # what espeak-ng can do
_PITCH_STEPS_PER_OCTAVE = 64  # measured around the middle of its scale of 0 to 99


class Options(BaseModel):
    """``tts:`` in the configuration, for ``engine: espeak``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field(default="en", description="Chooses the voice when none is given.")
    voice: str | None = Field(default=None, description="A voice of `espeak-ng --voices`: en-us, en-gb-scotland, de …")
    variant: str | None = Field(default=None, description="A timbre of `espeak-ng --voices=variant`: f3, m2, klatt …")
    rate_wpm: int = Field(default=165, ge=_SLOWEST_WPM, le=_FASTEST_WPM, description="Speed in words per minute.")
    rate: float = Field(default=1.0, ge=0.3, le=3, description="A factor on top of that; 1.2 is a fifth faster.")
    pitch: int = Field(default=50, ge=0, le=99, description="0 is deep, 99 is high.")
    volume: int = Field(default=100, ge=0, le=200, description="100 is espeak-ng's normal; above 100 may clip.")


class Engine:
    """A voice of espeak-ng. Any number may be alive and used from any threads; the library serves them in turn.

    Attributes:
        rate: Hz of the audio (22 050).

    Raises:
        ConfigError: no such voice or variant; the message names the nearest.
        MissingDependency: the library or its data is not installed.
    """

    instant = True

    def __init__(self, options: Options | None = None) -> None:
        options = options or Options()
        self._library = espeak_library.load()
        speed = min(max(round(options.rate_wpm * options.rate), _SLOWEST_WPM), _FASTEST_WPM)
        self._settings = Settings(_voice_id(self._library, options), speed, options.pitch, options.volume)
        self.rate = self._library.rate
        # The first synthesis reads the dictionary and the phoneme data; better now than before the first reply.
        self._library.synthesise("a", self._settings, lambda _block: True)

    def voices(self) -> list[tuple[str, str]]:
        """Every voice as (name, language code); both are valid as ``tts.voice``."""
        return [(voice.name, voice.language) for voice in self._library.voices()]

    def styled(self, style: Style) -> Engine:
        """The same voice faster or slower, higher or deeper."""
        settings, other = self._settings, copy.copy(self)
        speed = min(max(round(settings.rate_wpm * style.rate), _SLOWEST_WPM), _FASTEST_WPM)
        pitch = min(max(round(settings.pitch + _PITCH_STEPS_PER_OCTAVE * math.log2(style.pitch)), 0), 99)
        other._settings = replace(settings, rate_wpm=speed, pitch=pitch)
        return other

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak a text of any length; the first chunk begins with the first audible sample.

        Chunks hold 10 to 50 ms, except that the pause at the end is one chunk: 200 ms after a sentence, 100 ms after
        a clause, else 50 ms. A mark covers a word without the punctuation around it; words that espeak-ng runs
        together ("of the", "would have") share the mark of the first. Text that holds nothing to say gives no
        chunk. Tags are not interpreted: ``<b>`` is text.

        Raises:
            EngineError: the library refused the text.
        """
        sayable = _UNSAYABLE.sub(" ", text)
        position = 0
        for start, end in _pieces(sayable):
            shape = _Shape(self.rate, position, _pause_ms(sayable[start:end]), _Words(sayable[start:end], start))
            for block in self._blocks(sayable[start:end]):
                yield from shape.take(block)
            yield from shape.end()
            position = shape.position

    def _blocks(self, piece: str) -> Iterator[Block]:
        """Audio and word events as the library makes them, 10 to 50 ms at a time."""
        blocks: SimpleQueue[Block | BaseException | None] = SimpleQueue()
        stopped = threading.Event()

        def receive(block: Block) -> bool:
            blocks.put(block)
            return stopped.is_set()

        def synthesise() -> None:
            try:
                self._library.synthesise(piece, self._settings, receive)
                blocks.put(None)
            except BaseException as error:
                blocks.put(error)

        thread = threading.Thread(target=synthesise, name="espeak", daemon=True)
        thread.start()
        try:
            while (block := blocks.get()) is not None:
                if isinstance(block, EngineError):
                    raise block
                if isinstance(block, BaseException):
                    raise EngineError("tts", "espeak", "crashed", f"{block}") from block
                yield block
        finally:
            stopped.set()
            thread.join()


def _voice_id(library: Library, options: Options) -> str:
    wanted = options.voice or _USUAL_VOICE.get(options.language.lower(), options.language)
    key = "tts.voice" if options.voice else "tts.language"
    wanted, _, variant = wanted.partition("+")
    voice = _find(library.voices(), wanted, key)
    variant = options.variant or variant
    if not variant:
        return voice.identifier
    found = _find(library.voices("variant"), variant, "tts.variant")
    return f"{voice.identifier}+{found.identifier.removeprefix('!v/')}"


def _find(voices: list[Voice], wanted: str, key: str) -> Voice:
    names: dict[str, Voice] = {}
    for voice in voices:
        for name in (voice.language, voice.name, voice.identifier, voice.identifier.rpartition("/")[2]):
            names.setdefault(name.lower(), voice)
    if wanted.lower() not in names:
        hint = nearest(wanted.lower(), names) or "; see: assistant voices --language all"
        raise ConfigError(f"{key}: espeak-ng has no {wanted!r}{hint}")
    return names[wanted.lower()]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut at the end of a sentence, else of a word, so that no piece is longer than :data:`PIECE`."""
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        if end < len(text):
            window = text[start:end]
            ends = [match.end() for match in re.finditer(r"[.!?…]\s|\n", window)]
            word = max(window.rfind(" "), window.rfind("\t"))
            end = start + (ends[-1] if ends else word + 1 or PIECE)
        if text[start:end].strip():
            yield start, end
        start = end


def _pause_ms(piece: str) -> int:
    return _PAUSES_MS.get(piece.rstrip("\"'”’»)] \t\n")[-1:], 50)


class _Words:
    """Maps espeak-ng's word events, which may name a part of a word twice or none, to the words of the text."""

    def __init__(self, piece: str, offset: int) -> None:
        self._spans = [match.span() for match in _TOKEN.finditer(piece)]
        self._starts = [start for start, _ in self._spans]
        self._piece = piece
        self._offset = offset
        self._next = 0

    def mark(self, position: int, sample: int) -> Mark | None:
        """A mark when the word at a character position begins for the first time, else None."""
        index = bisect_right(self._starts, position) - 1
        if index < self._next or position >= self._spans[index][1]:
            return None
        self._next = index + 1
        start, end = self._spans[index]
        word = self._piece[start:end]
        bare = word.strip(_PUNCTUATION)
        if bare:
            start += word.index(bare)
            end = start + len(bare)
        return Mark(self._offset + start, self._offset + end, sample)


class _Shape:
    """Drops the silence before a piece of speech and sets the pause after it.

    Args:
        rate: Hz.
        position: sample index, since ``speak`` began, at which the piece starts.
        pause_ms: silence wanted after the last audible sample.
        words: maps the piece's word events.
    """

    def __init__(self, rate: int, position: int, pause_ms: int, words: _Words) -> None:
        self.position = position
        self._rate = rate
        self._origin = position
        self._pause = rate * pause_ms // 1000
        self._words = words
        self._dropped: int | None = None
        self._held: list[Samples] = []
        self._marks: list[Mark] = []

    def take(self, block: Block) -> Iterator[SpeechChunk]:
        """Everything up to the last audible sample so far; silence waits until more sound follows."""
        samples = block.samples
        audible = np.flatnonzero(np.abs(samples.astype(np.int32)) >= _AUDIBLE)
        if self._dropped is None:
            if not len(audible):
                self._marks += self._timed(block, block.start + len(samples))
                return
            self._dropped = block.start + int(audible[0])
            samples = samples[audible[0] :]
            audible = audible - audible[0]
        self._marks += self._timed(block, self._dropped)
        cut = int(audible[-1]) + 1 if len(audible) else 0
        if cut:
            yield self._chunk(np.concatenate([*self._held, samples[:cut]]))
            self._held = []
        self._held.append(samples[cut:])

    def end(self) -> Iterator[SpeechChunk]:
        """The release of the last sound, then silence."""
        if self._dropped is None:
            return
        tail = np.zeros(self._pause, np.int16)
        release = np.concatenate([*self._held, tail])[: self._rate * _RELEASE_MS // 1000]
        tail[: len(release)] = release
        yield self._chunk(tail)

    def _chunk(self, samples: Samples) -> SpeechChunk:
        chunk = SpeechChunk(samples, self._rate, self.position, tuple(self._marks))
        self.position += len(samples)
        self._marks = []
        return chunk

    def _timed(self, block: Block, dropped: int) -> list[Mark]:
        marks = []
        for character, sample in block.words:
            mark = self._words.mark(character, self._origin + max(0, sample - dropped))
            if mark is not None:
                marks.append(mark)
        return marks
