"""A private PulseAudio server with null sinks: real devices at both ends, on a machine without a sound card."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

_ASOUNDRC = "pcm.!default {{ type pulse server {server} }}\nctl.!default {{ type pulse server {server} }}\n"
_VARIABLES = ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_SERVER", "PULSE_RUNTIME_PATH", "ALSA_CONFIG_PATH")


class Pulse:
    """A daemon with sinks ``mic`` (its monitor is the default source) and ``speaker`` (the default sink).

    What is played into ``mic`` is what the program under test hears; what it says arrives at ``speaker``.
    PyAudio sees it all as the device ``default``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = f"unix:{folder}/native"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._children: list[subprocess.Popen[bytes]] = []

    def environment(self) -> dict[str, str]:
        """The variables under which PyAudio and Pulse's tools find this server and no other."""
        system = "/usr/share/alsa/alsa.conf"
        (self.folder / "asound.conf").write_text(f"<{system}>\n" + _ASOUNDRC.format(server=f'"{self.server}"'))
        here = str(self.folder)
        return {
            "HOME": here,
            "XDG_RUNTIME_DIR": here,
            "XDG_CONFIG_HOME": here,
            "PULSE_RUNTIME_PATH": here,
            "PULSE_SERVER": self.server,
            "ALSA_CONFIG_PATH": str(self.folder / "asound.conf"),
        }

    def start(self) -> None:
        """Start the daemon and wait until it answers."""
        options = ["--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--system=false", "--use-pid-file=no"]
        modules = [
            f"module-native-protocol-unix socket={self.folder}/native auth-anonymous=1",
            "module-null-sink sink_name=mic rate=44100 norewinds=1",
            "module-null-sink sink_name=speaker rate=48000 norewinds=1",
        ]
        self._daemon = subprocess.Popen(
            ["pulseaudio", "-n", *options, *(f"--load={module}" for module in modules)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment()},
        )
        deadline = time.monotonic() + 10
        while self.pactl("set-default-sink", "speaker") or self.pactl("set-default-source", "mic.monitor"):
            if time.monotonic() > deadline or self._daemon.poll() is not None:
                pytest.skip("PulseAudio does not start here")
            time.sleep(0.05)

    def kill(self) -> None:
        """The daemon dies: every device is lost at once."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGKILL)
            self._daemon.wait()
            self._daemon = None
            with contextlib.suppress(FileNotFoundError):
                (self.folder / "native").unlink()

    def pactl(self, *words: str) -> int:
        """Run ``pactl``; returns its exit status."""
        return subprocess.run(
            ["pactl", *words], check=False, timeout=20, env={**os.environ, **self.environment()}, capture_output=True
        ).returncode

    def play(self, samples: np.ndarray, rate: int = 16_000, sink: str = "mic") -> subprocess.Popen[bytes]:
        """Play int16 mono samples into a sink, in real time; returns at once."""
        path = Path(tempfile.mkstemp(suffix=".wav", dir=self.folder)[1])
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            file.writeframes(np.asarray(samples, "<i2").tobytes())
        return self._run("paplay", f"--device={sink}", str(path))

    @contextlib.contextmanager
    def recording(self, sink: str = "speaker", rate: int = 16_000) -> Iterator[list[np.ndarray]]:
        """Record a sink's monitor; after the block the list holds one int16 mono array."""
        raw = Path(tempfile.mkstemp(suffix=".raw", dir=self.folder)[1])
        recorder = self._run(
            "parec",
            f"--device={sink}.monitor",
            f"--rate={rate}",
            "--channels=1",
            "--format=s16le",
            "--latency-msec=20",
            str(raw),
        )
        heard: list[np.ndarray] = []
        time.sleep(0.3)
        try:
            yield heard
        finally:
            recorder.terminate()
            recorder.wait()
            data = raw.read_bytes()
            heard.append(np.frombuffer(data[: len(data) // 2 * 2], "<i2"))

    def close(self) -> None:
        """End everything that was started."""
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.kill()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command, env={**os.environ, **self.environment()}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._children.append(child)
        return child


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A running private server, which PyAudio in this process uses as its default device."""
    for tool in ("pulseaudio", "pactl", "paplay", "parec"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install pulseaudio pulseaudio-utils libasound2-plugins)")
    pytest.importorskip("pyaudio")
    folder = Path(tempfile.mkdtemp(prefix="pulse-", dir="/tmp"))
    server = Pulse(folder)
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    server.start()
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
