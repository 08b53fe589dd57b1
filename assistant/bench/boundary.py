"""What a call costs: a skill in the main process, and the same skill in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from assistant.errors import AssistantError
from assistant.skill.api import Context
from assistant.skill.around import House
from assistant.skill.binding import Handler
from assistant.skill.invoke import call
from assistant.skill.loader import Skills, load_skills
from assistant.skill.sandbox.isolate import Isolation
from assistant.skill.store import Stores

_SKILL = '''"""Nothing at all."""

from assistant import Context, skill


@skill("do nothing")
async def nothing(ctx: Context) -> str:
    return ""


@skill("remember this")
async def remember(ctx: Context) -> str:
    ctx.store.get("key")
    return ""
'''
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one kind of call.

    Attributes:
        median, p95: of all calls.
    """

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured.

    Attributes:
        costs: what → cost.
        means: what confined the process.
        lacking: means that this machine does not have, with reasons.
        start_s: seconds to start the process and hear what the skill is.
    """

    costs: Mapping[str, Cost]
    means: list[str]
    lacking: list[str]
    start_s: float


def measure(calls: int = 1000) -> Found:
    """Call an empty function, and one that reads the store once, in turns on both sides of the boundary.

    Args:
        calls: of each kind.

    Raises:
        AssistantError: the process cannot be started.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("shared", "isolated"):
            path = folder / kind / "bench"
            path.mkdir(parents=True)
            (path / "__init__.py").write_text(_SKILL, encoding="utf-8")
        (folder / "isolated" / "bench" / "skill.yaml").write_text("name: bench\nisolated: true\n", encoding="utf-8")
        isolation = Isolation(folder / "data")
        shared = load_skills([folder / "shared"])
        began = time.perf_counter()
        isolated = load_skills([folder / "isolated"], isolate=isolation)
        start_s = time.perf_counter() - began
        for problem in isolated.problems:
            raise AssistantError(str(problem))
        on, off = isolation.skills["bench"].means
        return Found(asyncio.run(_measure(shared, isolated, folder, calls)), on, off, start_s)


async def _measure(shared: Skills, isolated: Skills, folder: Path, calls: int) -> dict[str, Cost]:
    stores = Stores(folder / "bench.db")
    ctx = Context("bench", cast(House, None), stores.open("bench"))  # neither function asks for anything of it
    await isolated.start({"bench": ctx})
    kinds: dict[str, Handler] = {
        "in the main process": shared.handlers["bench.nothing"],
        "in a process of its own": isolated.handlers["bench.nothing"],
        "in the main process, reading the store": shared.handlers["bench.remember"],
        "in a process of its own, reading the store": isolated.handlers["bench.remember"],
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    gc.collect()
    for _ in range(calls + _WARM_UP):
        for kind, handler in kinds.items():
            began = time.perf_counter()
            await call(handler, ctx, {})
            seconds[kind].append(time.perf_counter() - began)
    await isolated.stop({"bench": ctx})
    stores.close()
    return {kind: _cost(values[_WARM_UP:]) for kind, values in seconds.items()}


def _cost(seconds: list[float]) -> Cost:
    median, p95 = np.percentile(np.asarray(seconds) * 1000, (50, 95))
    return Cost(round(float(median), 3), round(float(p95), 3))
