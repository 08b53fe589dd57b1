"""How loud speech is: EBU R 128 integrated loudness and true peak, measured by FFmpeg's ``ebur128`` filter (PyAV).

EBU R 128 (2023) and ITU-R BS.1770-5: K-weighting, 400 ms blocks, gates at −70 LUFS and 10 LU below the mean.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from assistant.atomic import write_atomically
from assistant.audio.chunk import Samples

_log = logging.getLogger(__name__)

_SILENCE = -70.0
_LEAST_S = 0.4
CEILING_DB = -1.0
"""Highest true peak in dBTP that a gain may lead to."""
_MOST_GAIN_DB = 20.0


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured.

    Attributes:
        lufs: integrated loudness.
        peak_db: true peak in dBTP.
    """

    lufs: float
    peak_db: float

    def gain(self, target: float) -> float:
        """The linear gain that brings it to ``target`` LUFS, but no true peak above :data:`CEILING_DB`."""
        wanted = min(target - self.lufs, CEILING_DB - self.peak_db, _MOST_GAIN_DB)
        return float(10 ** (wanted / 20))


def measure(samples: Samples, rate: int) -> Loudness | None:
    """Measure speech; None where it is silent or shorter than one block of 400 ms.

    Args:
        samples: int16 mono, shape (n,).
        rate: Hz.
    """
    import av

    if len(samples) < _LEAST_S * rate:
        return None
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="s16", layout="mono", time_base=f"1/{rate}")
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples)[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    graph.push(frame)
    graph.push(None)
    last: dict[str, str] = {}
    with contextlib.suppress(av.error.EOFError, av.error.BlockingIOError):
        while True:
            last = dict(graph.pull().metadata) or last  # what was integrated so far; the last partial block has none
    lufs, peak = float(last.get("lavfi.r128.I", "nan")), float(last.get("lavfi.r128.true_peak", "nan"))
    if math.isnan(lufs) or lufs <= _SILENCE or not peak > 0:
        return None
    return Loudness(lufs, 20 * math.log10(peak))


class Levels:
    """What was measured of each voice, kept in a file; a file that cannot be read or written is only a log line.

    Safe from any thread.

    Args:
        path: a JSON file; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, Loudness] = {}
        if path is not None and path.exists():
            try:
                kept = json.loads(path.read_text(encoding="utf-8"))
                self._known = {key: Loudness(float(v["lufs"]), float(v["peak_db"])) for key, v in kept.items()}
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
                _log.warning("The loudness of the voices is measured again: %s cannot be read (%s)", path, error)

    def get(self, voice: str) -> Loudness | None:
        """What is known of a voice by its identity."""
        return self._known.get(voice)

    def put(self, voice: str, loudness: Loudness) -> None:
        """Keep what was measured."""
        with self._lock:
            self._known[voice] = loudness
            data = json.dumps({key: asdict(value) for key, value in self._known.items()}).encode()
            if self._path is None:
                return
            try:
                write_atomically(self._path, data)
            except OSError as error:
                _log.warning("Cannot keep the loudness of the voices in %s: %s", self._path, error.strerror or error)
