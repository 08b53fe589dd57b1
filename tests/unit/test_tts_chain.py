"""When a voice fails or cannot keep up, the next one speaks; both are espeak-ng here, one of them with a fault."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from assistant.audio.mixer import Mixer
from assistant.audio.resample import resample
from assistant.errors import EngineError, MissingModel
from assistant.runtime.worker import InlineWorker
from assistant.session.speaker import Speaker
from assistant.tts.base import Style
from assistant.tts.cached import Cached, SpeechStore
from assistant.tts.chain import Chain
from assistant.tts.espeak import Engine, Options
from assistant.tts.levelled import Levelled
from tests.ttscontract import TtsContract

TEXT = "The quick brown fox jumps over the lazy dog."


class Witness:
    """A real voice that remembers what it was asked and what it gave; espeak-ng never says a thing twice alike."""

    instant = True

    def __init__(self, voice):
        self.voice, self.rate, self.texts, self.given = voice, voice.rate, [], []

    def speak(self, text):
        self.texts.append(text)
        for chunk in self.voice.speak(text):
            self.given.append(chunk)
            yield chunk


ENGINE = Engine()
WOMAN = Engine(Options(variant="f3"))


@pytest.fixture
def man():
    return Witness(ENGINE)


@pytest.fixture
def woman():
    return Witness(WOMAN)


class Faulty:
    """Speaks like a voice until some seconds of audio have gone out; then its process is dead."""

    def __init__(self, voice, after=0.0, marks=True):
        self.voice, self.after, self.marks, self.asked = voice, after, marks, 0
        self.rate = voice.rate

    def speak(self, text):
        self.asked += 1
        seconds = 0.0
        for chunk in self.voice.speak(text):
            if seconds + chunk.seconds > self.after:
                raise EngineError("tts", "coqui", "died", "its process ended")
            seconds += chunk.seconds
            yield chunk if self.marks else replace(chunk, marks=())


class Slow:
    """A voice whose audio costs time on a clock of its own."""

    def __init__(self, voice, costs):
        self.voice, self.costs, self.now = voice, costs, 0.0
        self.rate = voice.rate

    def clock(self):
        return self.now

    def speak(self, text):
        for chunk in self.voice.speak(text):
            self.now += chunk.seconds * self.costs
            yield chunk


class AtRate:
    """A voice at another rate, as another engine would have."""

    def __init__(self, voice, rate):
        self.voice, self.rate = voice, rate

    def speak(self, text):
        chunks = list(self.voice.speak(text))
        samples = resample(np.concatenate([chunk.samples for chunk in chunks]), self.voice.rate, self.rate)
        ratio = self.rate / self.voice.rate
        marks = tuple(replace(mark, sample=round(mark.sample * ratio)) for chunk in chunks for mark in chunk.marks)
        yield replace(chunks[0], samples=samples, rate=self.rate, start=0, marks=marks)


def samples(chunks):
    return np.concatenate([chunk.samples for chunk in chunks])


def words(chunks, text=TEXT):
    return [text[mark.start : mark.end] for chunk in chunks for mark in chunk.marks]


def test_the_first_voice_speaks_while_it_can(man, woman):
    chain = Chain([("man", man), ("woman", woman)], tell=pytest.fail)
    assert np.array_equal(samples(chain.speak(TEXT)), samples(man.given))
    assert (chain.name, chain.rate, chain.instant) == ("man", man.rate, True)


def test_a_voice_that_fails_at_once_is_replaced_and_that_is_told_once(man, woman):
    told = []
    broken = Faulty(man)
    chain = Chain([("coqui", broken), ("espeak", woman)], told.append)
    assert np.array_equal(samples(chain.speak(TEXT)), samples(woman.given))
    list(chain.speak(TEXT))
    assert broken.asked == 1, "it is not asked again at every sentence"
    assert [(each.old, each.new, each.reason) for each in told] == [("coqui", "espeak", "failed")]
    assert "its process ended" in told[0].detail


def test_a_voice_that_dies_in_a_sentence_is_followed_by_the_word_that_broke_off(man, woman):
    chain = Chain([("coqui", Faulty(man, after=1.0)), ("espeak", woman)])
    chunks = list(chain.speak(TEXT))
    said = words(chunks)
    twice = [word for word in set(said) if said.count(word) > 1 and word.lower() != "the"]
    assert len(twice) <= 1, "no more than the word that was cut is said again"
    assert list(dict.fromkeys(said)) == words(ENGINE.speak(TEXT))
    starts = [mark.sample for chunk in chunks for mark in chunk.marks]
    assert starts == sorted(starts)
    assert all(chunk.start == before.end for before, chunk in pairwise(chunks))


def test_without_marks_the_next_sentence_follows(man, woman):
    chain = Chain([("coqui", Faulty(man, after=1.0, marks=False)), ("espeak", woman)])
    text = "This one breaks off somewhere in the middle. But this one is spoken."
    chunks = list(chain.speak(text))
    assert words(chunks, text)[0] == "But"
    assert woman.texts == ["But this one is spoken."]
    assert np.array_equal(samples(chunks)[-len(samples(woman.given)) :], samples(woman.given))


def test_nothing_is_said_again_after_the_last_word(man, woman):
    class AfterAll(Faulty):
        def speak(self, text):
            yield from self.voice.speak(text)
            raise EngineError("tts", "coqui", "died", "its process ended")

    chain = Chain([("coqui", AfterAll(man)), ("espeak", woman)])
    assert np.array_equal(samples(chain.speak(TEXT)), samples(man.given))
    assert woman.texts == []


def test_rates_may_differ_within_a_speech(man, woman):
    chain = Chain([("coqui", Faulty(man, after=1.0)), ("piper", AtRate(woman, 16_000))])
    chunks = list(chain.speak(TEXT))
    assert {chunk.rate for chunk in chunks} == {22_050, 16_000}
    seconds = [mark.sample / chunk.rate for chunk in chunks for mark in chunk.marks]
    assert seconds == sorted(seconds)
    before = sum(chunk.seconds for chunk in chunks if chunk.rate == 22_050)
    assert next(mark.sample for mark in chunks[-1].marks) / 16_000 == pytest.approx(before, abs=0.2)


def test_a_voice_slower_than_real_time_gives_way_after_the_warm_up(man, woman):
    slow, told = Slow(man, costs=1.5), []
    chain = Chain([("coqui", slow), ("espeak", woman)], told.append, slow.clock)
    spoken_by = []
    for _ in range(4):
        list(chain.speak(TEXT))
        spoken_by.append(chain.name)
    assert spoken_by == ["coqui", "coqui", "coqui", "espeak"], "the first is the warm-up, then 3 s are measured"
    assert [(each.reason, each.detail) for each in told] == [("slow", "1.5 s of computing for a second of speech")]


@pytest.mark.parametrize("costs", [0.2, 1.0, 1.1])
def test_a_voice_that_keeps_up_stays(man, woman, costs):
    slow = Slow(man, costs)
    chain = Chain([("piper", slow), ("espeak", woman)], pytest.fail, slow.clock)
    for _ in range(8):
        list(chain.speak(TEXT))
    assert chain.name == "piper"


def test_a_slow_warm_up_is_forgiven(man, woman):
    slow = Slow(man, costs=20)
    chain = Chain([("piper", slow), ("espeak", woman)], pytest.fail, slow.clock)
    list(chain.speak(TEXT))
    slow.costs = 0.5
    for _ in range(4):
        list(chain.speak(TEXT))
    assert chain.name == "piper"


def test_it_comes_back_after_a_rest_and_rests_longer_if_it_is_still_slow(man, woman):
    slow, told = Slow(man, costs=2), []
    chain = Chain([("coqui", slow), ("espeak", woman)], told.append, slow.clock)

    def until_espeak():
        for count in range(9):
            list(chain.speak(TEXT))
            if chain.name == "espeak":
                return count
        return None

    assert until_espeak() == 3
    slow.now += 599
    assert until_espeak() == 0
    slow.now += 2
    assert until_espeak() == 2, "it has been warm since, so all of it counts"
    slow.now += 601
    assert until_espeak() == 0, "the second rest is twice as long"
    slow.now += 600
    slow.costs = 0.5
    assert until_espeak() is None
    assert len(told) == 1


def test_the_last_voice_is_never_too_slow_and_never_rests(man):
    slow = Slow(man, costs=5)
    chain = Chain([("coqui", Faulty(man)), ("espeak", slow)], clock=slow.clock)
    for _ in range(4):
        assert len(samples(chain.speak(TEXT)))
    last = Faulty(man)
    failing = Chain([("coqui", Faulty(man)), ("espeak", last)])
    with pytest.raises(EngineError, match=r"No voice can speak: .*its process ended"):
        list(failing.speak(TEXT))
    last.after = 1e9
    assert len(samples(failing.speak(TEXT))), "the next turn works"


def test_further_voices_are_loaded_when_they_are_needed(man, woman):
    loaded = []

    def absent():
        loaded.append("piper")
        raise MissingModel("de_DE-thorsten", "assistant models pull …")

    def present():
        loaded.append("espeak")
        return woman

    chain = Chain([("coqui", Faulty(man, after=3.5)), ("piper", absent), ("espeak", present)])
    list(chain.speak("Hello."))
    assert loaded == []
    list(chain.speak(TEXT * 2))
    assert loaded == ["piper", "espeak"]
    list(chain.speak(TEXT))
    assert loaded == ["piper", "espeak"], "each once"


def test_any_exception_is_a_failure_and_an_abandoned_speech_is_none(man, woman):
    class Buggy(Faulty):
        def speak(self, text):
            raise ValueError(f"shape (1, {len(text)})")

    chain = Chain([("piper", Buggy(man)), ("espeak", woman)])
    assert len(samples(chain.speak(TEXT)))
    chain = Chain([("man", man), ("woman", woman)], pytest.fail)
    speech = chain.speak(TEXT)
    next(speech)
    speech.close()
    assert chain.name == "man"
    assert list(chain.speak("  ")) == []


def test_a_chain_speaks_in_another_manner_where_its_voice_can():
    chain = Chain([("man", ENGINE), ("woman", WOMAN)])
    fast = samples(chain.styled(Style(rate=1.5)).speak(TEXT))
    assert len(fast) < 0.8 * len(samples(chain.speak(TEXT)))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    kept = Cached(ENGINE, SpeechStore(tmp_path_factory.mktemp("speech"), 10_000_000), "espeak")
    return Chain([("piper", Levelled(kept, 0.9)), ("espeak", WOMAN)])


class TestWrapped(TtsContract):
    """What every voice must do, all the wrappers around it too."""


def test_a_voice_that_rests_is_woken_through_everything_around_it(tmp_path):
    class Resting(Engine):
        woken = 0

        def prepare(self):
            self.woken += 1

    voice, other = Resting(), Resting()
    store = SpeechStore(tmp_path, 1_000_000)
    chain = Chain([("one", Levelled(Cached(voice, store, "one"), 1.0)), ("other", lambda: other)])
    mixer = Mixer(16_000)
    Speaker(chain, InlineWorker("tts"), mixer, "en", {"de": Engine()}).prepare()
    assert (voice.woken, other.woken) == (1, 0), "what is not in use stays as it is"
