"""docs/skill-api.md: its skill works, and it names everything that skills may use."""

from __future__ import annotations

import re
from pathlib import Path

from assistant import Context
from assistant.skill.check import check
from assistant.skill.loader import load_skills
from tests.unit.skillkit import Talk, play
from tests.unit.test_skill_api import PUBLIC

PAGE = (Path(__file__).parents[2] / "docs" / "skill-api.md").read_text(encoding="utf-8")
INSIDE = {"dialogue", "house", "memory", "on_due", "relist", "replies", "services", "skill"}
"""Attributes that the assistant fills in for itself."""


def test_the_skill_of_the_page(tmp_path: Path) -> None:
    files = re.findall(r"```(?:python|yaml) (\S+)\n(.*?)```", PAGE, re.DOTALL)
    assert len(files) == 4
    for name, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    skills = load_skills([tmp_path])
    assert [str(problem) for problem in skills.problems + check(skills)] == []

    async def scenario(talk: Talk) -> None:
        assert await talk.say("please make some green tea for three minutes") == "Your first tea: three minutes."
        assert await talk.say("the usual tea", "two minutes") == "Tea number 2: two minutes."
        assert await talk.say("brew earl grey tea for twenty minutes") == "20 minutes is too long."
        await talk.later(130)
        assert talk.house.announced in (["tea: Your green tea is done."], ["tea: The green tea is ready."])

    play(scenario, skills=skills)


def test_it_names_everything() -> None:
    assert [name for name in PUBLIC if not re.search(rf"\b{name}\b", PAGE)] == []
    public = {name for name in dir(Context) if not name.startswith("_")} - INSIDE
    assert {name for name in public if f"ctx.{name}" not in PAGE} == set()
