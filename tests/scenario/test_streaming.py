"""Partial transcripts in a whole session, by the tiny Whisper and by PocketSphinx."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.asr.faster_whisper import Engine, Options
from assistant.audio.chunk import RATE
from assistant.bench.streaming import Shown, word_lags
from assistant.intent.template import words_of
from tests.scenario.harness import lines, play
from tests.tiny import MODEL

SETTINGS = {"asr__engine": "whisper", "asr__whisper__model": MODEL}


@pytest.fixture(scope="module")
def recording():
    return lines("What time is it?", "Set a pasta timer for nine minutes.")


@pytest.fixture(scope="module")
def session(recording, tmp_path_factory):
    return play(recording, tmp_path_factory.mktemp("session"), settings=SETTINGS, wake=False)


def test_both_commands_are_understood(session):
    assert session.texts() == ["What time is it?", "Set a pasta timer for nine minutes."]
    assert session.outcomes() == ["answered", "answered"]


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


def test_partials_are_little_behind_the_audio(session, recording):
    """In stream time: from the end of a word, by the batch engine, to the first partial that holds it."""
    engine = Engine(Options(model=str(MODEL)))
    lags = []
    for began, ended in zip(session.of("SpeechStarted"), session.of("SpeechEnded"), strict=True):
        first = began["since"] - 0.35
        spoken = engine.transcribe(recording[int(first * RATE) : int((ended["until"] + 0.3) * RATE)])
        partials = [event for event in session.of("Partial") if event["turn"] == began["turn"]]
        shown = [Shown(event["at"] - first, tuple(words_of(event["text"]))) for event in partials]
        lags += word_lags(spoken, shown)
    print("lag in seconds, median, P90, worst:", np.percentile(lags, (50, 90, 100)).round(3))
    assert len(lags) == 11
    assert np.median(lags) < 0.5
