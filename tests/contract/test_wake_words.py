"""openWakeWord on synthetic and real recordings."""

import subprocess

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.decode import decode
from assistant.errors import ConfigError
from assistant.wake.openwakeword import Engine, Options, WordOptions, available
from tests.shared import DATA, needs_data


@pytest.fixture(scope="module")
def both():
    return Engine(Options(words=("hey_jarvis", "alexa")))


def say(text, tmp_path, voice="en-us"):
    file = tmp_path / "said.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-w", file, text], check=True)
    return decode(file)


def listen(engine, samples, chunk=320, tail=1.0):
    """Detections over a clip between silences; each clip starts with a clear memory."""
    engine.reset()
    listen.at += 10 * RATE  # beyond any cool-down
    silence = np.zeros(RATE, np.int16)
    samples = np.concatenate((silence, samples, np.zeros(int(tail * RATE), np.int16)))
    found = []
    for start in range(0, len(samples) - chunk + 1, chunk):
        detection = engine.process(AudioChunk(samples[start : start + chunk], RATE, listen.at + start))
        if detection:
            found.append((detection.word, (detection.end - listen.at) / RATE - 1.0, detection.score))
    listen.at += len(samples)
    return found


listen.at = 0


@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-gb-scotland", "en-us+f3", "en-us+m3"])
def test_hey_jarvis_is_heard_once_at_its_end(both, tmp_path, voice):
    samples = say("hey jarvis", tmp_path, voice)
    found = listen(both, samples)
    assert [word for word, _, _ in found] == ["hey_jarvis"]
    assert found[0][1] == pytest.approx(len(samples) / RATE, abs=0.5)


def test_several_words_at_once(both, tmp_path):
    assert [word for word, *_ in listen(both, say("alexa", tmp_path))] == ["alexa"]


def test_the_chunk_size_does_not_matter(both, tmp_path):
    samples = say("hey jarvis", tmp_path)
    assert listen(both, samples, 320) == listen(both, samples, 512) == listen(both, samples, 1280)


def test_reset_forgets_what_was_heard(both, tmp_path):
    samples = say("hey jarvis", tmp_path)
    assert listen(both, samples[: len(samples) // 2], tail=0.0) == []
    assert listen(both, samples[len(samples) // 2 :]) == []


def test_the_cool_down_counts_samples_for_each_word(tmp_path):
    engine = Engine(
        Options(words=("hey_jarvis", "alexa"), cooldown=0.0, per_word={"hey_jarvis": WordOptions(cooldown=30.0)})
    )
    jarvis, alexa = say("hey jarvis", tmp_path), say("alexa", tmp_path)
    gap = np.zeros(2 * RATE, np.int16)
    words = [word for word, *_ in listen(engine, np.concatenate((jarvis, gap, alexa, gap, jarvis)))]
    assert words[0] == "hey_jarvis"
    assert set(words[1:]) == {"alexa"}


def test_an_unknown_word_names_the_nearest():
    with pytest.raises(ConfigError, match=r"no wake word 'hey_jarvi'; did you mean 'hey_jarvis'"):
        Engine(Options(words=("hey_jarvi",)))


def test_a_file_that_is_no_model_is_one_line(tmp_path):
    broken = tmp_path / "mine.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(ConfigError, match=r"not a wake-word model among .*mine\.onnx"):
        Engine(Options(words=(str(broken),)))
    with pytest.raises(ConfigError, match="there is no file"):
        Engine(Options(words=("/nowhere/mine.onnx",)))


def test_the_wheel_carries_its_words():
    assert {"hey_jarvis", "alexa", "hey_mycroft"} <= set(available())


@needs_data
@pytest.mark.data
def test_alexa_by_people_is_missed_at_most_3_percent_of_the_time():
    engine = Engine(Options(words=("alexa",)))
    clips = sorted((DATA / "wake/alexa").glob("*.flac"))
    missed = [clip.name for clip in clips if not listen(engine, decode(clip))]
    assert len(clips) >= 80
    assert len(missed) <= 0.03 * len(clips), missed


@needs_data
@pytest.mark.data
def test_speech_and_noise_do_not_wake_hey_jarvis():
    """Every second recording; all of them take a minute and a half."""
    engine = Engine(Options(words=("hey_jarvis",)))
    broken = {file.name for file in (DATA / "broken").iterdir()}
    found = [file for folder in ("speech", "noise") for file in sorted((DATA / folder).rglob("*"))]
    files = [file for file in found if file.suffix in (".flac", ".wav", ".ogg", ".mp3") and file.name not in broken]
    assert len(files) > 100
    woken = [str(file.relative_to(DATA)) for file in files[::2] if listen(engine, decode(file), 1280)]
    assert woken == []
