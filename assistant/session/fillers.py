"""What is said while nothing can be said yet."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

from assistant.intent.lang.model import FILLERS, said
from assistant.session.thinking import Break, Item, Thought


async def with_fillers(thought: Thought, gate: asyncio.Event) -> AsyncGenerator[Item]:
    """The items of a thought; when nothing comes for a while, the user hears that it is being thought about.

    While a tool acts nothing is said, since it may itself ask the user something.

    Args:
        gate: the silence counts from its opening.
    """
    limits, loop = thought.mind.limits, asyncio.get_running_loop()
    waits = deque((seconds, key) for seconds, key in _waits(limits.filler, limits.patience) if seconds > 0)
    async with aclosing(thought.items()) as items:
        following = _following(items)
        try:
            await _either(following, gate)
            began = loop.time()
            while waits:
                await asyncio.wait({following}, timeout=max(0.0, began + waits[0][0] - loop.time()))
                if not following.done():
                    yield said(waits.popleft()[1], thought.language) + " "
                    continue
                item = following.result()
                if not isinstance(item, Break) or thought.acts_now:
                    break
                yield item
                following = _following(items)
            while (item := await following) is not None:
                yield item
                following = _following(items)
        finally:
            if not following.done():
                following.cancel()
                with suppress(asyncio.CancelledError, StopAsyncIteration):
                    await following


def _waits(filler: float, patience: float) -> list[tuple[float, str]]:
    return sorted(zip((filler, patience), FILLERS, strict=True))


def _following(items: AsyncGenerator[Item]) -> asyncio.Future[Item | None]:
    return asyncio.ensure_future(anext(items, None))


async def _either(first: asyncio.Future[Item | None], gate: asyncio.Event) -> None:
    """Wait until something has come or the gate is open."""
    opened: asyncio.Future[bool] = asyncio.ensure_future(gate.wait())
    waiting: set[asyncio.Future[Any]] = {first, opened}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        opened.cancel()
