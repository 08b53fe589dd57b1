"""The child at work: calls, hooks and corrections come in, answers go out."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType
from typing import Any

from assistant.errors import Cancelled, NoAnswer, SkillError
from assistant.intent.slots import BUILT_IN
from assistant.intent.template import SlotType
from assistant.skill.api import Context
from assistant.skill.dialogue import Overtaken
from assistant.skill.sandbox.codec import decode, encode
from assistant.skill.sandbox.context import Surroundings, make_context
from assistant.skill.sandbox.describe import lists_of
from assistant.skill.sandbox.frames import Message
from assistant.skill.sandbox.grants import Grants
from assistant.skill.sandbox.line import Line
from assistant.skill.sandbox.remote import Desk, RemoteServices

_log = logging.getLogger(__name__)
_UNDOS = 32
"""Corrections that stay possible; the parent asks only for those of the last command."""


class Server:
    """Runs a skill's functions for the parent.

    Args:
        line: to the parent.
        name: the skill's.
        grants: its permissions.
        report: tells the parent about what was refused.
        module: the skill.
        functions: those marked with ``@skill``.
        folders: of its code, and of what it keeps.
    """

    def __init__(
        self,
        line: Line,
        name: str,
        grants: Grants,
        report: Callable[[str], None],
        module: ModuleType,
        functions: Sequence[Callable[..., Any]],
        folders: tuple[Path, Path],
    ) -> None:
        self._line = line
        self._name = name
        self._grants = grants
        self._report = report
        self._module = module
        self._functions = {inspect.unwrap(each).__name__: each for each in functions}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._undos: dict[int, Callable[[], Any]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._folders = folders
        self._around: Surroundings | None = None

    async def run(self) -> None:
        """Serve until the process ends."""
        self._loop = asyncio.get_running_loop()
        self._line.listen()
        await self._loop.create_future()

    def on_message(self, message: Message) -> None:
        """Take a message, on the thread that reads."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._take, message)

    def _take(self, message: Message) -> None:
        self._line.handled()
        number = message["id"]
        if message["t"] == "cancel":
            if number in self._running:
                self._running[number].cancel()
            return
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._running[number] = task
        task.add_done_callback(lambda _: self._running.pop(number, None))

    async def _answer(self, message: Message) -> None:
        number = message["id"]
        try:
            value = encode(await self._perform(message))
        except BaseException as error:  # whatever a skill raises, the end of the program included
            kind, text = _told(error)
            if kind == "crashed":
                _log.error("%s failed: %s", message.get("name", message["t"]), _trace(error))
            self._line.send({"t": "failed", "id": number, "kind": kind, "text": text, "place": _place(error)})
        else:
            self._line.send({"t": "done", "id": number, "value": value})

    async def _perform(self, message: Message) -> Any:
        match message["t"]:
            case "call":
                function = self._functions[message["name"]]
                slots = self._slots(function, decode(message["args"]))
                return await self._run(function, self._context(message), **slots)
            case "hook":
                hook = getattr(self._module, message["name"])
                return await self._run(hook, self._context(message), *decode(message["args"]))
            case "undo":
                return await self._run(self._undos.pop(message["number"]))
            case "entries":
                return await self._run(self._functions[message["name"]].__skill__.slots[message["list"]])  # type: ignore[attr-defined]

    async def _run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Await an ``async`` function here; give any other a thread of its own."""
        if inspect.iscoroutinefunction(inspect.unwrap(function)):
            return await function(*arguments, **named)
        result = await self._on_thread(lambda: function(*arguments, **named))
        return await result if inspect.isawaitable(result) else result

    async def _on_thread(self, run: Callable[[], Any]) -> Any:
        future = Future[Any]()

        def work() -> None:
            try:
                future.set_result(run())
            except BaseException as error:
                future.set_exception(_Carried(error))

        self._line.jobs += 1
        threading.Thread(target=work, name=f"skill {self._name}", daemon=True).start()
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except _Carried as carried:
            raise carried.error from None
        finally:
            if future.done():
                self._line.jobs -= 1

    def _slots(self, function: Callable[..., Any], told: Mapping[str, Any]) -> dict[str, Any]:
        """The slots' values; those of the skill's own types are still words and get their meaning here."""
        sources = function.__skill__.slots  # type: ignore[attr-defined]
        return {name: _meaning(sources.get(name), value) for name, value in told.items()}

    def _context(self, message: Message) -> Context:
        number = message["id"]
        values = decode(message["ctx"])
        if self._around is None:
            desk = Desk(self._line, 0, self._grants, self._report, lambda: False)
            services = RemoteServices(self._name, self._folders[1], values.get("language", "en"), desk)
            self._around = Surroundings(
                self._name,
                self._folders[0],
                services,
                self.spawn,
                self._keep_undo,
                lambda: lists_of(self._functions.values()),
            )
        called = message["t"] == "call"
        desk = Desk(self._line, number, self._grants, self._report, lambda: called and number in self._running)
        return make_context(self._around, desk, values)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Start a background task; from any thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._start, coroutine)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_watched(coroutine))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _keep_undo(self, how: Callable[[], Awaitable[None] | None]) -> int:
        number = max(self._undos, default=0) + 1
        self._undos[number] = how
        for old in list(self._undos)[:-_UNDOS]:
            del self._undos[old]
        return number


class _Carried(Exception):
    """Takes whatever a skill raised off its thread."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


async def _watched(coroutine: Coroutine[Any, Any, None]) -> None:
    try:
        await coroutine
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        _log.error("a background task failed: %s", _trace(error))


def _meaning(source: Any, value: Any) -> Any:
    own = isinstance(source, SlotType) and BUILT_IN.get(source.name) is not source
    if not own or source.parse is None or not isinstance(value, str):
        return value
    found = source.parse(value)
    if found is None:
        raise SkillError("Sorry, I didn't get that.")
    return found


def _told(error: BaseException) -> tuple[str, str]:
    """(kind, text) of whatever a skill raised."""
    text = " ".join(str(error).split())[:1000]
    match error:
        case Overtaken():
            return "overtaken", error.text
        case Cancelled():
            return "cancelled", text
        case NoAnswer():
            return "no_answer", text
        case SkillError():
            return "skill_error", text
        case SystemExit() | KeyboardInterrupt():
            return "exit", type(error).__name__
        case asyncio.CancelledError():
            return "aborted", ""
    name = type(error).__name__
    return "crashed", f"{name}: {text}" if text else name


def _place(error: BaseException) -> str:
    frames = _frames(error)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _trace(error: BaseException) -> str:
    """The skill's own part of a traceback."""
    return "".join([f"{type(error).__name__}: {error}\n", *traceback.format_list(_frames(error))])


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    own = str(Path(__file__).parents[2])
    return [each for each in traceback.extract_tb(error.__traceback__) if not each.filename.startswith(own)]
