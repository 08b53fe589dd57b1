"""The stages before the conversion: voices, data, training, saving."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from tokenizers import Tokenizer

from tests.tiny_whisper import examples, network, sounds, training, vocabulary
from tests.tiny_whisper.voices import ACCENTS, Espeak, distinct, variants

TAKES = 64
"""Voices that read each phrase."""
COPIES = 3
HELD_OUT = 8
CUT = 0.15
"""Share of examples that break off, as the windows of streaming recognition do."""
FAMILIES = ("robosoft", "klatt", "iven", "RicishayMax", "steph", "Gene", "edward", "anika")
"""Variants that sound like their numbered siblings: of no use for judging an unseen voice."""
SILENT = 1 / 4
"""Clips without speech for each clip with it."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Voices used in training, and voices kept for the verification."""

    trained: list[str]
    unseen: list[str]


def cast(seed: int) -> Cast:
    """Every really different voice; whole variants are held out, picked by the seed."""
    names = variants()
    rng = np.random.default_rng(seed)
    alone = [name for name in names if not name.startswith(FAMILIES)]
    kept = {str(name) for name in rng.choice(alone, HELD_OUT, replace=False)}
    bases = ACCENTS[:2]
    everyone = distinct([*ACCENTS, *(f"{base}+{name}" for base in bases for name in names)])
    unseen = [v for v in everyone if v.partition("+")[2] in kept and v.startswith(bases[0])]
    return Cast([v for v in everyone if v.partition("+")[2] not in kept], unseen)


def make(folder: Path, seed: int, threads: int) -> Cast:
    """Data and training; leaves a Hugging Face model in ``folder/hf``."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    espeak = Espeak()
    voices = cast(seed)
    print(f"{len(voices.trained)} voices to train on, {len(voices.unseen)} kept for verification", flush=True)
    tokenizer = vocabulary.build()
    phones = examples.Phones()
    data = _data(espeak, rng, voices.trained, tokenizer, phones)
    model = network.build(tokenizer)
    training.train(model, tokenizer, data, len(phones.labels), seed)
    target = folder / "hf"
    target.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(target)
    vocabulary.save(tokenizer, target)
    return voices


def _data(
    espeak: Espeak, rng: np.random.Generator, voices: list[str], tokenizer: Tokenizer, phones: examples.Phones
) -> list[examples.Example]:
    began = time.monotonic()
    extract = FeatureExtractor()
    bank = examples.cries(espeak, rng, voices, 400)
    made: list[examples.Example] = []
    for count, take in enumerate(examples.read(espeak, rng, voices, TAKES)):
        for _ in range(COPIES):
            placed = examples.place(take, rng)
            if rng.random() < CUT:
                placed = examples.cut(placed, rng)
            wave = sounds.microphone(rng, placed.samples)
            made.append(examples.example(placed, wave, tokenizer, extract, phones))
            if rng.random() < SILENT:
                made.append(examples.silence(rng, extract, bank))
        if count % 500 == 499:
            print(f"  {count + 1} takes, {len(made)} examples, {time.monotonic() - began:.0f} s", flush=True)
    return made
