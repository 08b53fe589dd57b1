"""``assistant say``: options, input, output, and what it says of mistakes; in this process, with the real voice."""

import contextlib
import io
import os
import struct
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from assistant import cli
from assistant.audio.chunk import AudioChunk
from assistant.commands.say import at_rate
from assistant.tts.loudness import measure
from tests.scenario.process import ASSISTANT, ROOT
from tests.unit.test_ssml import pitch

TEXT = "The quick brown fox jumps over the lazy dog."


class Pipe(io.TextIOWrapper):
    """Standard input or output as a pipe has it."""

    def __init__(self, content=b""):
        super().__init__(io.BytesIO(content), encoding="utf-8", newline="")


@pytest.fixture
def say(monkeypatch, tmp_path, capsys):
    def run(*words, typed=None, code=0):
        out = tmp_path / "said.wav"
        if "--out" not in words:
            words = (*words, "--out", str(out))
        monkeypatch.setattr("sys.argv", ["assistant", "say", *map(str, words)])
        monkeypatch.setattr("sys.stdin", Pipe((typed or "").encode()))
        assert cli.run_command() == code
        printed = capsys.readouterr()
        if code:
            assert printed.err.startswith("assistant: ")
            assert printed.err.count("\n") == 1
            return printed.err
        with wave.open(str(out)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            return samples, file.getframerate(), printed

    return run


def seconds(said):
    return len(said[0]) / said[1]


def test_a_text_becomes_a_file(say):
    samples, rate, printed = say(TEXT)
    assert 2 < len(samples) / rate < 4
    assert np.abs(samples.astype(int)).max() > 3_000
    assert printed.out == ""


@pytest.mark.parametrize("words", [(), ("-",)])
def test_standard_input_is_read_when_it_is_a_pipe(say, words):
    assert 2 < seconds(say(*words, typed=TEXT)) < 4


def test_speed_and_pitch(say):
    usual = say(TEXT)
    assert seconds(say(TEXT, "--speed", "1.5")) / seconds(usual) == pytest.approx(1 / 1.5, abs=0.1)
    assert seconds(say(TEXT, "--speed", "0.5")) / seconds(usual) == pytest.approx(2, abs=0.2)
    high = say(TEXT, "--pitch", "1.6")
    assert pitch(*high[:2]) / pitch(*usual[:2]) == pytest.approx(1.6, abs=0.25)


def test_language_and_voice(say):
    german = say("Es ist 5 % mehr.", "--language", "de")
    assert seconds(german) > 1
    assert seconds(say(TEXT, "--voice", "en-gb-scotland", "--engine", "espeak")) > 2
    assert seconds(say(TEXT, "--language", "en-GB")) > 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("hello", "--engine", "expeak"), 2, "there is no engine 'expeak'; did you mean 'espeak'"),
        (("hello", "--engine", "espeak", "--voice", "en-xyzzy"), 2, "espeak-ng has no 'en-xyzzy'"),
        (("hello", "--engine", "espeak", "--voice", "qqqq"), 2, "has no 'qqqq'; see: assistant voices --language all"),
        (("hello", "--language", "xx"), 2, "espeak-ng has no 'xx'"),
        (("hello", "--speed", "9"), 2, "speed"),
        (("hello", "--speed", "fast"), 2, "speed"),
        (("hello", "--pitch", "0"), 2, "pitch"),
        ((), 2, "There is nothing to say: give a text, or pipe one in. See: assistant say --help"),
        (("-",), 2, "nothing to say"),
        (("  ",), 2, "nothing to say"),
        (("hello", "--out", "/no/such/folder/x.wav"), 2, "Cannot write /no/such/folder/x.wav"),
        (("hello", "--config", "/no/such.yaml"), 2, "such.yaml"),
    ],
)
def test_a_mistake_is_one_line(say, words, code, says):
    assert says in say(*words, code=code)


