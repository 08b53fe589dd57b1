"""Speech made before it is needed, in quiet moments only; and what the user is told of another voice."""

import asyncio

import numpy as np
import pytest

from assistant.app import find_skills
from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.bench.latency import on_loop
from assistant.config import load
from assistant.errors import EngineError
from assistant.events import Announced
from assistant.runtime.worker import InlineWorker
from assistant.session.announcer import Announcer
from assistant.session.frequent import frequent_phrases
from assistant.session.rehearsal import Rehearsal
from assistant.session.speaker import AHEAD_SECONDS, Speaker
from assistant.session.switching import tell_of_switches
from assistant.session.timeline import Timeline
from assistant.skill.dialogue import speaking
from assistant.tts.base import SpeechChunk
from assistant.tts.cached import Cached, SpeechStore
from assistant.tts.chain import Chain
from assistant.tts.espeak import Engine
from assistant.tts.levelled import Levelled


class Unhurried:
    """The real voice, as one that takes its time; notes what it is asked for, and what it is told of each step."""

    def __init__(self, on_step=lambda: None):
        self.voice, self.texts, self.on_step = Engine(), [], on_step
        self.rate = self.voice.rate

    def speak(self, text):
        self.texts.append(text)
        for chunk in self.voice.speak(text):
            self.on_step()
            yield chunk


@pytest.fixture
def store(tmp_path):
    return SpeechStore(tmp_path, 50_000_000)


def kept(voice, store, name="a"):
    return Chain([("piper", Levelled(Cached(voice, store, name), 0.9)), ("espeak", Engine())])


def rehearse(voices, script, quiet=True):
    async def main():
        calm = asyncio.Event()
        if quiet:
            calm.set()
        worker = InlineWorker("tts")
        try:
            await script(Rehearsal(voices, worker, calm), calm)
        finally:
            worker.close()

    on_loop(main, virtual=True)


def test_phrases_are_made_once_for_each_language_and_are_there_when_they_are_said(store):
    english, german = Unhurried(), Unhurried()
    voices = {"en": kept(english, store, "en"), "de": kept(german, store, "de")}
    words = {"en": ["OK.", "Timer set. It's 5 %."], "de": ["In Ordnung."]}

    async def script(rehearsal, _calm):
        await rehearsal.phrases(words.__getitem__)
        await rehearsal.phrases(words.__getitem__)

    rehearse(voices, script)
    assert english.texts == ["OK.", "Timer set.", "It's 5 percent."], "sentence by sentence, as a reply is said"
    assert german.texts == ["In Ordnung."]
    assert len(list(voices["en"].speak("Timer set."))) <= 2, "all of it at once, but for the fade"
    assert len(english.texts) == 3


def test_what_is_instant_is_not_made_ahead():
    asked = []

    async def script(rehearsal, _calm):
        await rehearsal.phrases(lambda code: asked.append(code) or ["OK."])

    rehearse({"en": Levelled(Engine(), 1.0)}, script)
    assert asked == []


def test_nothing_is_made_while_somebody_speaks_and_what_was_begun_is_given_up(store):
    steps = []
    calm_again = []

    async def script(rehearsal, calm):
        def step():
            steps.append(None)
            if len(steps) == 3:
                calm.clear()
                asyncio.get_running_loop().call_later(5.0, lambda: (calm_again.append(len(steps)), calm.set()))

        voice.on_step = step
        await rehearsal.phrases(lambda _code: ["This is a phrase that takes several steps."])

    voice = Unhurried()
    rehearse({"en": kept(voice, store)}, script)
    assert calm_again == [3], "not a step further until it was quiet again"
    assert len(voice.texts) == 2
    assert len(list(kept(voice, store).speak("This is a phrase that takes several steps."))) <= 2


def test_a_voice_that_fails_is_left_alone(store, caplog):
    class Broken(Unhurried):
        def speak(self, text):
            raise EngineError("tts", "piper", "crashed", f"cannot say {text!r}")
            yield

    other = Unhurried()

    async def script(rehearsal, _calm):
        await rehearsal.phrases(lambda _code: ["One.", "Two."])

    rehearse({"en": Levelled(Cached(Broken(), store, "b"), 1.0), "de": kept(other, store)}, script)
    assert "not made ahead" in caplog.text
    assert other.texts == ["One.", "Two."]


