"""One winner a turn: however many answers were begun, one is heard and the others are cancelled."""

import asyncio

import numpy as np

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.bench.latency import on_loop
from assistant.events import ReplyDelta, SpeakingFinished, TurnEnded
from assistant.runtime.worker import Worker
from assistant.session.announcer import Announcer
from assistant.session.brain import Decision, Kind, Reply
from assistant.session.speaker import Speaker
from assistant.session.stage import Stage
from assistant.session.timeline import Timeline
from assistant.session.turn import Parts, Utterance
from assistant.session.turns import Turns
from assistant.tts.base import SpeechChunk


class Tone:
    """A voice: 50 ms of sound for each character."""

    rate = RATE

    def speak(self, text):
        samples = np.full(len(text) * RATE // 20, 3_000, np.int16)
        yield SpeechChunk(samples, RATE, 0)


class Thinker:
    """Answers after so many seconds as the sentence says, and notes which answers were cancelled."""

    def __init__(self):
        self.begun = []
        self.cancelled = []

    def decide(self, text, **_):
        return Decision(text, None, None, Kind.COMMAND)

    async def act(self, decision):
        self.begun.append(decision.text)
        try:
            await asyncio.sleep(float(decision.text.split()[0]))
        except asyncio.CancelledError:
            self.cancelled.append(decision.text)
            raise
        return Reply(f"after {decision.text}")


class House:
    last_reply = ""


def contest(script, thinker=None):
    """Run a script with turns; what it was told of, and who was cancelled."""
    events, thinker = [], thinker or Thinker()

    async def main():
        timeline, mixer, worker = Timeline(), Mixer(RATE), Worker("tts")
        timeline.subscribe(events.append)
        speaker = Speaker(Tone(), worker, mixer)
        stage = Stage(timeline, mixer, Announcer(speaker, None, RATE, timeline.emit), {})
        turns = Turns(stage, Parts(thinker, speaker), House(), live=False)
        ended = asyncio.Event()

        async def over(_):
            ended.set()

        turns.on_over = over

        async def play():
            while True:
                mixer.pull(RATE // 100)
                await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as tasks:
            turns.tasks = tasks
            output = tasks.create_task(play())
            await script(turns)
            await ended.wait()
            output.cancel()
        worker.close()

    on_loop(main, virtual=True)
    return events, thinker


def said(text):
    return Utterance(Transcript(text))


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_the_slower_of_two_answers_is_cancelled():
    async def script(turns):
        slow, quick = turns.prepare(1, said("5 slow")), turns.prepare(1, said("1 quick"))
        slow.open_gate()  # both could answer
        await asyncio.sleep(0.5)
        turns.open(quick, 0.0)

    events, thinker = contest(script)
    assert thinker.cancelled == ["5 slow"]
    assert [event.text for event in of(ReplyDelta, events)] == ["after 1 quick"]
    assert len(of(SpeakingFinished, events)) == 1


def test_a_reply_in_ssml_is_told_without_its_tags():
    class Marked(Thinker):
        async def act(self, _decision):
            return Reply('<speak>Well, <emphasis>hello</emphasis>.<break time="50ms"/></speak>')

    async def script(turns):
        turns.open(turns.prepare(1, said("0 anything")), 0.0)

    events, _ = contest(script, Marked())
    assert [event.text for event in of(ReplyDelta, events)] == ["Well, hello."]
    assert [event.spoken for event in of(SpeakingFinished, events)] == ["Well, hello."]


def test_a_turn_that_speaks_is_silenced_by_the_next():
    async def script(turns):
        turns.open(turns.prepare(1, said("0 first")), 0.0)
        await asyncio.sleep(0.3)
        turns.open(turns.prepare(2, said("0 second")), 0.0)

    events, _ = contest(script)
    first, second = of(SpeakingFinished, events)
    assert (first.interrupted, second.interrupted) == (True, False)
    assert [event.outcome for event in of(TurnEnded, events)] == ["cancelled", "answered"]
