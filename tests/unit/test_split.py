"""Long recordings are cut into utterances."""

import numpy as np

from assistant.audio.chunk import RATE
from assistant.vad.endpoint import Limits
from assistant.vad.silero import Engine
from assistant.vad.split import utterances
from tests.scenario.harness import lines


def test_each_sentence_is_an_utterance_of_its_own():
    samples = lines("What time is it?", "Flip a coin.", "Set a timer for five minutes.", pause=1.5)
    parts = list(utterances(samples, Engine(), Limits()))
    assert len(parts) == 3
    assert all(0.5 * RATE < len(part) < 3 * RATE for part in parts)


def test_silence_has_none_and_speech_to_the_last_sample_has_one():
    voice = Engine()
    assert list(utterances(np.zeros(10 * RATE, np.int16), voice, Limits())) == []
    cut = lines("What time is it?", pause=0.0)
    assert len(list(utterances(cut, voice, Limits()))) == 1
