"""The connection to one server of tools: made, watched, and made again.

The official library (``mcp``) speaks the protocol, both the version of 2026 and those before; everything here runs on
one loop (:mod:`assistant.tools.mcp`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any

from assistant.errors import MissingDependency
from assistant.tools.mcp_results import line
from assistant.tools.mcp_transport import LOG, Server, Unreachable, connected, reason

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 300.0
"""Before a lost server is tried again; doubled with each failure."""
_HEALTHY_S = 30.0
"""A connection that lived for so long was a good one: the next loss is followed by the first wait again."""
_MOST_TOOLS, _MOST_PAGES = 500, 50


class Link:
    """Keeps one server connected.

    Args:
        server: which.
        changed: called when its tools, or its state, are other than before.

    Attributes:
        tools: what it offers, ``mcp_types.Tool``; kept while it is being connected again.
        trouble: why it is not connected; empty while it is.
        settled: set once it has been connected, or could not be.
    """

    def __init__(self, server: Server, changed: Callable[[], None] = lambda: None) -> None:
        self.server = server
        self.tools: tuple[Any, ...] = ()
        self.trouble = "it has not been connected yet"
        self.settled = asyncio.Event()
        self._changed = changed
        self._client: Any = None
        self._ready = asyncio.Event()
        self._news = asyncio.Event()
        self._lost = asyncio.Event()
        self._hurry = asyncio.Event()
        self._said: deque[str] = deque(maxlen=2)
        self._failures = 0

    async def keep(self) -> None:
        """Connect, and connect again whenever the connection is lost; until cancelled."""
        loop, wait = asyncio.get_running_loop(), _FIRST_WAIT_S
        while True:
            began = loop.time()
            try:
                await self._live()
                text = self._ended("it has ended")
            except MissingDependency as error:
                self._failed(str(error))
                return
            except Exception as error:  # whatever the library and what it is built on raise
                text = self._ended(reason(error, self.server))
            if loop.time() - began > _HEALTHY_S:
                wait = _FIRST_WAIT_S
            self._failed(text)
            self._hurry.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)

    async def _live(self) -> None:
        """One connection, from its beginning until it is lost."""
        self._lost.clear()
        self._news.clear()
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(self.server.timeout):
                client = await stack.enter_async_context(connected(self.server, self._lost, self._hear, self._said))
                self.tools = await _listed(client)
            self._client, self.trouble, self._failures = client, "", 0
            self._ready.set()
            self.settled.set()
            self._changed()
            try:
                await self._watch(client)
            finally:
                self._client = None
                self._ready.clear()

    async def _watch(self, client: Any) -> None:
        """List the tools anew whenever the server says that they have changed; until the connection is lost."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen(client))
            try:
                while not self._lost.is_set():
                    await _first_of(self._lost, self._news)
                    if self._news.is_set() and not self._lost.is_set():
                        self._news.clear()
                        async with asyncio.timeout(self.server.timeout):
                            self.tools = await _listed(client)
                        self._changed()
            finally:
                listening.cancel()

    async def _listen(self, client: Any) -> None:
        """Wait for changes of the tools, as the protocol of 2026 has it; older servers send them unasked."""
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
        from mcp.shared.exceptions import MCPError

        try:
            async with client.listen(tools_list_changed=True) as events:
                async for _ in events:
                    self._news.set()
        except SubscriptionLost:
            self._lost.set()
        except (ListenNotSupportedError, MCPError, TimeoutError) as error:
            LOG.debug("%s does not tell when its tools change: %s", self.server.name, error)

    async def _hear(self, message: Any) -> None:
        if getattr(message, "method", "") == "notifications/tools/list_changed":
            self._news.set()

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """The ``mcp_types.CallToolResult`` of a tool; when this is cancelled, so is the call at the server.

        Raises:
            Unreachable: the server is not there, does not answer in time, or refuses.
        """
        from mcp.shared.exceptions import MCPError
        from mcp_types import REQUEST_TIMEOUT

        client = await self._connected()
        try:
            return await client.call_tool(tool, dict(arguments), self.server.timeout)
        except MCPError as error:
            if error.code == REQUEST_TIMEOUT:
                raise Unreachable(f"it gave no answer within {self.server.timeout:g} s") from error
            self._check_later(error.code)
            raise Unreachable(line(error.message, 300)) from error
        except Exception as error:  # transports raise errors of their own libraries
            self._lost.set()
            raise Unreachable(reason(error, self.server)) from error

    async def _connected(self) -> Any:
        if self._client is None:
            self._hurry.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), min(5.0, self.server.timeout))
        if self._client is None:
            raise Unreachable(self.trouble)
        return self._client

    def _check_later(self, code: int) -> None:
        """After an error that is the connection's rather than the tool's: begin anew."""
        from mcp_types import CONNECTION_CLOSED, INTERNAL_ERROR

        if code in (CONNECTION_CLOSED, INTERNAL_ERROR) and (code == CONNECTION_CLOSED or self.server.url):
            self._lost.set()

    def _ended(self, reason: str) -> str:
        """Why the connection is over, with the last words of the server's program."""
        said = f"; its last words: {line(' | '.join(self._said), 300)}" if self._said else ""
        self._said.clear()
        return reason + said

    def _failed(self, text: str) -> None:
        self._failures += 1
        if self.trouble != text:
            LOG.warning("the MCP server %s: %s. Its tools are missing; try: assistant mcp list", self.server.name, text)
        self.trouble = text
        if self._failures > 1:
            self.tools = ()
        self.settled.set()
        self._changed()


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _listed(client: Any) -> tuple[Any, ...]:
    """All pages of the server's tools."""
    found: list[Any] = []
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor, cache_mode="refresh")
        found += page.tools
        cursor = page.next_cursor
        if cursor is None or len(found) >= _MOST_TOOLS:
            break
    return tuple(found[:_MOST_TOOLS])
