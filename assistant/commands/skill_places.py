"""For ``assistant skill …``: the user's skills, and questions at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from assistant import paths
from assistant.config import Config
from assistant.errors import InputError
from assistant.skill.installed import Installed
from assistant.skill.places import Places
from assistant.skill.settings import SkillSettings

Progress = Callable[[str], None]
_WIDEST = 100


def installed() -> Installed:
    """What is installed."""
    return Installed(paths.data_dir())


def places(config: Config) -> Places:
    """Every skill there is."""
    return Places([paths.shipped("skills"), paths.user_skills(), *config.skills.paths], installed())


def settings(config: Config) -> SkillSettings:
    """What the user has set for the skills."""
    return SkillSettings(config.skills.settings, paths.data_dir())


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
