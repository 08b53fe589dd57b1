"""The guard against its own wake words, with a scripted second detector."""

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.session.selfguard import SelfGuard
from assistant.wake.base import Detection

N = 320


class Says:
    """A detector that hears a word in what is played at given seconds."""

    words = ("alexa",)

    def __init__(self, *seconds):
        self.at = {round(second * RATE / N) * N for second in seconds}
        self.resets = 0

    def process(self, chunk):
        return Detection("alexa", 0.1, chunk.end) if chunk.end in self.at else None

    def reset(self):
        self.resets += 1


def played(guard, near, begin=0.0):
    """Silence with a probability of near speech for each 20 ms, from ``begin`` seconds on."""
    for number, probability in enumerate(near):
        at = round(begin * RATE) + number * N
        guard.hear(AudioChunk(np.zeros(N, np.int16), RATE, at), probability)


def woken(at, score=0.99, word="alexa"):
    return Detection(word, score, round(at * RATE))


QUIET = [0.0] * 100  # 2 s
TALK = [0.0] * 60 + [0.9] * 16 + [0.1] * 24
CLEAR_TALK = [0.0] * 60 + [1.0] * 30 + [0.1] * 10


def test_everything_is_allowed_while_nothing_is_played():
    assert SelfGuard(Says()).allows(woken(1.0, 0.5))


@pytest.mark.parametrize(
    ("near", "own_at", "score", "allowed"),
    [
        (QUIET, (), 0.99, False),
        (TALK, (), 0.99, True),
        (TALK, (), 0.8, False),
        (TALK, (1.5,), 0.99, False),
        (CLEAR_TALK, (1.5,), 0.99, True),
        ([0.5] * 100, (), 0.99, False),
    ],
    ids=["echo", "user", "unsure", "own word", "user over own word", "half"],
)
def test_what_counts_while_it_speaks(near, own_at, score, allowed):
    guard = SelfGuard(Says(*own_at))
    played(guard, near)
    assert guard.allows(woken(2.0, score)) is allowed


def test_another_word_of_its_own_does_not_matter():
    guard = SelfGuard(Says(1.5))
    played(guard, TALK)
    assert guard.allows(woken(2.0, word="hey_jarvis"))


def test_a_word_that_ended_as_it_began_to_speak_counts():
    guard = SelfGuard(Says())
    played(guard, [0.0] * 20, begin=10.0)
    assert guard.allows(woken(10.4, 0.6))


def test_after_speaking_it_counts_again():
    guard = SelfGuard(Says())
    played(guard, QUIET)
    assert guard.allows(woken(4.0, 0.6))


def test_a_word_counts_once_and_a_refused_one_does_not_hide_the_next():
    guard = SelfGuard(Says(), cooldown=2.0)
    played(guard, TALK)
    answers = [guard.allows(woken(at, score)) for at, score in ((1.9, 0.7), (1.98, 0.95), (2.06, 0.99), (3.9, 0.9))]
    assert answers == [False, True, False, False]
    assert guard.allows(woken(4.1))


def test_a_gap_makes_the_second_detector_begin_anew():
    detector = Says()
    guard = SelfGuard(detector)
    played(guard, QUIET)
    played(guard, QUIET, begin=2.0)
    assert detector.resets == 1
    played(guard, QUIET, begin=9.0)
    assert detector.resets == 2
