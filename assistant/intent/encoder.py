"""Sentence embeddings from a model on the disk, if there is one; the paraphrase classifier takes them as features.

Two kinds of model folder are understood: a transformer exported to ONNX (``model.onnx``, as of all-MiniLM), whose
token vectors are averaged, and static embeddings (``model.safetensors``, as model2vec has them), which are looked up
and averaged. Both have a ``tokenizer.json`` beside them. Nothing is downloaded.
"""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant import paths

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_log = logging.getLogger(__name__)

FOLDER = "sentence-encoder"
"""The name of its folder below :func:`assistant.paths.models_dir`."""
_LONGEST = 128
"""Tokens of a sentence that are looked at."""
_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "F64": np.dtype("<f8")}


class Encoder(Protocol):
    """Turns sentences into vectors that are near each other when the sentences mean the same."""

    @property
    def size(self) -> int:
        """Numbers in a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, size) vectors of unit length; nought for a text without tokens."""


def find_encoder(folder: Path | None = None) -> Encoder | None:
    """The model in a folder, by default the user's; None if there is none, or, with a warning, none that works."""
    where = folder or paths.models_dir() / FOLDER
    try:
        if (where / "model.onnx").is_file():
            return OnnxEncoder(where)
        if (where / "model.safetensors").is_file():
            return StaticEncoder(where)
    except Exception as error:  # tokenizers and onnxruntime raise bare exceptions
        _log.warning("The sentence encoder at %s cannot be used, so paraphrases go without it: %s", where, error)
    return None


class OnnxEncoder:
    """A transformer: the mean of its token vectors.

    Args:
        folder: holds ``model.onnx`` and ``tokenizer.json``.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._model = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {each.name for each in self._model.get_inputs()}
        self._tokenizer = _tokenizer(folder)
        self.size = len(self.encode(["size"])[0])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, size) vectors of unit length."""
        return np.stack([self._encode(text) for text in texts])

    def _encode(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        found = self._model.run(None, {name: each for name, each in given.items() if name in self._inputs})[0]
        tokens = np.asarray(found, np.float32).reshape(-1, found.shape[-1])
        return _unit(tokens.mean(0) if len(tokens) else np.zeros(found.shape[-1], np.float32))


class StaticEncoder:
    """A vector for each token, whatever stands around it; a sentence is their mean.

    Args:
        folder: holds ``model.safetensors`` with a tensor ``embeddings``, and ``tokenizer.json``.
    """

    def __init__(self, folder: Path) -> None:
        self._table = _tensor(folder / "model.safetensors", "embeddings")
        self._tokenizer = _tokenizer(folder)
        self.size = self._table.shape[1]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, size) vectors of unit length; nought for a text without tokens."""
        rows = [self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        nought = np.zeros(self.size, np.float32)
        return np.stack([_unit(self._table[ids].astype(np.float32).mean(0)) if ids else nought for ids in rows])


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST)
    return tokenizer


def _tensor(file: Path, name: str) -> NDArray[Any]:
    """One tensor of a safetensors file: eight bytes of header length, a JSON header, the data."""
    with file.open("rb") as opened:
        (size,) = struct.unpack("<Q", opened.read(8))
        about = json.loads(opened.read(size))[name]
    start, end = about["data_offsets"]
    kind = _TYPES[about["dtype"]]
    flat: NDArray[Any] = np.memmap(file, kind, "r", 8 + size + start, ((end - start) // kind.itemsize,))
    return flat.reshape(about["shape"])


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.sqrt(vector @ vector))
    found: NDArray[np.float32] = vector / length if length else vector
    return found.astype(np.float32)
