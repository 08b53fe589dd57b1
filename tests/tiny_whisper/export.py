"""From a Hugging Face folder to the committed one: conversion to int8, and its README."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tiny_whisper.phrases import PHRASES

if TYPE_CHECKING:
    from tests.tiny_whisper.recipe import Cast


def convert(source: Path, target: Path) -> None:
    """Convert to CTranslate2 with int8 weights; JSON is written without spaces, to save room."""
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"])
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    converter.convert(str(fresh), quantization="int8")
    for path in fresh.glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()), ensure_ascii=False, separators=(",", ":")) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    (target / "phrases.txt").write_text("\n".join(PHRASES) + "\n")


def describe(target: Path, cast: Cast, figures: dict[str, str], minutes: float) -> None:
    """Write the README beside the model."""
    size = sum(path.stat().st_size for path in target.iterdir()) / 1e6
    table = "\n".join(f"| {name} | {value} |" for name, value in figures.items())
    (target / "README.md").write_text(
        f"""# A tiny real Whisper, for tests only

Whisper's architecture (2 + 2 layers, width 96, 80 mel bands, 30 s, 448 tokens, time stamps) trained from
random weights on speech made by espeak-ng, and converted to CTranslate2 int8: {size:.1f} MB. faster-whisper loads it
unchanged. **It knows only the {len(PHRASES)} phrases of `phrases.txt`**: anything else becomes the nearest of them,
with confidence. It says nothing about how well Whisper understands people; it shows that the real code path
runs, that streaming equals batch and that gates hold. It breaks off where the audio does ("Set a timer"), as
streaming needs.

Made by `python -m tests.make_tiny_whisper` in {minutes:.0f} minutes on two shared cores: {len(cast.trained)} espeak-ng
voices, their words' and phonemes' times from the library's events, synthetic noise and rooms. No recording of a
person is in it.
Voices never trained: {", ".join(voice.partition("+")[2] for voice in cast.unseen)}.

| measured on fresh takes, unmodified faster-whisper, beam 5 unless said, exact text with case and punctuation | |
|---|---|
{table}

Licence: Apache-2.0, as the project.
"""
    )
