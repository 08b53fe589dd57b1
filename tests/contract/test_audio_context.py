"""Encoding only the audio that is there: the same transcripts as full windows of 30 s, or a full window."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.asr import whisper_decoder
from assistant.asr.faster_whisper import Engine, Options
from assistant.intent.template import words_of
from tests.tiny import MODEL, say, takes

FULL = 3000  # frames


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Options(model=str(MODEL)))


@pytest.fixture
def windows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The length of each window that was encoded, in frames."""
    lengths: list[int] = []
    encode = engine._whisper.encode

    def watch(features: Any) -> Any:
        lengths.append(features.shape[-1])
        return encode(features)

    monkeypatch.setattr(engine._whisper, "encode", watch)
    return lengths


def test_trimmed_and_full_windows_give_the_same_words(engine: Engine, windows: list[int]) -> None:
    full = Engine(Options(model=str(MODEL), audio_context="full"))
    pairs = [(engine.decode(samples), full.decode(samples)) for samples in takes(16, every=9)]
    same = [words_of(trimmed.text) == words_of(whole.text) for trimmed, whole in pairs]
    assert sum(same) >= len(same) - 1
    assert sorted(windows)[len(windows) // 2] < FULL / 4  # few enough were doubtful to pay


def test_a_repetition_in_a_trimmed_window_is_decoded_again_in_full(
    engine: Engine, windows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = whisper_decoder.hallucination.objection
    told: list[str] = []

    def first_is_a_loop(evidence: Any, *rest: Any) -> str | None:
        told.append(evidence.text)
        return "repetition" if len(told) == 1 else real(evidence, *rest)

    monkeypatch.setattr(whisper_decoder.hallucination, "objection", first_is_a_loop)
    assert engine.decode(say("What day is it?")).text == "What day is it?"
    assert windows[0] < FULL / 3
    assert windows[1:2] == [FULL]


def test_an_unlikely_text_in_a_trimmed_window_is_decoded_again_in_full(
    engine: Engine, windows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper_decoder, "_UNSURE", 0.0)
    assert engine.decode(say("What day is it?")).text == "What day is it?"
    assert windows[0] < FULL / 3
    assert windows[1:2] == [FULL]
