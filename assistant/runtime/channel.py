"""A bounded queue between two tasks that drops the oldest when full, and says how much."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Channel(Generic[T]):
    """Newest wins: a reader that falls behind loses the oldest items.

    Args:
        capacity: items held at most.
    """

    def __init__(self, capacity: int) -> None:
        self._items: deque[T] = deque()
        self._capacity = capacity
        self._wake = asyncio.Event()
        self._closed = False
        self._dropped = 0

    def put(self, item: T) -> None:
        """Add an item; never waits."""
        if len(self._items) >= self._capacity:
            self._items.popleft()
            self._dropped += 1
        self._items.append(item)
        self._wake.set()

    def take_dropped(self) -> int:
        """How many items were dropped since the last call."""
        dropped, self._dropped = self._dropped, 0
        return dropped

    def close(self) -> None:
        """The reader ends after the items that are there."""
        self._closed = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Items in order, until closed."""
        while True:
            while self._items:
                yield self._items.popleft()
            if self._closed:
                return
            self._wake.clear()
            await self._wake.wait()
