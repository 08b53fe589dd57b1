"""The committed tiny Whisper and phrases spoken for it."""

from __future__ import annotations

import subprocess
from functools import cache
from itertools import islice, product
from pathlib import Path

import numpy as np
import soxr

from assistant.audio.chunk import RATE, Samples

MODEL = Path(__file__).parent / "data" / "tiny-whisper"
PHRASES = tuple((MODEL / "phrases.txt").read_text().splitlines())
VOICES = ("en-us", "en-us+f3", "en-us+m3")


@cache
def say(text: str, voice: str = "en-us", speed: int = 165, before: float = 0.3, after: float = 0.6) -> Samples:
    """The text spoken by espeak-ng, 16 kHz, with exactly this much silence around it."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    raw = subprocess.run(command, capture_output=True, check=True).stdout[44:]
    speech = soxr.resample(np.frombuffer(raw[: len(raw) // 2 * 2], np.int16), 22_050, RATE)
    loud = np.flatnonzero(np.abs(speech) > 300)
    return np.pad(speech[loud[0] : loud[-1]], (int(before * RATE), int(after * RATE)))


def takes(count: int, every: int = 1) -> list[Samples]:
    """Phrases by three voices at three speeds, all different; every so manyth of them."""
    kinds = islice(product((165, 140, 190), VOICES, PHRASES), 0, count * every, every)
    return [say(phrase, voice, speed) for speed, voice, phrase in kinds]
