"""For ``assistant skill …``: the user's skills, and questions at the terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from assistant import paths
from assistant.app import find_skills, skill_folders, skill_settings
from assistant.config import Config
from assistant.errors import InputError
from assistant.skill.installed import Installed
from assistant.skill.isolating import Isolating
from assistant.skill.loader import Skills
from assistant.skill.places import Places
from assistant.skill.settings import SkillSettings

Progress = Callable[[str], None]
_WIDEST = 100


def installed() -> Installed:
    """What is installed."""
    return Installed(paths.data_dir())


def places(config: Config) -> Places:
    """Every skill there is."""
    return Places(skill_folders(config), installed())


def settings(config: Config) -> SkillSettings:
    """What the user has set for the skills."""
    return skill_settings(config)


def load_all(config: Config) -> Skills:
    """Load every skill that is on, to look at; processes of their own are ended again, and nothing is logged."""
    with unlogged():
        skills = find_skills(config)
    if isinstance(skills.loading.isolate, Isolating):
        skills.loading.isolate.close()
    return skills


def own_folder(skill: str) -> Path:
    """Where a skill keeps its settings and data."""
    return paths.data_dir() / "skills" / skill


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def agreed(question: str, *, without: str, default: bool = False) -> bool:
    """Ask for a yes or no.

    Args:
        without: what to do where nobody can be asked.

    Raises:
        InputError: nobody can be asked.
    """
    if not at_terminal():
        raise InputError(f"{question} There is no terminal to ask at: {without}.")
    return typer.confirm(question, default=default)


@contextmanager
def progress() -> Iterator[Progress]:
    """One line that changes, on stderr; nothing where that is no terminal. An empty text takes it away."""
    status = Console(stderr=True).status("")

    def report(text: str) -> None:
        status.stop()
        if text:
            status.update(escape(text[:_WIDEST]))
            status.start()

    try:
        yield report
    finally:
        status.stop()


@contextmanager
def unlogged() -> Iterator[None]:
    """For commands that say themselves what is wrong with a skill: it is not logged as well."""
    logger = logging.getLogger("assistant.skill")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
