"""Trials in figures; times in milliseconds, shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from assistant.bench import freespeech
from assistant.bench.trial import STAGES, Trial
from assistant.intent.match import Match
from assistant.intent.progress import Progress


class Grammar(Protocol):
    """What the written sentence means."""

    def route(self, text: str) -> Match | None:
        """Who answers."""

    def progress(self, text: str) -> Progress:
        """How far along a sentence is."""


KINDS = ("complete", "extensible", "prefix", "neither")
"""What some words are: a command that nothing but courtesies could follow, a command that could go on, a proper
beginning of a command, or the beginning of none."""


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Mean, median, P90, P95 and the worst, in milliseconds; empty without values."""
    if not seconds:
        return {}
    ms = np.asarray(seconds) * 1000
    shares = {"median": 50, "p90": 90, "p95": 95, "worst": 100}
    return {"mean": round(float(np.mean(ms)), 1)} | {
        name: round(float(np.percentile(ms, share)), 1) for name, share in shares.items()
    }


def kind_of(progress: Progress) -> str:
    """One of :data:`KINDS`."""
    if progress.complete:
        return "extensible" if progress.prefix else "complete"
    return "prefix" if progress.prefix else "neither"


def answered(trials: Sequence[Trial]) -> list[Trial]:
    """Those with an answer to the whole utterance, the quickest first."""
    return sorted((trial for trial in trials if trial.latency is not None), key=_latency)


def at_rank(trials: Sequence[Trial], share: float) -> Trial | None:
    """The answered trial nearest to a percentile; None if nothing was answered."""
    found = answered(trials)
    return found[round(share / 100 * (len(found) - 1))] if found else None


def latency(trials: Sequence[Trial], grammar: Grammar) -> dict[str, Any]:
    """End of speech → first audible sample, in all, by kind of command, and by stage.

    The stages of each trial add up to its latency, and so their means to its mean.
    """
    found = answered(trials)
    return {
        "commands": len(trials),
        "answered": len(found),
        "understood": _share(sum(trial.understood for trial in trials), len(trials)),
        "understood_exactly": _share(sum(_exact(trial, grammar) for trial in trials), len(trials)),
        "cut_off": sum(trial.cut_off for trial in trials),
        "ms": spread([_latency(trial) for trial in found]),
        "ms_by_kind": {
            kind: {"commands": len(some)} | spread([_latency(trial) for trial in some])
            for kind in KINDS
            if (some := [trial for trial in found if kind_of(grammar.progress(trial.said.take.text)) == kind])
        },
        "stages_ms": {stage: spread([trial.stages[stage] for trial in found]) for stage in STAGES},
        "work_ms": _work(trials),
        "slowest": [_told(trial) for trial in found[-3:][::-1]],
        "misunderstood": [
            {"said": trial.said.take.text, "heard": trial.heard} for trial in trials if not _exact(trial, grammar)
        ],
    }


def cut_offs(trials: Sequence[Trial], grammar: Grammar) -> dict[str, Any]:
    """False cut-offs: decisions that an utterance was over before it was, by what came before the pause."""
    kinds = [kind_of(grammar.progress(trial.said.take.before or "")) for trial in trials]
    return {
        "commands": len(trials),
        "undecided": sum(not trial.decided for trial in trials),
        "rate": _share(sum(trial.cut_off for trial in trials), len(trials)),
        "by_kind": {
            kind: {
                "commands": kinds.count(kind),
                "cut_off": sum(trial.cut_off for trial, its in zip(trials, kinds, strict=True) if its == kind),
            }
            for kind in KINDS
            if kind in kinds
        },
        "cut": [
            {"said": trial.said.take.text, "before": trial.said.take.before, "pause_s": round(trial.said.take.pause, 2)}
            for trial in trials
            if trial.cut_off
        ],
    }


def endpoints(trials: Sequence[Trial]) -> dict[str, Any]:
    """How long after the true end of free speech it was thought to be over, and how often inside it.

    ``pauses_inside`` counts the speakers' own silences of 0.3 s and more.
    """
    delays = [trial.endpoint_delay for trial in trials]
    inside = [sum(trial.said.start < at < trial.said.end for at in trial.decided) for trial in trials]
    seconds = sum(trial.said.end - trial.said.start for trial in trials)
    return {
        "utterances": len(trials),
        "seconds": round(seconds, 1),
        "delay_ms": spread([delay for delay in delays if delay is not None]),
        "undecided": delays.count(None),
        "cut_off": sum(count > 0 for count in inside),
        "cuts_inside": sum(inside),
        "pauses_inside": sum(freespeech.pauses(trial.said.take.samples) for trial in trials),
    }


def ratios(ours: dict[str, Any], others: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """How many times as long the others take, at the median and at P95."""
    return {
        name: {
            share: round(other["ms"][share] / ours["ms"][share], 2)
            for share in ("median", "p95")
            if ours["ms"] and other["ms"]
        }
        for name, other in others.items()
    }


def _work(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    names = sorted({name for trial in trials for name in trial.work_ms})
    return {name: spread([trial.work_ms[name] / 1000 for trial in trials if name in trial.work_ms]) for name in names}


def _exact(trial: Trial, grammar: Grammar) -> bool:
    """Whether intent and slots are those of the written sentence."""
    meant = grammar.route(trial.said.take.text)
    return trial.understood and meant is not None and dict(meant.slots) == dict(trial.slots)


def _told(trial: Trial) -> dict[str, Any]:
    return {"said": trial.said.take.text, "ms": round(_latency(trial) * 1000)}


def _latency(trial: Trial) -> float:
    return trial.latency if trial.latency is not None else float("nan")


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
