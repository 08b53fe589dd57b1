"""Whole conversations with the real Piper and the real coqui-tts on tiny voices: interrupted, killed, damaged, full."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("TTS.utils.synthesizer", reason="coqui-tts is not installed")
pytest.importorskip("piper", reason="piper-tts is not installed")

from assistant import atomic
from assistant.config import load
from assistant.intent.lang import conversation
from assistant.tts import coqui
from assistant.tts.loudness import measure
from assistant.voicing import make_voice
from tests.make_tiny_vits import make
from tests.scenario.harness import lines, play

pytestmark = [pytest.mark.heavy, pytest.mark.varies]

ROOT = Path(__file__).resolve().parents[2]
PIPER = ROOT / "tests" / "data" / "tiny-piper" / "en_US-tiny-medium.onnx"
ECHOLESS = {"audio__echo__cancel": "false"}


@pytest.fixture(scope="module")
def vits() -> Path:
    return make("vits", ROOT / ".cache" / "tiny-coqui")


def worker() -> int:
    """The process id of the only worker that this process has."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            mine = f"PPid:\t{os.getpid()}\n" in status.read_text()
            if mine and b"coqui_worker" in status.with_name("cmdline").read_bytes():
                return int(status.parent.name)
    raise AssertionError("there is no worker")


@pytest.fixture
def worker_dies_once(monkeypatch) -> list[str]:
    """Kills the worker behind the first chunk of the first reply; gives the sentence that it was in."""
    speak, killed = coqui.Engine.speak, []

    def dying(self, text: str) -> Iterator[object]:
        for chunk in speak(self, text):
            yield chunk
            if not killed:
                killed.append(text)
                os.kill(worker(), signal.SIGKILL)

    monkeypatch.setattr(coqui.Engine, "speak", dying)
    return killed


def test_it_is_interrupted_in_the_middle_and_the_next_turn_works(tmp_path):
    both = np.concatenate(
        (lines("Hey Jarvis, what can you do?", pause=2.0), lines("Hey Jarvis, flip a coin.", pause=6.0))
    )
    run = play(both, tmp_path, settings=ECHOLESS | {"tts__engine": "piper", "tts__voice": PIPER})
    heard = run.of("SpeakingFinished")[0]
    assert heard["interrupted"]
    assert 0 < len(heard["spoken"]) < len(run.replies()[0])
    assert run.replies()[0].startswith(heard["spoken"])
    assert run.outcomes() == ["cancelled", "answered"]
    assert np.abs(run.output.astype(int)).max() > 1_000


def test_killed_in_mid_sentence_the_reply_goes_on_in_another_voice_and_that_is_told_once(
    tmp_path, vits, worker_dies_once, caplog
):
    said = lines("Hey Jarvis, what time is it?", pause=9.0), lines("Hey Jarvis, flip a coin.", pause=6.0)
    settings = {
        "tts__engine": "coqui",
        "tts__voice": vits,
        "tts__coqui": json.dumps({"device": "cpu"}),
        "tts__loudness": "null",  # otherwise it would die as that is measured
        "tts__cache__megabytes": 0,
    }
    run = play(np.concatenate(said), tmp_path, settings=ECHOLESS | settings)
    assert worker_dies_once, "it was in the middle of a sentence"
    assert "the worker died (signal 9" in caplog.text
    assert run.outcomes() == ["answered", "answered"]
    first = run.of("SpeakingFinished")[0]
    assert first["spoken"] == run.replies()[0], "all of it was heard"
    assert not run.of("Failed")
    assert [event["text"] for event in run.of("Announced")] == [conversation.said("voice_failed", "en")]


def test_a_damaged_file_and_a_full_disk_leave_a_voice(tmp_path, monkeypatch, caplog):
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(PIPER.read_bytes()[:500])
    bad.with_name("bad.onnx.json").write_bytes(PIPER.with_name(f"{PIPER.name}.json").read_bytes())
    asked = lines("Hey Jarvis, flip a coin.", pause=6.0)
    run = play(asked, tmp_path, settings=ECHOLESS | {"tts__voice": bad})
    assert run.outcomes() == ["answered"]
    assert f"{bad} cannot be loaded; fetch it again" in caplog.text

    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic.os, "fdopen", full)
    run = play(asked, tmp_path, settings=ECHOLESS | {"tts__engine": "piper", "tts__voice": PIPER})
    assert run.outcomes() == ["answered"]
    assert "No space left" in caplog.text
    assert np.abs(run.output.astype(int)).max() > 1_000


def test_all_engines_are_equally_loud(vits):
    text = "It is ten past nine. The timer for the pasta has another three minutes to go."
    found = {}
    for engine, place in {"espeak": None, "piper": PIPER, "coqui": vits}.items():
        env = {"ASSISTANT_TTS__ENGINE": engine, "ASSISTANT_TTS__COQUI": json.dumps({"device": "cpu"})}
        loaded = load(env=env if place is None else env | {"ASSISTANT_TTS__VOICE": str(place)}, user=False)
        voice = make_voice(loaded, engine)
        level = measure(np.concatenate([chunk.samples for chunk in voice.speak(text)]), voice.rate)
        assert level is not None
        found[engine] = level.lufs
    assert found == pytest.approx(dict.fromkeys(found, -20.0), abs=1.5)
