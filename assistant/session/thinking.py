"""The conversation with a language model: it is asked, what it says is handed on as sentences, what it wants is done.

All of it overlaps: tokens become sentences while more come, tools run while what came before them is spoken, and no
more than one request is in flight. It may begin before the user has certainly finished, since nothing is changed
before the turn's gate opens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from assistant.errors import EngineError
from assistant.intent.lang.model import failure, said
from assistant.llm.base import Delta, Message, ToolCall, ToolSpec, Usage
from assistant.memory.conversations import Act
from assistant.memory.extract import extract
from assistant.session.claims import is_claim
from assistant.session.hands import Done, Hands
from assistant.session.mindset import Mindset
from assistant.session.prompt import Moment
from assistant.skill.dialogue import Overtaken
from assistant.tts.sentences import SentenceStream

_FIRST_CLAUSE = 12
_LETTERS_PER_TOKEN = 12
_MOST_FACTS_LETTERS = 600
_TOOLS_S = 3.0  # servers of tools are connected while the assistant starts; a first question may come sooner


class Break:
    """The user should hear what was said before, now: a tool is at work, which may itself speak."""


@dataclass(frozen=True, slots=True)
class Instead:
    """The user has given another command, which is answered instead."""

    text: str


Item = str | Break | Instead


@dataclass(slots=True)
class Thought:
    """One sentence of the user being answered by the model; draw :meth:`items` once.

    Attributes:
        text, language: of the sentence.
        mind: what it is thought with.
        failure: what went wrong; the user is told by an item.
        hands: what was done.
        usage: of every round.
    """

    text: str
    language: str
    hands: Hands
    mind: Mindset
    _ready: Callable[[], Awaitable[None]]
    failure: EngineError | None = None
    usage: list[Usage] = field(default_factory=list)
    _calls: list[ToolCall] = field(default_factory=list)
    _spoken: bool = False
    _dropped: bool = False  # a claim of the model's

    @property
    def acts(self) -> tuple[Act, ...]:
        """What was called, for the conversation's memory."""
        return tuple(Act(each.call.name, dict(each.call.arguments), each.for_model) for each in self.hands.done)

    @property
    def acts_now(self) -> bool:
        """Whether one of the tools that were called last changes something, or asks the user."""
        return any(map(self.hands.acts, self._calls))

    async def items(self) -> AsyncGenerator[Item]:
        """What is to be said, sentence by sentence, as it becomes known; a failure becomes a sentence."""
        try:
            async with aclosing(self._dialogue()) as items:
                async for item in items:
                    self._spoken |= isinstance(item, Instead) or bool(isinstance(item, str) and item.strip())
                    yield item
        except EngineError as error:
            if error.stage != "llm":
                raise
            self.failure = error
            yield failure(error.code, self.language)
            return
        if not self._spoken:
            yield self._last_words()
        elif self._dropped and not self.hands.done:  # "… Anything else?" alone would sound as if it were done
            yield said("not_done", self.language)

    async def _dialogue(self) -> AsyncGenerator[Item]:
        mind = self.mind
        await self._ready()
        chat, specs = await asyncio.to_thread(self._request)
        for round_ in range(mind.limits.rounds + 1):
            self._calls = []
            last = round_ == mind.limits.rounds
            async with aclosing(self._round(chat, specs)) as pieces:
                async for piece in pieces:
                    yield piece
            if not self._calls or last:
                return
            yield Break()
            try:
                done = await self.hands.run(self._calls)
            except Overtaken as other:
                yield Instead(other.text)
                return
            for told in self.hands.report(done):
                yield f"{told} "
                yield Break()
            chat += _results(self._calls, done)

    async def _round(self, chat: Sequence[Message], specs: Sequence[ToolSpec]) -> AsyncGenerator[str]:
        """One request: its sentences as they are completed; its tool calls are kept."""
        mind, loop = self.mind, asyncio.get_running_loop()
        sentences = SentenceStream(None if self._spoken else _FIRST_CLAUSE)
        generation = mind.model.reply(chat, specs)
        began, letters, cut = loop.time(), 0, False
        try:
            async with aclosing(mind.worker.stream(lambda: generation)) as pieces:
                async for piece in pieces:
                    ready: list[str] = []
                    match piece:
                        case Delta(text):
                            letters += len(text)
                            ready = sentences.feed(text)
                        case ToolCall():
                            self._calls.append(piece)
                            ready = sentences.flush()
                        case Usage():
                            self.usage.append(piece)
                            cut = piece.cut
                    paused = loop.time()
                    for sentence in self._sayable(ready):
                        yield sentence
                    began += loop.time() - paused  # speaking takes longer than generating, and is not counted
                    limits = mind.limits
                    cut |= letters > limits.tokens * _LETTERS_PER_TOKEN or loop.time() - began > limits.seconds
                    if cut:
                        break
        finally:
            generation.cancel()
        rest = sentences.flush()
        if cut and not self._calls:
            rest = rest[:-1] if self._spoken or len(rest) > 1 else rest  # the last sentence has no end
            rest.append(said("stop_here", self.language))
        for sentence in self._sayable(rest):
            yield sentence

    def _sayable(self, sentences: Sequence[str]) -> list[str]:
        true = [each for each in sentences if not is_claim(each, self.language)]
        self._dropped |= len(true) < len(sentences)
        return [each for each in true if each.strip()]

    def _last_words(self) -> str:
        """When the model has said nothing that can be said."""
        for each in reversed(self.hands.done):
            if text := each.outcome.spoken:
                return text
        return said("not_done" if self._dropped else "nothing", self.language)

    def _request(self) -> tuple[list[Message], list[ToolSpec]]:
        """The first request of the turn; waits for the disk."""
        mind = self.mind
        if left_out := mind.conversation.due(mind.limits.history, mind.model.count):  # no summary was ready in time
            mind.conversation.summarised(extract(left_out, mind.conversation.summary), left_out[-1])
        before = mind.conversation.recent(mind.limits.history, mind.model.count)
        found = mind.facts.known(self.text, mind.limits.facts) if mind.facts is not None and mind.limits.facts else []
        moment = Moment(mind.now(), self.language, facts=_within([fact.text for fact in found]))
        used = [act.tool for each in before for act in each.acts]
        mind.toolbox.wait(_TOOLS_S)
        offered = mind.toolbox.offer(self.text, used, self.language)
        chat = mind.prompt.chat(self.text, moment, mind.conversation.summary, before)
        return chat, [tool.spec for tool in offered]


def _results(calls: Sequence[ToolCall], done: Sequence[Done]) -> list[Message]:
    """The calls and what came of them, for the next round."""
    results = [Message("tool", each.for_model, call_id=each.call.id, name=each.call.name) for each in done]
    return [Message("assistant", "", tuple(calls)), *results]


def _within(facts: Sequence[str]) -> list[str]:
    """The first facts that are not too long together."""
    kept, letters = [], 0
    for fact in facts:
        letters += len(fact)
        if letters > _MOST_FACTS_LETTERS:
            break
        kept.append(fact)
    return kept
