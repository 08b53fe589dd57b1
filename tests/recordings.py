"""Speech by espeak-ng that is kept as recordings, so that every run on every machine hears the same samples.

Within one process espeak-ng never says a sentence twice alike (breath noise by ``rand()``), and its versions differ.
``pytest --update-spoken`` records what a run asks for and has not got; to record a sentence anew, delete its file.
What has no recording is said by the program, which begins anew each time and so is alike on one machine.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import av
import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.audio.decode import decode
from assistant.audio.resample import resample
from assistant.tts.espeak import Options

FOLDER = Path(__file__).parent / "data" / "spoken"
USUAL_WPM = Options().rate_wpm
_AUDIBLE = 33  # int16 steps, −60 dBFS
_STEP = 16


class Recordings:
    """A folder of recordings with ``index.json``: file name → voice, words per minute, text.

    Args:
        folder: where they are, or will be.
        updating: whether what is missing is recorded.
    """

    def __init__(self, folder: Path, *, updating: bool = False) -> None:
        self.folder = folder
        self.updating = updating
        self._said: dict[tuple[str, int, str], Samples] = {}

    def index(self) -> dict[str, tuple[str, int, str]]:
        """File name → (voice, words per minute, text), of files that are there."""
        path = self.folder / "index.json"
        rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return {name: (voice, speed, text) for name, (voice, speed, text) in rows.items() if self._file(name).is_file()}

    def spoken(self, text: str, voice: str = "en-us", speed: int = USUAL_WPM) -> Samples:
        """A text, recorded or else synthesised: 16 kHz int16 from the first to the last audible sample."""
        key = (voice, speed, text)
        if key not in self._said:
            names = {said: name for name, said in self.index().items()}
            samples = decode(self._file(names[key])) if key in names else synthesised(*key)
            if self.updating and key not in names:
                self._record(key, samples)
            samples.flags.writeable = False
            self._said[key] = samples
        return self._said[key]

    def _record(self, key: tuple[str, int, str], samples: Samples) -> None:
        voice, speed, text = key
        stem = re.sub("[^a-z0-9]+", "-", f"{text} {voice} {speed}".lower()).strip("-")
        while stem in self.index():  # "yes" and "Yes."
            stem += "-2"
        self.folder.mkdir(parents=True, exist_ok=True)
        write_flac(self._file(stem), samples)
        rows = dict(sorted({**self.index(), stem: (voice, speed, text)}.items()))
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(said)}" for name, said in rows.items())
        (self.folder / "index.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.flac"


def synthesised(voice: str, speed: int, text: str) -> Samples:
    """A text spoken now, without the silence before and after: int16 at 16 kHz, 12 bits of them used.

    Rounding makes a recording a third smaller; its noise (5 steps RMS) is below that of any room a test adds (6 or 8).
    """
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    raw = np.frombuffer(wav[44 : len(wav) - len(wav) % 2], np.int16)
    samples = resample(raw, int.from_bytes(wav[24:28], "little"), RATE)
    audible = np.flatnonzero(np.abs(samples.astype(np.int32)) >= _AUDIBLE)
    whole = np.rint(samples[audible[0] : audible[-1] + 1] / _STEP) * _STEP
    return np.clip(whole, -32768, 32768 - _STEP).astype(np.int16)


def write_flac(path: Path, samples: Samples) -> None:
    """Write 16 kHz int16 mono without loss."""
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
    frame.rate = RATE
    with av.open(str(path), "w", format="flac", options={"metadata_header_padding": "0"}) as file:
        stream = file.add_stream("flac", rate=RATE, layout="mono", options={"compression_level": "12"})
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


RECORDINGS = Recordings(FOLDER)
spoken = RECORDINGS.spoken
