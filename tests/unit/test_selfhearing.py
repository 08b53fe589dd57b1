"""The ears with the assistant's own sound taken out, on the real detectors; and what is composed of it."""

import sys

import numpy as np
import pytest

from assistant.app import _canceller
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.echo import EchoCanceller
from assistant.bench.scene import ABOUT_OTHER_THINGS, CHUNK, NOISE_RMS, OwnSpeech, Scene, own_speech, synthetic_room
from assistant.config import Config
from assistant.session.ears import Ears
from assistant.session.selfhearing import SelfHearing
from assistant.vad.endpoint import Edge, Limits, Segmenter
from assistant.vad.silero import Engine as Silero
from assistant.vad.silero import Options as SileroOptions
from assistant.wake.openwakeword import Engine, Options


def edges(own, heard, canceller=None):
    """What a segmenter makes of the frames, with the seconds; frames of the assistant's own voice are not voiced."""
    at = 0
    canceller = canceller or EchoCanceller()
    ears = Ears(Silero(SileroOptions()), None, SelfHearing(canceller, None, lambda: own.saying(at, at + CHUNK)))
    segmenter, found = Segmenter(Limits(no_speech=1e9)), []
    for at in range(0, len(heard) // CHUNK * CHUNK, CHUNK):
        canceller.reference(AudioChunk(own.samples[at : at + CHUNK], RATE, at))
        result = ears.hear(AudioChunk(heard[at : at + CHUNK], RATE, at))
        assert (result.chunk.start, result.chunk.end) == (at, at + CHUNK)
        for voice in result.voices:
            probability = voice.probability if voice.near_end >= 0.5 else 0.0
            found += [(edge, voice.end / RATE) for edge in segmenter.push(probability, voice.end)]
    return found


@pytest.mark.parametrize(("ratio_db", "rt60"), [(0.0, 0.3), (10.0, 1.2)])
def test_its_own_speech_does_not_begin_an_utterance(ratio_db, rt60):
    own = own_speech(ABOUT_OTHER_THINGS, 14.0)
    heard = Scene("synthetic", synthetic_room(rt60), ratio_db, 0.05).heard(own.samples)
    assert edges(own, heard) == []


def test_whoever_wears_headphones_is_heard_at_once():
    """Nothing arrives at the microphone but the user, 2 s after the first word ever played."""
    own = own_speech(ABOUT_OTHER_THINGS, 5.0)
    user = own_speech(("Turn on the lights in the kitchen.",), 2.5).samples
    heard = np.random.default_rng(1).normal(0, NOISE_RMS, len(own.samples)).astype(np.int16)
    heard[round(2.0 * RATE) : round(2.0 * RATE) + len(user)] += user
    started = [at for edge, at in edges(own, heard) if edge is Edge.STARTED]
    assert started
    assert started[0] < 3.0


def test_a_short_sound_does_not_swallow_what_is_said_over_it():
    """The sound that says "listening", when nothing is known of the room yet."""
    own = OwnSpeech(np.zeros(4 * RATE, np.int16))
    own.samples[RATE : RATE + RATE // 5] = (4_000 * np.sin(0.3 * np.arange(RATE // 5))).astype(np.int16)
    user = own_speech(("Turn on the lights in the kitchen.",), 2.0).samples
    heard = np.concatenate([np.zeros(RATE // 2, np.int16), user, np.zeros(RATE, np.int16)])
    started = [at for edge, at in edges(own, heard) if edge is Edge.STARTED]
    assert started
    assert started[0] < 1.5


def test_a_second_detector_shares_the_models_and_nothing_else():
    first = Engine(Options(words=("alexa",), cooldown=2.0))
    second, alone = first.another(0.02), Engine(Options(words=("alexa",), threshold=0.02, cooldown=0.0))
    alone.reset()
    said = own_speech(("Alexa. Alexa, stop. Tell Alexa to stop.",), 6.0).samples
    answers = []
    for at in range(0, len(said) // CHUNK * CHUNK, CHUNK):
        first.process(AudioChunk(said[at : at + CHUNK][::-1].copy(), RATE, at))
        chunk = AudioChunk(said[at : at + CHUNK], RATE, at)
        answers.append(second.process(chunk))
        assert answers[-1] == alone.process(chunk)
    assert any(answers)


def test_without_livekit_it_says_so_and_goes_on(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "livekit.rtc.apm", None)
    assert _canceller(Config(), 0.0) is None
    (record,) = caplog.records
    assert "pip install livekit" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_echo_cancellation_can_be_switched_off(caplog):
    config = Config.model_validate({"audio": {"echo": {"cancel": False}}})
    assert _canceller(config, 0.0) is None
    assert not caplog.records
