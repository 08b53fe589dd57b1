"""A web server on the loopback that stands for the services that skills read, and a way to talk to such skills."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from assistant.skill.loader import Skills
from assistant.skill.store import Stores
from tests.unit.skillkit import START, Scenario, Talk


@dataclass
class Web:
    """What the services answer.

    Attributes:
        pages: the beginning of an address without its scheme, ``example.org/feed?q=x`` → what is there: a text, or a
            status. The longest beginning counts; None is a connection that is closed at once.
        asked: host, path and query of what was read.
        down: whether there is no network.
    """

    pages: dict[str, str | bytes | int | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False

    def page(self, address: str) -> str | bytes | int | None:
        """What is at an address."""
        fitting = [begin for begin in self.pages if address.startswith(begin)]
        return self.pages[max(fitting, key=len)] if fitting else 404

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split()[1]
        host = next(line.split(": ", 1)[1] for line in head.splitlines() if line.lower().startswith("host: "))
        self.asked.append(host + path)
        page = self.page(self.asked[-1])
        if page is not None:
            status = page if isinstance(page, int) else 200
            body = page.encode() if isinstance(page, str) else page if isinstance(page, bytes) else b"no"
            lines = f"HTTP/1.1 {status} -\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(lines.encode() + body)
            await writer.drain()
        writer.close()

    def query(self, at: int = -1) -> Mapping[str, str]:
        """The parameters of what was read."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.asked[at]).query).items()}


class Loopback(httpx.AsyncHTTPTransport):
    """Takes every request to the web on this machine."""

    def __init__(self, web: Web, port: int) -> None:
        super().__init__()
        self._web = web
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._web.down:
            raise httpx.ConnectError("no network", request=request)
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


def browse(
    scenario: Scenario, skill: str, web: Web, skills: Skills, path: Path, start: datetime = START, **context: Any
) -> None:
    """Run a scenario in real time, as sockets need it, with the skill's requests answered by ``web``.

    Args:
        path: the skills' memory; the copies of what was read lie beside it.
        start: the time of day when it begins.
    """

    async def whole() -> None:
        server = await asyncio.start_server(web.serve, "127.0.0.1", 0)
        stores = Stores(path / "skills.db")
        talk = Talk(start, stores, path, skills, **context)
        talk.services(skill).transport = Loopback(web, server.sockets[0].getsockname()[1])
        await talk.start()
        try:
            await scenario(talk)
        finally:
            await talk.house.close()
            await talk.contexts.close()
            stores.close()
            server.close()
            await server.wait_closed()

    asyncio.run(whole())
