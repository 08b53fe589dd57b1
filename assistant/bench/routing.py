"""``assistant bench routing``: how well and how fast sentences find their skill, with hassil alone beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from assistant.bench import scaling, sentences, understanding
from assistant.bench.curve import Line, curve
from assistant.bench.scaling import SIZES
from assistant.bench.sentences import folder
from assistant.bench.understanding import Advance

__all__ = ["SIZES", "folder", "measure", "picture", "tables"]

Step = Callable[[str, int], Advance]
"""Begins a step of so many parts; what it returns is told of each."""

GOALS_MS = {1_000: 10.0, 10_000: 30.0}
"""Templates → the median that is aimed at."""
_BESIDE = 300
_OURS, _THEIRS, _GOAL = "#2f9e63", "#d98e04", "#999999"


def measure(where: Path, sizes: Sequence[int], step: Step, limit: int | None = None) -> dict[str, Any]:
    """Every figure.

    Args:
        where: the folder of the sentence sets.
        sizes: numbers of templates to scale over.
        step: told of the progress.
        limit: at most so many sentences of each part of each set, for a quick look.

    Raises:
        InputError: the sets are not there.
    """
    clinc, hwu = sentences.clinc(where), sentences.hwu(where)
    if limit is not None:
        clinc, hwu = clinc.thinned(limit), list(sentences.thin(hwu, limit))
    found: dict[str, Any] = {}
    found["clinc150"] = understanding.on_clinc(clinc, _BESIDE, step("CLINC150", 3))
    found["hwu64"] = understanding.on_hwu(hwu, step("HWU64, five folds", 5))
    strange = [text for text, _ in clinc.val]
    found["scaling"] = scaling.measure(clinc.train, strange, sizes, step("Templates", len(sizes)))
    advance = step("Memory", 1)
    found["memory_mb"] = scaling.memory_mb(clinc.train, strange, max(sizes))
    advance(2)
    return found


def picture(rows: Sequence[Any]) -> str:
    """The scaling curve as an SVG."""
    lines = [
        Line("this router, median", _OURS, [(row["templates"], max(row["ours"]["median_ms"], 0.01)) for row in rows]),
        Line("hassil, median", _THEIRS, [(row["templates"], max(row["hassil"]["median_ms"], 0.01)) for row in rows]),
    ]
    top = max(row["templates"] for row in rows)
    low = min(row["templates"] for row in rows)
    for count, ms in GOALS_MS.items():
        if low < count <= top:
            lines.append(Line(f"goal at {count:,}", _GOAL, [(low, ms), (count, ms)], dashed=True))
    title = f"Milliseconds to route a sentence, a list of {scaling.TITLES:,} titles included"
    return curve(title, "templates", "ms", lines)


def tables(found: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    return [_understanding(found), _scaling(found["scaling"], found["memory_mb"])]


def _understanding(found: dict[str, Any]) -> Table:
    table = Table("set", "point", "in scope right", "out of scope refused", "ms", title="Sentences nobody wrote")
    clinc = found["clinc150"]
    table.add_row("CLINC150", "nothing refused", _percent(clinc["accuracy"]), "", f"{clinc['ms_per_sentence']:g}")
    for point in clinc["points"].values():
        name = f"certainty > {point['threshold']:g}"
        table.add_row("CLINC150", name, _percent(point["in_scope"]), _percent(point["oos_recall"]), "")
    beside = clinc["hassil"]
    ms = f"{beside['ms_per_sentence']:g}"
    table.add_row("CLINC150", "hassil alone", _percent(beside["in_scope"]), _percent(beside["oos_recall"]), ms)
    table.add_row("HWU64", "five folds", _percent(found["hwu64"]["accuracy"]), "", "")
    return table


def _scaling(rows: Sequence[Any], memory: dict[str, float]) -> Table:
    columns = ("templates", "median ms", "P95 ms", "hassil median", "hassil P95", "build s", "learn s")
    title = f"Speed, with a list of {scaling.TITLES:,} titles; {memory['whole']:g} MB at the end"
    table = Table(*columns, title=title)
    for row in rows:
        ours, theirs = row["ours"], row["hassil"]
        figures = (
            ours["median_ms"], ours["p95_ms"], theirs["median_ms"], theirs["p95_ms"], ours["build_s"],
            ours["learn_s"],
        )  # fmt: skip
        table.add_row(f"{row['templates']:,}", *(f"{figure:g}" for figure in figures))
    return table


def _percent(share: float) -> str:
    return f"{share:.1%}"
