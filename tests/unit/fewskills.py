"""Some of the shipped skills by themselves: quick to load, and nothing else answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from assistant.skill.loader import Skills, load_skills
from assistant.skill.settings import SkillSettings
from tests.unit.skillkit import SKILLS


def few(*names: str, language: str = "en", **settings: Mapping[str, Any]) -> Skills:
    """The named skills, freshly loaded, with some skills' settings."""
    others = [path.stem for path in SKILLS.iterdir() if path.stem not in names]
    skills = load_skills([SKILLS], disabled=others, language=language, settings=SkillSettings(settings))
    assert not skills.problems, [str(problem) for problem in skills.problems]
    return skills


@cache
def kept(*names: str, language: str = "en") -> Skills:
    """The same, loaded once for all tests; for skills that list nothing of their own."""
    return few(*names, language=language)
