"""The language model's part in a session: it answers, remembers what was heard, and sums up what is long ago."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace

from assistant.errors import EngineError
from assistant.events import Event
from assistant.intent.lang.model import without_fillers
from assistant.llm.base import Delta, Message
from assistant.memory.conversations import Said
from assistant.memory.extract import extract
from assistant.session.hands import Hands, Permission
from assistant.session.mindset import Mindset
from assistant.session.prompt import Moment
from assistant.session.thinking import Thought

_log = logging.getLogger(__name__)

_SUM_UP = (
    "Sum up the conversation below in at most 80 words, for yourself: what the user told you, wants and likes; names, "
    "numbers and dates exactly. Write nothing else."
)


class Thinker:
    """Answers with a language model.

    Args:
        mind: what it thinks with.
        closing: called at the end.

    Attributes:
        talking: whether it has answered last; what is said soon after is then for it, too.
    """

    def __init__(self, mind: Mindset, closing: Callable[[], None] = lambda: None) -> None:
        self.mind = mind
        self._closing = closing
        self.talking = False
        self._keeping: asyncio.Task[None] | None = None
        self._summing: asyncio.Task[None] | None = None

    def think(self, text: str, language: str, gate: asyncio.Event, emit: Callable[[Event], None]) -> Thought:
        """Begin to answer a sentence; nothing happens before its items are drawn.

        Args:
            gate: open once the user has certainly finished; before that nothing is changed.
            emit: for events.
        """
        self._stop_summing()
        mind = self.mind
        hands = Hands(mind.toolbox, Permission(text, language, gate, mind.confirm, emit))
        return Thought(text, language, hands, mind, self._kept)

    def note(self, exchange: Said) -> None:
        """Remember a turn that is over, whoever has answered it; it is on disk when :meth:`settled` returns."""
        self._stop_summing()
        before = self._keeping
        exchange = replace(exchange, assistant=without_fillers(exchange.assistant))
        tasks = asyncio.get_running_loop()
        self._keeping = tasks.create_task(self._keep(exchange, before))
        self._summing = tasks.create_task(self._sum_up(self._keeping))

    async def settled(self) -> None:
        """Wait until what was said is kept, and what was long ago is summed up."""
        await self._kept()
        if self._summing is not None:
            await asyncio.wait({self._summing})

    async def _kept(self) -> None:
        if self._keeping is not None:
            await asyncio.wait({self._keeping})

    async def _keep(self, exchange: Said, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        await asyncio.to_thread(self.mind.conversation.add, exchange)

    async def warm(self) -> None:
        """Have the beginning of the prompt read ahead, so that the first answer comes sooner."""
        mind = self.mind
        summary = await asyncio.to_thread(lambda: mind.conversation.summary)
        chat = [mind.prompt.system(Moment(mind.now(), mind.language), summary)]
        with suppress(EngineError):
            specs = [tool.spec for tool in await asyncio.to_thread(mind.toolbox.offer, "", (), mind.language)]
            await mind.worker.call(mind.model.warm, chat, specs)

    async def close(self) -> None:
        """The end."""
        self._stop_summing()
        await self.settled()
        await self.mind.toolbox.close()
        with suppress(EngineError):
            await self.mind.worker.call(self.mind.model.close)
        self.mind.worker.close()
        await asyncio.to_thread(self._closing)

    def _stop_summing(self) -> None:
        if self._summing is not None and not self._summing.done():
            self._summing.cancel()

    async def _sum_up(self, kept: asyncio.Task[None]) -> None:
        mind = self.mind
        await asyncio.wait({kept})
        due = await asyncio.to_thread(mind.conversation.due, mind.limits.history, mind.model.count)
        if not due:
            return
        try:
            summary = await self._summary(due)
        except EngineError as error:
            _log.info("summing up without the model: %s", error)
            summary = ""
        await asyncio.to_thread(self._put_in_place, summary, due)

    def _put_in_place(self, summary: str, due: list[Said]) -> None:
        conversation = self.mind.conversation
        conversation.summarised(summary or extract(due, conversation.summary), due[-1])

    async def _summary(self, due: list[Said]) -> str:
        mind = self.mind
        before = await asyncio.to_thread(lambda: mind.conversation.summary)
        lines = [f"Before: {before}"] if before else []
        lines += [f"User: {each.user}\nYou: {each.assistant}" for each in due]
        chat = [Message("system", _SUM_UP), Message("user", "\n".join(lines))]
        generation = mind.model.reply(chat, [])
        try:
            async with aclosing(mind.worker.stream(lambda: generation)) as pieces:
                return "".join([piece.text async for piece in pieces if isinstance(piece, Delta)]).strip()
        finally:
            generation.cancel()
