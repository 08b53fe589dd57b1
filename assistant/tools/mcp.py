"""Tools of servers that speak the Model Context Protocol.

The servers are connected in the background, on a thread with a loop of its own, so that none of them holds the
assistant up, or its clock: a call is a job in an executor for whoever waits for it, as an engine's work is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from assistant.llm.base import ToolSpec
from assistant.tools.base import Outcome, Tool, ToolArgumentError, fit_name, is_named
from assistant.tools.mcp_link import Link
from assistant.tools.mcp_results import lean, line, told
from assistant.tools.mcp_transport import LOG, Server, Unreachable

__all__ = ["LOG", "McpTool", "McpTools", "Server", "ServerState"]

_LONGEST_DESCRIPTION = 500
_ENDING = "the assistant is about to end"
_PARTING_S = 5.0
"""How long the servers have to end."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server, for people.

    Attributes:
        trouble: why it is not connected; empty if it is.
        tools: those that may be used.
        others: names of those that are not allowed.
    """

    server: Server
    trouble: str
    tools: Sequence[McpTool]
    others: Sequence[str]


@dataclass(slots=True, eq=False)
class McpTool:
    """A server's tool; implements :class:`assistant.tools.base.Tool`.

    Its hints about itself are the server's word: without one it is taken to change and to destroy something, as the
    protocol says.

    Args:
        link: the connection to its server.
        loop: on which that is.
        told: the tool, ``mcp_types.Tool``.
        confirm: patterns of names of tools that ask the user first.
    """

    link: Link
    loop: asyncio.AbstractEventLoop
    told: Any
    confirm: Sequence[str]
    foreign: bool = field(default=True, init=False)
    spec: ToolSpec = field(init=False)
    name: str = field(init=False)
    title: str = field(init=False)
    effects: bool = field(init=False)
    dangerous: bool = field(init=False)
    _fits: Callable[[Mapping[str, Any]], list[str]] = field(init=False)

    def __post_init__(self) -> None:
        own, hints = str(self.told.name), self.told.annotations
        self.name = f"{self.link.server.name}.{line(own, 80)}"
        self.title = line(self.told.title or (hints and hints.title) or own.replace("_", " "), 60)
        text = line(self.told.description or self.title, _LONGEST_DESCRIPTION)
        self.spec = ToolSpec(fit_name(self.name), text, lean(self.told.input_schema))
        self.effects = not ((hints and hints.read_only_hint) or is_named(own, self.link.server.reads))
        destroys = self.effects and not (hints and hints.destructive_hint is False)
        self.dangerous = destroys or is_named(own, self.link.server.confirm) or is_named(self.name, self.confirm)
        self._fits = _checker(self.told.input_schema)

    def check(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments, which fit the tool's schema.

        Raises:
            ToolArgumentError: they do not.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        wrong = self._fits(given)
        if wrong:
            raise ToolArgumentError(line("; ".join(wrong[:3]), 400))
        return given

    async def run(self, arguments: Mapping[str, Any]) -> Outcome:
        """Have the server do it; what goes wrong is an outcome, too. Cancelled, it is cancelled at the server."""
        try:
            call: Callable[..., Any] = self.link.call
            job = asyncio.get_running_loop().run_in_executor(_Job(self.loop), call, self.told.name, arguments)
            result = await job
        except Unreachable as error:
            return Outcome(f"{self.name} failed: {error}", ok=False)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return Outcome(f"{self.name} failed: {_ENDING}", ok=False)
        return Outcome(told(result), ok=not result.is_error)


def _checker(schema: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], list[str]]:
    """What is wrong with arguments, by a JSON schema; by one that cannot be used nothing is, the server will say."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    # an empty registry: what a schema refers to is never fetched
    validator = Draft202012Validator(schema, registry=Registry())

    def check(given: Mapping[str, Any]) -> list[str]:
        try:
            return [f"{error.json_path[2:] or 'arguments'}: {error.message}" for error in validator.iter_errors(given)]
        except Exception as error:  # whatever a stranger's schema leads to
            LOG.debug("a tool's schema cannot be used: %s", error)
            return []

    return check


class _Job(Executor):
    """Runs a coroutine on another thread's loop; given up, it is cancelled there."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Start what ``fn`` gives, a coroutine."""
        coroutine: Coroutine[Any, Any, Any] = fn(*args, **kwargs)
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:  # the loop is closed
            coroutine.close()
            failed: Future[Any] = Future()
            failed.set_exception(Unreachable(_ENDING))
            return failed


class McpTools:
    """The tools of all servers; implements :class:`assistant.tools.base.Source`.

    Connecting begins at once and in the background; a server that fails is tried again, and is never in the way.

    Args:
        servers: which.
        confirm: patterns of names of tools that ask the user first, besides each server's own.
    """

    always = True

    def __init__(self, servers: Iterable[Server], confirm: Sequence[str] = ()) -> None:
        self._confirm = tuple(confirm)
        self._loop = asyncio.new_event_loop()
        self._links = [Link(server, self._renew) for server in servers]
        self._settled = threading.Event()
        self._stop = asyncio.Event()
        self._tools: dict[str, list[McpTool]] = {}
        self._thread = threading.Thread(target=self._work, name="mcp", daemon=True)
        self._thread.start()

    def tools(self, language: str = "en") -> Sequence[Tool]:  # noqa: ARG002  # they are in whatever language they are
        """The allowed tools of the servers that are connected, by server."""
        return [tool for link in self._links for tool in self._tools.get(link.server.name, ())]

    def likeness(self, tool: Tool, language: str) -> Iterable[str]:  # noqa: ARG002
        """What the tool says of itself, and the names of its arguments."""
        names = " ".join(tool.spec.parameters.get("properties", ()))
        return tool.spec.description, f"{tool.name} {tool.title} {names}".replace("_", " ").replace(".", " ")

    def states(self) -> list[ServerState]:
        """Every server with its tools."""
        found = []
        for link in self._links:
            tools = self._tools.get(link.server.name, [])
            known = {tool.told.name for tool in tools}
            others = [line(str(each.name), 80) for each in link.tools if each.name not in known]
            found.append(ServerState(link.server, link.trouble, tools, others))
        return found

    def wait(self, seconds: float) -> bool:
        """Wait until each server has been connected or could not be; False if that took longer."""
        return self._settled.wait(seconds)

    def _renew(self) -> None:
        """On the servers' loop: their tools are other ones."""
        for link in self._links:
            allowed = [each for each in link.tools if is_named(str(each.name), link.server.allow)]
            taken: dict[str, McpTool] = {}
            for each in allowed:
                tool = McpTool(link, self._loop, each, self._confirm)
                taken.setdefault(tool.spec.name, tool)
            self._tools[link.server.name] = list(taken.values())
        if all(link.settled.is_set() for link in self._links):
            self._settled.set()

    def _work(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            kept = [group.create_task(link.keep()) for link in self._links]
            await self._stop.wait()
            for task in kept:
                task.cancel()

    async def close(self) -> None:
        """End the servers, and wait for that, if not for long."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            await asyncio.get_running_loop().run_in_executor(None, self._thread.join, _PARTING_S)
