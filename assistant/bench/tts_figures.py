"""The figures of voices, and tables of them beside what is aimed at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
from rich.table import Table

from assistant.bench.figures import spread
from assistant.bench.report import table_of
from assistant.bench.tts import Outcome, Said

INSTANT_MS = 60.0
"""First audio of espeak-ng, and of any phrase from the cache: the median."""
STREAMED = 0.5
"""Of whole-reply synthesis, a reply's first audio when it is streamed: the median of the ratios."""
GAP_MS = 20.0
"""The longest time without anything to play within a reply."""


def figures(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Everything, JSON-able; milliseconds but for ``load_s``, ratios and real-time factors."""
    return {name: _of(outcome) for name, outcome in outcomes.items()}


def _of(outcome: Outcome) -> dict[str, Any]:
    ratios = [each.first / whole.first for each, whole in zip(outcome.streamed, outcome.whole, strict=True)]
    played = [each.gaps for each in outcome.streamed if each.gaps is not None]
    gaps = [gap * 1000 for each in played for gap in each]
    return {
        "load_s": round(outcome.load, 2),
        "sentences": len(outcome.made),
        "speech_s": round(sum(each.lasts for each in outcome.made), 1),
        "first_ms": spread([each.first for each in outcome.made]),
        "whole_sentence_ms": spread([each.took for each in outcome.made]),
        "cached_ms": spread([each.first for each in outcome.kept]),
        "real_time_factor": _pace(outcome.made),
        "real_time_factor_cached": _pace(outcome.kept),
        "replies": len(outcome.streamed),
        "reply_streamed_ms": spread([each.first for each in outcome.streamed]),
        "reply_whole_ms": spread([each.first for each in outcome.whole]),
        "streamed_to_whole": round(median(ratios), 3) if ratios else None,
        "played_to_the_end": len(played),
        "gaps": len(gaps),
        "longest_gap_ms": round(max(gaps, default=0.0), 1),
    }


def _pace(said: Sequence[Said]) -> dict[str, float]:
    """Seconds of computing for a second of speech: of all sentences together, and their P95."""
    if not said:
        return {}
    worst = float(np.percentile([one.took / one.lasts for one in said], 95))
    return {"all": round(sum(one.took for one in said) / sum(one.lasts for one in said), 4), "p95": round(worst, 4)}


def tables(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """The figures for people."""
    yield _sentences(found["voices"])
    yield _replies(found["voices"])
    slow = [name for name, each in found["voices"].items() if each["real_time_factor"].get("all", 0) > 1]
    if slow:
        yield f"Slower than real time, and so with gaps: {', '.join(slow)}. In a session the next voice takes over."
    for engine, reason in found["left_out"].items():
        yield f"{engine} is left out: {reason}"


def _sentences(voices: Mapping[str, Any]) -> Table:
    count = max(each["sentences"] for each in voices.values())
    title = f"{count} sentences: text → first audible sample, ms: median (P95)"
    table = table_of("voice", "streamed", "whole sentence", "from the cache", "real-time factor (P95)", "load s",
                   title=title)  # fmt: skip
    table.add_row("[dim]aim[/dim]", f"espeak ≤ {INSTANT_MS:g}", "", f"≤ {INSTANT_MS:g}", "< 1", "")
    for name, each in voices.items():
        pace = each["real_time_factor"]
        aim = INSTANT_MS if name == "espeak" else None
        table.add_row(
            name,
            _pair(each["first_ms"], aim),
            _pair(each["whole_sentence_ms"]),
            _pair(each["cached_ms"], INSTANT_MS),
            _judged(pace["all"], 1.0, f"{pace['all']:.3f} ({pace['p95']:.3f})") if pace else "",
            f"{each['load_s']:.1f}",
        )
    return table


def _replies(voices: Mapping[str, Any]) -> Table:
    count = max(each["replies"] for each in voices.values())
    title = f"{count} replies of three sentences: text → first audible sample at the output, ms: median (P95)"
    columns = ("streamed", "whole reply first", "streamed / whole", "gaps", "longest gap, ms")
    table = table_of("voice", *columns, title=title)
    table.add_row("[dim]aim[/dim]", "", "", f"≤ {STREAMED:g}", "", f"≤ {GAP_MS:g}")
    for name, each in voices.items():
        ratio, gap = each["streamed_to_whole"], each["longest_gap_ms"]
        table.add_row(
            name,
            _pair(each["reply_streamed_ms"]),
            _pair(each["reply_whole_ms"]),
            "" if ratio is None else _judged(ratio, STREAMED, f"{ratio:.2f}"),
            f"{each['gaps']} in {each['played_to_the_end']}",
            _judged(gap, GAP_MS, f"{gap:.0f}"),
        )
    return table


def _pair(values: Mapping[str, float], aim: float | None = None) -> str:
    if not values:
        return ""
    shown = " ".join((f"{values['median']:.0f}", f"({values['p95']:.0f})"))
    return shown if aim is None else _judged(values["median"], aim, shown)


def _judged(value: float, limit: float, shown: str) -> str:
    return f"[green]{shown}[/green]" if value <= limit else f"[red]{shown}[/red]"
