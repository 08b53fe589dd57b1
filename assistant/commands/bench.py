"""``assistant bench``: what it costs and how fast it answers, on this machine."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assistant.bench import latency as latency_bench
from assistant.bench import process
from assistant.bench.corpus import COMMANDS
from assistant.config import load

app = typer.Typer(help="Measure this assistant on this machine.", invoke_without_command=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_errors = Console(stderr=True)

TARGETS = {"start_s": 3.0, "rss_mb": 400.0, "cpu_share": 0.15, "reply_median_s": 1.0}


@app.callback()
def everything(context: typer.Context, as_json: AsJson = False) -> None:
    """Without a part's name: all parts, side by side."""
    if context.invoked_subcommand is None:
        _print({**_start(), **_idle(), **_reply()}, as_json=as_json)


@app.command()
def start(as_json: AsJson = False) -> None:
    """Seconds from the start of the process to "listening"."""
    _print(_start(), as_json=as_json)


@app.command()
def idle(as_json: AsJson = False) -> None:
    """Memory and CPU while listening to room noise."""
    _print(_idle(), as_json=as_json)


@app.command()
def reply(as_json: AsJson = False) -> None:
    """End of speech to the first audible sample of the answer."""
    _print(_reply(), as_json=as_json)


def _start() -> dict[str, float]:
    with _errors.status("Starting the assistant three times …"):
        return {"start_s": round(process.startup(), 2)}


def _idle() -> dict[str, float]:
    with _errors.status("Listening to room noise for 20 seconds …"):
        found = process.idle()
    return {"rss_mb": round(found.rss_mb), "cpu_share": round(found.cpu_share, 3), "false_wakes": found.woken}


def _reply() -> dict[str, float]:
    quiet = {f"ASSISTANT_AUDIO__EARCONS__{name}": "false" for name in ("LISTENING", "DONE", "ERROR")}
    with _errors.status(f"Saying {len(COMMANDS)} commands in real time …"):
        found = latency_bench.measure(load(env={**os.environ, **quiet}), COMMANDS)
    return {
        "reply_median_s": round(found.percentile(50), 3),
        "reply_p90_s": round(found.percentile(90), 3),
        "reply_worst_s": round(found.percentile(100), 3),
        "unanswered": found.unanswered,
        **{f"{stage}_median_ms": round(ms, 1) for stage, ms in found.stages_ms.items()},
    }


def _print(figures: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"machine": machine(), **figures}))
        return
    table = Table("figure", "measured", "expected", title=machine())
    for name, value in figures.items():
        limit = TARGETS.get(name)
        shown = f"{value:g}" if limit is None or value <= limit else f"[red]{value:g}[/red]"
        table.add_row(name, shown, "" if limit is None else f"< {limit:g}")
    Console().print(table)


def machine() -> str:
    """The machine in words, for tables."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def _processor() -> str:
    try:
        lines: list[Any] = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model"))]
    return names[0] if names else platform.machine()
