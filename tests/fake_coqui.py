"""A Coqui worker without Coqui: the real protocol, loop and pipes around a voice of tones.

    python tests/fake_coqui.py FOLDER-OF-THE-PROJECT [load: MESSAGE]

What is spoken says how it behaves: ``die`` ends the process in the middle of the sentence, ``fail`` raises, ``slow``
waits for a file to appear before every piece but the first, ``print`` writes to standard output as libraries do.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(sys.argv[1]) / "assistant" / "tts"))

import numpy as np
from coqui_worker import serving
from coqui_worker.loading import LoadFailed

PIECES, PIECE = 5, 4000


class Tones:
    """A voice of 8000 Hz that gives five pieces of half a second to every sentence."""

    rate = 8000
    speakers = ("anna", "ben")
    languages = ()
    device = "cpu"

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order

    def longest(self, language: str | None) -> int:
        """As the real one."""
        del language
        return 80

    def speak(
        self, text: str, speaker: str | None, language: str | None, rate: float
    ) -> Iterator[tuple[np.ndarray, list[tuple[int, int, int]]]]:
        """Tones as high as the speaker's number."""
        del language
        height = 1 + self.speakers.index(speaker or "anna")
        for index in range(PIECES):
            if index == 1:
                self._behave(text)
            while "slow" in text and index and not Path(self.order["latents"]).exists():
                time.sleep(0.002)
            tone = 8000 * np.sin(np.arange(round(PIECE / rate)) * 0.1 * height)
            yield tone.astype(np.int16), [(0, 1, 0)] if index == 0 else []

    def _behave(self, text: str) -> None:
        if "die" in text:
            print("Segmentation fault, nearly", file=sys.stderr, flush=True)
            os._exit(9)
        if "fail" in text:
            raise RuntimeError("the tensors do not fit\nand more")
        if "print" in text:
            print("a library's chatter")


def loader(order: dict[str, Any], progress: Any) -> Tones:
    """Load, or not, as the command line says."""
    progress("tuning")
    if len(sys.argv) > 2:
        code, _, message = sys.argv[2].partition(": ")
        if code == "exit":
            sys.exit(3)
        raise LoadFailed(code, message)
    return Tones(order)


serving.main(loader)
