"""Conversations in real time, for skills that talk to real servers: virtual time would run ahead of the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills
from assistant.skill.settings import SkillSettings
from assistant.skill.store import Stores
from tests.unit.skillkit import SKILLS, START, MemoryHouse, Scenario, Talk

LANGUAGES = ("en", "de", "fr", "es", "ru", "bg")


def alone(skill: str, language: str = "en", **settings: Any) -> Skills:
    """One skill with its settings, freshly loaded."""
    others = [path.stem for path in SKILLS.iterdir() if path.stem != skill]
    chosen = SkillSettings({skill: settings}, SKILLS / "no such folder")  # secrets are looked for beside settings
    skills = load_skills([SKILLS], disabled=others, language=language, settings=chosen)
    assert not skills.problems, [str(problem) for problem in skills.problems]
    return skills


def live(
    scenario: Scenario,
    skills: Skills,
    path: Path | None = None,
    start: datetime = START,
    *,
    start_hooks: bool = True,
    **context: Any,
) -> None:
    """Run a scenario in real time, as :func:`tests.unit.skillkit.play`; answers come at once."""

    async def whole(file: Path) -> None:
        stores = Stores(file)
        talk = Talk(start, stores, file.parent, skills, **context)
        talk.house.ask = _at_once(talk.house)
        if start_hooks:
            await talk.start()
        try:
            await scenario(talk)
        finally:
            await talk.contexts.stop()
            await talk.house.close()
            await talk.contexts.close()
            stores.close()

    with TemporaryDirectory() as folder:
        asyncio.run(whole(path or Path(folder) / "skills.db"))


def _at_once(house: MemoryHouse) -> Any:
    async def ask(question: str, _skill: str, _kind: Any) -> Any:
        house.questions.append(question)
        return house.answers.pop(0) if house.answers else None

    return ask


async def eventually(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; ten seconds at most."""
    async with asyncio.timeout(10.0):
        while not await check():  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # what is waited for happens behind a socket


def problems(skills: Skills) -> list[str]:
    """What :func:`assistant.skill.check.check` finds."""
    return [str(problem) for problem in check(skills)]
