"""WebRTC's audio processing module, through LiveKit's wheel, on blocks of any multiple of 10 ms."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.errors import MissingDependency

FRAME = 160
"""Samples in a frame: 10 ms at 16 kHz."""

DELAY = 128
"""Samples by which the echo canceller's output lags its input (measured; 8 ms)."""


class WebRtc:
    """WebRTC's echo canceller (AEC3) and, if wanted, its noise suppression and gain control.

    AEC3 contains a 100 Hz high-pass filter that cannot be switched off.

    Raises:
        MissingDependency: livekit is not installed, or not for this machine.
    """

    def __init__(self, *, noise_suppression: bool = False, gain_control: bool = False) -> None:
        try:
            _leave_python_alone()
            from livekit.rtc.apm import AudioProcessingModule
            from livekit.rtc.audio_frame import AudioFrame
        except (ImportError, OSError) as error:
            raise MissingDependency("livekit (for echo cancellation)", "pip install livekit") from error
        self._frame: Any = AudioFrame
        self._module: Any = AudioProcessingModule(
            echo_cancellation=True,
            high_pass_filter=True,
            noise_suppression=noise_suppression,
            auto_gain_control=gain_control,
        )

    def process(self, played: Samples, heard: Samples, delay_ms: int = 0) -> Samples:
        """Remove what is left of an echo.

        Args:
            played: int16, shape (n,), n a multiple of 160.
            heard: the microphone at the same time, likewise.
            delay_ms: from ``played`` to its echo, as far as known; a hint.

        Returns:
            int16, shape (n,), late by :data:`DELAY` samples.
        """
        cleaned = np.empty_like(heard)
        for at in range(0, len(heard), FRAME):
            self._module.process_reverse_stream(self._of(played[at : at + FRAME]))
            frame = self._of(heard[at : at + FRAME])
            self._module.set_stream_delay_ms(delay_ms)
            self._module.process_stream(frame)
            cleaned[at : at + FRAME] = np.frombuffer(frame.data, np.int16)
        return cleaned

    def _of(self, samples: Samples) -> Any:
        return self._frame(bytearray(samples.tobytes()), RATE, 1, FRAME)


def _leave_python_alone() -> None:
    """Keep livekit's threads from calling Python.

    They report log lines (for us, nothing else) through a callback. One that comes while the interpreter shuts down
    aborts the process, about one exit in ten; so they get a C function that needs no interpreter and does nothing.
    """
    from livekit.rtc import _ffi_client as ffi

    if getattr(ffi.FfiClient, "_instance", None) is None and hasattr(ffi, "ffi_event_callback"):
        ffi.ffi_event_callback = ctypes.cast(ctypes.pythonapi.Py_IsInitialized, ffi.ffi_cb_fnc)
