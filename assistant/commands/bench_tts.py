"""``assistant bench tts``: voices beside each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.bench import tts as tts_bench
from assistant.bench import tts_figures
from assistant.bench.tts_texts import REPLIES
from assistant.commands.bench_terminal import load_average, machine, steps
from assistant.config import load

_VOICE = "ENGINE or ENGINE:VOICE, a name or a path; several times. Default: every engine that has an English voice."


def tts(
    voice: Annotated[list[str] | None, typer.Option(help=_VOICE, show_default=False)] = None,
    replies: Annotated[int, typer.Option(min=1, max=len(REPLIES), help="Of three sentences each.")] = len(REPLIES),
    slowed: Annotated[
        float | None,
        typer.Option(min=0.0, max=3.0, help="Also espeak-ng slowed to so many seconds for a second of speech."),
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="A configuration file on top of your own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How soon and how fast voices speak, streamed or not, cached or not; less than a minute for each."""
    busy = load_average()
    with steps() as step:
        outcomes, left_out = tts_bench.measure(load(config), voice or (), step, replies, slowed)
    found = {"machine": machine(), "load": busy, "voices": tts_figures.figures(outcomes), "left_out": left_out}
    if as_json:
        typer.echo(json.dumps(found))
        return
    console = Console() if Console().is_terminal else Console(width=140)
    console.print(f"{found['machine']}, load {busy}", highlight=False)
    for table in tts_figures.tables(found):
        console.print(table if isinstance(table, Table) else escape(table), highlight=False)
