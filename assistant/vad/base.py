"""What a voice detector looks like."""

from __future__ import annotations

from typing import Protocol

from assistant.audio.chunk import Samples

FRAME = 512
"""Samples per frame: 32 ms at 16 kHz."""


class VoiceDetector(Protocol):
    """Says how likely a frame holds speech."""

    def probability(self, frame: Samples) -> float:
        """Probability of speech, 0 to 1, for one frame (int16, shape (512,), 16 kHz), in stream order."""

    def reset(self) -> None:
        """Forget the audio heard so far."""
