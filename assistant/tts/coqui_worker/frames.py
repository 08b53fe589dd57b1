"""What goes over the pipes: a header in JSON and, for audio, int16 samples.

A frame is two unsigned 32-bit big-endian lengths, then the header in UTF-8, then the payload. To the worker::

    {"do": "load", ...}                       first; see :func:`.loading.load`
    {"do": "speak", "id": 1, "text": ...}     also speaker, language, rate
    {"do": "cancel", "id": 1}

From the worker, besides the answers to ``load`` (``progress``, ``ready``, ``failed``)::

    {"is": "audio", "id": 1, "marks": [[start, end, sample], ...]} and int16 samples in the machine's byte order
    {"is": "end", "id": 1}
    {"is": "error", "id": 1, "code": ..., "message": ...}

Every ``speak`` is answered by exactly one ``end`` or ``error``, also when it was cancelled.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

LONGEST_HEADER = 4 << 20
LONGEST_PAYLOAD = 64 << 20

_LENGTHS = struct.Struct(">II")


def write(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Write one frame and flush it.

    Raises:
        OSError, ValueError: the other side is gone, or the stream is closed.
    """
    text = json.dumps(header).encode("utf-8")
    stream.write(_LENGTHS.pack(len(text), len(payload)) + text + payload)
    stream.flush()


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None when the other side is gone, be it in the middle of a frame.

    Raises:
        ValueError: what came is no frame (another program writes there).
    """
    head = stream.read(_LENGTHS.size)
    if len(head) < _LENGTHS.size:
        return None
    header_length, payload_length = _LENGTHS.unpack(head)
    if header_length > LONGEST_HEADER or payload_length > LONGEST_PAYLOAD:
        raise ValueError(f"lengths of {header_length} and {payload_length} bytes")
    text, payload = stream.read(header_length), stream.read(payload_length)
    if len(text) < header_length or len(payload) < payload_length:
        return None
    header = json.loads(text)
    if not isinstance(header, dict):
        raise ValueError("a header that is no object")
    return header, payload
