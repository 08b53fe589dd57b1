"""The whole session in a room where the microphone hears the loudspeaker."""

from functools import partial

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.bench.room import NEAR_RMS, RoomSource
from assistant.bench.scene import active_rms, synthetic_room
from tests.scenario.harness import lines, play

pytestmark = pytest.mark.varies

ABOUT_ITSELF = (
    "My name is Jarvis. Say hey jarvis to wake me up, and hey jarvis once more to interrupt me. The weather is mostly"
    " cloudy today, with light rain in the afternoon. The train to the city leaves in twelve minutes from platform"
    " three. There are three appointments on Thursday, and the dentist is one of them."
)

SKILL = f'''"""Talks about itself."""
from assistant import Context, skill

@skill("introduce yourself", examples=["introduce yourself"])
async def introduce(ctx: Context) -> str:
    """Say who you are."""
    return {ABOUT_ITSELF!r}
'''


@pytest.fixture
def converse(tmp_path):
    """A conversation in a room: what is said and when (seconds) → the run."""
    (tmp_path / "introduction.py").write_text(SKILL)

    def run(*said, ratio_db=0.0, seconds=24.0, **options):
        near = np.zeros(round(seconds * RATE))
        for at, text in said:
            sound = lines(text, pause=0.0)[RATE:].astype(np.float64)
            begin = round(at * RATE)
            near[begin : begin + len(sound)] += sound * (NEAR_RMS / active_rms(sound))
        room = partial(RoomSource, response=synthetic_room(0.3), ratio_db=ratio_db, delay=0.06)
        return play(near.astype(np.int16), tmp_path, skills=[tmp_path], room=room, **options)

    return run


def test_its_own_wake_words_do_not_wake_it(converse):
    run = converse((1.0, "Hey Jarvis, introduce yourself."))
    assert len(run.of("WakeDetected")) == 1
    assert run.replies() == [ABOUT_ITSELF]
    assert run.outcomes() == ["answered"]


def test_without_cancellation_they_do(converse):
    """The room is a real one."""
    run = converse((1.0, "Hey Jarvis, introduce yourself."), seconds=12.0, settings={"audio__echo__cancel": "false"})
    assert len(run.of("WakeDetected")) > 1


def test_the_user_interrupts_it_with_the_wake_word(converse):
    """Over speech that is as loud as it is, a wake word may have to be said again."""
    tries = [(at, "Hey Jarvis, flip a coin.") for at in (9.0, 13.0, 17.0)]
    run = converse((1.0, "Hey Jarvis, introduce yourself."), *tries)
    assert [event["intent"] for event in run.of("IntentMatched")][:2] == ["introduction.introduce", "chance.flip_coin"]
    spoken = run.of("SpeakingFinished")[0]
    assert spoken["interrupted"]
    assert ABOUT_ITSELF.startswith(spoken["spoken"])


def test_without_a_wake_word_its_own_speech_is_no_utterance(converse):
    """The user's speech interrupts it then, so its echo would."""
    run = converse((1.0, "Introduce yourself."), wake=False)
    assert run.texts() == ["introduce yourself"]
    assert run.outcomes() == ["answered"]
    assert len(run.of("SpeechStarted")) == 1
