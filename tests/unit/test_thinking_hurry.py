"""What happens to a conversation with the model when the user is quicker than everything else."""

from __future__ import annotations

import asyncio

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.llm.base import Delta, ToolCall
from assistant.memory.conversations import Said
from assistant.runtime.clock import VirtualLoop
from assistant.runtime.worker import Worker
from assistant.session.ahead import ahead
from assistant.session.brain import Decision, Kind
from assistant.session.speaker import Speaker
from assistant.session.thinking import Instead
from assistant.session.turn import Parts, Turn, Utterance
from assistant.skill.dialogue import Overtaken
from tests.unit.test_turns import Tone
from tests.unit.thinkingkit import NOON, Hand, Model, Talk


def run(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def test_what_does_not_fit_any_more_is_told_even_if_no_summary_was_ready():
    async def main():
        model = Model()
        talk = Talk(model, history=100, cost=1.0)
        talk.thinker.note(Said("By the way, my sister lives in Oslo.", "I see.", NOON))
        for number in range(40):
            model.replies[:] = [[Delta("It is far.")], [Delta("never ready ")] * 1000]
            await talk.answer(f"how far is it to star number {number}?")
            talk.thinker.note(Said(f"how far is it to star number {number} of the northern sky?", "It is far.", NOON))
            await asyncio.sleep(2)  # too short for the summary, whose every word takes a second
        model.replies[:] = [[Delta("Oslo.")]]
        await talk.answer("where does my sister live?")
        return model.chats[-1]

    chat = run(main())
    assert "my sister lives in Oslo" in chat[0].text
    assert sum(len(message.text.split()) for message in chat[1:]) <= 120


def test_what_runs_ahead_is_closed_where_it_stands():
    """A model that is quicker than the voice waits with a finished sentence; it is stopped, too."""
    closed = []

    async def source():
        try:
            for number in range(100):
                yield number
        finally:
            closed.append(True)

    async def main():
        numbers = source()  # kept, so that no garbage collector closes it
        async with ahead(numbers, 2) as items:
            await anext(items)
            await asyncio.sleep(1)
        assert closed
        return numbers

    run(main())


def test_the_time_that_speaking_takes_is_not_the_models():
    async def main():
        talk = Talk(Model([Delta("It rains. ")] * 40), seconds=10)
        said = []
        async for item in talk.think("what is the weather in this story").items():
            said.append(item)
            await asyncio.sleep(2)
        return said

    said = run(main())
    assert len(said) == 40
    assert not any("stop here" in item for item in said)


class Nobody:
    """No skill answers."""

    def decide(self, text, **_):
        return Decision(text, None, None, Kind.NOBODY, language="en")

    def unclaimed(self, _):
        return True


def test_an_interrupted_answer_is_remembered_with_what_was_done_and_the_next_words_are_for_the_model():
    light = Hand("home.turn_on")

    async def main():
        talk = Talk(Model([call("home.turn_on", room="hall")], "And now to something " + "else " * 40), light)
        mixer, worker = Mixer(RATE), Worker("tts")
        turn = Turn(1, Parts(Nobody(), Speaker(Tone(), worker, mixer), talk.thinker), talk.events.append, asked())
        running = asyncio.ensure_future(turn.run())
        turn.open_gate()
        while not turn.heard:
            mixer.pull(RATE // 100)
            await asyncio.sleep(0.01)
        turn.interrupt()
        running.cancel()
        await asyncio.wait({running})
        worker.close()
        return turn, talk

    turn, talk = run(main())
    assert turn.heard[0] == "It is done."
    assert [(act.tool, act.result) for act in turn.acts] == [("home__turn_on", "It is done.")]
    assert talk.thinker.talking
    assert all(generation.cancelled for generation in talk.model.generations)


def test_a_draft_that_is_thrown_away_changes_nothing():
    async def main():
        talk = Talk(Model([Delta("It rains. ")] * 100))
        mixer, worker = Mixer(RATE), Worker("tts")
        turn = Turn(1, Parts(Nobody(), Speaker(Tone(), worker, mixer), talk.thinker), talk.events.append, asked())
        running = asyncio.ensure_future(turn.run())
        await asyncio.sleep(5)
        assert talk.model.generations, "it has begun to think"
        running.cancel()
        await asyncio.wait({running})
        worker.close()
        return turn, talk

    turn, talk = run(main())
    assert (talk.events, turn.heard, talk.thinker.talking) == ([], [], False)
    assert talk.model.generations[0].cancelled


def test_when_the_user_gives_another_command_no_tool_goes_on():
    class Asking(Hand):
        async def run(self, _arguments):
            raise Overtaken("what time is it")

    slow = Hand("web.look", effects=False, seconds=5)

    async def main():
        talk = Talk(Model([call("web.look"), call("home.ask")]), slow, Asking("home.ask", effects=False))
        said = [item async for item in talk.think("look it up").items()]
        await asyncio.sleep(10)
        return said

    assert run(main())[-1] == Instead("what time is it")
    assert slow.log == ["web.look begins"]


def asked():
    return Utterance(Transcript("some light in the hall please"))


def call(name, **arguments):
    return ToolCall(name.replace(".", "__"), arguments)