def test_no_loudspeaker_is_one_line(monkeypatch):
    from assistant.commands import say as module
    from assistant.errors import DeviceError

    def no_device(_spec):
        raise DeviceError("There is no loudspeaker. Use --out FILE.")

    monkeypatch.setattr(module, "DeviceSink", no_device)
    monkeypatch.setattr("sys.argv", ["assistant", "say", "hello"])
    assert cli.run_command() == 4


def test_a_voice_of_one_pitch_says_so(say, monkeypatch):
    from assistant.tts.espeak import Engine

    class OnePitch(Engine):
        def styled(self, style):
            return self if style.rate == 1 else super().styled(style)

    monkeypatch.setattr("assistant.tts.espeak.Engine", OnePitch)
    assert "espeak cannot change its pitch" in say(TEXT, "--pitch", "1.5")[2].err
    assert "espeak can change its speed, but not its pitch" in say(TEXT, "--pitch", "1.5", "--speed", "1.5")[2].err
    assert say(TEXT, "--speed", "1.5")[2].err == ""


def test_ssml(say):
    plain = say("One. Two.")
    paused = say('<speak>One.<break time="2s"/> Two.</speak>')
    assert seconds(paused) - seconds(plain) == pytest.approx(2.0, abs=0.3)
    assert seconds(say("<speak>Tom & Jerry")) > 0.5


def test_emoji_are_named_and_a_text_of_signs_ends(say):
    assert seconds(say("🎉")) > 0.3
    assert seconds(say("***")) == 0


def test_a_pipe_gets_a_wav_of_unknown_length(monkeypatch):
    pipe = Pipe()
    monkeypatch.setattr("sys.stdout", pipe)
    monkeypatch.setattr("sys.argv", ["assistant", "say", TEXT, "--out", "-"])
    assert cli.run_command() == 0
    data = pipe.buffer.getvalue()
    assert data[:4] == b"RIFF"
    assert data[8:16] == b"WAVEfmt "
    assert struct.unpack("<IHHIIHH", data[16:36]) == (16, 1, 1, 22_050, 44_100, 2, 16)
    assert data[36:44] == b"data\xff\xff\xff\xff"
    samples = np.frombuffer(data[44:], "<i2")
    assert 2 < len(samples) / 22_050 < 4
    assert measure(samples, 22_050).lufs == pytest.approx(-20, abs=2.5)


def test_loudness_can_be_left_as_it_is(say, tmp_path):
    config = tmp_path / "loud.yaml"
    config.write_text("tts: {engine: espeak, loudness: null, espeak: {volume: 30}}")
    quiet = say(TEXT, "--config", config)
    config.write_text("tts: {engine: espeak, espeak: {volume: 30}}")
    level = say(TEXT, "--config", config)
    assert measure(level[0], level[1]).lufs - measure(quiet[0], quiet[1]).lufs > 6


def test_a_change_of_rate_in_the_middle_leaves_one_rate_in_the_file():
    def tone(rate, start=0):
        time = np.arange(rate) / rate
        return AudioChunk((8_000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16), rate, start)

    made = np.concatenate(list(at_rate([tone(22_050), tone(16_000), tone(24_000), tone(22_050)], 22_050)))
    assert len(made) / 22_050 == pytest.approx(4.0, abs=0.01)
    spectrum = np.abs(np.fft.rfft(made))
    assert np.argmax(spectrum) / (len(made) / 22_050) == pytest.approx(440, abs=1)


def test_a_megabyte_flows_through_and_a_reader_that_leaves_ends_it():
    """It begins to speak before it has read everything, keeps little of it, and ends when nobody listens any more."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    sentence = "This is one of very many sentences, and it goes on for a while before it ends. "
    with subprocess.Popen(
        [*ASSISTANT, "say", "--engine", "espeak", "--out", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT,
    ) as process:  # fmt: skip
        process.stdin.write((sentence + "\n").encode() * 100)
        process.stdin.flush()
        heard = process.stdout.read(2_000_000)
        assert heard[:4] == b"RIFF", "it speaks although the text has not ended"
        status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write((sentence + "\n").encode() * 10_000)
            process.stdin.close()
        assert process.wait(60) == 0
        assert process.stderr.read().decode() == ""
    assert peak < 400_000, "kB"
