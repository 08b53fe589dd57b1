"""A virtual microphone hears "hey jarvis, what time is it", a virtual loudspeaker answers."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from tests.pulse import pulse  # noqa: F401
from tests.scenario.harness import lines

pytestmark = pytest.mark.pulse

ROOT = Path(__file__).resolve().parents[2]


class Assistant:
    """``assistant run`` in a process of its own, with the events it writes."""

    def __init__(self, folder):
        self.file = folder / "events.jsonl"
        env = {**os.environ, "ASSISTANT_ASR__ENGINE": "pocketsphinx", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "assistant", "run", "--events", str(self.file)]
        self.process = subprocess.Popen(
            command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def events(self, kind):
        text = self.file.read_text() if self.file.exists() else ""
        found = [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [event for event in found if event["type"] == kind]

    def wait_for(self, kind, seconds, count=1):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.events(kind)
            if len(found) >= count:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.process.kill()
        pytest.fail(f"no {kind} within {seconds} s: {self.file.read_text()}\n{self.process.stdout.read().decode()}")


def test_a_microphone_and_a_loudspeaker(pulse, tmp_path):  # noqa: F811
    assistant = Assistant(tmp_path)
    try:
        assistant.wait_for("Ready", 40)
        greeting = assistant.wait_for("Announced", 5)
        assert "hey jarvis" in greeting[0]["text"]
        time.sleep(4.0)  # the greeting itself
        with pulse.recording("speaker") as heard:
            pulse.play(lines("Hey Jarvis, what time is it?", pause=1.0))
            assistant.wait_for("SpeakingFinished", 20)
            time.sleep(0.3)
        assert [event["text"] for event in assistant.events("Transcribed")] == ["what time is it"]
        assert [event["outcome"] for event in assistant.wait_for("TurnEnded", 5)] == ["answered"]
        loud = np.abs(heard[0].astype(int)) > 1000
        assert loud.sum() > 0.2 * RATE
        began = time.monotonic()
        assistant.process.send_signal(signal.SIGINT)
        assert assistant.process.wait(10) == 0
        assert time.monotonic() - began < 3.0
    finally:
        assistant.process.kill()
        assistant.process.wait()
        assistant.process.stdout.close()
