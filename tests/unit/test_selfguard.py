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


def guard_of(*own_at, cooldown=2.0):
    return SelfGuard(Says(*own_at), {"alexa": "alexa", "hey_jarvis": "hey jarvis"}, {"alexa": cooldown})


def played(guard, near, begin=0.0, knows=True, saying=None, sound=1000):
    """A steady sound from ``begin`` seconds on, with a probability of near speech for each 20 ms; words at seconds."""
    said = {round(at * RATE / N): text for at, text in (saying or {}).items()}
    for number, probability in enumerate(near):
        at = round(begin * RATE) + number * N
        text = said.get(at // N, "")
        guard.hear(AudioChunk(np.full(N, sound, np.int16), RATE, at), probability, knows=knows, saying=text)


def woken(at, score=0.99, word="alexa"):
    return Detection(word, score, round(at * RATE))


def hears(guard, *scores, at=2.0, word="alexa"):
    """Whether any of several detections 80 ms apart, the last at ``at``, counts."""
    first = at - 0.08 * (len(scores) - 1)
    return any(guard.allows(woken(first + 0.08 * number, score, word)) for number, score in enumerate(scores))


QUIET = [0.0] * 100  # 2 s
TALK = [0.0] * 60 + [0.9] * 16 + [0.1] * 24


def test_everything_is_allowed_while_nothing_is_played():
    assert guard_of().allows(woken(1.0, 0.5))


@pytest.mark.parametrize(
    ("near", "scores", "allowed"),
    [
        (QUIET, (0.99, 0.99, 0.99), False),
        (TALK, (0.6, 0.95), True),
        (TALK, (0.95, 0.6), True),
        (TALK, (0.99,), False),
        (TALK, (0.8, 0.8, 0.8), False),
        ([0.4] * 100, (0.99, 0.99), False),
    ],
    ids=["echo", "user", "user fading", "brief", "unsure", "half"],
)
def test_what_counts_while_it_speaks(near, scores, allowed):
    guard = guard_of()
    played(guard, near)
    assert hears(guard, *scores) is allowed


def test_what_it_says_itself_does_not_count_whatever_the_evidence():
    for own_at, saying in (((1.5,), {}), ((), {1.0: "Alexa,"}), ((), {0.2: "Say ALEXA."})):
        guard = guard_of(*own_at)
        played(guard, [1.0] * 100, saying=saying)
        assert not hears(guard, 1.0, 1.0, 1.0)


def test_any_part_of_a_phrase_is_its_longest_word():
    guard = guard_of()
    played(guard, [1.0] * 100, saying={1.0: "Jarvis's"})
    assert not hears(guard, 1.0, 1.0, word="hey_jarvis")
    assert hears(guard, 1.0, 1.0)


def test_three_seconds_after_its_own_word_others_are_heard():
    guard = guard_of()
    played(guard, [1.0] * 250, saying={1.0: "Alexa"})
    assert not hears(guard, 1.0, 1.0, at=3.9)
    assert hears(guard, 1.0, 1.0, at=4.3)


def test_another_word_of_its_own_does_not_matter():
    guard = guard_of(1.5)
    played(guard, TALK)
    assert hears(guard, 0.99, 0.99, word="hey_jarvis")


@pytest.mark.parametrize(("score", "allowed"), [(0.995, True), (0.97, False)])
def test_before_the_canceller_can_tell_it_takes_certainty(score, allowed):
    guard = guard_of()
    played(guard, QUIET, knows=False)
    assert hears(guard, score, score) is allowed


def test_without_a_second_detector_the_text_is_enough():
    guard = SelfGuard(None, {"alexa": "alexa"}, {})
    played(guard, [1.0] * 100, saying={1.0: "alexa"})
    assert not hears(guard, 1.0, 1.0)


def test_a_word_that_ended_as_it_began_to_speak_counts():
    guard = guard_of()
    played(guard, [0.0] * 20, begin=10.0)
    assert guard.allows(woken(10.4, 0.6))


def test_after_speaking_it_counts_again():
    guard = guard_of()
    played(guard, QUIET)
    assert guard.allows(woken(2.9, 0.6))


def test_a_word_counts_once_and_a_refused_one_does_not_hide_the_next():
    guard = guard_of()
    played(guard, TALK)
    answers = [guard.allows(woken(at, score)) for at, score in ((1.9, 0.7), (1.98, 0.95), (2.06, 0.99), (3.9, 0.9))]
    assert answers == [False, True, False, False]
    assert guard.allows(woken(4.1))


def test_a_gap_makes_the_second_detector_begin_anew():
    detector = Says()
    guard = SelfGuard(detector, {}, {})
    played(guard, QUIET)
    played(guard, QUIET, begin=2.0)
    assert detector.resets == 1
    played(guard, QUIET, begin=9.0)
    assert detector.resets == 2


def test_a_second_after_its_last_sound_it_counts_as_ever():
    guard = guard_of()
    played(guard, QUIET)
    played(guard, [1.0] * 60, begin=2.0, sound=0)
    assert guard.allows(woken(3.1, 0.6))


def test_where_there_seems_to_be_no_echo_its_own_words_are_known_all_the_same():
    guard = guard_of()
    guard.note("hey Jarvis", round(1.5 * RATE))
    assert not guard.allows(woken(2.2, 0.99, "hey_jarvis"))
    assert guard.allows(woken(2.2, 0.5, "alexa"))
