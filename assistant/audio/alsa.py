"""Manners of the Linux sound stack: ALSA, JACK and PortAudio talk on stderr, PulseAudio buffers for seconds."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from typing import Literal

_quiet_lock = threading.Lock()
_PULSE_LATENCY = "PULSE_LATENCY_MSEC"
_PULSE_LATENCY_MS: dict[str, str] = {"input": "20", "output": "50"}

_ALSA_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_no_words = _ALSA_HANDLER(lambda *_words: None)


def hush_alsa() -> None:
    """Keep ALSA's own messages (underruns and the like) off the terminal, for good."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_no_words)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send what C libraries write to stderr (ALSA, JACK, PortAudio) to nowhere; keep the block short."""
    with _quiet_lock:
        try:
            sys.stderr.flush()
            kept = os.dup(2)
        except (OSError, ValueError, AttributeError):
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


@contextlib.contextmanager
def pulse_latency(direction: Literal["input", "output"]) -> Iterator[None]:
    """Tell PulseAudio how much to buffer while a stream connects.

    ALSA's pulse plugin asks for nothing, and PulseAudio then buffers up to 2 s. Below 40 ms playback with 20 ms
    buffers underruns; afterwards the output's value stays, because a stream that underran connects with it again.
    """
    ours = os.environ.get(_PULSE_LATENCY) in {None, _PULSE_LATENCY_MS["output"]}
    if ours:
        os.environ[_PULSE_LATENCY] = _PULSE_LATENCY_MS[direction]
    try:
        yield
    finally:
        if ours:
            os.environ[_PULSE_LATENCY] = _PULSE_LATENCY_MS["output"]
