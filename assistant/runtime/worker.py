"""Where engines run: one thread each, every step of an engine on its own thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from assistant.errors import AssistantError, EngineError

T = TypeVar("T")
_END: Final = object()


class Worker:
    """One engine's thread.

    Args:
        stage: ``ears``, ``asr``, ``tts`` …, named in errors.
        engine: the engine's name, named in errors.
    """

    def __init__(self, stage: str, engine: str = "") -> None:
        self.stage = stage
        self.engine = engine or stage
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"{stage}-{self.engine}")

    async def call(self, function: Callable[..., T], *args: Any) -> T:
        """Run one step and return what it returns.

        Raises:
            EngineError: any exception that is not one of ours, mapped here once.
        """
        result: T = await self._submit(function, *args)
        return result

    async def stream(self, make: Callable[[], Iterator[T]]) -> AsyncGenerator[T]:
        """Draw an iterator step by step; it is made, stepped and closed on the worker's thread.

        Use it under ``contextlib.aclosing``, so that leaving early closes the iterator at once.
        """
        iterator = await self._submit(make)
        try:
            while (item := await self._submit(next, iterator, _END)) is not _END:
                yield item
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                self._submit(close)  # not awaited: it queues behind the step in flight, and we may be cancelled

    def post(self, function: Callable[[], None]) -> None:
        """Queue one step without waiting for it; what it raises is of no interest to anybody."""
        self._submit(function).add_done_callback(lambda done: None if done.cancelled() else done.exception())

    def _submit(self, function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._pool, self._guarded, function, args)

    def _guarded(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        try:
            return function(*args)
        except AssistantError:
            raise
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            raise EngineError(self.stage, self.engine, "crashed", message) from error

    def close(self) -> None:
        """Let the step in flight finish and take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class InlineWorker(Worker):
    """Runs every step at once on the loop, then lets a scripted time pass; for tests.

    Args:
        stage, engine: as for :class:`Worker`.
        cost: seconds of loop time that each step takes.
    """

    def __init__(self, stage: str, engine: str = "", cost: float = 0.0) -> None:
        super().__init__(stage, engine)
        self._cost = cost

    def _submit(self, function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        try:
            result = self._guarded(function, args)
        except AssistantError as error:
            _settle(future, future.set_exception, error, self._cost)
        else:
            _settle(future, future.set_result, result, self._cost)
        return future


def _settle(future: asyncio.Future[Any], setter: Callable[[Any], None], value: Any, cost: float) -> None:
    def land() -> None:
        if not future.cancelled():
            setter(value)

    if cost > 0:
        future.get_loop().call_later(cost, land)
    else:
        land()