def test_the_time_is_made_as_each_minute_begins(store):
    voice = Unhurried()
    asked = []

    async def script(rehearsal, _calm):
        loop = asyncio.get_running_loop()

        async def ask():
            asked.append((speaking.get(), loop.time()))
            if len(asked) == 4:
                raise EngineError("skill", "clock", "gone", "the clock is not loaded")
            return f"It is {len(asked)} minutes past nine."

        await rehearsal.each_minute(ask, lambda: loop.time() + 42)

    rehearse({"de": kept(voice, store)}, script)
    begun = asked[0][1]
    assert [(code, at - begun) for code, at in asked] == [
        ("de", 0.0), ("de", pytest.approx(18)), ("de", pytest.approx(78)), ("de", pytest.approx(138)),
    ]  # fmt: skip
    assert voice.texts == [f"It is {number} minutes past nine." for number in (1, 2, 3)]


@pytest.mark.parametrize(("language", "timer"), [("en", "five minutes"), ("de", "fünf Minuten"), ("ru", "пять минут")])
def test_the_frequent_phrases_have_no_gaps_and_include_usual_timers(language, timer):
    phrases = list(frequent_phrases(find_skills(load(env={}, user=False).config), language))
    assert len(phrases) > 150
    assert not [phrase for phrase in phrases if "{" in phrase or "}" in phrase]
    assert any(timer in phrase for phrase in phrases)
    assert all(phrase.strip() for phrase in phrases)


def session(voice, script):
    """Runs a script with a speaker and an announcer whose mixer is pulled in virtual time; the events."""
    events, heard = [], []

    async def main():
        timeline, mixer, worker = Timeline(), Mixer(RATE), InlineWorker("tts")
        timeline.subscribe(events.append)
        speaker = Speaker(voice, worker, mixer)
        announcer = Announcer(speaker, None, RATE, timeline.emit)

        async def play():
            while True:
                heard.append(mixer.pull(RATE // 100))
                await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as tasks:
            output = tasks.create_task(play())
            tell_of_switches(speaker, announcer, tasks.create_task)
            await script(speaker)
            while announcer.busy or not mixer.idle:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            output.cancel()
        worker.close()

    on_loop(main, virtual=True)
    return events, np.concatenate(heard)


async def lines(*texts):
    for text in texts:
        yield text


def test_the_user_is_told_once_that_another_voice_speaks():
    class Dies:
        rate = 22_050

        def speak(self, text):
            raise EngineError("tts", "coqui", "died", f"its process ended at {text!r}")
            yield

    async def script(speaker):
        await speaker.begin().say(lines("Hello. ", "How are you?"))
        await asyncio.sleep(0.1)
        await speaker.begin().say(lines("Fine."))

    events, heard = session(Chain([("coqui", Dies()), ("espeak", Engine())]), script)
    assert [event.text for event in events if isinstance(event, Announced)] == [
        "My usual voice has failed, so I speak with another one."
    ]
    assert np.abs(heard.astype(int)).max() > 3_000


def test_a_slow_voice_makes_the_next_sentences_while_one_sounds():
    """It may run ahead of the ear by several seconds, but not without bound."""

    class Steady:
        rate = RATE

        def __init__(self):
            self.asked = []

        def speak(self, text):
            self.asked.append(text)
            yield SpeechChunk(np.full(4 * RATE, 3_000, np.int16), RATE, 0)

    voice = Steady()
    ahead = []

    async def script(speaker):
        speech = speaker.begin()
        saying = asyncio.ensure_future(speech.say(lines(*(f"Sentence {number}. " for number in range(8)))))
        while not saying.done():
            await asyncio.sleep(0.5)
            ahead.append(len(voice.asked) * 4 - speech.voice.played)
        await saying

    session(voice, script)
    assert len(voice.asked) == 8
    assert max(ahead) <= AHEAD_SECONDS + 8
    assert ahead[0] >= 8


@pytest.mark.parametrize("cost", [0.1, 0.4, 0.6])
def test_a_voice_that_is_just_fast_enough_leaves_no_gap_between_sentences(cost):
    """Each sentence costs three steps of a slow machine, and lasts 2 s; the device takes 20 ms at a time."""

    class Steady:
        rate = RATE

        def speak(self, _text):
            yield SpeechChunk(np.full(2 * RATE, 3_000, np.int16), RATE, 0)

    heard, gaps = [], []

    async def main():
        mixer, worker = Mixer(RATE), InlineWorker("tts", cost=cost)
        speech = Speaker(Steady(), worker, mixer).begin()
        saying = asyncio.ensure_future(speech.say(lines(*(f"Sentence {number}. " for number in range(6)))))
        while not saying.done():
            heard.append(mixer.pull(RATE // 50))
            await asyncio.sleep(0.02)
        await saying
        gaps.append(speech.voice.underruns)
        worker.close()

    on_loop(main, virtual=True)
    assert gaps == [0]
    sounding = np.flatnonzero(np.concatenate(heard))
    assert np.diff(sounding).max() == 1, "not a sample is missing between the first and the last"
    assert len(sounding) == 6 * 2 * RATE
