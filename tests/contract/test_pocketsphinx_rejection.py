"""The built-in recogniser on real sound that is no command (../shared/data)."""

from __future__ import annotations

import pytest

from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from tests import home
from tests.shared import DATA, needs_data

pytestmark = [needs_data, pytest.mark.data]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = Engine(Options(cache=tmp_path_factory.mktemp("cache") / "said.json"))
    made.adapt(home.grammar(), ("hey jarvis",))
    return made


def clips(folder: str, pattern: str, step: int, start: float, seconds: float) -> list[Samples]:
    """Every so many-th recording, a few seconds of each; those that are too short are left out."""
    found = []
    for path in sorted(path for path in (DATA / folder).glob(pattern) if path.is_file())[::step]:
        samples = decode(path)
        found.append(samples[int(start * RATE) : int((start + seconds) * RATE)])
    return [samples for samples in found if len(samples) > RATE]


def heard(engine: Engine, samples: Samples) -> str:
    utterance = engine.open()
    utterance.feed(AudioChunk(samples))
    return utterance.finish().text


@pytest.mark.parametrize(("start", "seconds"), [(0, 10), (1, 3)])
def test_nine_of_ten_pieces_of_read_english_are_rejected(engine, start, seconds):
    pieces = clips("speech/librispeech", "*.flac", 3, start, seconds)
    assert len(pieces) >= 15
    assert sum(not heard(engine, piece) for piece in pieces) / len(pieces) >= 0.9


def test_no_noise_is_a_command(engine):
    pieces = clips("noise", "**/*.*", 5, 0, 5)
    assert len(pieces) >= 20
    assert [heard(engine, piece) for piece in pieces] == [""] * len(pieces)
