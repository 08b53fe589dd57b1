"""``assistant mcp``: which servers of tools there are, and what their tools give."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.config import Config, load
from assistant.errors import AssistantError, InputError
from assistant.suggest import nearest
from assistant.tools.base import ToolArgumentError
from assistant.tools.mcp import LOG, McpTool, McpTools, Server, ServerState

app = typer.Typer(help="Servers of tools for the language model (Model Context Protocol).", no_args_is_help=True)

ConfigFile = Annotated[Path | None, typer.Option("--config", help="A configuration file on top of your own.")]

_NONE = (
    "No server is configured. For example: mcp: {servers: {files: {command: [npx, -y, "
    '"@modelcontextprotocol/server-filesystem", /home/me/Documents], allow: ["read_*"]}}}'
)
_SPARE_S = 5.0
"""Beyond the servers' own timeouts, to start and to answer."""


@app.command("list")
def list_servers(
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Connect to each server and show its tools: which are allowed, which ask first."""
    settings = load(config).config
    if not settings.mcp.servers:
        typer.echo("[]" if as_json else _NONE)
        return
    with _connected(settings, settings.mcp.servers, quiet=as_json) as tools:
        states = tools.states()
    if as_json:
        typer.echo(json.dumps([_as_json(state) for state in states], indent=2, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    for state in states:
        _show(console, state)


@app.command("call")
def call_tool(
    tool: Annotated[str, typer.Argument(metavar="SERVER.TOOL", show_default=False)],
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]…", show_default=False)] = None,
    config: ConfigFile = None,
) -> None:
    """Call a tool, as the language model would; nobody is asked first."""
    settings = load(config).config
    server = tool.partition(".")[0]
    if server not in settings.mcp.servers:
        raise InputError(f"There is no MCP server {server!r}{nearest(server, settings.mcp.servers)}. {_NONE}")
    with _connected(settings, [server]) as tools:
        found = _tool(tools, tool)
        try:
            given = found.check(_given(arguments or [], found.told.input_schema))
        except ToolArgumentError as error:
            raise InputError(f"{tool}: {error}") from error
        outcome = asyncio.run(found.run(given))
    if not outcome.ok:
        raise AssistantError(outcome.text)
    typer.echo(outcome.text)


@contextmanager
def _connected(
    settings: Config, names: Mapping[str, Any] | Sequence[str], *, quiet: bool = False
) -> Iterator[McpTools]:
    """Some servers, when each has been connected or could not be."""
    level = LOG.level
    LOG.setLevel(logging.ERROR)  # what is wrong is shown
    chosen = [Server(name=name, **dict(settings.mcp.servers[name])) for name in names]
    tools = McpTools(chosen, settings.llm.tools.confirm)
    try:
        with Console(stderr=True, quiet=quiet).status(f"Connecting to {', '.join(names)} …"):
            tools.wait(max(server.timeout for server in chosen) + _SPARE_S)
        yield tools
    finally:
        asyncio.run(tools.close())
        LOG.setLevel(level)


def _tool(tools: McpTools, name: str) -> McpTool:
    """An allowed tool by its name.

    Raises:
        InputError: it is not there.
    """
    (state,) = tools.states()
    if state.trouble:
        raise AssistantError(f"The MCP server {state.server.name} cannot be used: {state.trouble}.")
    for tool in state.tools:
        if name in (tool.name, tool.spec.name):
            return tool
    own = name.partition(".")[2]
    if own in state.others:
        raise InputError(f"{name} is not allowed; add it to mcp.servers.{state.server.name}.allow: [{own}]")
    raise InputError(f"There is no tool {name!r}{nearest(name, [tool.name for tool in state.tools])}")


def _given(arguments: Sequence[str], schema: Mapping[str, Any]) -> dict[str, Any]:
    """``key=value`` as arguments: JSON where the schema wants something else than text.

    Raises:
        InputError: there is no ``=``.
    """
    found: dict[str, Any] = {}
    for each in arguments:
        key, sign, value = each.partition("=")
        if not sign:
            raise InputError(f"{each!r} is no KEY=VALUE; write it like station=Bern")
        wanted = schema.get("properties", {}).get(key, {})
        found[key] = value
        if isinstance(wanted, Mapping) and wanted.get("type") != "string":
            with suppress(ValueError):
                found[key] = json.loads(value)
    return found


def _as_json(state: ServerState) -> dict[str, Any]:
    tools = [
        {"name": each.name, "effects": each.effects, "asks": each.dangerous, "description": each.spec.description}
        for each in state.tools
    ]
    return {"server": state.server.name, "trouble": state.trouble, "tools": tools, "not_allowed": list(state.others)}


def _show(console: Console, state: ServerState) -> None:
    where = escape(state.server.where)
    console.print(f"[bold]{escape(state.server.name)}[/bold]  [dim]{where}[/dim]", highlight=False)
    if state.trouble:
        console.print(f"  [red]not connected:[/red] {escape(state.trouble)}", highlight=False)
        return
    table = Table(box=None, padding=(0, 2))
    for heading in ("tool", "changes something", "asks first", "what it does"):
        table.add_column(heading, no_wrap=heading == "tool", overflow="fold")
    for tool in state.tools:
        marks = ("yes" if tool.effects else "no", "yes" if tool.dangerous else "no")
        table.add_row(escape(tool.name), *marks, escape(tool.spec.description))
    if state.tools:
        console.print(table)
    if state.others:
        console.print(f"  not allowed: {escape(', '.join(state.others))}", highlight=False)
        console.print(f"  [dim]allow them: mcp.servers.{state.server.name}.allow[/dim]", highlight=False)
