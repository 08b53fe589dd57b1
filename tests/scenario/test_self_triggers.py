"""It does not wake up at its own wake words, and hears others say them over its speech.

A short version of ``assistant.bench.echo.measure``: rooms and people are the recordings beside the project.
"""

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.decode import decode
from assistant.bench.echo import Chain, misses
from assistant.bench.scene import ABOUT_ITSELF, Scene, own_speech, responses
from assistant.wake.openwakeword import Engine, Options
from tests.shared import DATA, needs_data

pytestmark = needs_data


@pytest.fixture(scope="module")
def rooms():
    return responses(DATA / "rir")


@pytest.fixture(scope="module")
def chain():
    return Chain()


def test_the_question_is_a_real_one(rooms):
    """Without cancellation the same sound wakes it many times."""
    played = own_speech(ABOUT_ITSELF, 30.0).samples
    heard = Scene("a room", rooms["audiomentations_impulse_response_0"], 0.0).heard(played)
    bare = Engine(Options(words=("hey_jarvis", "alexa")))
    found = [bare.process(AudioChunk(heard[at : at + 320], RATE, at)) for at in range(0, len(heard) - 319, 320)]
    assert sum(each is not None for each in found) >= 4


@pytest.mark.parametrize("ratio_db", [-10.0, 0.0, 10.0])
def test_its_own_speech_does_not_wake_it(chain, rooms, ratio_db):
    own = own_speech(ABOUT_ITSELF, 11.0)
    for number, (name, response) in enumerate(rooms.items()):
        found = chain.run(own, Scene(name, response, ratio_db, 0.05 * number).heard(own.samples))
        assert found.woken == (), name


def test_people_are_heard_over_its_speech(chain, rooms):
    clips = [decode(path) for path in sorted((DATA / "wake/alexa").iterdir())[::12]]
    some = {name: rooms[name] for name in list(rooms)[::3]}
    quiet, over = misses(chain, some, clips)
    assert quiet == 0.0
    assert np.mean(list(over.values())) <= 0.05
