"""Sound files of every kind, whole and broken, given to the commands that read them."""

import json
import os
import struct

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.audio.wav import write_wav
from tests.scenario.harness import lines
from tests.scenario.process import one_line
from tests.shared import DATA, needs_data

GOOD = "what can you do"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "good.wav"
    write_wav(path, lines("What can you do?", pause=0.5), RATE)
    return path


def no_samples(path):
    write_wav(path, np.zeros(0, np.int16), RATE)


def lying_header(path):
    """A WAV that claims no channels and a rate that no recorder uses."""
    size = 3_200
    form = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 0, 4_000_000_000, 0, 2, 16)
    path.write_bytes(form + struct.pack("<4sI", b"data", size) + bytes(size))


BAD = {
    "missing.wav": lambda _path: None,
    "folder.wav": lambda path: path.mkdir(),
    "empty.wav": lambda path: path.write_bytes(b""),
    "text.wav": lambda path: path.write_text("It was a dark and stormy night.\n" * 50),
    "letter.txt": lambda path: path.write_text("Dear assistant,\n"),
    "random.flac": lambda path: path.write_bytes(b"fLaC" + np.random.default_rng(3).bytes(5_000)),
    "header_only.wav": no_samples,
    "lying.wav": lying_header,
    "with space and ünï.mp3": lambda path: path.write_bytes(b"ID3" + bytes(2_000)),
    "a_device": lambda path: path.symlink_to("/dev/zero"),
}


def check_refused(done, bad):
    """One line for each bad file, in order, each with its name, and no traceback."""
    assert done.returncode == 2, done.stderr
    said = done.stderr.splitlines()
    assert len(said) == len(bad), done.stderr
    for line, path in zip(said, bad, strict=True):
        assert line.startswith("assistant: ")
        assert path.name in line


def check_still_transcribed(done, good):
    """The good file after all the bad ones was transcribed."""
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert found["file"] == str(good)
    assert found["text"] == GOOD


@pytest.fixture
def bad_files(tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    for name, make in BAD.items():
        make(folder / name)
    return [folder / name for name in BAD]


def test_transcribe_refuses_each_bad_file_and_goes_on(command, good, bad_files):
    done = command("transcribe", "--json", *bad_files, good)
    check_refused(done, bad_files)
    check_still_transcribed(done, good)


@pytest.mark.parametrize("name", ["missing.wav", "folder.wav", "empty.wav", "letter.txt", "random.flac", "a_device"])
def test_run_refuses_a_bad_file(command, bad_files, name):
    path = next(path for path in bad_files if path.name == name)
    one_line(command("run", "--input", path, "--output", "none", timeout=30), 2, name)


def test_a_file_that_may_not_be_read(command, good, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    secret = tmp_path / "secret.wav"
    secret.write_bytes(good.read_bytes())
    secret.chmod(0)
    one_line(command("transcribe", secret), 2, "secret.wav")


@needs_data
@pytest.mark.data
def test_transcribe_refuses_the_collected_broken_files(command, good):
    broken = sorted((DATA / "broken").iterdir())
    assert len(broken) == 7
    done = command("transcribe", "--json", *broken, good)
    check_refused(done, broken)
    check_still_transcribed(done, good)


@needs_data
@pytest.mark.data
@pytest.mark.parametrize("name", ["alexa_32.flac", "awful.wav", "bad.wav", "evil.wav", "null.flac"])
def test_run_refuses_the_collected_broken_files(command, name):
    """One of the three that are broken in the same way will do."""
    done = command("run", "--input", DATA / "broken" / name, "--output", "none", timeout=30)
    one_line(done, 2, name)
    assert done.stdout == ""


@needs_data
@pytest.mark.data
def test_every_format_is_transcribed(command):
    files = sorted((DATA / "formats").iterdir())
    assert len(files) > 30
    done = command("transcribe", "--json", "--engine", "pocketsphinx", *files, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["file"] for each in found] == [str(path) for path in files]
    for each in found:
        assert isinstance(each["text"], str)
        assert 0.0 <= each["confidence"] <= 1.0
