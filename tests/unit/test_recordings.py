"""Recorded speech: what is kept is what was said, and it stays small."""

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from tests import recordings
from tests.recordings import FOLDER, Recordings

MOST_BYTES = 3_000_000


def test_a_recording_is_what_was_said_the_first_time(tmp_path, monkeypatch):
    first = Recordings(tmp_path / "spoken", updating=True).spoken("Ten minutes.", "en-gb", 150)
    monkeypatch.setattr(recordings, "synthesised", lambda *_said: pytest.fail("there is a recording"))
    kept = Recordings(tmp_path / "spoken")
    assert np.array_equal(kept.spoken("Ten minutes.", "en-gb", 150), first)
    assert list(kept.index().values()) == [("en-gb", 150, "Ten minutes.")]
    assert 0.3 * RATE < len(first) < 2 * RATE
    assert not first.flags.writeable


def test_what_is_not_recorded_is_said_alike_each_time(tmp_path):
    one, other = (Recordings(tmp_path / "none").spoken("Ten minutes.") for _ in range(2))
    assert np.array_equal(one, other)
    assert not (tmp_path / "none").exists()


def test_a_deleted_file_is_recorded_anew(tmp_path):
    Recordings(tmp_path, updating=True).spoken("Yes.")
    (tmp_path / "yes-en-us-165.flac").unlink()
    assert Recordings(tmp_path).index() == {}
    Recordings(tmp_path, updating=True).spoken("Yes.")
    assert list(Recordings(tmp_path).index()) == ["yes-en-us-165"]


def test_sentences_that_differ_in_their_signs_are_kept_apart(tmp_path):
    made = Recordings(tmp_path, updating=True)
    heard = [made.spoken(text) for text in ("Two.", "Two?")]
    again = [Recordings(tmp_path).spoken(text) for text in ("Two.", "Two?")]
    assert all(map(np.array_equal, heard, again))
    assert not np.array_equal(*heard)


def test_the_index_names_every_file_and_they_are_small():
    files = list(FOLDER.glob("*.flac"))
    assert {file.stem for file in files} == set(Recordings(FOLDER).index())
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
