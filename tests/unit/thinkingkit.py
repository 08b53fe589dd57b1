"""A thinker with a model that follows a script, for what depends on time; real servers and models are elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant.errors import EngineError
from assistant.llm.base import Delta, ToolSpec, Usage
from assistant.memory.conversations import Conversations
from assistant.runtime.worker import InlineWorker
from assistant.session.mindset import Limits, Mindset
from assistant.session.prompt import Prompt
from assistant.session.thinker import Thinker
from assistant.tools.base import Outcome, ToolArgumentError, fit_name
from assistant.tools.toolbox import Toolbox

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Generation:
    def __init__(self, pieces):
        self._pieces = iter(pieces)
        self.taken = 0
        self.cancelled = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.cancelled:
            raise StopIteration
        piece = next(self._pieces)
        self.taken += 1
        if isinstance(piece, EngineError):
            raise piece
        return piece

    def cancel(self):
        self.cancelled = True

    def close(self):
        self.cancelled = True


class Model:
    """Answers with the next of some replies: texts (a word a piece), or lists of pieces."""

    model = "scripted"

    def __init__(self, *replies):
        self.replies = list(replies)
        self.chats, self.offered, self.generations = [], [], []

    def reply(self, chat, tools):
        self.chats.append(list(chat))
        self.offered.append([tool.name for tool in tools])
        reply = self.replies.pop(0)
        pieces = [Delta(f"{word} ") for word in reply.split()] if isinstance(reply, str) else reply
        self.generations.append(Generation([*pieces, Usage(reply=len(pieces))]))
        return self.generations[-1]

    def count(self, text):
        return len(text.split())

    def warm(self, chat, tools):  # noqa: ARG002
        self.chats.append(list(chat))

    def close(self):
        pass


@dataclass
class Hand:
    """A tool that writes down how it was called."""

    name: str
    effects: bool = True
    dangerous: bool = False
    foreign: bool = False
    gives: Outcome = field(default_factory=lambda: Outcome("It is done.", spoken="It is done."))
    seconds: float = 0.0
    called: list[Mapping[str, Any]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def title(self):
        return self.name.partition(".")[2].replace("_", " ")

    @property
    def spec(self):
        return ToolSpec(fit_name(self.name), f"Do {self.title}.", {"type": "object", "properties": {}})

    def check(self, arguments):
        if "wrong" in arguments:
            raise ToolArgumentError("there is no argument 'wrong'")
        return arguments

    async def run(self, arguments):
        self.called.append(arguments)
        self.log.append(f"{self.name} begins")
        await asyncio.sleep(self.seconds)
        self.log.append(f"{self.name} ends")
        return self.gives


class Box:
    """A source of tools."""

    def __init__(self, *tools):
        self._tools = tools

    def tools(self, language):  # noqa: ARG002
        return self._tools

    def likeness(self, tool, language):  # noqa: ARG002
        return [tool.title]

    def wait(self, seconds):  # noqa: ARG002
        return True

    async def close(self):
        pass


class Talk:
    """A thinker, and what was asked of the user and emitted.

    Args:
        cost: seconds of loop time that each piece of a reply takes.
    """

    def __init__(self, model, *tools, yes=True, cost=0.0, path=None, **limits):
        self.asked, self.events = [], []
        self.gate = asyncio.Event()
        self.model = model

        async def confirm(question):
            self.asked.append(question)
            return yes

        self.thinker = Thinker(
            Mindset(
                model=model,
                worker=InlineWorker("llm", "scripted", cost),
                toolbox=Toolbox([Box(*tools)]),
                prompt=Prompt(None, "Jarvis", "Paris", lambda: ["timers", "lists"]),
                conversation=Conversations(path).of(""),
                facts=None,
                confirm=confirm,
                now=lambda: NOON,
                limits=Limits(**limits),
            )
        )

    def think(self, text, *, gate=True, language="en"):
        if gate:
            self.gate.set()
        return self.thinker.think(text, language, self.gate, self.events.append)

    async def answer(self, text, **more):
        """All that is said."""
        thought = self.think(text, **more)
        return [item.strip() async for item in thought.items() if isinstance(item, str)]
