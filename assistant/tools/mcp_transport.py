"""How a server of tools is reached: as a program of this machine, or at an address."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import MissingDependency
from assistant.tools.mcp_results import line

LOG = logging.getLogger("assistant.mcp")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_LAST_WORDS_S = 0.5
INSTALL = "pip install 'mcp>=2.3,<3'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server of tools; see ``mcp.servers`` of the configuration.

    Attributes:
        name: what the user calls it.
        command: the program and its arguments.
        env: environment variables for it, on top of a bare environment; ``${NAME}`` is taken from this process's.
        url: of a server that speaks streamable HTTP.
        headers: sent to it; ``${NAME}`` likewise.
        allow, confirm: patterns of its tools that may be used, and of those that ask the user first.
        reads: of those that change nothing, where the server does not say so itself.
        timeout: seconds to wait for it.
    """

    name: str
    command: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    url: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow: Sequence[str] = ()
    confirm: Sequence[str] = ()
    reads: Sequence[str] = ()
    timeout: float = 20.0

    @property
    def where(self) -> str:
        """Its program or its address, to be shown: without what may hold a password or a key."""
        if self.url is None:
            return " ".join(self.command)
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class Unreachable(Exception):
    """The server cannot be used now; the text says why, and what to do."""


@asynccontextmanager
async def connected(
    server: Server, lost: asyncio.Event, hear: Callable[..., Any], said: deque[str]
) -> AsyncIterator[Any]:
    """A connected client.

    Raises:
        MissingDependency: the library is not installed.
    """
    try:
        from mcp import Client
    except ImportError as error:
        raise MissingDependency("The library for MCP servers (mcp)", INSTALL) from error
    _quiet()
    transport = _stdio(server, said) if server.command else _http(server)
    async with Client(_watched(transport, lost), read_timeout_seconds=server.timeout, message_handler=hear) as client:
        yield client


@asynccontextmanager
async def _watched(transport: Any, lost: asyncio.Event) -> AsyncIterator[Any]:
    async with transport as (read, write):
        yield _Watched(read, lost), write


class _Watched:
    """A transport's stream of messages; its end sets an event."""

    def __init__(self, stream: Any, ended: asyncio.Event) -> None:
        self._stream = stream
        self._ended = ended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __aiter__(self) -> _Watched:
        return self

    async def __anext__(self) -> Any:
        return await self._stream.__anext__()

    async def __aenter__(self) -> _Watched:
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> Any:
        self._ended.set()
        return await self._stream.__aexit__(*error)


@asynccontextmanager
async def _stdio(server: Server, said: deque[str]) -> AsyncIterator[Any]:
    """A program of this machine; what it prints besides goes to the log."""
    from mcp import StdioServerParameters, stdio_client

    extra = {name: os.environ[name] for name in ("LANG",) if name in os.environ} | filled(server.env, "env")
    parameters = StdioServerParameters(command=server.command[0], args=list(server.command[1:]), env=extra)
    reading, writing = os.pipe()
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", 0))
    try:
        with os.fdopen(writing, "w") as errors:
            async with asyncio.TaskGroup() as group:
                noting = group.create_task(_note(reader, server.name, said))
                try:
                    async with stdio_client(parameters, errlog=errors) as streams:
                        yield streams
                finally:
                    errors.close()
                    await asyncio.wait({noting}, timeout=_LAST_WORDS_S)
                    noting.cancel()
    finally:
        pipe.close()


async def _note(reader: asyncio.StreamReader, name: str, said: deque[str]) -> None:
    while True:
        try:
            text = await reader.readline()
        except ValueError:  # a line longer than the reader's buffer
            continue
        if not text:
            return
        if plain := line(text.decode("utf-8", "replace"), 500):
            said.append(plain)
            LOG.debug("%s: %s", name, plain)


@asynccontextmanager
async def _http(server: Server) -> AsyncIterator[Any]:
    """An address."""
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    assert server.url is not None
    patience = httpx2.Timeout(server.timeout, read=None)  # each request has its own limit; streams stay open
    async with (
        httpx2.AsyncClient(headers=filled(server.headers, "headers"), timeout=patience) as http,
        streamable_http_client(server.url, http_client=http) as streams,
    ):
        yield streams


def filled(values: Mapping[str, str], where: str) -> dict[str, str]:
    """Values with ``${NAME}`` taken from the environment.

    Raises:
        Unreachable: there is no such variable.
    """

    def variable(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise Unreachable(f"the environment variable {match[1]}, which its {where} name, is not set")
        return found

    return {name: _VARIABLE.sub(variable, value) for name, value in values.items()}


def _quiet() -> None:
    """What goes wrong is said here, in one line, rather than by the libraries with tracebacks; nor do they log URLs."""
    for name in ("mcp", "httpx2", "httpcore2"):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)


def reason(error: BaseException, server: Server) -> str:
    """Why something failed, in words."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case Unreachable():
            return str(error)
        case FileNotFoundError() if server.command:
            return f"the program {server.command[0]!r} is not there"
        case PermissionError() if server.command:
            return f"the program {server.command[0]!r} may not be run"
        case TimeoutError():
            return f"it gave no answer within {server.timeout:g} s"
    name = type(error).__name__
    if name == "MCPError" and str(error) == "Connection closed":
        return "it has ended"
    if name in ("ConnectError", "ConnectTimeout"):
        return "nothing answers at its address"
    text = str(error).replace(server.url, server.where) if server.url else str(error)
    return line(text, 300) or name
