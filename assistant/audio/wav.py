"""WAV files, 16-bit mono."""

from __future__ import annotations

import wave
from pathlib import Path
from types import TracebackType

import numpy as np

from assistant.audio.chunk import Samples
from assistant.errors import InputError

_MOST_BYTES = 0xFFFFFFFF - 64
"""A RIFF size field has 32 bits."""


def write_wav(path: Path | str, samples: Samples, rate: int) -> None:
    """Write int16 mono samples of shape (n,) at ``rate`` Hz.

    Raises:
        InputError: the file cannot be written.
    """
    with WavWriter(path, rate) as writer:
        writer.write(samples)


class WavWriter:
    """Writes a WAV piece by piece; once a second the header is brought up to date.

    A process that is killed leaves a file that plays up to its last second. After 4 GiB (a day at 24 kHz) more
    samples are left out, because the format cannot say that they are there.

    Raises:
        InputError: the file cannot be written.
    """

    def __init__(self, path: Path | str, rate: int) -> None:
        self.path = Path(path)
        self.rate = rate
        self.samples = 0
        self._unpatched = 0
        try:
            self._file = self.path.open("wb")
        except OSError as error:
            raise InputError(
                f"Cannot write {self.path}: {error.strerror}. Choose a file in a folder that exists."
            ) from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115
        self._wave.setparams((1, 2, rate, 0, "NONE", ""))
        self._wave.writeframes(b"")
        self._file.flush()

    def write(self, samples: Samples) -> None:
        """Append int16 samples of shape (n,)."""
        room = _MOST_BYTES // 2 - self.samples
        data = np.ascontiguousarray(samples[: max(room, 0)], dtype="<i2")
        self._wave.writeframesraw(data.tobytes())
        self.samples += len(data)
        self._unpatched += len(data)
        if self._unpatched >= self.rate:
            self._unpatched = 0
            self._wave.writeframes(b"")
            self._file.flush()

    def close(self) -> None:
        """Finish the header; a second call does nothing."""
        if not self._file.closed:
            self._wave.close()
            self._file.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
