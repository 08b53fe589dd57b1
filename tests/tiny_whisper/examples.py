"""Takes turned into what the network is trained on: features, tokens and where each token lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tests.tiny_whisper import sounds
from tests.tiny_whisper.phrases import CRIES, PHRASES
from tests.tiny_whisper.voices import RATE, Espeak, Span, Take

Extract = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Samples to log-mel features, shape (80, frames)."""
STEP = 0.02
"""Seconds per encoder position and per timestamp."""
SILENCE = "_"


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    Attributes:
        features: float16, shape (80, frames), 10 ms a frame.
        text: token ids, empty for noise.
        spans: one (start, end) in seconds per text token, and one for the end-of-text token.
        phones: int16, shape (positions,): the phoneme at each encoder position.
    """

    features: NDArray[np.float16]
    text: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]
    phones: NDArray[np.int16]


class Phones:
    """Phoneme names to labels; 0 is silence."""

    def __init__(self) -> None:
        self.labels: dict[str, int] = {SILENCE: 0}

    def label(self, name: str) -> int:
        name = name.strip("_:;,'%=|") or SILENCE
        return self.labels.setdefault(name, len(self.labels)) if len(self.labels) < 128 else 0


def read(espeak: Espeak, rng: np.random.Generator, voices: list[str], each: int) -> Iterator[Take]:
    """Every phrase by ``each`` of the voices, at many speeds and pitches."""
    for phrase in PHRASES:
        for voice in rng.choice(voices, each, replace=each > len(voices)):
            yield espeak.speak(
                phrase,
                str(voice),
                rate=int(rng.integers(125, 215)),
                pitch=int(rng.integers(25, 75)),
                spread=int(rng.integers(20, 80)),
            )


def place(take: Take, rng: np.random.Generator) -> Take:
    """The take with silence before and after it."""
    before, after = rng.uniform(0, 0.7), rng.uniform(0.1, 0.8)
    padded = np.pad(take.samples, (int(before * RATE), int(after * RATE)))
    return replace(take, samples=padded, words=_shift(take.words, before), phonemes=_shift(take.phonemes, before))


def cut(take: Take, rng: np.random.Generator) -> Take:
    """The take broken off after its first word or later, as streaming hears it."""
    if len(take.words) < 2:
        return take
    first, last = take.words[0].end, take.words[-1].start
    at = rng.uniform(first, max(last, first + 0.05))
    words = tuple(word for word in take.words if word.start + 0.75 * (word.end - word.start) <= at)
    kept = take.text[: take.words[len(words)].at].rstrip(" ,.?") if len(words) < len(take.words) else take.text
    phonemes = tuple(span for span in take.phonemes if span.end <= at)
    return replace(take, text=kept, samples=take.samples[: int(at * RATE)], words=words, phonemes=phonemes)


def example(take: Take, wave: NDArray[np.float32], tokenizer: Tokenizer, extract: Extract, phones: Phones) -> Example:
    """Features of the wave with the labels of the take it was made from."""
    features = extract(wave)[:, :-1]
    text = tuple(tokenizer.encode(" " + take.text).ids) if take.text else ()
    labels = np.zeros((features.shape[1] + 1) // 2, np.int16)
    for span in take.phonemes:
        labels[round(span.start / STEP) : round(span.end / STEP)] = phones.label(span.text)
    return Example(features.astype(np.float16), text, _token_spans(take, text, tokenizer), labels)


def cries(espeak: Espeak, rng: np.random.Generator, voices: list[str], count: int) -> list[NDArray[np.float32]]:
    """Sounds that a throat makes without speaking, at pitches and speeds beyond the voices' own."""
    made = []
    for _ in range(count):
        cry, voice = str(rng.choice(CRIES)), str(rng.choice(voices))
        wave = espeak.speak(cry, voice, int(rng.integers(90, 260)), int(rng.integers(10, 95))).samples
        stretched = np.interp(np.arange(0, len(wave), rng.uniform(0.6, 1.7)), np.arange(len(wave)), wave)
        breath = rng.standard_normal(len(stretched)) * np.abs(stretched) * rng.uniform(0, 2)
        made.append((stretched + breath).astype(np.float32))
    return made


def silence(rng: np.random.Generator, extract: Extract, bank: list[NDArray[np.float32]]) -> Example:
    """A clip without speech; one in four with cries out of the bank."""
    n = int(rng.uniform(0.3, 6.0) * RATE)
    wave = sounds.noise(rng, n) * 10 ** rng.uniform(-3.5, 0) if rng.random() < 0.93 else np.zeros(n, np.float32)
    if rng.random() < 0.25:
        wave = wave * 0.1
        for _ in range(int(rng.integers(1, 4))):
            cry = sounds.microphone(rng, bank[int(rng.integers(len(bank)))])[:n]
            at = int(rng.integers(0, n - len(cry) + 1))
            wave[at : at + len(cry)] += cry
    features = extract(wave.astype(np.float32))[:, :-1]
    return Example(features.astype(np.float16), (), (), np.zeros((features.shape[1] + 1) // 2, np.int16))


def _token_spans(take: Take, text: tuple[int, ...], tokenizer: Tokenizer) -> tuple[tuple[float, float], ...]:
    """Each token's share of its word, by letters; the last span is the quiet after the speech."""
    if not text:
        return ()
    heard = [spoken(word, take.phonemes) for word in take.words]
    spans: list[tuple[float, float]] = []
    place = -1  # the text is encoded with a space before it
    for token in text:
        piece = tokenizer.decode([token])
        letter = place + len(piece) - len(piece.lstrip())
        index = max((i for i, word in enumerate(take.words) if word.at <= max(letter, 0)), default=0)
        word, (start, end) = take.words[index], heard[index]
        stop = take.words[index + 1].at if index + 1 < len(take.words) else len(take.text)
        length = max(len(take.text[word.at : stop].strip()), 1)
        a, b = ((min(max(x - word.at, 0), length) / length) for x in (letter, place + len(piece)))
        spans.append((start + (end - start) * a, start + (end - start) * max(b, a)))
        place += len(piece)
    end = heard[-1][1]
    return (*spans, (end + STEP, end + 0.3))


def spoken(word: Span, phonemes: tuple[Span, ...]) -> tuple[float, float]:
    inside = [p for p in phonemes if p.start >= word.start - 0.01 and p.end <= word.end + 0.01]
    loud = [p for p in inside if p.text.strip("_:;")]
    return (loud[0].start, loud[-1].end) if loud else (word.start, word.end)


def _shift(spans: tuple[Span, ...], by: float) -> tuple[Span, ...]:
    return tuple(replace(span, start=span.start + by, end=span.end + by) for span in spans)
