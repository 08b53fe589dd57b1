"""For the loader: load a skill into a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.skill.binding import Problem, shown
from assistant.skill.importing import Found, Skipped
from assistant.skill.making import LoadedSkill, Loading, add_functions, described, functions_of
from assistant.skill.manifest import Manifest, Permissions
from assistant.skill.sandbox.grants import grants_of
from assistant.skill.sentences import read_sentences

if TYPE_CHECKING:  # most people have no such skill, and do not wait for what it takes
    from assistant.skill.sandbox.isolated import IsolatedSkill
    from assistant.skill.sandbox.launch import Plan
    from assistant.skill.sandbox.wire import Patience


def as_asked(_: Found, manifest: Manifest | None) -> Permissions:
    """What the manifest asks for: for the user's own folders, whose manifest the user has written."""
    return manifest.permissions if manifest is not None else Permissions()


def no_libraries(_: Found) -> Path | None:
    """It has no Python packages of its own."""
    return None


def this_python(_: Found) -> Path:
    """The interpreter that runs the assistant."""
    return Path(sys.executable)


@dataclass(slots=True)
class Isolation:
    """Loads skills into processes of their own; an :data:`assistant.skill.making.Isolate`.

    Attributes:
        data: the user's data folder; each skill may write only to ``skills/NAME/own`` in it.
        granted: the permissions that the user granted to a skill.
        python: the interpreter for a skill, that of its own environment if it has one.
        libraries: a skill's own Python packages, which it may import once it is confined.
        patience: how long a process may take for what; None for the usual.
        only: names of the kernel's means to use, None for all; for tests.
        skills: those that were loaded, by name.
    """

    data: Path
    granted: Callable[[Found, Manifest | None], Permissions] = as_asked
    python: Callable[[Found], Path] = this_python
    libraries: Callable[[Found], Path | None] = no_libraries
    patience: Patience | None = None
    only: tuple[str, ...] | None = None
    skills: dict[str, IsolatedSkill] = field(default_factory=dict)

    def __call__(self, found: Found, manifest: Manifest | None, loading: Loading) -> LoadedSkill:
        """Load a skill.

        Raises:
            Skipped: it cannot be loaded.
            assistant.skill.files.BadFile: a file of it is wrong.
        """
        from assistant.skill.sandbox.isolated import IsolatedSkill
        from assistant.skill.sandbox.launch import NotStarted

        skill = described(found, manifest, loading)
        sentences = read_sentences(found.path, loading.language) if found.folder else None
        try:
            isolated = IsolatedSkill(self._plan(found, manifest), self.patience)
        except NotStarted as error:
            raise Skipped(Problem(found.name, error.place or shown(found.source), str(error), skipped=True)) from error
        module = isolated.module
        skill.title = skill.title or (module.__doc__ or found.name).strip().split("\n", 1)[0].rstrip(".")
        try:
            add_functions(skill, functions_of(module, found), sentences, loading, [])
        except BaseException:
            isolated.close()
            raise
        for name in ("on_start", "on_stop", "on_due"):
            setattr(skill, name, getattr(module, name, None))
        self.skills[found.name] = isolated
        if skill.missing:
            isolated.close()  # it is not listened for until its settings are there
        return skill

    def _plan(self, found: Found, manifest: Manifest | None) -> Plan:
        from assistant.skill.sandbox.launch import Plan

        grants = grants_of(self.granted(found, manifest))
        data = self.data / "skills" / found.name / "own"
        patience = self.patience.start if self.patience is not None else 30.0
        python, libraries = self.python(found), self.libraries(found)
        return Plan(found.name, found.path, data, grants, found.module, python, self.only, patience, libraries)
