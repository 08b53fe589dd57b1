"""``assistant models``: list, pull, import, path, verify, remove."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from assistant import models, paths
from assistant.catalogue import CATALOGUE
from assistant.catalogue.base import KINDS
from assistant.errors import InputError
from assistant.suggest import nearest

app = typer.Typer(
    help="Models: recognisers, voices, wake words … List, fetch, import, check, remove.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="As 'assistant models list' shows it.", show_default=False)]
_DO_WITH = {
    "asr": "'asr: {{engine: whisper, whisper: {{model: {0}}}}}' in your config.yaml",
    "tts": "assistant voices use {0}",
    "wake": "'wake: {{words: [{0}]}}' in your config.yaml",
}
"""How a model is put to use that is not found by itself."""


@app.command("list")
def list_models(
    kind: Annotated[str | None, typer.Option(help=f"Only those of one kind: {', '.join(KINDS)}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what can be fetched and what is here."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"There is no kind of model {kind!r}{nearest(kind, KINDS)}")
    here = models.installed()
    names = [*CATALOGUE, *(name for name in here if name not in CATALOGUE)]
    rows = [_row(name, name in here) for name in names if kind in (None, models.kind_of(name))]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("model", "kind", "here", "MB", "about", box=None, pad_edge=False)
    for row in rows:
        state = "[green]yes[/green]" if row["installed"] else ""
        table.add_row(row["name"], row["kind"], state, str(row["megabytes"]), escape(_about(row)))  # type: ignore[arg-type]
    console = wide_console()
    console.print(table)
    console.print(f"[dim]They live in {paths.models_dir()}. Fetch one with: assistant models pull NAME[/dim]")


def wide_console() -> Console:
    """The terminal, or, where there is none, a page on which no name is cut."""
    console = Console(soft_wrap=True, highlight=False)
    return console if console.is_terminal else Console(soft_wrap=True, highlight=False, width=200)


def _row(name: str, installed: bool) -> dict[str, object]:
    entry = CATALOGUE.get(name)
    folder = models.find_model(name) if installed else None
    size = _megabytes(folder) if folder is not None else entry.megabytes if entry is not None else 0
    return {
        "name": name,
        "kind": models.kind_of(name),
        "installed": installed,
        "megabytes": size,
        "path": str(folder) if folder is not None else None,
        "about": entry.about if entry is not None else "your own",
        "licence": entry.licence if entry is not None else "",
    }


def _about(row: dict[str, object]) -> str:
    return f"{row['about']}; {row['licence']}" if row["licence"] else str(row["about"])


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
    from assistant import fetch, model_import  # its HTTP library is slow to import and nothing else here needs it

    entry = models.find_entry(name)
    if (paths.models_dir() / entry.name).is_dir():
        typer.echo(f"{entry.name} is already here: {paths.models_dir() / entry.name}")
        return
    with _progress() as progress:
        if source is not None:
            folder = model_import.copy_from(entry, source, progress)
        else:
            with fetch.Hub() as hub:
                folder = fetch.pull(entry, hub, progress)
    typer.echo(f"{entry.name} is here: {folder}")
    if entry.kind == "tts":
        typer.echo(f"Its licence: {entry.licence}\nUse it with: {_DO_WITH['tts'].format(entry.voice)}")


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="PATH", help="A folder, a ZIP or TAR archive, or a file.", show_default=False)
    ],
    name: Annotated[str | None, typer.Option(help="What to call it, instead of its own name.")] = None,
) -> None:
    """Take models that you got elsewhere: they are checked and copied; no network is used."""
    from assistant import model_import

    with _progress() as progress:
        folders = model_import.import_models(source, name, progress)
    for folder in folders:
        use = _DO_WITH.get(models.kind_of(folder.name), "")
        own = folder.name.partition("-")[2]
        typer.echo(f"{folder.name} is here: {folder}" + (f"\nUse it with: {use.format(own)}" if use else ""))


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
