"""Run a skill's function so that nothing it does can hurt the session.

A plain function runs on a daemon thread of its own: a blocked one is abandoned, and neither the next
call nor the end of the process waits for it. Its time-out is real time, because its work is; an ``async``
function's is the loop's. Both go through the running loop, so a virtual clock stands still meanwhile.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeVar

from assistant.errors import EngineError, SkillError
from assistant.skill.api import Context
from assistant.skill.binding import Handler
from assistant.skill.dialogue import Dialogue, Overtaken

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_GRACE = 0.1
"""Seconds that a cancelled ``async`` function has for tidying up."""


async def call(handler: Handler, ctx: Context, slots: Mapping[str, Any], seconds: float = 10.0) -> str:
    """Run a handler for its reply, empty for silence.

    Args:
        slots: parameter → value; others than the function's parameters are dropped.
        seconds: how long it may take before it is given up, without the time that the user is asked.

    Raises:
        SkillError: the skill says, in words for the user, why it cannot.
        EngineError: stage ``skill``; code ``crashed`` (it raised), ``exit`` (it tried to end the program),
            ``timeout``, or ``bad_reply`` (it returned something else than text or None); of a skill in a process of
            its own ``stopped`` or ``restarting``, too.
        Overtaken: the user gave another command when asked.
    """
    arguments = {name: value for name, value in slots.items() if name in handler.parameters}

    def run() -> Any:
        return handler.function(ctx, **arguments)

    was_open, ctx.dialogue.open = ctx.dialogue.open, True
    try:
        if inspect.iscoroutinefunction(inspect.unwrap(handler.function)):
            reply = await _on_loop(run(), seconds, ctx.dialogue)
        else:
            loop = asyncio.get_running_loop()
            reply = await loop.run_in_executor(_Threads(seconds, handler.intent), copy_context().run, _contained, run)
            if inspect.isawaitable(reply):
                reply = await _on_loop(reply, seconds, ctx.dialogue)
    except SkillError:
        raise
    except TimeoutError as error:
        raise _failed(handler, "timeout", f"gave no answer within {seconds:g} seconds") from error
    except _Caught as caught:
        if isinstance(caught.error, Overtaken):
            raise caught.error from None
        raise _translated(handler, caught.error) from caught.error
    except Exception as error:
        raise _translated(handler, error) from error
    finally:
        ctx.dialogue.open = was_open
    if reply is not None and not isinstance(reply, str):
        kind = type(reply).__name__
        raise _failed(handler, "bad_reply", f"returned {kind} where text (or None for silence) is expected")
    return reply or ""


def _translated(handler: Handler, error: BaseException) -> Exception:
    if isinstance(error, SkillError) or (isinstance(error, EngineError) and error.stage == "skill"):
        return error  # the latter from a process of its own, which has logged it
    _log.error("%s (%s) failed", handler.intent, handler.place, exc_info=error)
    if isinstance(error, SystemExit | KeyboardInterrupt):
        return _failed(handler, "exit", f"tried to end the program ({type(error).__name__})")
    text = " ".join(str(error).split())
    return _failed(handler, "crashed", f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _failed(handler: Handler, code: str, text: str) -> EngineError:
    return EngineError("skill", handler.skill, code, f"{handler.intent} {text}")


class _Caught(Exception):
    """Carries whatever a skill raised past machinery that treats some exceptions specially."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


def _contained(run: Callable[[], _T]) -> _T:
    try:
        return run()
    except BaseException as error:
        raise _Caught(error) from None


async def _contained_on_loop(awaitable: Awaitable[_T]) -> _T:
    """Await it; ``SystemExit`` and the like would else tear down the loop."""
    task = asyncio.current_task()
    try:
        return await awaitable
    except asyncio.CancelledError as error:
        if task is not None and task.cancelling():
            raise
        raise _Caught(error) from None
    except BaseException as error:
        raise _Caught(error) from None


async def _on_loop(awaitable: Awaitable[_T], seconds: float, dialogue: Dialogue) -> _T:
    """Await in a task of its own, so that even one that swallows its cancellation is left behind in time."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(_contained_on_loop(awaitable))
    began = loop.time()
    try:
        while not task.done():
            left = seconds + dialogue.waited() - (loop.time() - began)
            if left <= 0:
                raise TimeoutError
            await asyncio.wait({task}, timeout=left)
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_retrieve)
            await asyncio.wait({task}, timeout=_GRACE)


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Look at the outcome of an abandoned task, so that the loop does not complain about it."""
    if not task.cancelled():
        task.exception()


class _Threads(Executor):
    """A daemon thread for each job; a job that takes too long fails with ``TimeoutError`` and is left behind."""

    def __init__(self, seconds: float, name: str) -> None:
        self._seconds = seconds
        self._name = name

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Start the job."""
        future: Future[_T] = Future()
        watch = threading.Timer(self._seconds, _settle, (future, None, TimeoutError()))
        watch.daemon = True

        def work() -> None:
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                _settle(future, None, error)
            else:
                _settle(future, result, None)
            finally:
                watch.cancel()

        watch.start()
        threading.Thread(target=work, name=f"skill {self._name}", daemon=True).start()
        return future


def _settle(future: Future[Any], result: Any, error: BaseException | None) -> None:
    """End the future, unless it has ended already (given up or cancelled)."""
    with suppress(InvalidStateError):
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
