"""A useful part of SSML 1.1: ``break``, ``emphasis``, ``prosody``, ``say-as``, ``sub``, ``p`` and ``s``.

https://www.w3.org/TR/speech-synthesis11/. A document becomes pieces of plain text, each with the manner in which it is
said and the pause after it; a voice does of it what it can, loudness and pauses are the same for all. Other elements
are spoken as if their tags were not there. A text that is not well formed, or has a document type (entities can be
bombs), is spoken without its tags.
"""

from __future__ import annotations

import html
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from xml.parsers import expat

import numpy as np

from assistant.tts.base import NORMAL, SpeechChunk, Style, Synthesizer, in_style
from assistant.tts.levelled import amplified
from assistant.tts.say_as import said_as
from assistant.tts.sentences import split

_log = logging.getLogger(__name__)

_LONGEST_PAUSE_S = 10.0
_SLOWEST, _FASTEST = 0.3, 3.0
_DEEPEST, _HIGHEST = 0.5, 2.0
_MOST_DB = 12.0
_PAUSES = {"none": 0.0, "x-weak": 0.05, "weak": 0.1, "medium": 0.25, "strong": 0.5, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}
_PITCHES = {"x-low": 0.75, "low": 0.87, "medium": 1.0, "default": 1.0, "high": 1.15, "x-high": 1.35}
_VOLUMES = {
    "silent": 0.0, "x-soft": 0.25, "soft": 0.5, "medium": 1.0, "default": 1.0, "loud": 1.6, "x-loud": 2.5,
}  # fmt: skip
_EMPHASES = {  # rate, pitch, volume
    "strong": (0.85, 1.12, 1.5), "moderate": (0.92, 1.06, 1.2), "none": (1.0, 1.0, 1.0), "reduced": (1.1, 0.97, 0.75),
}  # fmt: skip
_TAG = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[/!?]?[a-zA-Z][^<>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is said in one manner.

    Attributes:
        text: as it is shown.
        said: what is spoken instead; None for the text itself.
        style: speed and pitch.
        volume: linear gain.
        pause: seconds of silence after it.
    """

    text: str
    said: str | None = None
    style: Style = NORMAL
    volume: float = 1.0
    pause: float = 0.0


def is_ssml(text: str) -> bool:
    """Whether a text is meant as SSML: it begins with ``<speak``."""
    return re.match(r"\s*(?:<\?xml[^>]*>\s*)?<speak\b", text) is not None


def plain(text: str) -> str:
    """A text without its SSML, for showing; other texts are returned as they are."""
    if not is_ssml(text):
        return text
    return "".join(piece.text for piece in parse(text)).strip()


def parse(text: str, language: str = "en") -> list[Piece]:
    """The pieces of a document.

    Args:
        text: from ``<speak>`` to ``</speak>``.
        language: for ``say-as``.
    """
    reader = _Reader(language)
    try:
        return reader.read(text)
    except (expat.ExpatError, _Refused) as error:
        _log.warning("SSML is spoken as plain text: %s", error)
        return [Piece(_untagged(text))]


def pieces(sentences: Iterable[str], language: str = "en") -> Iterator[Piece]:
    """Sentences as pieces; those from one that begins with ``<speak>`` to the one that ends it are a document."""
    document = ""
    for sentence in chain(sentences, [None]):
        document += sentence or ""
        if is_ssml(document):
            if sentence is not None and "</speak>" not in document:
                continue
            for piece in parse(document, language):
                yield from sentences_of(piece)
        elif document:
            yield Piece(document)
        document = ""


def sentences_of(piece: Piece) -> Iterator[Piece]:
    """A piece sentence by sentence; the pause is after the last one."""
    spans = split(piece.text) if piece.said is None else []
    if len(spans) < 2:
        yield piece
        return
    for span in spans:
        pause = piece.pause if span is spans[-1] else 0.0
        yield replace(piece, text=piece.text[span.start : span.end], pause=pause)


def speak_piece(voice: Synthesizer, piece: Piece, speakable: str) -> Iterator[SpeechChunk]:
    """Say a piece of a document, and its pause.

    Args:
        voice: whose.
        piece: how.
        speakable: its text as the voice is to get it; may be empty.
    """
    position, rate = 0, 0
    if speakable.strip():
        chunks = in_style(voice, piece.style).speak(speakable)
        with closing(chunks):  # type: ignore[type-var]
            for chunk in chunks:
                position, rate = chunk.end, chunk.rate
                yield replace(chunk, samples=amplified(chunk.samples, piece.volume))
    if piece.pause > 0:
        rate = rate or voice.rate
        yield SpeechChunk(np.zeros(round(piece.pause * rate), np.int16), rate, position)


class _Refused(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Manner:
    style: Style = NORMAL
    volume: float = 1.0
    alias: str | None = None
    say: Callable[[str], str] | None = None


class _Reader:
    """Collects pieces while expat reads; nesting is a stack of manners."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._pieces: list[Piece] = []
        self._manners = [_Manner()]
        self._text = ""

    def read(self, text: str) -> list[Piece]:
        """Raises ExpatError where it is not well formed."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        parser.Parse(text.strip().encode("utf-8", "replace"), True)
        self._flush()
        return self._pieces

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self._flush()
        if tag == "break":
            self._pause(_pause_of(attributes))
        self._manners.append(_manner(self._manners[-1], tag, attributes, self._language))

    def _end(self, name: str) -> None:
        self._flush()
        self._manners.pop()
        tag = name.rpartition(":")[2]
        if tag in ("p", "s"):
            self._characters(" ")
            self._flush()
            self._pause(_PAUSES["strong" if tag == "p" else "medium"])

    def _characters(self, text: str) -> None:
        self._text += text

    def _flush(self) -> None:
        text, self._text = re.sub(r"\s+", " ", self._text), ""
        before = next((piece.text for piece in reversed(self._pieces) if piece.text), " ")
        if before.endswith(" "):
            text = text.lstrip()
        if not text:
            return
        manner = self._manners[-1]
        said = manner.alias
        if manner.say is not None and text.strip():
            said = manner.say(text.strip())
        self._pieces.append(Piece(text, said, manner.style, manner.volume))

    def _pause(self, seconds: float) -> None:
        if not self._pieces:
            self._pieces.append(Piece(""))
        last = self._pieces[-1]
        self._pieces[-1] = replace(last, pause=min(last.pause + seconds, _LONGEST_PAUSE_S))


def _refuse(*_args: Any) -> None:
    raise _Refused("a document type is not allowed")


def _manner(outer: _Manner, tag: str, attributes: Mapping[str, str], language: str) -> _Manner:
    if tag == "emphasis":
        rate, pitch, volume = _EMPHASES.get(attributes.get("level", "moderate"), _EMPHASES["moderate"])
        return _changed(outer, rate, pitch, volume)
    if tag == "prosody":
        rate = _factor(attributes.get("rate", ""), _RATES)
        return _changed(outer, rate, _pitch(attributes.get("pitch", "")), _volume(attributes.get("volume", "")))
    if tag == "say-as":
        how, form = attributes.get("interpret-as", ""), attributes.get("format", "")
        return replace(outer, say=lambda text: said_as(text, how, form, language))
    if tag == "sub" and "alias" in attributes:
        return replace(outer, alias=attributes["alias"])
    return outer


def _changed(outer: _Manner, rate: float, pitch: float, volume: float) -> _Manner:
    style = Style(
        min(max(outer.style.rate * rate, _SLOWEST), _FASTEST), min(max(outer.style.pitch * pitch, _DEEPEST), _HIGHEST)
    )
    return replace(outer, style=style, volume=min(outer.volume * volume, 10 ** (_MOST_DB / 20)))


def _pause_of(attributes: Mapping[str, str]) -> float:
    time = re.fullmatch(r"\s*\+?(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)\s*", attributes.get("time", ""))
    if time is None:
        return _PAUSES.get(attributes.get("strength", "medium"), _PAUSES["medium"])
    return min(float(time[1]) / (1000 if time[2] == "ms" else 1), _LONGEST_PAUSE_S)


def _factor(value: str, names: Mapping[str, float]) -> float:
    """A name, ``120%`` or ``+20%``, or a plain factor; 1 for what is none of these."""
    value = value.strip()
    if value in names:
        return names[value]
    number = re.fullmatch(r"([+-]?)(\d+(?:\.\d+)?)(%?)", value)
    if number is None:
        return 1.0
    amount = float(number[2]) / (100 if number[3] else 1)
    return max(1 + amount * (-1 if number[1] == "-" else 1), 0.01) if number[1] else max(amount, 0.01)


def _pitch(value: str) -> float:
    steps = re.fullmatch(r"\s*([+-]\d+(?:\.\d+)?)st\s*", value)
    return 2.0 ** (min(max(float(steps[1]), -24), 24) / 12) if steps else _factor(value, _PITCHES)


def _volume(value: str) -> float:
    value = value.strip()
    decibels = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)dB", value)
    if decibels is not None:
        return float(10 ** (min(max(float(decibels[1]), -60), _MOST_DB) / 20))
    if re.fullmatch(r"\d+(?:\.\d+)?", value):  # SSML 1.0: 0 to 100, where 100 is the normal loudness
        return min(float(value), 100.0) / 100
    if value in _VOLUMES:
        return _VOLUMES[value]
    factor = _factor(value, {})
    return factor if math.isfinite(factor) else 1.0


def _untagged(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(_TAG.sub(" ", text))).strip()
