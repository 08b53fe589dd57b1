"""``assistant config``: check, show, path."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant import paths, registry
from assistant.config import Loaded, engine_options, load
from assistant.config_base import EngineSection
from assistant.errors import ConfigError

app = typer.Typer(help="Check and show the configuration.", no_args_is_help=True)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="Check this file instead of your own.")] = None,
) -> None:
    """Look for mistakes; the exit code is 2 if there are any."""
    loaded = load(file, user=file is None)
    check_engines(loaded)
    checked = file or (paths.user_config() if paths.user_config().exists() else paths.shipped("config.yaml"))
    typer.echo(f"{checked}: no mistakes.")


def check_engines(loaded: Loaded) -> None:
    """Check the options of the chosen engines, and of those that the configuration has options for.

    Raises:
        ConfigError: as :func:`assistant.config.engine_options`, for all of them together.
    """
    lines: list[str] = []
    for kind in ("wake", "vad", "asr", "tts", "llm"):
        section: EngineSection = getattr(loaded.config, kind)
        names = dict.fromkeys([section.engine, *(section.model_extra or {})])
        for spec in (registry.find(kind, name) for name in names if name not in section.special):
            if spec.missing() is None:
                try:
                    engine_options(loaded, kind, spec.name, import_module(spec.module).Options)
                except ConfigError as error:
                    lines.append(str(error))
    if lines:
        raise ConfigError("\n".join(lines))


@app.command()
def show(
    file: Annotated[Path | None, typer.Option("--config", help="A configuration file on top of your own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show every effective value and where it came from."""
    loaded = load(file)
    rows = [(path, value, str(loaded.origin(path))) for path, value in leaves(loaded.config)]
    if as_json:
        values = {path: {"value": value, "from": origin} for path, value, origin in rows}
        typer.echo(json.dumps(values, indent=2, ensure_ascii=False, default=str))
        return
    shipped = str(paths.shipped("config.yaml"))
    table = Table("setting", "value", "from", box=None, pad_edge=False)
    for path, value, origin in rows:
        default = origin == "default" or origin.startswith(shipped)
        shown = escape(json.dumps(value, ensure_ascii=False, default=str))
        table.add_row(path, shown, "[dim]default[/dim]" if default else f"[green]{escape(origin)}[/green]")
    Console().print(table)


def leaves(model: BaseModel, above: str = "") -> list[tuple[str, Any]]:
    """Dotted path and value of every setting, engines' own options included."""
    found: list[tuple[str, Any]] = []
    for name in [*type(model).model_fields, *(model.model_extra or {})]:
        found += _below(getattr(model, name), above + name)
    return found


def _below(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        return leaves(value, f"{path}.")
    if isinstance(value, dict) and value:
        return [found for key, item in value.items() for found in _below(item, f"{path}.{key}")]
    return [(path, value)]


@app.command()
def path() -> None:
    """Print the files that are read, in order, and whether they are there."""
    for file in (paths.shipped("config.yaml"), paths.user_config()):
        typer.echo(f"{file}{'' if file.exists() else '  (not there)'}")
