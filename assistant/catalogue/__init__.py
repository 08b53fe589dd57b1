"""The models that can be fetched. Nothing here uses the network: :mod:`assistant.fetch` does, when it is asked to."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.catalogue.base import Entry
from assistant.catalogue.coqui import COQUI
from assistant.catalogue.piper import PIPER
from assistant.catalogue.whisper import WHISPER

_OTHERS = (
    Entry(
        name="smart-turn",
        repository="pipecat-ai/smart-turn-v3",
        megabytes=9,
        about="23 languages, whether somebody is done speaking, from the sound",
        family="smart-turn",
        patterns=("smart-turn-v3*cpu.onnx",),
        required=("smart-turn-v3*.onnx",),
        licence="BSD-2-Clause",
    ),
    Entry(
        name="sentence-encoder",
        repository="minishlab/potion-base-8M",
        megabytes=31,
        about="English, sentences that mean the same (for paraphrases and memory)",
        family="sentence-encoder",
        patterns=("config.json", "model.safetensors", "tokenizer.json"),
        required=("model.safetensors", "tokenizer.json"),
        language="en",
        licence="MIT",
    ),
)

CATALOGUE: Mapping[str, Entry] = {entry.name: entry for entry in (*WHISPER, *PIPER, *COQUI, *_OTHERS)}
"""Name → entry, by family; in a family, the first of a language is what is taken by default."""
