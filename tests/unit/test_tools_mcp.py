"""Tools of MCP servers: a real one, as a program and at an address."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.runtime.clock import VirtualLoop
from assistant.tools.base import Outcome, ToolArgumentError
from assistant.tools.mcp import McpTool, McpTools, Server
from assistant.tools.mcp_results import LONGEST, lean, shortened
from assistant.tools.toolbox import Toolbox
from tests.mcpserver import INJECTION, Address, at_an_address, command

_PATIENCE_S = 60.0
"""For what happens in some milliseconds on a machine with nothing else to do."""


class Servers:
    """The servers of a test, connected."""

    def __init__(self, *servers: Server, confirm: tuple[str, ...] = ()) -> None:
        self.tools = McpTools(servers, confirm)
        assert self.tools.wait(_PATIENCE_S)

    def tool(self, name: str) -> McpTool:
        found = Toolbox([self.tools]).find(name)
        assert isinstance(found, McpTool), [tool.name for tool in self.tools.tools()]
        return found

    async def call(self, name: str, **arguments: Any) -> Outcome:
        tool = self.tool(name)
        return await tool.run(tool.check(arguments))

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for what another process or thread is about to do."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                if await condition():
                    return
                await asyncio.sleep(0.01)


@contextmanager
def using(*servers: Server, confirm: tuple[str, ...] = ()) -> Iterator[Servers]:
    before = _threads()
    used = Servers(*servers, confirm=confirm)
    try:
        yield used
    finally:
        asyncio.run(used.tools.close())
    assert _threads() == before


def _threads() -> int:
    return [thread.name for thread in threading.enumerate()].count("mcp")


def address(url: str, **options: Any) -> Server:
    return Server(name="trains", url=url, allow=("*",), **options)


@pytest.fixture(scope="module")
def by_stdio() -> Iterator[Servers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MCP_TEST_SECRET", "s3cret")
        options: dict[str, Any] = {"confirm": ("book_*",), "env": {"TOKEN": "${MCP_TEST_SECRET}"}}
        server = Server(name="trains", command=command(), allow=("*",), timeout=_PATIENCE_S, **options)
        with using(server, confirm=("trains.notices",)) as servers:
            yield servers


@pytest.fixture(scope="module")
def trains() -> Iterator[Address]:
    with at_an_address() as where:
        yield where


@pytest.fixture(scope="module")
def by_http(trains: Address) -> Iterator[Servers]:
    with using(address(trains.url)) as servers:
        yield servers


@pytest.fixture(params=["by_stdio", "by_http"])
def servers(request: pytest.FixtureRequest) -> Servers:
    found: Servers = request.getfixturevalue(request.param)
    return found


def test_a_call_and_what_it_gives(servers: Servers) -> None:
    async def scenario() -> None:
        found = await servers.call("trains.departure", station="Bern", after=None)
        assert found == Outcome("The next train from Bern leaves at 10:42 (after now).")
        assert await servers.call("trains.timetable") == Outcome('{"trains":[{"to":"Bern","at":"10:42"}]}')
        assert await servers.call("trains.map_of_lines") == Outcome("The lines:\n[image]")
        failed = await servers.call("trains.delays")
        assert not failed.ok
        assert "the timetable is being repaired" in failed.text

    asyncio.run(scenario())


def test_a_strangers_text_is_foreign_and_cut(servers: Servers) -> None:
    async def scenario() -> None:
        assert servers.tool("trains.notices").foreign
        assert (await servers.call("trains.notices")).text == INJECTION
        long = (await servers.call("trains.unmarked")).text
        assert long.endswith(f"[cut: the first {LONGEST} of 10000 characters]")
        assert len(long) < LONGEST + 100

    asyncio.run(scenario())


def test_what_a_tool_says_of_itself(by_stdio: Servers) -> None:
    seen = {tool.told.name: (tool.effects, tool.dangerous) for tool in map(by_stdio.tool, _names(by_stdio))}
    assert seen["departure"] == (False, False)
    assert seen["open_counter"] == (True, False)
    assert seen["cancel_booking"] == (True, True)
    assert seen["unmarked"] == (True, True), "the protocol's defaults: it changes and destroys"
    assert seen["book_seat"] == (True, True), "the server's confirm"
    assert seen["notices"] == (False, True), "llm.tools.confirm"
    book = by_stdio.tool("trains__book_seat")
    assert (book.name, book.title) == ("trains.book_seat", "Book a seat")
    assert book.spec.parameters == {
        "type": "object",
        "properties": {"train": {"type": "string"}, "seats": {"default": 1, "type": "integer"}},
        "required": ["train"],
    }


def _names(servers: Servers) -> list[str]:
    return [tool.name for tool in servers.tools.tools()]


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ({}, "arguments: 'train' is a required property"),
        ({"train": None}, "arguments: 'train' is a required property"),
        ({"train": "IC 5", "seats": "two"}, "seats: 'two' is not of type 'integer'"),
    ],
)
def test_wrong_arguments(by_stdio: Servers, arguments: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ToolArgumentError) as error:
        by_stdio.tool("trains.book_seat").check(arguments)
    assert str(error.value) == wrong


def test_a_call_that_is_given_up_is_cancelled_at_the_server(servers: Servers) -> None:
    async def scenario() -> None:
        before = (await servers.call("trains.history")).text.count("was cancelled")
        call = asyncio.ensure_future(servers.call("trains.hang"))
        await _count(servers, "hangs", before + 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await _count(servers, "was cancelled", before + 1)

    asyncio.run(scenario())


async def _count(servers: Servers, what: str, number: int) -> None:
    """Wait until the server has noted something so often."""

    async def noted() -> bool:
        return (await servers.call("trains.history")).text.count(what) >= number

    await servers.until(noted)


def test_virtual_time_stands_still_while_a_server_works(by_stdio: Servers) -> None:
    async def scenario() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        beside = asyncio.ensure_future(asyncio.sleep(3600))
        found = await by_stdio.call("trains.departure", station="Bern")
        beside.cancel()
        return found, loop.time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found, now = runner.run(scenario())
    assert found.ok
    assert now == 0


def test_what_only_reads_by_the_user_s_word(trains: Address) -> None:
    with using(Server(name="trains", url=trains.url, allow=("*",), reads=("unm*",), confirm=("delays",))) as servers:
        seen = {name: (servers.tool(name).effects, servers.tool(name).dangerous) for name in _names(servers)}
    assert seen["trains.unmarked"] == (False, False)
    assert seen["trains.delays"] == (False, True)
    assert seen["trains.book_seat"] == (True, False)


def test_only_what_is_allowed_is_there(trains: Address) -> None:
    server = Server(name="trains", url=trains.url, allow=("departure", "hist*"))
    with using(server) as servers:
        assert _names(servers) == ["trains.departure", "trains.history"]
        (state,) = servers.tools.states()
        assert state.trouble == ""
        assert "cancel_booking" in state.others


def test_a_further_tool_is_noticed(servers: Servers) -> None:
    async def there() -> bool:
        return "trains.refund" in _names(servers)

    async def scenario() -> None:
        await servers.call("trains.open_counter")
        await servers.until(there)
        assert (await servers.call("trains.refund", train="IC 5")).text == "IC 5 is refunded."

    asyncio.run(scenario())


def test_a_program_that_ends_is_started_again(by_stdio: Servers, caplog: pytest.LogCaptureFixture) -> None:
    async def noticed() -> bool:
        return bool(caplog.messages)

    async def scenario() -> None:
        assert not (await by_stdio.call("trains.crash")).ok
        await by_stdio.until(noticed)
        await by_stdio.until(answers(by_stdio))

    asyncio.run(scenario())
    (said,) = caplog.messages
    assert said.startswith("the MCP server trains: it has ended; its last words: ")
    assert said.endswith("the boiler has burst. Its tools are missing; try: assistant mcp list")


def answers(servers: Servers) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        tools = {tool.name: tool for tool in servers.tools.tools()}
        tool = tools.get("trains.departure")
        return tool is not None and (await tool.run({"station": "Bern"})).ok

    return ask


def test_an_address_that_comes_back() -> None:
    async def gone(servers: Servers) -> None:
        assert not await answers(servers)()

    async def back(servers: Servers) -> None:
        await servers.until(answers(servers))

    with ExitStack() as stack:
        with at_an_address() as first:
            servers = stack.enter_context(using(address(first.url)))
            asyncio.run(back(servers))
        asyncio.run(gone(servers))
        with at_an_address(int(first.url.split(":")[2].split("/")[0])):
            asyncio.run(back(servers))


_BAD: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a": ({"command": ("no-such-program",)}, "the program 'no-such-program' is not there"),
    "b": (
        {"command": (sys.executable, "-c", "raise SystemExit('no licence')")},
        "it has ended; its last words: no licence",
    ),
    "c": (
        {"command": (sys.executable, "-c", "input()"), "env": {"TOKEN": "${MCP_TEST_UNSET}"}},
        "the environment variable MCP_TEST_UNSET, which its env name, is not set",
    ),
}


def test_servers_that_cannot_be_had(trains: Address, caplog: pytest.LogCaptureFixture) -> None:
    bad = [Server(name=name, allow=("*",), **options) for name, (options, _) in _BAD.items()]
    with using(*bad, address(trains.url)) as servers:
        states = {state.server.name: state.trouble for state in servers.tools.states()}
        assert states == {name: trouble for name, (_, trouble) in _BAD.items()} | {"trains": ""}
        assert "trains.departure" in _names(servers)
    assert sorted(record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING) == [
        f"the MCP server {name}: {trouble}. Its tools are missing; try: assistant mcp list"
        for name, (_, trouble) in _BAD.items()
    ]


def test_an_address_where_nothing_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/mcp"
    with using(address(url)) as servers:
        assert servers.tools.states()[0].trouble == "nothing answers at its address"
        assert servers.tools.tools() == []


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with using(address("http://127.0.0.1:1/mcp")) as servers:
        assert servers.tools.states()[0].trouble == (
            "The library for MCP servers (mcp) is not installed. Install it with: pip install 'mcp>=2.3,<3'"
        )


def test_a_bare_environment(by_stdio: Servers) -> None:
    names = asyncio.run(by_stdio.call("trains.environment")).text.split()
    assert "TOKEN" in names
    assert "MCP_TEST_SECRET" not in names
    assert "s3cret" not in repr(by_stdio.tools.states())


def test_headers_are_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("MCP_TEST_SECRET", "s3cret")
    caplog.set_level(logging.DEBUG)
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            while b"initialize" not in heard:
                connection, _ = listening.accept()
                with connection:
                    heard.extend(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        server = address(url, headers={"Authorization": "Bearer ${MCP_TEST_SECRET}"}, timeout=5)
        with using(server) as servers:
            assert servers.tools.states()[0].trouble
        assert b"bearer s3cret" in bytes(heard).lower()
    assert "s3cret" not in caplog.text + repr(server)


def test_a_call_that_the_end_overtakes_is_over(trains: Address) -> None:
    async def scenario(servers: Servers) -> None:
        before = len(trains.trains.done)

        async def hangs() -> bool:
            return len(trains.trains.done) > before

        call = asyncio.ensure_future(servers.call("trains.hang"))
        await servers.until(hangs)
        await servers.tools.close()
        assert not (await call).ok
        late = await servers.tool("trains.departure").run({"station": "Bern"})
        assert late == Outcome("trains.departure failed: the assistant is about to end", ok=False)

    with using(address(trains.url)) as servers:
        asyncio.run(scenario(servers))


def test_an_address_is_shown_without_its_keys() -> None:
    server = address("https://me:s3cret@tools.example.org:8443/mcp?key=s3cret")
    assert server.where == "https://tools.example.org:8443/mcp"
    assert "s3cret" not in repr(server)


def test_a_schema_for_the_model() -> None:
    schema = {
        "$schema": "x", "title": "T", "additionalProperties": False, "required": ["title"],
        "properties": {"title": {"title": "Title", "type": "string", "description": "what\n it is " + "x" * 500}},
    }  # fmt: skip
    found = lean(schema)
    assert list(found["properties"]) == ["title"], "a property may be called like a keyword"
    assert "title" not in found["properties"]["title"]
    assert len(found["properties"]["title"]["description"]) == 120
    assert found["required"] == ["title"]
    huge = {"properties": {f"p{n}": {"type": "string", "description": "x" * 100} for n in range(60)}}
    assert "description" not in json.dumps(lean(huge))


def test_results_are_made_harmless() -> None:
    assert shortened("a\x1b[2Jb\nc ") == "a[2Jb\nc"


def test_the_commands(trains: Address, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {
        "trains": {"url": trains.url, "allow": ["departure", "delays"]},
        "files": {"command": ["no-such-program"], "allow": ["*"]},
    }
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps({"mcp": {"servers": settings}}))

    def run(*words: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["assistant", "mcp", *words, "--config", str(file)])
            code = cli.run_command()
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    code, shown = run("list")
    assert code == 0
    assert re.search(r"trains\.departure +no +no +When the next", shown)
    assert "not allowed: book_seat, cancel_booking" in shown
    assert "not connected: the program 'no-such-program' is not there" in shown
    assert run("call", "trains.departure", "station=Bern") == (
        0, "The next train from Bern leaves at 10:42 (after now).\n"
    )  # fmt: skip
    assert run("call", "trains.departure", "statoin=Bern") == (
        2, "assistant: trains.departure: arguments: 'station' is a required property\n"
    )  # fmt: skip
    assert run("call", "trains.delays")[0] == 1
    assert run("call", "trains.crash")[1] == (
        "assistant: trains.crash is not allowed; add it to mcp.servers.trains.allow: [crash]\n"
    )
    assert run("call", "files.x")[1] == (
        "assistant: The MCP server files cannot be used: the program 'no-such-program' is not there.\n"
    )
    assert run("call", "planes.x")[1].startswith("assistant: There is no MCP server 'planes'")
