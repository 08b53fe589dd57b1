"""Piper's ONNX files opened so that they also tell how long each phoneme is.

A voice is a VITS (Kim, Kong and Son 2021) exported by Piper. Its duration predictor ends in the graph's only ``Ceil``
node, whose output is frames per phoneme; most published voices do not list that tensor among their outputs. Piper's
own patch (``piper.patch_voice_with_alignment``) adds it with the ``onnx`` package, which would be the heaviest
dependency here. But messages of protocol buffers merge when their bytes are joined: a second, nearly empty model that
has just this output, appended to the file's bytes, does the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Field numbers of onnx.proto.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_OUTPUT = 1, 12
_NODE_OUTPUT, _NODE_OP_TYPE = 2, 4
_VALUE_NAME = 1

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_THREADS = 4


def open_session(file: Path, threads: int | None = None) -> Any:
    """An ``onnxruntime.InferenceSession`` on the CPU whose second output, if it has one, is frames per phoneme.

    Args:
        file: the voice.
        threads: None for what suits the machine: see :func:`_usual_threads`.

    Raises:
        Exception: whatever onnxruntime raises for a file that is no model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or _usual_threads(os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would take the processor from the microphone and the recogniser.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(with_durations(file.read_bytes()), options, providers=["CPUExecutionProvider"])


def _usual_threads(cores: int) -> int:
    """One per core, but of many cores one stays free for the microphone; more than four gain little on a sentence."""
    return cores if cores <= 2 else min(cores - 1, _MOST_THREADS)


def with_durations(model: bytes) -> bytes:
    """The model with the output of its only ``Ceil`` node among its outputs; as it is where that is not so."""
    try:
        graphs = [content for field, content in _fields(memoryview(model)) if field == _MODEL_GRAPH]
        ceils = [name for graph in graphs for name in _outputs_of(graph, b"Ceil")]
        outputs = [name for graph in graphs for name in _names_of_outputs(graph)]
    except (IndexError, ValueError):
        return model  # no protocol buffer; onnxruntime says what it is
    if len(ceils) != 1 or ceils[0] in outputs or len(outputs) != 1:
        return model
    return model + _field(_MODEL_GRAPH, _field(_GRAPH_OUTPUT, _field(_VALUE_NAME, ceils[0])))


def _outputs_of(graph: memoryview, op_type: bytes) -> Iterator[bytes]:
    for field, node in _fields(graph):
        if field == _GRAPH_NODE:
            parts = [(number, bytes(content)) for number, content in _fields(node)]
            if (_NODE_OP_TYPE, op_type) in parts:
                yield from (content for number, content in parts if number == _NODE_OUTPUT)


def _names_of_outputs(graph: memoryview) -> Iterator[bytes]:
    for field, value in _fields(graph):
        if field == _GRAPH_OUTPUT:
            yield from (bytes(content) for number, content in _fields(value) if number == _VALUE_NAME)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of every length-delimited field of a message; others are stepped over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if at + size > len(message):
                raise ValueError("cut off")
            yield key >> 3, message[at : at + size]
            at += size
        elif kind in (_FIXED32, _FIXED64):
            at += 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("not a protocol buffer")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _field(number: int, content: bytes) -> bytes:
    size, length = len(content), b""
    while size >= 0x80:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | _BYTES]) + length + bytes([size]) + content
