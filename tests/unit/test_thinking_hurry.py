"""What happens to a conversation with the model when the user is quicker than everything else."""

from __future__ import annotations

import asyncio

from assistant.llm.base import Delta
from assistant.memory.conversations import Said
from assistant.runtime.clock import VirtualLoop
from tests.unit.thinkingkit import NOON, Model, Talk


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
