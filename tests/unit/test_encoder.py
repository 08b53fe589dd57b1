"""Sentence encoders, with the smallest models that there can be: made here, byte by byte."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from assistant.intent.encoder import OnnxEncoder, StaticEncoder, find_encoder
from assistant.intent.paraphrase import Paraphrases
from tests.unit.test_paraphrase import SENTENCES

COLOURS = ("red", "crimson", "blue", "azure")
VOCABULARY = ["[UNK]", *COLOURS, *sorted({word for text, _ in SENTENCES for word in text.split()} - set(COLOURS))]


def table() -> np.ndarray:
    """Colours are all alike, other words are like nothing else."""
    found = np.random.default_rng(0).normal(size=(len(VOCABULARY), 16)).astype(np.float32)
    found[:, 0], found[0], found[1:5] = 0, 0, 0
    found[1:5, 0] = 3
    return found


def number(value: int) -> bytes:
    """A varint of protobuf."""
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + number(rest) if rest else bytes([low])


def field(place: int, value: int | bytes | str) -> bytes:
    """A field of a protobuf message: a number, or bytes with their length."""
    if isinstance(value, int):
        return number(place << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(place << 3 | 2) + number(len(data)) + data


def value_info(name: str, kind: int, *dimensions: str | int) -> bytes:
    """ONNX's ValueInfoProto of a tensor."""
    shape = b"".join(field(1, field(2 if isinstance(each, str) else 1, each)) for each in dimensions)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def onnx_model(rows: np.ndarray) -> bytes:
    """ONNX's ModelProto of one Gather: input_ids → last_hidden_state."""
    weights = b"".join(field(1, size) for size in rows.shape) + field(2, 1) + field(8, "table")
    weights += field(9, rows.astype("<f4").tobytes())
    node = field(1, "table") + field(1, "input_ids") + field(2, "last_hidden_state") + field(4, "Gather")
    graph = field(1, node) + field(2, "tiny") + field(5, weights)
    graph += field(11, value_info("input_ids", 7, "texts", "tokens"))
    graph += field(12, value_info("last_hidden_state", 1, "texts", "tokens", rows.shape[1]))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17))


def safetensors(rows: np.ndarray) -> bytes:
    header = json.dumps(
        {"embeddings": {"dtype": "F32", "shape": rows.shape, "data_offsets": [0, rows.nbytes]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header + rows.tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Tokenizer(WordLevel({word: place for place, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.mark.parametrize("kind", [OnnxEncoder, StaticEncoder])
def test_sentences_become_unit_vectors(folder: Path, kind: type) -> None:
    (folder / "model.onnx").write_bytes(onnx_model(table()))
    (folder / "model.safetensors").write_bytes(safetensors(table()))
    encoder = kind(folder)
    found = encoder.encode(["red blue", "set a timer", "azure"])
    assert encoder.size == 16
    assert found.shape == (3, 16)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)
    assert found[0] @ found[2] == pytest.approx(1.0)
    assert abs(found[0] @ found[1]) < 0.1
    assert (encoder.encode(["", "set"])[0] == 0).all() or kind is OnnxEncoder


def test_the_first_kind_that_is_there_is_found(folder: Path) -> None:
    assert find_encoder(folder) is None
    (folder / "model.safetensors").write_bytes(safetensors(table()))
    assert isinstance(find_encoder(folder), StaticEncoder)
    (folder / "model.onnx").write_bytes(onnx_model(table()))
    assert isinstance(find_encoder(folder), OnnxEncoder)


@pytest.mark.parametrize("name", ["model.onnx", "model.safetensors"])
def test_a_broken_model_is_told_and_done_without(folder: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    (folder / name).write_bytes(b"not a model at all")
    assert find_encoder(folder) is None
    assert "cannot be used, so paraphrases go without it" in caplog.text


def test_a_classifier_learns_from_embeddings(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(safetensors(table()))
    paint = [("red", "paint"), ("crimson", "paint"), ("blue", "paint")]
    helped = Paraphrases([*SENTENCES, *paint], encoder=find_encoder(folder))
    assert helped.guesses("azure please")[0].intent == "paint"
