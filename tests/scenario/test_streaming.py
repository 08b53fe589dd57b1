"""Partial transcripts in a whole session, by the tiny Whisper and by PocketSphinx."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bench.corpus import trimmed
from tests.scenario.harness import lines, play

TINY = Path(__file__).parents[1] / "data" / "tiny-whisper"
SETTINGS = {"asr__engine": "whisper", "asr__whisper__model": TINY}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    recording = lines("What time is it?", "Set a pasta timer for nine minutes.")
    return play(recording, tmp_path_factory.mktemp("session"), settings=SETTINGS, wake=False)


def test_both_commands_are_understood(session):
    assert session.texts() == ["What time is it?", "Set a pasta timer for nine minutes."]
    assert session.outcomes() == ["done", "done"]


def test_partials_come_while_the_user_speaks(session):
    spoken_until = session.of("SpeechEnded")[1]["until"]
    partials = [event for event in session.of("Partial") if event["turn"] == 2]
    early = [event for event in partials if event["at"] < spoken_until]
    assert early, partials
    assert "Set a pasta timer".startswith(early[0]["text"])


def test_the_last_partial_before_the_end_is_the_transcript(session):
    for transcribed in session.of("Transcribed"):
        partials = [event for event in session.of("Partial") if event["turn"] == transcribed["turn"]]
        assert partials[-1]["text"] == transcribed["text"]
        assert partials[-1]["at"] <= transcribed["at"]
