"""Our session and two usual loops, side by side: how fast they answer, and how often they cut people off."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.app import find_skills
from assistant.bench import baselines, figures, freespeech
from assistant.bench.corpus import CORPUS, takes
from assistant.bench.latency import Progress, converse, on_loop
from assistant.bench.pauses import hesitant
from assistant.bench.stand import Manner
from assistant.bench.take import Take
from assistant.bench.trial import Trial
from assistant.config import Loaded
from assistant.intent.router import Router

OURS, FIXED, TUTORIAL = "this assistant", "0.6 s of silence", "tutorial loop"
SYSTEMS = (OURS, FIXED, TUTORIAL)

Say = Callable[..., Coroutine[Any, Any, list[Trial]]]
Step = Callable[[str, int], Progress]
"""Called with what begins and how many utterances it has; returns what is told of each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        commands: how many of the corpus.
        recordings: folder of free speech; None leaves it out.
        free: how many of its recordings.
        pauses: whether the commands are said again with pauses in them.
        others: whether the two other loops are measured.
        real_time: otherwise everything runs in a time that only audio takes, as if computing cost none.
    """

    commands: int = len(CORPUS)
    recordings: Path | None = None
    free: int = 30
    pauses: bool = True
    others: bool = True
    real_time: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        figures: JSON-able; milliseconds, and shares from 0 to 1.
        trials: system → trials in real time.
    """

    figures: dict[str, Any]
    trials: dict[str, list[Trial]]


def measure(loaded: Loaded, plan: Plan, step: Step) -> Outcome:
    """Run everything, one after the other; some minutes, since commands are said in real time.

    Where nobody speaks and nothing is computed (while an answer is played, while the tutorial loop records) time passes
    faster. Cut-offs and free speech are about decisions, which count samples: they run in virtual time.
    """
    grammar = Router(find_skills(loaded.config))
    said = list(takes(CORPUS[: plan.commands]))
    systems = SYSTEMS if plan.others else (OURS,)
    trials = {name: _live(loaded, name, said, step, virtual=not plan.real_time) for name in systems}
    speed = {name: figures.latency(found, grammar) for name, found in trials.items()}
    found: dict[str, Any] = {"systems": speed}
    if plan.others:
        found["times_as_long"] = figures.ratios(speed[OURS], {name: speed[name] for name in (FIXED, TUTORIAL)})
    if plan.pauses:
        paused = list(hesitant(said))
        found["cut_offs"] = {name: figures.cut_offs(_decided(loaded, name, paused, step), grammar) for name in systems}
    found["free_speech"] = _free(loaded, plan, step)
    return Outcome(found, trials)


def _live(loaded: Loaded, name: str, said: Sequence[Take], step: Step, *, virtual: bool) -> list[Trial]:
    say = _say(loaded, name)
    progress = step(f"{name}: commands", len(said))
    return on_loop(lambda: say(said, Manner(hurry=not virtual), progress=progress), virtual=virtual)


def _decided(loaded: Loaded, name: str, paused: Sequence[Take], step: Step) -> list[Trial]:
    say = _say(loaded, name)
    if name != OURS:
        say = partial(say, answers=False)
    progress = step(f"{name}: commands with pauses", len(paused))
    return on_loop(lambda: say(paused, Manner(), progress=progress), virtual=True)


def _say(loaded: Loaded, name: str) -> Say:
    """A fresh system."""
    if name == OURS:
        return partial(converse, loaded)
    rule = baselines.fixed_silence(loaded) if name == FIXED else baselines.FiveSeconds()
    return partial(baselines.converse, loaded, rule)


def _free(loaded: Loaded, plan: Plan, step: Step) -> dict[str, Any]:
    if plan.recordings is None or not plan.free:
        return {"skipped": "not asked for"}
    said = freespeech.recordings(plan.recordings, plan.free)
    if not said:
        return {"skipped": f"there are no recordings at {plan.recordings}"}
    progress = step(f"{OURS}: free speech", len(said))
    trials = on_loop(lambda: converse(loaded, said, freespeech.MANNER, wake=False, progress=progress), virtual=True)
    return figures.endpoints(trials)
