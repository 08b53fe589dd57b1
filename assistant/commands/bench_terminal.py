"""What the benchmarks share on the terminal: their progress, and words for the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

errors = Console(stderr=True)

Step = Callable[[str, int], Callable[[int], None]]
"""Begins a step of so many parts; what it returns is told the number of those that have begun."""


@contextmanager
def steps() -> Iterator[Step]:
    """A bar for each step on the terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors) as bars:

        def step(name: str, count: int) -> Callable[[int], None]:
            for task in bars.tasks:
                bars.update(task.id, completed=task.total)
                bars.stop_task(task.id)
            bar = bars.add_task(name, total=count)
            return lambda begun: bars.update(bar, completed=max(0, begun - 1))

        yield step


def machine() -> str:
    """The machine in words, for tables."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def load_average() -> str:
    """How busy the machine is: the averages of 1, 5 and 15 minutes."""
    try:
        return ", ".join(f"{value:.1f}" for value in os.getloadavg())
    except OSError:
        return "unknown"


def _processor() -> str:
    try:
        lines: list[Any] = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model"))]
    return names[0] if names else platform.machine()
