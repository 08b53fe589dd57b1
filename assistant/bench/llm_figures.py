"""What the measurements of a language model's answers say: medians, what each means saves, and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.table import Table

from assistant.bench.figures import spread

SINCE = ("endpoint", "request", "first token", "first clause", "first audio", "last token")
"""What is timed from the last voiced sample of the question: the decision that it is over; the request at the server;
the first token at the client; the server's sending the last token of the first clause; the first audible sample of
the answer at the output; the server's sending the last token."""

AUDIO_AFTER_CLAUSE_MS = 100.0
STOP_MS = 200.0
_SHARES = ("median", "p95", "worst")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that was answered.

    Attributes:
        way: how.
        latency: seconds for each of the server's tokens.
        number: of the question; the same ones are asked in every way.
        since: name of :data:`SINCE` → seconds from the end of the question.
        thrown_away: requests that were begun in a pause within it.
    """

    way: str
    latency: float
    number: int
    since: Mapping[str, float]
    thrown_away: int = 0

    @property
    def audio_after_clause(self) -> float:
        """Seconds from the first clause, or the decision that the question is over if that is later, to its sound."""
        return self.since["first audio"] - max(self.since["first clause"], self.since["endpoint"])


def figures(asks: Sequence[Ask], stops: Sequence[float | None], silence: float, soft: float) -> dict[str, Any]:
    """Everything, JSON-able; milliseconds.

    Args:
        stops: seconds from each interruption to the end of generation at the server; None where it went on.
        silence, soft: seconds that end a question, and after which it may be prepared.
    """
    ways = list(dict.fromkeys(ask.way for ask in asks))
    ours = ways[0] if ways else ""
    found: dict[str, Any] = {"silence_ms": silence * 1000, "soft_ms": soft * 1000, "latencies": {}}
    for latency in sorted({ask.latency for ask in asks}):
        some = {way: [ask for ask in asks if (ask.way, ask.latency) == (way, latency)] for way in ways}
        found["latencies"][f"{latency * 1000:g}"] = {way: _way(each, some[ours]) for way, each in some.items() if each}
    found["audio_after_clause_ms"] = spread([ask.audio_after_clause for ask in asks if ask.way == ours])
    found["saved"] = {way: _saved(asks, ours, way) for way in ways[1:]}
    ended = [seconds for seconds in stops if seconds is not None]
    found["stops"] = {"interruptions": len(stops), "went_on": len(stops) - len(ended), "ms": spread(ended)}
    return found


def _way(asks: Sequence[Ask], ours: Sequence[Ask]) -> dict[str, Any]:
    heard = [ask.since["first audio"] for ask in asks]
    return {
        "questions": len(asks),
        "thrown_away": sum(ask.thrown_away for ask in asks),
        "ms": {name: spread([ask.since[name] for ask in asks]) for name in SINCE},
        "audio_after_clause_ms": spread([ask.audio_after_clause for ask in asks]),
        "times_as_long": round(median(heard) / median(ask.since["first audio"] for ask in ours), 2) if ours else None,
    }


def _saved(asks: Sequence[Ask], ours: str, way: str) -> dict[str, Any]:
    """What the same question takes longer in another way, question by question."""
    known = {(ask.latency, ask.number): ask.since for ask in asks if ask.way == ours}
    pairs = [(ask.since, known[key]) for ask in asks if ask.way == way and (key := (ask.latency, ask.number)) in known]
    return {
        name: spread([theirs[name] - mine[name] for theirs, mine in pairs]) for name in ("first token", "first audio")
    }


def tables(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """The figures for people."""
    for latency, ways in found["latencies"].items():
        yield _times(latency, ways)
    yield _targets(found)
    yield (
        f"Every question ends with {found['silence_ms']:g} ms of silence. With speculation, it is recognised and asked "
        f"after {found['soft_ms']:g} ms of it, and thrown away if speech resumes; without, at its end. So "
        f"{found['silence_ms'] - found['soft_ms']:g} ms can be saved, of which the first audio, which waits for the "
        "end of the silence, gains what the model has not needed by then. Without streaming, the voice begins when "
        f"the model has ended. The recogniser is {found['recogniser']}."
    )


def _times(latency: str, ways: Mapping[str, Any]) -> Table:
    table = Table(title=f"End of speech → …, ms: median (P95), {latency} ms a token")
    table.add_column("way", no_wrap=True)
    for name in (*SINCE, "audio − clause", "× audio"):
        table.add_column(name, justify="right")
    for way, each in ways.items():
        cells = [_pair(each["ms"][name]) for name in SINCE]
        table.add_row(way, *cells, _pair(each["audio_after_clause_ms"]), f"{each['times_as_long']:g}")
    return table


def _targets(found: Mapping[str, Any]) -> Table:
    table = Table("figure", "median", "P95", "worst", "aim", title="Targets, ms")
    clause = found["audio_after_clause_ms"]
    table.add_row("first clause at the server → first audio", *_row(clause, AUDIO_AFTER_CLAUSE_MS), "≤ 100")
    least = found["silence_ms"] - found["soft_ms"]
    for way, saved in found["saved"].items():
        for name, spent in saved.items():
            aim = f"≥ {least:g}" if (way, name) == ("no speculation", "first token") else ""
            table.add_row(f"{way} takes longer to the {name} by", *_row(spent), aim)
    stops = found["stops"]
    went_on = f", {stops['went_on']} went on" if stops["went_on"] else ""
    label = f"silent → generation ends at the server ({stops['interruptions']} interruptions{went_on})"
    table.add_row(label, *_row(stops["ms"], STOP_MS), f"≤ {STOP_MS:g}")
    return table


def _pair(values: Mapping[str, float]) -> str:
    return f"{values['median']:.0f} ({values['p95']:.0f})" if values else ""


def _row(values: Mapping[str, float], limit: float | None = None) -> Iterator[str]:
    for share in _SHARES:
        value = values.get(share)
        colour = "green" if limit is not None and value is not None and value <= limit else "red"
        shown = "" if value is None else f"{value:.0f}"
        yield shown if limit is None or value is None else f"[{colour}]{shown}[/{colour}]"
