"""Which skills there are, and where each comes from; nothing is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import ConfigError, InputError
from assistant.skill.binding import Problem
from assistant.skill.importing import Found, find, find_packages
from assistant.skill.installed import Installed, Record
from assistant.skill.manifest import Manifest, read_manifest
from assistant.skill.sentences import languages_of
from assistant.suggest import nearest

Origin = Literal["shipped", "own", "installed", "package"]


@dataclass(frozen=True, slots=True)
class Place:
    """A skill on the disk.

    Attributes:
        found: for the loader.
        origin: shipped with the assistant, the user's own, installed by ``assistant skill install``, or in a package of
            the assistant's own environment.
        record: of an installed one.
    """

    found: Found
    origin: Origin
    record: Record | None = None

    @property
    def name(self) -> str:
        """The skill's."""
        return self.found.name

    def manifest(self) -> Manifest | None:
        """What its ``skill.yaml`` says, if it has one.

        Raises:
            ConfigError: the file is wrong.
        """
        return read_manifest(self.found.folder) if self.found.folder is not None else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has sentences in."""
        return (languages_of(self.found.folder) if self.found.folder is not None else ()) or ("en",)

    @property
    def isolated(self) -> bool:
        """Whether it runs in a process of its own."""
        try:
            manifest = self.manifest()
        except ConfigError:
            manifest = None
        return self.found.isolated or (manifest is not None and manifest.isolated)


class Places:
    """Every skill of a user, by name, switched off or not.

    Args:
        folders: where skills lie, the shipped ones first; of two with one name the later one is taken.
        installed: the installed ones.

    Attributes:
        known: name → skill.
        problems: packages that have none where they say.
    """

    def __init__(self, folders: Sequence[Path], installed: Installed) -> None:
        self.folders = folders
        self.known: dict[str, Place] = {}
        self.problems: list[Problem] = []
        for name, found in find_packages().items():
            if isinstance(found, Problem):
                self.problems.append(found)
            else:
                self.known[name] = Place(found, "package")
        for name, record in installed.records().items():
            self.known[name] = Place(installed.found_of(record, installed.release(record)), "installed", record)
        for folder in folders:
            origin: Origin = "shipped" if folder == folders[0] else "own"
            self.known |= {name: Place(found, origin) for name, found in find([folder]).items()}

    def get(self, name: str) -> Place:
        """A skill by its name, or by the path of its file or folder.

        Raises:
            InputError: there is none.
        """
        if name in self.known:
            return self.known[name]
        path = Path(name).expanduser()
        if "/" in name or name.startswith(".") or path.suffix == ".py":
            source = path if path.suffix == ".py" else path / "__init__.py"
            if not source.is_file():
                raise InputError(f"There is no skill at {path}: it has no {source.name}.")
            real = path.resolve()
            return Place(Found(real.stem, real), "own")
        raise InputError(f"There is no skill {name!r}{nearest(name, self.known)}")
