"""Isolated skills under test: written to disk, loaded as the assistant loads them, talked to through the brain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from assistant.runtime.clock import VirtualLoop
from assistant.session.brain import Brain, Reply
from assistant.skill.api import Context
from assistant.skill.loader import load_skills
from assistant.skill.sandbox.isolate import Isolation
from assistant.skill.sandbox.wire import Patience
from assistant.skill.store import Stores
from tests.unit.skillkit import START, MemoryHouse

HEAD = "import asyncio, ctypes, os, socket, struct, subprocess, sys, threading\nfrom assistant import *\n"


def write_skill(folder: Path, name: str, functions: Mapping[str, str], manifest: str = "", head: str = "") -> Path:
    """A skill's folder.

    Args:
        functions: name → body; each answers to "NAME the function". ``async`` at the front of a name makes it so.
        manifest: further lines of its ``skill.yaml``.
        head: of the module.
    """
    path = folder / name
    path.mkdir(parents=True)
    source = [f'"""{name.title()}."""', HEAD + dedent(head)]
    for each, body in functions.items():
        plain = each.removeprefix("async ")
        source.append(
            f'@skill("{name} {plain.replace("_", " ")}")\n{each.replace(plain, "")}def {plain}(ctx: Context):'
        )
        source.append("\n".join("    " + line for line in dedent(body).strip().splitlines()) + "\n")
    (path / "__init__.py").write_text("\n".join(source), encoding="utf-8")
    (path / "skill.yaml").write_text(f"name: {name}\nisolated: true\n{dedent(manifest)}", encoding="utf-8")
    return path


class Stage:
    """Some isolated skills, their house on virtual time, and a brain.

    Args:
        folder: with ``skills/``; the data goes to ``data/``.
        only: the kernel's means to use; None for all there are.
        patience: how long a process may take for what.
        loop: makes the event loop.
    """

    def __init__(
        self,
        folder: Path,
        only: tuple[str, ...] | None = None,
        patience: Patience | None = None,
        loop: Callable[[], asyncio.AbstractEventLoop] = VirtualLoop,
    ) -> None:
        self.data = folder / "data"
        self.isolation = Isolation(self.data, only=only, patience=patience or Patience(hang=20.0))
        self.skills = load_skills([folder / "skills"], isolate=self.isolation)
        assert not self.skills.problems, [str(problem) for problem in self.skills.problems]
        self.runner = asyncio.Runner(loop_factory=loop)
        self.stores = Stores(self.data / "assistant.db")
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.house = MemoryHouse(START, self.skills.examples())
        self.contexts = {each.name: self.context(each.name) for each in self.skills.skills}
        for each in self.skills.skills:
            self.contexts[each.name].on_due = each.on_due
        self.brain = Brain(self.skills, self.contexts)
        await self.skills.start(self.contexts)

    def context(self, skill: str) -> Context:
        """What a skill is given."""
        return Context(skill, self.house, self.stores.open(skill))  # type: ignore[arg-type]

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something on the stage's loop."""
        return self.runner.run(work)

    def say(self, text: str) -> Reply:
        """What the assistant answers."""
        reply: Reply = self.runner.run(self.brain.answer(text))
        return reply

    def reports(self, skill: str) -> str:
        """Everything that was reported about a skill, a line each."""
        return "\n".join(f"{each.place} {each.text}" for each in self.isolation.skills[skill].reports)

    def close(self) -> None:
        """End everything."""
        self.runner.run(self._close())
        self.runner.close()
        self.stores.close()

    async def _close(self) -> None:
        await self.skills.stop(self.contexts)
        await self.house.close()
