"""The spoken corpus of the latency benchmark, and the pauses put into it."""

from itertools import islice

import numpy as np
import pytest

from assistant.app import find_skills
from assistant.audio.chunk import RATE
from assistant.bench import freespeech
from assistant.bench.corpus import CORPUS, VOICES, WAKE, takes
from assistant.bench.pauses import LONGEST_S, SHORTEST_S, hesitant
from assistant.bench.take import Take, audible, quietest, with_pause
from assistant.config import load
from assistant.intent.router import Router


@pytest.fixture(scope="module")
def first_takes():
    return list(takes(CORPUS[:12]))


def longest_gap(samples):
    """Seconds of exact silence between sounds."""
    loud = np.flatnonzero(samples)
    return float(np.max(np.diff(loud))) / RATE


def test_it_is_large_and_varied():
    assert len(CORPUS) >= 60
    assert len(dict(CORPUS)) == len(CORPUS)
    assert len(VOICES) >= 4
    lengths = {len(text.split()) for text, _ in CORPUS}
    assert {1, 2, 3, 4, 5, 6, 7} <= lengths
    assert len({intent.partition(".")[0] for _, intent in CORPUS}) >= 10


def test_every_command_in_writing_reaches_its_intent():
    router = Router(find_skills(load(env={}, user=False).config))
    found = {text: match.intent if (match := router.route(text)) else None for text, _ in CORPUS}
    assert found == dict(CORPUS)


def test_a_take_ends_with_its_last_audible_sample(first_takes):
    for take in first_takes:
        assert audible(take.samples) == (0, len(take.samples))
        assert take.samples.dtype == np.int16


def test_words_are_marked_in_order(first_takes):
    for take in first_takes:
        characters, places = zip(*take.words, strict=True)
        assert list(places) == sorted(places)
        assert places[-1] < len(take.samples)
        assert characters[0] == -len(WAKE)
        assert 0 in characters
        own = [at for at in characters if at > 0]
        assert all(take.text[at - 1] == " " for at in own)


def test_some_commands_come_a_breath_after_the_wake_word(first_takes):
    late = [longest_gap(take.samples) for take in first_takes]
    assert sum(gap > 0.35 for gap in late) == 2
    assert late[5] > 0.35


def test_a_pause_is_silence_and_moves_what_follows():
    rng = np.random.default_rng(0)
    take = Take("one two", "", rng.integers(-9000, 9000, RATE).astype(np.int16), ((0, 0), (4, 8000)))
    cut = with_pause(take, 8000, 0.5)
    assert len(cut.samples) == len(take.samples) + RATE // 2
    assert cut.words == ((0, 0), (4, 16000))
    assert longest_gap(cut.samples) == pytest.approx(0.5, abs=0.01)
    assert np.array_equal(cut.samples[:7000], take.samples[:7000])
    assert np.array_equal(cut.samples[-7000:], take.samples[-7000:])


def test_the_cut_goes_through_the_quietest_place_nearby():
    samples = np.full(RATE, 5000, np.int16)
    samples[8100:8200] = 0
    assert 8100 <= quietest(samples, 8000) < 8200
    assert quietest(samples[:10], 5) == 5


def test_hesitations_are_at_word_boundaries_and_the_same_every_time(first_takes):
    found = list(hesitant(first_takes))
    again = list(hesitant(first_takes))
    assert [(take.before, take.pause) for take in found] == [(take.before, take.pause) for take in again]
    assert len(found) == len(first_takes)
    for take in found:
        assert SHORTEST_S <= take.pause <= LONGEST_S
        assert take.text.startswith(take.before + " ")
        assert longest_gap(take.samples) >= take.pause - 0.01


def test_one_word_has_no_boundary():
    assert list(hesitant(islice(takes([("hello", "smalltalk.greet")]), 1))) == []


def test_the_end_of_recorded_speech_is_found_over_a_noise_floor():
    rng = np.random.default_rng(1)
    sound = rng.normal(0, 20, 3 * RATE)
    sound[RATE : 2 * RATE] += rng.normal(0, 3000, RATE)
    assert freespeech.end_of_speech(sound.astype(np.int16)) == pytest.approx(2 * RATE, abs=RATE // 50)
    assert freespeech.end_of_speech(np.zeros(0, np.int16)) == 0


def test_pauses_inside_recorded_speech_are_counted():
    rng = np.random.default_rng(1)
    sound = rng.normal(0, 20, 4 * RATE)
    for start, stop in ((0.5, 1.0), (1.2, 2.0), (2.5, 3.0)):
        part = slice(int(start * RATE), int(stop * RATE))
        sound[part] += rng.normal(0, 3000, part.stop - part.start)
    assert freespeech.pauses(sound.astype(np.int16)) == 1
    assert freespeech.pauses(np.zeros(0, np.int16)) == 0


def test_without_recordings_there_are_none(tmp_path):
    assert freespeech.recordings(tmp_path / "nowhere", 3) == []
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    assert freespeech.recordings(tmp_path, 3) == []
