"""``assistant models``: list, pull, path, verify, remove."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from assistant import models, paths

app = typer.Typer(help="The models of heavier engines: list, fetch, check, remove.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="As 'assistant models list' shows it.", show_default=False)]


@app.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show what can be fetched and what is here."""
    here = models.installed()
    rows = [_row(name, name in here) for name in [*models.CATALOGUE, *(n for n in here if n not in models.CATALOGUE)]]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("model", "here", "MB", "about", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            str(row["name"]), "[green]yes[/green]" if row["installed"] else "", str(row["megabytes"]), str(row["about"])
        )
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"[dim]They live in {paths.models_dir()}. Fetch one with: assistant models pull NAME[/dim]")


def _row(name: str, installed: bool) -> dict[str, object]:
    entry = models.CATALOGUE.get(name)
    folder = models.find_model(name) if installed else None
    size = _megabytes(folder) if folder is not None else entry.megabytes if entry is not None else 0
    return {
        "name": name,
        "installed": installed,
        "megabytes": size,
        "path": str(folder) if folder is not None else None,
        "about": entry.about if entry is not None else "your own",
    }


def _megabytes(folder: Path) -> int:
    return round(sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6)


@app.command()
def pull(
    name: Name,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Take it from a folder instead of the network."),
    ] = None,
) -> None:
    """Fetch a model; after an interruption, run it again and it goes on."""
    from assistant import fetch  # its HTTP library is slow to import and nothing else here needs it

    entry = models.find_entry(name)
    if (paths.models_dir() / entry.name).is_dir():
        typer.echo(f"{entry.name} is already here: {paths.models_dir() / entry.name}")
        return
    with _progress() as progress:
        if source is not None:
            folder = fetch.copy_from(entry, source, progress)
        else:
            with fetch.Hub() as hub:
                folder = fetch.pull(entry, hub, progress)
    typer.echo(f"{entry.name} is here: {folder}")


@app.command()
def path(name: Name) -> None:
    """Print the folder of a model."""
    typer.echo(models.find_model(name))


@app.command()
def verify(name: Name) -> None:
    """Compare a model's files with the checksums they came with."""
    with _progress() as progress:
        count = models.verify(name, progress)
    typer.echo(f"{name}: {count} files are as they came.")


@app.command()
def remove(name: Name) -> None:
    """Delete a model."""
    typer.echo(f"Removed {models.remove(name)}")


@contextmanager
def _progress() -> Iterator[models.Progress]:
    """A bar for each file, on stderr."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=Console(stderr=True),
    )
    tasks = {}

    def report(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=total or None)
        bars.update(tasks[name], completed=done)

    with bars:
        yield report
