"""What the language model may do: its tool calls are checked, allowed, confirmed and run here.

Whatever the model calls, these hold: a question changes nothing; nothing is changed before the user has certainly
finished; what is dangerous asks first, and so does whatever acts after text from elsewhere was read, which may hold
instructions (prompt injection); the same action is not done twice in a turn.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assistant.events import Event, ToolCalled
from assistant.intent.lang.model import said
from assistant.intent.manner import Manner, manner
from assistant.llm.base import ToolCall
from assistant.tools.base import Outcome, Tool, ToolArgumentError
from assistant.tools.toolbox import Toolbox

_ONLY_ASKED = "Refused: the user asked a question, so nothing may be changed. Answer the question."
_FORBIDDEN = "Refused: the user said that this is not to be done."
_DECLINED = "The user was asked and does not want it."
_TWICE = "This was already done in this turn."
_JOINED = re.compile(r"\b(?:and|then|und|dann|et|puis|y|luego|e|и|потом|после)\b")
_LONGEST_SPOKEN = 300
_LONGEST_SENTENCE = 160
_DATA = re.compile(r"[\n{}\[\]<>=|]|://")


@dataclass(frozen=True, slots=True)
class Done:
    """A tool call and what came of it.

    Attributes:
        acted: it has changed something, and that has worked.
    """

    call: ToolCall
    outcome: Outcome
    tool: Tool | None = None
    acted: bool = False

    @property
    def for_model(self) -> str:
        """The result as the model reads it; text from elsewhere is marked as data."""
        text = self.outcome.text or ("Done." if self.outcome.ok else "It did not work.")
        if self.tool is None or not self.tool.foreign:
            return text
        quoted = re.sub(r"<(?=/?\s*data\b)", "‹", text, flags=re.IGNORECASE)
        return f'<data from="{self.tool.name}">\n{quoted}\n</data>'


@dataclass(slots=True)
class Permission:
    """What the user's sentence allows.

    Attributes:
        text: the sentence.
        language: ISO 639-1.
        gate: open once the user has certainly finished.
        confirm: ask the user for a yes or no.
        emit: for events.
    """

    text: str
    language: str
    gate: asyncio.Event
    confirm: Callable[[str], Awaitable[bool]]
    emit: Callable[[Event], None]


@dataclass(slots=True)
class Hands:
    """One turn's tool calls.

    Attributes:
        toolbox: what there is.
        allowed: by the user's sentence.
        done: everything that was called in the turn, in order.
        tainted: whether text from elsewhere has been read in the turn.
    """

    toolbox: Toolbox
    allowed: Permission
    done: list[Done] = field(default_factory=list)
    tainted: bool = False

    @property
    def acted(self) -> bool:
        """Whether anything has been changed."""
        return any(each.acted for each in self.done)

    async def run(self, calls: Sequence[ToolCall]) -> list[Done]:
        """Run calls of one round: neighbours that change nothing side by side, the others one by one, in order.

        Raises:
            Overtaken: asked for a confirmation, the user has given another command.
        """
        found = []
        for acts, group in groupby(calls, self.acts):
            if acts:
                found += [await self._one(call) for call in group]
            else:
                found += await _together([self._one(call) for call in group])
        return found

    def acts(self, call: ToolCall) -> bool:
        """Whether a call changes something, or asks the user."""
        tool = self.toolbox.find(call.name)
        return tool is not None and (tool.effects or tool.dangerous)

    async def _one(self, call: ToolCall) -> Done:
        tool = self.toolbox.find(call.name)
        began = time.perf_counter()
        outcome = await self._outcome(call, tool)
        done = Done(call, outcome, tool, acted=outcome.ok and tool is not None and tool.effects)
        self.done.append(done)
        self.tainted |= tool is not None and tool.foreign and outcome.ok
        took = (time.perf_counter() - began) * 1000
        self.allowed.emit(ToolCalled(at=-1, name=tool.name if tool else call.name, ok=outcome.ok, skill_ms=took))
        return done

    async def _outcome(self, call: ToolCall, tool: Tool | None) -> Outcome:
        if tool is None:
            return Outcome(f"There is no tool {call.name!r}.", ok=False)
        if call.error:
            return Outcome(f"The arguments cannot be read: {call.error}", ok=False)
        try:
            arguments = tool.check(call.arguments)
        except ToolArgumentError as error:
            return Outcome(str(error), ok=False)
        if (tool.effects or tool.dangerous) and (refusal := await self._refusal(tool, call.arguments)) is not None:
            return refusal
        return await tool.run(arguments)

    async def _refusal(self, tool: Tool, arguments: Mapping[str, Any]) -> Outcome | None:
        """Why an action is not done, or None if it may be."""
        allowed = self.allowed
        how = manner(allowed.text, allowed.language)
        several = _JOINED.search(allowed.text.lower()) is not None
        if how is Manner.QUESTION and not several:
            return Outcome(_ONLY_ASKED, ok=False)
        if how is Manner.REFUSAL and not several:
            return Outcome(_FORBIDDEN, ok=False)
        if any(each.acted and _same(each.call, tool, arguments) for each in self.done):
            return Outcome(_TWICE, ok=False)
        await allowed.gate.wait()
        if tool.dangerous or self.tainted or how is not Manner.REQUEST:
            question = said("shall_i", allowed.language, action=in_words(tool, arguments))
            if not await allowed.confirm(question):
                return Outcome(_DECLINED, ok=False, spoken=said("declined", allowed.language))
        return None

    def report(self, done: Sequence[Done]) -> list[str]:
        """What the user is told of actions, by their results and not by the model."""
        language = self.allowed.language
        told = []
        for each in done:
            if each.tool is None or not each.tool.effects:
                continue
            spoken = each.outcome.spoken[:_LONGEST_SPOKEN] or (_as_said(each.outcome.text) if each.acted else "")
            if each.acted:
                told.append(spoken or said("done", language, action=in_words(each.tool, each.call.arguments)))
            elif spoken:
                told.append(spoken)
        return told


async def _together(steps: Sequence[Coroutine[Any, Any, Done]]) -> list[Done]:
    """Side by side; when one raises, or nobody waits any more, none of them goes on."""
    tasks = [asyncio.ensure_future(step) for step in steps]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _as_said(text: str) -> str:
    """A result that reads like a sentence; empty for data."""
    plain = text.strip()
    return plain if plain and len(plain) <= _LONGEST_SENTENCE and not _DATA.search(plain) else ""


def _same(call: ToolCall, tool: Tool, arguments: Mapping[str, Any]) -> bool:
    return call.name in (tool.name, tool.spec.name) and dict(call.arguments) == dict(arguments)


def in_words(tool: Tool, arguments: Mapping[str, Any]) -> str:
    """A call, for the user: ``clear list, list: shopping``."""
    given = [f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in arguments.items() if value is not None]
    return ", ".join([tool.title, *given])


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
