"""What has been said once is kept on disk, as much as there is room for; no fault of the disk is heard."""

import errno
import logging
import os

import numpy as np
import pytest

from assistant import atomic
from assistant.tts.base import Style
from assistant.tts.cached import LONGEST, Cached, SpeechStore
from assistant.tts.espeak import Engine

TEXT = "Timer set for nine minutes."


class Counting:
    """The real voice, with a count of what it is asked."""

    def __init__(self):
        self.voice, self.texts = Engine(), []
        self.rate = self.voice.rate

    def styled(self, style):
        other = Counting()
        other.voice, other.texts = self.voice.styled(style), self.texts
        return other

    def speak(self, text):
        self.texts.append(text)
        yield from self.voice.speak(text)


@pytest.fixture
def voice():
    return Counting()


@pytest.fixture
def store(tmp_path):
    return SpeechStore(tmp_path / "speech", 10_000_000)


def spoken(chunks):
    chunks = list(chunks)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    return np.concatenate([chunk.samples for chunk in chunks]), marks, {chunk.rate for chunk in chunks}


def test_a_phrase_that_was_said_comes_from_the_disk_whole_and_alike(voice, store):
    first = spoken(Cached(voice, store, "espeak en").speak(TEXT))
    again = list(Cached(voice, store, "espeak en").speak(TEXT))
    assert len(again) == 1, "all of it is there at once"
    samples, marks, rates = spoken(again)
    assert np.array_equal(samples, first[0])
    assert (marks, rates) == first[1:]
    assert samples.dtype == np.int16
    assert voice.texts == [TEXT]


def test_another_text_voice_or_manner_is_another_phrase(voice, store):
    kept = Cached(voice, store, "espeak en")
    for each in (kept, Cached(voice, store, "espeak de"), kept.styled(Style(rate=1.5)), kept.styled(Style(pitch=0.8))):
        list(each.speak(TEXT))
        list(each.speak(TEXT + "!"))
    assert len(voice.texts) == 8
    assert kept.styled(Style()) is not None
    list(kept.styled(Style()).speak(TEXT))
    list(kept.styled(Style(rate=1.5)).speak(TEXT))
    assert len(voice.texts) == 8


def test_long_texts_and_speech_that_was_cut_short_are_not_kept(voice, store, tmp_path):
    kept = Cached(voice, store, "espeak en")
    list(kept.speak("No. " * LONGEST))
    half = kept.speak(TEXT)
    next(half)
    half.close()
    assert not list(tmp_path.rglob("*.npz"))
    assert list(kept.speak("…")) == []
    assert not list(tmp_path.rglob("*.npz"))


def test_it_is_made_ahead_step_by_step(voice, store):
    kept = Cached(voice, store, "espeak en")
    assert len(list(kept.keep(TEXT))) > 3, "in steps, between which another may be given the voice"
    assert list(kept.keep(TEXT)) == [], "it is there"
    assert list(kept.keep("No. " * LONGEST)) == []
    assert voice.texts == [TEXT]
    list(kept.speak(TEXT))
    assert voice.texts == [TEXT]


def test_there_is_room_for_so_much_and_the_oldest_goes_first(voice, tmp_path):
    folder = tmp_path / "speech"
    kept = Cached(voice, SpeechStore(folder, 400_000), "espeak en")
    names = {}
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")):
        before = set(folder.glob("*.npz"))
        list(kept.speak(f"This is phrase number {word}."))
        (names[word],) = set(folder.glob("*.npz")) - before
        os.utime(names[word], (number, number))
        if names["one"].exists():
            list(kept.speak("This is phrase number one."))  # used again and again
    there = [word for word, file in names.items() if file.exists()]
    assert sum(file.stat().st_size for file in folder.glob("*.npz")) <= 400_000
    assert there[0] == "one"
    assert there[-1] == "ten"
    assert "two" not in there


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", b"half", "swap"])
def test_a_damaged_phrase_is_made_again(voice, store, tmp_path, damage, caplog):
    kept = Cached(voice, store, "espeak en")
    list(kept.speak(TEXT))
    (file,) = tmp_path.rglob("*.npz")
    whole = file.read_bytes()
    if damage == "swap":
        file.write_bytes(whole[:3000] + bytes(100) + whole[3100:])
    else:
        file.write_bytes(damage if damage != b"half" else whole[: len(whole) // 2])
    assert len(spoken(kept.speak(TEXT))[0]) > 10_000
    assert voice.texts == [TEXT, TEXT]
    assert "made again" in caplog.text
    list(kept.speak(TEXT))
    assert voice.texts == [TEXT, TEXT], "and kept"


def test_a_pickle_is_not_opened(voice, store, tmp_path):
    kept = Cached(voice, store, "espeak en")
    list(kept.speak(TEXT))
    (file,) = tmp_path.rglob("*.npz")
    with file.open("wb") as out:
        np.savez(out, samples=np.array([{"a": 1}], object), rate=22_050, marks=np.zeros((0, 3), np.int64))
    assert len(spoken(kept.speak(TEXT))[0]) > 10_000
    assert len(voice.texts) == 2


def test_a_full_disk_is_a_line_in_the_log_and_speech_goes_on(voice, store, tmp_path, monkeypatch, caplog):
    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic.os, "fdopen", full)
    kept = Cached(voice, store, "espeak en")
    for _ in range(3):
        assert len(spoken(kept.speak(TEXT))[0]) > 10_000
    assert len(voice.texts) == 3
    assert [record.getMessage().count("No space left") for record in caplog.records] == [1], "said once"
    assert not [file for file in tmp_path.rglob("*") if file.is_file()], "nothing half written is left"


def test_a_folder_that_cannot_be_is_a_line_in_the_log(voice, tmp_path, caplog):
    (tmp_path / "speech").write_text("a file")
    kept = Cached(voice, SpeechStore(tmp_path / "speech", 1_000_000), "espeak en")
    with caplog.at_level(logging.WARNING):
        assert len(spoken(kept.speak(TEXT))[0]) > 10_000
    assert "Speech is not kept in" in caplog.text


def test_what_is_kept_is_its_owners_alone(voice, store, tmp_path):
    list(Cached(voice, store, "espeak en").speak(TEXT))
    (file,) = tmp_path.rglob("*.npz")
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
