"""The command line as people use it: real processes, real files, no sound devices."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assistant import cli
from assistant.audio.chunk import RATE
from assistant.audio.decode import decode
from assistant.audio.wav import write_wav
from assistant.console import EventWriter
from assistant.events import Ready
from tests.scenario.harness import lines, loudness
from tests.scenario.process import ASSISTANT, ROOT, SLACK_S, no_devices, one_line


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    path = tmp_path_factory.mktemp("question") / "question.wav"
    write_wav(path, lines("Hey Jarvis, what time is it?", pause=3.5), RATE)
    return path


# --- run: files, events, earcons ---------------------------------------------------------------


def check_events(text):
    """Every line is an event; returns them."""
    events = [json.loads(line) for line in text.splitlines()]
    for event in events:
        assert list(event)[:3] == ["type", "at", "turn"]
        assert isinstance(event["at"], float)
        assert isinstance(event["turn"], int)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    return events


def when(events, kind):
    return next(event["at"] for event in events if event["type"] == kind)


def test_run_writes_events_and_the_answer_on_the_inputs_time_line(command, question, tmp_path):
    out, log = tmp_path / "out.wav", tmp_path / "events.jsonl"
    done = command("run", "--input", question, "--output", out, "--events", log, "--fast")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "You: what time is it" in done.stdout
    events = check_events(log.read_text())
    assert [event["intent"] for event in events if event["type"] == "IntentMatched"] == ["clock.current_time"]
    assert events[-1]["turn"] == 1
    heard = decode(out)
    assert len(heard) / RATE == pytest.approx(len(decode(question)) / RATE, abs=2.5)
    assert len(heard) / RATE >= events[-1]["at"]
    began, ended = when(events, "SpeakingStarted"), when(events, "SpeakingFinished")
    woken = when(events, "WakeDetected")
    assert not np.any(heard[: int((woken - 0.05) * RATE)])
    assert loudness(heard, woken, woken + 0.2) > 50  # the earcon
    assert loudness(heard, began, ended) > 500
    assert loudness(heard, ended + 0.1, len(heard) / RATE) < 5


def test_without_earcons_nothing_is_heard_before_the_reply(command, question, tmp_path):
    out = tmp_path / "out.wav"
    off = {f"ASSISTANT_AUDIO__EARCONS__{name}": "false" for name in ("LISTENING", "DONE")}
    done = command("run", "--input", question, "--output", out, "--events", "-", "--fast", env=off)
    assert done.returncode == 0, done.stderr
    events = check_events(done.stdout)  # nothing but events on stdout
    assert "You: what time is it" in done.stderr
    heard, began = decode(out), when(events, "SpeakingStarted")
    assert not np.any(heard[: int((began - 0.05) * RATE)])
    assert loudness(heard, began, when(events, "SpeakingFinished")) > 500


def test_a_reader_of_the_events_may_leave(question, tmp_path):
    run = [*ASSISTANT, "run", "--input", str(question), "--output", str(tmp_path / "out.wav"), "--events", "-"]
    with subprocess.Popen(
        run, cwd=ROOT, env=no_devices(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert b"Ready" in running.stdout.readline()
        running.stdout.close()
        words = running.stderr.read().decode()
        assert running.wait(SLACK_S) == 0, words
    assert "Traceback" not in words
    assert decode(tmp_path / "out.wav").size


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_finished_file(number, tmp_path):
    silence, out, log = (tmp_path / name for name in ("silence.wav", "out.wav", "events.jsonl"))
    write_wav(silence, lines("Hm.", pause=40.0), RATE)
    run = [*ASSISTANT, "run", "--input", str(silence), "--output", str(out), "--events", str(log)]
    with subprocess.Popen(run, cwd=ROOT, env=no_devices(tmp_path), stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + SLACK_S
        while not (log.exists() and "Ready" in log.read_text()):
            assert running.poll() is None, running.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(0.5)
        asked = time.monotonic()
        running.send_signal(number)
        code = running.wait(SLACK_S)
        took = time.monotonic() - asked
        assert running.stderr.read() == b""
    assert code == 0
    assert took < 3.0  # a second is promised, on a machine that has nothing else to do
    assert 0.2 < len(decode(out)) / RATE < 30


def test_a_signal_while_the_engines_load(tmp_path):
    silence = tmp_path / "silence.wav"
    write_wav(silence, lines("Hm.", pause=40.0), RATE)
    run = [*ASSISTANT, "run", "--input", str(silence), "--output", str(tmp_path / "out.wav")]
    with subprocess.Popen(run, cwd=ROOT, env=no_devices(tmp_path), stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + SLACK_S
        while not (tmp_path / "out.wav").exists():  # from here on it handles signals
            assert time.monotonic() < deadline
            time.sleep(0.01)
        running.terminate()
        assert running.wait(SLACK_S) == 0
        assert running.stderr.read() == b""


# --- without sound devices ---------------------------------------------------------------------


@pytest.fixture
def soundless(tmp_path):
    """Skip where a real sound card answers."""
    ask = "from assistant.audio.device import list_devices as d; import sys; sys.exit(bool(d()))"
    if subprocess.run([sys.executable, "-c", ask], check=False, cwd=ROOT, env=no_devices(tmp_path)).returncode:
        pytest.skip("this machine has a sound card")


@pytest.mark.usefixtures("soundless")
def test_without_devices_it_becomes_a_text_conversation(command):
    done = command("run", typed="what time is it\n\nflip a coin\nsay that again\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said, *answers = done.stdout.splitlines()
    assert said.startswith("There is no microphone")
    assert len(answers) == 3
    assert answers[0].startswith("Assistant: It's ")
    assert answers[1] == answers[2]


@pytest.mark.usefixtures("soundless")
def test_without_devices_and_with_stdin_closed(command):
    done = command("run", stdin=None, preexec_fn=lambda: os.close(0))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.usefixtures("soundless")
def test_speaking_without_a_loudspeaker(command):
    done = command("ask", "what time is it", "--speak")
    one_line(done, 4, "no speaker")
    assert done.stdout.startswith("It's ")


@pytest.mark.usefixtures("soundless")
def test_a_device_that_is_not_there_is_not_replaced_by_typing(command):
    one_line(command("run", "--input", "Podium"), 4, "microphone")


# --- mistakes ----------------------------------------------------------------------------------

MISTAKES = {
    "fast_without_a_file": (("run", "--fast"), 2, ("--fast", "--input FILE")),
    "unknown_option": (("run", "--bogus"), 2, ("--bogus", "run --help")),
    "unknown_command": (("rum",), 2, ("run",)),
    "missing_argument": (("say",), 2, ("text", "say --help")),
    "typo_in_the_config": (("run", "--config", "{typo}"), 2, ("wake.treshold", "wake.threshold")),
    "no_such_config": (("run", "--config", "{tmp}/none.yaml"), 2, ("none.yaml",)),
    "events_in_no_folder": (("run", "--input", "{q}", "--events", "{tmp}/no/e.jsonl"), 2, ("--events", "e.jsonl")),
    "output_in_no_folder": (("run", "--input", "{q}", "--output", "{tmp}/no/o.wav"), 2, ("o.wav",)),
    "output_is_a_folder": (("run", "--input", "{q}", "--output", "{tmp}/"), 2, (".wav",)),
    "output_of_another_kind": (("run", "--input", "{q}", "--output", "o.mp3"), 2, ("o.mp3", ".wav")),
    "say_into_no_folder": (("say", "hello", "--out", "{tmp}/no/o.wav"), 2, ("o.wav",)),
    "say_nothing": (("say", "  "), 2, ("nothing to say",)),
    "say_nothing_typed": (("say", "-"), 2, ("nothing to say",)),
    "unknown_engine": (("transcribe", "--engine", "bogus", "{q}"), 2, ("bogus", "pocketsphinx")),
}


@pytest.mark.parametrize(("words", "code", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(words, code, says, question, tmp_path, monkeypatch, capsys):
    typo = tmp_path / "typo.yaml"
    typo.write_text("wake: {treshold: 0.5}\n")
    given = [word.format(typo=typo, tmp=tmp_path, q=question) for word in words]
    monkeypatch.setattr("sys.argv", ["assistant", *given])
    monkeypatch.setattr("sys.stdin", io.StringIO())
    returned = cli.run_command()
    out, err = capsys.readouterr()
    one_line(subprocess.CompletedProcess(given, returned, out, err), code, *says)
    assert out == ""


def test_a_mistake_ends_the_process_with_its_code(command):
    one_line(command("run", "--fast"), 2, "--input FILE")


def test_a_model_that_is_missing_names_the_command_that_fetches_it(command, question):
    env = {"ASSISTANT_ASR__ENGINE": "whisper"}
    done = command("run", "--input", question, "--output", "none", "--fast", env=env)
    one_line(done, 3, "assistant models pull whisper-base")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_costs_the_log_and_not_the_conversation(caplog):
    writer = EventWriter("/dev/full")
    for at in range(3):
        writer(Ready(at=float(at), wake_words=(), engines={}))
    writer.close()
    assert [record.getMessage() for record in caplog.records] == [
        "--events: nothing more is written to /dev/full: No space left on device"
    ]


# --- ask ---------------------------------------------------------------------------------------


def test_ask_as_json_and_a_timer_that_outlives_the_process(command):
    done = command("ask", "set a pasta timer for nine minutes", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["intent"] == "timers.set_timer"
    assert answer["slots"]["name"] == "pasta"
    assert "nine minutes" in answer["slots"]["duration"]
    assert "asta timer" in answer["reply"]
    assert {"load", "intent", "skill"} <= set(answer["ms"])
    assert all(ms >= 0 for ms in answer["ms"].values())
    left = command("ask", "how long is left on the pasta timer").stdout
    assert "pasta timer" in left
    assert "eight minutes" in left or "nine minutes" in left


def test_ask_holds_a_dialogue_on_stdin(command):
    done = command("ask", typed="what time is it\nroll a die\nsay that again\nrepeat that\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    time_, die, again, once_more = done.stdout.splitlines()
    assert time_.startswith("Assistant: It's ")
    assert die == again == once_more
    assert die != time_


def test_ctrl_c_at_the_prompt(tmp_path):
    with subprocess.Popen(
        [*ASSISTANT, "ask"], cwd=ROOT, env=no_devices(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as asking:
        asking.stdin.write(b"what time is it\n")
        asking.stdin.flush()
        assert b"It's" in asking.stdout.readline()
        asking.send_signal(signal.SIGINT)
        assert asking.wait(10) == 0


# --- say ---------------------------------------------------------------------------------------


def test_say_writes_speech(command, tmp_path):
    out = tmp_path / "said.wav"
    done = command("say", "-", "--out", out, typed="Good morning. It is 3 °C.\n")
    assert done.returncode == 0, done.stderr
    said = decode(out)
    assert 1.0 < len(said) / RATE < 6.0
    assert loudness(said, 0, len(said) / RATE) > 500


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_say_and_transcribe_understand_each_other(command, question, tmp_path):
    """The wake phrase of a recorded command is not part of what is asked."""
    out = tmp_path / "said.wav"
    command("say", "what can you do", "--out", out)
    heard = command("transcribe", out, question).stdout
    assert heard == f"{out}: what can you do\n{question}: what time is it\n"


def test_say_only_emoji(command, tmp_path):
    done = command("say", "🎉🥳", "--out", tmp_path / "said.wav")
    assert done.returncode == 0, done.stderr
    decode(tmp_path / "said.wav")


def test_say_what_no_argument_could_hold(command, tmp_path):
    """100 kB, much of it no text at all, on stdin; it is spoken as fast as it is made."""
    long = ("Ünïcode and \x07 bells — " * 60 + "\n") * 3 + "🎉" * 23_000
    assert len(long.encode()) > 90_000
    done = command("say", "-", "--out", tmp_path / "said.wav", typed=long)
    assert done.returncode == 0, done.stderr
    assert len(decode(tmp_path / "said.wav")) / RATE > 60
