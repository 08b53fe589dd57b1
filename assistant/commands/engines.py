"""``assistant engines``: what could be used here, and what it takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant import registry
from assistant.config import Config, Loaded, engine_section, load
from assistant.errors import MissingDependency, MissingModel
from assistant.voicing import expected_engine


@dataclass(frozen=True, slots=True)
class Row:
    """One engine; ``command`` makes it available, and is empty if it is."""

    kind: str
    name: str
    available: bool
    chosen: bool
    command: str
    reason: str


def engines(
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show every engine, and the exact command for those that are not available."""
    rows = survey(load(config).config)
    if as_json:
        found = [{name: getattr(row, name) for name in Row.__slots__} for row in rows]
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    table = Table("kind", "name", "available", box=None, pad_edge=False)
    for row in rows:
        state = "[green]yes[/green]" if row.available else escape(row.command or row.reason)
        table.add_row(row.kind, f"[bold]{row.name}[/bold] (chosen)" if row.chosen else row.name, state)
    Console(soft_wrap=True).print(table)


def survey(config: Config) -> list[Row]:
    """Every known engine on this machine under this configuration."""
    voice = expected_engine(Loaded(config, {}))
    return [_row(config, spec, voice) for spec in registry.specs()]


def _row(config: Config, spec: registry.Spec, voice: str) -> Row:
    section = engine_section(config, spec.kind)
    model = section.options(spec.name).get("voice" if spec.kind == "tts" else "model")
    obstacle = registry.obstacle(spec, model if isinstance(model, str) else None)
    return Row(
        spec.kind,
        spec.name,
        obstacle is None,
        spec.name == (voice if spec.kind == "tts" else section.engine),
        remedy(obstacle),
        str(obstacle or ""),
    )


def remedy(error: Exception | None) -> str:
    """The command that an error offers as its cure, or nothing."""
    match error:
        case MissingDependency(install=command) | MissingModel(fetch=command):
            return command
    return ""
