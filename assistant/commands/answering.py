"""Answering what is written: with the skills, else with the language model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing

from assistant.app import Mind
from assistant.memory.conversations import Said
from assistant.session.brain import Decision, Reply
from assistant.session.thinker import Thinker
from assistant.session.thinking import Instead
from assistant.session.turn import act_of
from assistant.skill.dialogue import speaking
from assistant.tts.ssml import plain

Show = Callable[[str], None]
"""Takes the next piece of an answer, as it becomes known."""


async def timed_answer(mind: Mind, text: str, show: Show = lambda _piece: None) -> tuple[Reply, dict[str, float]]:
    """Answer, with milliseconds by stage.

    Args:
        show: is given every answer in pieces, one that is known at once as one piece.
    """
    began = time.perf_counter()
    decision = mind.brain.decide(text, follow_up=True)
    decided = time.perf_counter()
    thinker, stage = mind.thinker, "skill"
    if thinker is not None and mind.brain.unclaimed(decision):
        reply, stage = await _think(mind, thinker, decision, show), "llm"
    else:
        reply = await mind.brain.act(decision)
        show(plain(reply.text))
        _remember(mind, text, reply)
    done = time.perf_counter()
    if reply.text:
        mind.house.last_reply = reply.text
    return reply, {"intent": (decided - began) * 1000, stage: (done - decided) * 1000}


async def _think(mind: Mind, thinker: Thinker, decision: Decision, show: Show) -> Reply:
    language = decision.language or mind.skills.loading.language
    speaking.set(language)
    certain = asyncio.Event()
    certain.set()
    thought = thinker.think(decision.text, language, certain, lambda _event: None)
    pieces = []
    async with aclosing(thought.items()) as items:
        async for item in items:
            if isinstance(item, Instead):
                return (await timed_answer(mind, item.text, show))[0]
            if isinstance(item, str):
                pieces.append(item)
                show(item)
    text = "".join(pieces).strip()
    if thought.failure is None:
        thinker.note(Said(decision.text, text, mind.house.now(), thought.acts))
    return Reply(text, outcome="answered" if thought.failure is None else "failed", failure=thought.failure)


def _remember(mind: Mind, text: str, reply: Reply) -> None:
    if mind.thinker is not None and reply.outcome != "failed":
        acts = (act_of(reply),) if reply.intent and reply.outcome == "answered" else ()
        mind.thinker.note(Said(text, reply.text, mind.house.now(), acts))
