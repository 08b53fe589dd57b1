"""The latency figures as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from assistant.bench.trial import STAGES

TARGETS = {"median": 300.0, "p95": 500.0}
"""Milliseconds from the end of a complete command to the answer, with PocketSphinx."""
CUT_OFFS_AT_MOST = 0.03
FREE_P95_MS = 900.0
_SHARES = ("mean", "median", "p90", "p95", "worst")


def tables(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Everything that :func:`assistant.bench.compare.measure` found."""
    systems = found["systems"]
    yield _speed(systems, found.get("times_as_long", {}))
    yield _kinds(systems)
    for name, figures in systems.items():
        yield _stages(name, figures["stages_ms"])
    if "cut_offs" in found:
        yield _cut_offs(found["cut_offs"])
    yield _free(found["free_speech"])


def _speed(systems: Mapping[str, Any], ratios: Mapping[str, Any]) -> Table:
    names = ("intent", "and slots", "answered", *_SHARES, "× median", "× P95")
    table = table_of("system", *names, title="End of speech → answer, ms")
    for name, figures in systems.items():
        times = ratios.get(name, {})
        table.add_row(
            name,
            f"{figures['understood']:.0%}",
            f"{figures['understood_exactly']:.0%}",
            f"{figures['answered']} of {figures['commands']}",
            *_row(figures["ms"]),
            *(f"{times[share]:g}" if share in times else "" for share in ("median", "p95")),
        )
    return table


def _kinds(systems: Mapping[str, Any]) -> Table:
    title = f"By kind of command, ms (aim for complete ones: median {TARGETS['median']:g}, P95 {TARGETS['p95']:g})"
    table = table_of("system", "command is", "commands", *_SHARES, title=title)
    for name, figures in systems.items():
        for kind, spread in figures["ms_by_kind"].items():
            judged = TARGETS if kind == "complete" else {}
            table.add_row(name, kind, str(spread["commands"]), *_row(spread, judged))
    return table


def _stages(name: str, stages: Mapping[str, Any]) -> Table:
    table = table_of("stage", *_SHARES, title=f"{name}: by stage, ms on the way to the answer (means add up)")
    for stage in STAGES:
        table.add_row(stage, *_row(stages[stage]))
    return table


def _cut_offs(found: Mapping[str, Any]) -> Table:
    kinds = sorted({kind for figures in found.values() for kind in figures["by_kind"]})
    title = f"Cut off in commands with a pause of 0.3 to 1.5 s (aim: {CUT_OFFS_AT_MOST:.0%}), by the words before it"
    table = table_of("system", "commands", "cut off", *kinds, "undecided", title=title)
    for name, figures in found.items():
        each = [figures["by_kind"].get(kind, {"cut_off": 0, "commands": 0}) for kind in kinds]
        table.add_row(
            name,
            str(figures["commands"]),
            _judged(figures["rate"], CUT_OFFS_AT_MOST, f"{figures['rate']:.1%}"),
            *(f"{kind['cut_off']} of {kind['commands']}" for kind in each),
            str(figures["undecided"]),
        )
    return table


def _free(found: Mapping[str, Any]) -> Table | str:
    if "skipped" in found:
        return f"Free speech: not measured, {found['skipped']}."
    title = f"Free speech: end of speech → decision, ms (aim: P95 {FREE_P95_MS:g})"
    table = table_of("utterances", *_SHARES, "cut off", "cuts", "pauses", "undecided", title=title)
    table.add_row(
        f"{found['utterances']} ({found['seconds']:g} s)",
        *_row(found["delay_ms"], {"p95": FREE_P95_MS}),
        *(str(found[name]) for name in ("cut_off", "cuts_inside", "pauses_inside", "undecided")),
    )
    return table


def table_of(first: str, *columns: str, title: str) -> Table:
    """A table whose first column is not wrapped."""
    table = Table(title=title)
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _row(spread: Mapping[str, float], limits: Mapping[str, float] | None = None) -> Iterator[str]:
    for share in _SHARES:
        value = spread.get(share)
        limit = (limits or {}).get(share)
        yield "" if value is None else f"{value:.0f}" if limit is None else _judged(value, limit, f"{value:.0f}")


def _judged(value: float, limit: float, shown: str) -> str:
    return f"[green]{shown}[/green]" if value <= limit else f"[red]{shown}[/red]"
