"""Start-up, memory and CPU of a real ``assistant run`` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assistant.audio.chunk import RATE, Samples
from assistant.audio.wav import write_wav
from assistant.errors import AssistantError

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Idle:
    """What listening to room noise costs.

    Attributes:
        rss_mb: resident memory, MB (10⁶ bytes).
        cpu_share: of one core, 0 to 1.
        woken: false wake-ups meanwhile.
    """

    rss_mb: float
    cpu_share: float
    woken: int


def startup(runs: int = 3) -> float:
    """Median seconds from the start of the process to "listening"."""
    return median(_once() for _ in range(runs))


def _once() -> float:
    with tempfile.TemporaryDirectory() as folder, _running(np.zeros(RATE, np.int16), Path(folder)) as (process, began):
        _until_ready(process)
        return time.monotonic() - began


def idle(seconds: float = 20.0) -> Idle:
    """Memory and CPU while it listens to room noise in real time."""
    noise = room_noise(seconds + 5.0)
    with tempfile.TemporaryDirectory() as folder, _running(noise, Path(folder)) as (process, _):
        _until_ready(process)
        time.sleep(2.0)
        cpu, began = _cpu_seconds(process.pid), time.monotonic()
        time.sleep(seconds)
        share = (_cpu_seconds(process.pid) - cpu) / (time.monotonic() - began)
        rss = _rss_mb(process.pid)
        process.terminate()
        assert process.stdout is not None
        woken = sum('"WakeDetected"' in line for line in process.stdout)
    return Idle(rss, share, woken)


def room_noise(seconds: float) -> Samples:
    """Pink-ish noise at about −50 dBFS, as a quiet room has: 16 kHz int16."""
    white = np.random.default_rng(3).normal(0, 1, int(seconds * RATE))
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum)) / seconds / 20.0))
    pink = np.fft.irfft(spectrum, len(white))
    return (pink / np.std(pink) * 100).astype(np.int16)


@contextmanager
def _running(samples: Samples, folder: Path) -> Iterator[tuple[subprocess.Popen[str], float]]:
    sound = folder / "in.wav"
    write_wav(sound, samples, RATE)
    env = {**os.environ, "XDG_DATA_HOME": str(folder)}
    command = [sys.executable, "-m", "assistant", "run", "--input", str(sound), "--output", "none", "--events", "-"]
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
    )
    try:
        yield process, began
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def _until_ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["type"] == "Ready":
            return event
    raise AssistantError("The assistant ended before it listened; see: assistant doctor")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
