"""How soon a real output device is silent: ``python -m tests.measure_silence [TIMES]``.

A tone is played through PortAudio into a PulseAudio null sink and stopped; what the sink's monitor still hears after
that moment is the device's buffer, PulseAudio's and the recorder's own together.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from assistant.audio.chunk import AudioChunk
from assistant.audio.sink import DeviceSink
from tests.pulse import Pulse

_RECORD = ("parec", "--device=speaker.monitor", "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=5")
_AUDIBLE = 300


class Monitor:
    """Notes when the sink was last heard."""

    def __init__(self) -> None:
        self.last = 0.0
        self._recorder = subprocess.Popen(_RECORD, stdout=subprocess.PIPE)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while data := os.read(self._recorder.stdout.fileno(), 4096):
            samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
            if len(samples) and np.abs(samples.astype(int)).max() > _AUDIBLE:
                self.last = time.monotonic()

    def close(self) -> None:
        """Stop recording."""
        self._recorder.terminate()
        self._recorder.wait()


async def measure(times: int) -> tuple[float, list[float]]:
    """The sink's own idea of its latency, and seconds from each stop to silence."""
    sink, monitor, found = DeviceSink(), Monitor(), []
    sink.start()
    tone = (8_000 * np.sin(2 * np.pi * 440 * np.arange(sink.rate * 3) / sink.rate)).astype(np.int16)
    for number in range(times):
        voice = sink.mixer.play("speech")
        voice.write(AudioChunk(tone, sink.rate, 0))
        await asyncio.sleep(1.0 + 0.013 * number)
        stopped = time.monotonic()
        sink.mixer.stop("speech")
        await asyncio.sleep(0.6)
        found.append(monitor.last - stopped)
    latency = sink.latency
    sink.close()
    monitor.close()
    return latency, found


def main() -> None:
    """Print the figures."""
    folder = Path(tempfile.mkdtemp(prefix="pulse-", dir="/tmp"))
    pulse = Pulse(folder)
    os.environ.update(pulse.environment())
    pulse.start()
    try:
        latency, found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
    finally:
        pulse.close()
        shutil.rmtree(folder, ignore_errors=True)
    ms = np.array(found) * 1000
    print(f"latency by the sink {latency * 1000:.0f} ms")
    print(f"silent after {np.median(ms):.0f} ms (median), {ms.max():.0f} ms at most")


if __name__ == "__main__":
    main()
