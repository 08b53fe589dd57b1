"""Recordings of people with the time of every word.

===========  =====================================  =====================================  ==================
corpus       what                                   words                                  the end of a clip
===========  =====================================  =====================================  ==================
coffee       63 spoken orders, many speakers        recognised in the closed grammar       ends the turn
lj           35 pieces of LJ Speech, one reader     transcript, force-aligned              as its punctuation
short        Harvard sentences, cards, home         transcript, force-aligned              ends the turn
             commands, TIMIT's sa1
libri        60 LibriSpeech clips, 60 readers       PocketSphinx with its English n-gram   unknown: cut at a
                                                    model: about every third is wrong      pause of any kind
===========  =====================================  =====================================  ==================
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pocketsphinx

from assistant.asr.lexicon import Lexicon
from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from assistant.errors import InputError
from tests import coffee
from tests.shared import DATA

_FRAMES_PER_S = 100


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it was said; seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording; ``complete`` says whether its end ends the turn, None where nobody knows."""

    corpus: str
    name: str
    samples: Samples
    words: tuple[Word, ...]
    complete: bool | None

    def text(self, until: float) -> str:
        """The words of which more than half was said by a time in seconds; aligners lengthen words into pauses."""
        return " ".join(word.text for word in self.words if (word.start + word.end) / 2 <= until)


@cache
def _manifest() -> tuple[dict[str, str], ...]:
    with (DATA / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t"))


def transcribed(*prefixes: str) -> Iterator[tuple[Path, str]]:
    """Files below the given paths with a transcript of two words or more."""
    for row in _manifest():
        if row["path"].startswith(prefixes) and " " in row["label"] and "(" not in row["label"]:
            yield DATA / row["path"], row["label"]


class Aligner:
    """Word times of a known transcript, by PocketSphinx's forced alignment."""

    def __init__(self, cache_file: Path) -> None:
        self._decoder: Any = pocketsphinx.Decoder(pocketsphinx.Config(lm=None, loglevel="FATAL"))
        dictionary = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
        self._lexicon = Lexicon(dictionary, cache_file)

    def align(self, samples: Samples, text: str) -> tuple[Word, ...]:
        """Every word with its end; empty when the transcript does not fit the sound."""
        words = re.findall(r"[a-z']+", text.lower())
        strange = sorted({word for word in words if self._decoder.lookup_word(word) is None})
        for word, phones in self._lexicon.pronounce(strange).items():
            self._decoder.add_word(word, phones[0], True)
        self._decoder.set_align_text(" ".join(words))
        return _decoded(self._decoder, samples)


def _decoded(decoder: Any, samples: Samples) -> tuple[Word, ...]:
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    spans = [(re.sub(r"\(\d+\)$", "", s.word), s.start_frame, s.end_frame + 1) for s in decoder.seg() or ()]
    return tuple(Word(text, a / _FRAMES_PER_S, b / _FRAMES_PER_S) for text, a, b in spans if text[0] not in "<[+")


def lj(folder: Path) -> Iterator[Clip]:
    """LJ Speech; a piece is complete when its transcript ends like a sentence."""
    aligner = Aligner(folder / "lexicon.json")
    for path, text in transcribed("speech/ljspeech/", "speech/realtimestt/LJ"):
        samples = decode(path)
        yield Clip("lj", path.stem, samples, aligner.align(samples, text), text.rstrip()[-1] in ".?!")


def short(folder: Path) -> Iterator[Clip]:
    """Single sentences by a dozen speakers (home commands: synthetic)."""
    aligner = Aligner(folder / "lexicon.json")
    where = (
        "speech/speechbrain/",
        "speech/pocketsphinx/00",
        "commands/many_languages_tts/en/",
        "formats/coqui_LDC93S1.f",
    )
    for path, text in transcribed(*where):
        samples = decode(path)
        words = aligner.align(samples, text.replace("10", "ten").replace("1", "one"))
        if words:
            yield Clip("short", path.stem, samples, words, True)


def coffee_orders() -> Iterator[Clip]:
    """Coffee orders that the closed grammar recognises."""
    grammar, engine = coffee.grammar(), Engine(Options())
    engine.adapt(grammar)
    for name in coffee.labels():
        samples = decode(coffee.FOLDER / name)
        order = engine.open()
        order.feed(AudioChunk(samples))
        words = order.finish().words
        if words:
            yield Clip("coffee", name, samples, tuple(Word(w.text, w.start, w.end) for w in words), True)


def libri() -> Iterator[Clip]:
    """LibriSpeech, recognised with PocketSphinx's own language model."""
    model = {"hmm": "en-us/en-us", "lm": "en-us/en-us.lm.bin", "dict": "en-us/cmudict-en-us.dict"}
    files = {key: pocketsphinx.get_model_path(name) for key, name in model.items()}
    decoder = pocketsphinx.Decoder(pocketsphinx.Config(**files, loglevel="FATAL"))
    for path in sorted((DATA / "speech/librispeech").glob("*.flac")):
        try:
            samples = decode(path)
        except InputError:
            continue
        yield Clip("libri", path.stem, samples, _decoded(decoder, samples), None)


def seconds(clip: Clip) -> float:
    """How long a clip is."""
    return len(clip.samples) / RATE
