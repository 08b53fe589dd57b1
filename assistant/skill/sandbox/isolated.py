"""One skill in a process of its own, as the rest of the assistant sees it: functions and hooks to await."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from assistant.errors import EngineError, SkillError
from assistant.skill.api import Context
from assistant.skill.sandbox.answers import Answers
from assistant.skill.sandbox.codec import Unfit, decode, encode
from assistant.skill.sandbox.context import told
from assistant.skill.sandbox.describe import stand_in
from assistant.skill.sandbox.failure import Failed, Report
from assistant.skill.sandbox.frames import Malformed, Message
from assistant.skill.sandbox.keeper import Keeper
from assistant.skill.sandbox.launch import NotStarted, Plan
from assistant.skill.sandbox.requests import Requests
from assistant.skill.sandbox.text import harmless, printable
from assistant.skill.sandbox.watchdog import watchdog
from assistant.skill.sandbox.web import Web
from assistant.skill.sandbox.wire import Patience, Wire

_REPORTS = 200
_LINES = 40
_LINES_PER_S = 200


@dataclass(slots=True, eq=False)
class _Call:
    """Something that the child was asked to do: for whom, what comes of it, and whether a user waits for it."""

    ctx: Context | None
    done: asyncio.Future[Any]
    in_turn: bool


class IsolatedSkill:
    """Calls one skill's process.

    A call that fails because of the process raises ``EngineError`` with the stage ``skill`` and a code: ``crashed``,
    ``exit``, ``stopped`` (it hung, flooded or broke the connection, or the kernel ended it) or ``restarting``. The
    process is started again at once after its first failure and then ever later, 1 s, 2 s … up to five minutes; one
    call that succeeds clears the account.

    Args:
        plan: what to start.
        patience: how long it may take for what.

    Attributes:
        module: stand-ins for the skill's functions and hooks.
        means: what confines the process: (in force, lacking).
        reports: what it was refused and why it was stopped, the latest ones.

    Raises:
        NotStarted: the skill cannot be imported, or its process failed.
    """

    def __init__(self, plan: Plan, patience: Patience | None = None) -> None:
        self._name = plan.name
        self._patience = patience or Patience()
        self.reports: deque[Report] = deque(maxlen=_REPORTS)
        self._log = logging.getLogger(f"skill.{plan.name}")
        self._ids = itertools.count(1)
        self._calls: dict[int, _Call] = {}
        self._lists: dict[tuple[str, str], Any] = {}
        self._base: Context | None = None
        self._second, self._lines = 0, 0
        folders = (str(plan.path.resolve()), str(plan.data.resolve()))
        self._web = Web(plan.grants)
        answers = Answers(plan.grants, folders, self._web, self._undo, self._learn_lists)
        self._requests = Requests(answers, self._behalf, self._report)
        self._keeper = Keeper(plan, self._patience.hang, self._take, self._ended, self._back)
        assert self._keeper.child is not None
        hello = self._keeper.child.hello
        try:
            self.means: tuple[list[str], list[str]] = (list(hello["means"]["on"]), list(hello["means"]["off"]))
            self.module: ModuleType = self._module(hello)
        except (Malformed, KeyError, TypeError, AttributeError) as error:
            self.close()
            raise NotStarted(f"it described itself wrongly: {error}") from None

    def _module(self, hello: Message) -> ModuleType:
        self._learn_lists(decode(hello["lists"]))
        module = stand_in(hello, f"_assistant_isolated_{self._name}", self.call, self.entries)
        self._hooks = frozenset(map(str, hello["hooks"]))
        hooks: dict[str, Callable[..., Any]] = {"on_start": self.on_start, "on_stop": self.on_stop}
        if "on_due" in self._hooks:
            hooks["on_due"] = self.on_due
        vars(module).update(hooks)
        return module

    @property
    def pid(self) -> int | None:
        """The number of its process, None while it has none."""
        wire, child = self._keeper.attached, self._keeper.child
        child = wire.child if wire is not None else child
        return child.process.pid if child is not None else None

    # --- what the assistant calls --------------------------------------------------------------------

    async def call(self, function: str, ctx: Context, slots: Mapping[str, Any]) -> Any:
        """Run one of its functions.

        Raises:
            SkillError, Overtaken: as the function does.
            EngineError: it failed in another way, or its process did.
        """
        message = {"t": "call", "name": function, "args": encode(slots), "ctx": told(ctx)}
        value = await self._do(message, ctx, f"{self._name}.{function}", in_turn=True)
        self._keeper.forgive()
        return printable(value)

    async def on_start(self, ctx: Context) -> None:
        """Run its hook, and remember the context for its background work."""
        self._base = ctx
        self._keeper.wanted = True
        if self._keeper.attached is None:
            self._keeper.forgive()
        await self._start_hook()
        for function, name in list(self._lists):
            with suppress(EngineError, SkillError):  # it stays as it was
                self._lists[function, name] = await self._ask_for_list(function, name)

    async def on_due(self, ctx: Context, name: str, payload: Any) -> None:
        """Run its hook for what it has scheduled."""
        await self._hook("on_due", ctx, name, payload)

    async def on_stop(self, ctx: Context) -> None:
        """Run its hook if it still runs, and end the process."""
        self._keeper.wanted = False
        try:
            if "on_stop" in self._hooks and self._keeper.attached is not None:
                await self._hook("on_stop", ctx, patience=self._patience.stop)
        finally:
            self._base = None
            await self._web.close()
            self.close()

    def entries(self, function: str, name: str) -> Any:
        """The entries of a list that a function of it provides: as they are now, or, on the loop's own thread, which
        must not wait, as they were last told.

        Raises:
            SkillError, EngineError: as the function does; ``TimeoutError`` when it takes too long.
        """
        wire = self._keeper.attached
        if wire is not None and not _on_loop():
            work = self._ask_for_list(function, name)
            self._lists[function, name] = asyncio.run_coroutine_threadsafe(work, wire.loop).result(self._patience.hang)
        return self._lists.get((function, name), {})

    async def _ask_for_list(self, function: str, name: str) -> Any:
        message = {"t": "entries", "name": function, "list": name}
        return await self._do(message, None, f"the list {{{name}}} of {self._name}.{function}")

    def _learn_lists(self, told_: Any) -> None:
        """Function → list → entries, from the child."""
        for function, lists in told_.items():
            for name, entries in lists.items():
                self._lists[str(function), str(name)] = entries

    def close(self) -> None:
        """End the process; the next call starts it again."""
        self._keeper.close()
        self._fail_all("it was told to end")

    async def _back(self) -> None:
        """It was started again: hooks and all, for what it does in the background."""
        try:
            await self._start_hook()
        except (EngineError, SkillError) as error:
            self._log.error("on_start failed after a restart: %s", error)

    async def _start_hook(self) -> None:
        await self._keeper.ready()
        if "on_start" in self._hooks and self._base is not None:
            await self._hook("on_start", self._base, patience=self._patience.start)

    def _undo(self, number: int) -> Callable[[], Awaitable[None]]:
        return lambda: self._take_back(number)

    async def _take_back(self, number: int) -> None:
        await self._do({"t": "undo", "number": number}, self._base, f"{self._name}, taking something back,")

    async def _hook(self, name: str, ctx: Context, *arguments: Any, patience: float | None = None) -> None:
        message = {"t": "hook", "name": name, "args": encode(arguments), "ctx": told(ctx)}
        await self._do(message, ctx, f"{self._name}.{name}", patience=patience)

    async def _do(
        self, message: Message, ctx: Context | None, what: str, *, in_turn: bool = False, patience: float | None = None
    ) -> Any:
        wire = await self._keeper.ready()
        number = next(self._ids)
        call = self._calls[number] = _Call(ctx, wire.loop.create_future(), in_turn)
        if patience is not None:
            self._expect(wire, number, patience, f"{what} did not end within {patience:g} seconds")
        try:
            wire.send({**message, "id": number})
            return decode(await call.done)
        except asyncio.CancelledError:  # nobody waits for it any longer: a moment to stop it, else it is stopped
            if number in self._calls:
                wire.send({"t": "cancel", "id": number})
                self._expect(wire, number, self._patience.cancel, f"{what} did not stop when it was told to")
            raise
        except Failed as failed:
            raise failed.raised(self._name, what) from None
        except Unfit as error:
            raise EngineError("skill", self._name, "bad_reply", f"{what} returned what cannot be: {error}") from None

    def _expect(self, wire: Wire, number: int, seconds: float, otherwise: str) -> None:
        """A call's outcome within so many real seconds; else the process is given up."""
        watchdog.watch((self, number), seconds, lambda: wire.from_outside(lambda: wire.give_up(otherwise)))

    def _behalf(self, number: int) -> tuple[Context | None, bool]:
        call = self._calls.get(number)
        return (call.ctx or self._base, call.in_turn) if call is not None else (self._base, False)

    # --- what the child says, and its end ------------------------------------------------------------

    def _take(self, message: Message) -> None:
        match message["t"]:
            case "done" | "failed":
                self._finish(message)
            case "ask":
                if (wire := self._keeper.attached) is not None:
                    self._requests.take(wire, message)
            case "drop":
                self._requests.drop(int(message["id"]))
            case "report":
                self._report(harmless(str(message["text"])), harmless(str(message["place"])))
            case "log":
                self._tell(min(max(int(message["level"]), logging.DEBUG), logging.ERROR), str(message["text"]))
            case strange:
                raise Malformed(f"it sent a message of an unknown kind, {strange[:40]!r}")

    def _finish(self, message: Message) -> None:
        number = int(message["id"])
        call = self._calls.pop(number, None)
        watchdog.calm((self, number))
        if call is None or call.done.done():
            return
        if message["t"] == "done":
            call.done.set_result(message["value"])
        else:
            text, place = harmless(str(message["text"])), harmless(str(message["place"]))
            call.done.set_exception(Failed(str(message["kind"]), text, place))

    def _tell(self, level: int, text: str) -> None:
        """Its own log, so much of it at most."""
        second = int(time.monotonic())
        for line in text.splitlines()[:_LINES]:
            self._second, self._lines = second, self._lines + 1 if second == self._second else 1
            if self._lines <= _LINES_PER_S:
                self._log.log(level, "%s", harmless(line))

    def _report(self, text: str, place: str = "") -> None:
        report = Report(text, place)
        if report not in self.reports:
            self._log.warning("%s%s", f"{place}: " if place else "", text)
        self.reports.append(report)

    def _ended(self, reason: str) -> None:
        self._report(f"stopped: {reason}")
        self._fail_all(reason)

    def _fail_all(self, reason: str) -> None:
        self._requests.drop_all()
        calls, self._calls = self._calls, {}
        for number, call in calls.items():
            watchdog.calm((self, number))
            if not call.done.done() and not call.done.get_loop().is_closed():
                call.done.set_exception(Failed("stopped", reason))
                call.done.exception()  # it may be that nobody waits


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
