"""Messages between the assistant and an isolated skill: JSON behind a length, bounded in size and in number."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]

MOST_BYTES = 16 * 1024 * 1024
"""Largest message, in bytes."""
_LENGTH = struct.Struct(">I")


class Malformed(Exception):
    """What came is no message; its sender cannot be trusted to send another."""


def packed(message: Message) -> bytes:
    """A message as it travels.

    Raises:
        ValueError: it is too large, or holds what JSON cannot.
        TypeError: the same.
    """
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(text) > MOST_BYTES:
        raise ValueError(f"a message of {len(text)} bytes is too large; {MOST_BYTES} is the most")
    return _LENGTH.pack(len(text)) + text


class Unpacker:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """The messages that are complete now.

        Raises:
            Malformed: too large, not JSON, or not a message.
        """
        self._waiting += piece
        while len(self._waiting) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._waiting)
            if size > MOST_BYTES:
                raise Malformed(f"it announced a message of {size} bytes; {MOST_BYTES} is the most")
            end = _LENGTH.size + size
            if len(self._waiting) < end:
                return
            text = bytes(self._waiting[_LENGTH.size : end])
            del self._waiting[:end]
            yield _message(text)


def _message(text: bytes) -> Message:
    try:
        message = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"it sent what is not JSON: {type(error).__name__}") from None
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Malformed("it sent something that is not a message")
    return message
