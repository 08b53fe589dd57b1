"""A producer that runs ahead of its consumer, but only so far."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class _Buffer(Generic[T]):
    def __init__(self, most: int) -> None:
        self._items: deque[T] = deque()
        self._most = most
        self._over = False
        self._changed = asyncio.Event()

    async def fill(self, source: AsyncGenerator[T]) -> None:
        try:
            async with aclosing(source):
                async for item in source:
                    while len(self._items) >= self._most:
                        await self._change()
                    self._items.append(item)
                    self._changed.set()
        finally:
            self._over = True
            self._changed.set()

    async def take(self, filling: asyncio.Task[None]) -> AsyncIterator[T]:
        while self._items or not self._over:
            if self._items:
                item = self._items.popleft()
                self._changed.set()
                yield item
            else:
                await self._change()
        await filling  # raises what the source raised

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


@asynccontextmanager
async def ahead(source: AsyncGenerator[T], most: int) -> AsyncIterator[AsyncIterator[T]]:
    """The items of an iterator, which is drawn by a task of its own while earlier items are still worked on.

    What the source raises is raised after its last item. Leaving the context closes the source, wherever
    it stands.

    Args:
        source: drawn until ``most`` of its items wait to be taken.
        most: then it waits.
    """
    buffer: _Buffer[T] = _Buffer(most)
    filling = asyncio.get_running_loop().create_task(buffer.fill(source))
    try:
        yield buffer.take(filling)
    finally:
        filling.cancel()
        await asyncio.wait({filling})
        if not filling.cancelled():
            filling.exception()  # it has been raised, or nobody waits for it any more
