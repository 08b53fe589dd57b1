"""What ``assistant skill install`` has installed, and which skills are switched off.

::

    DATA/skills/NAME/installed.yaml         what is installed; written last and in one step: it decides
    DATA/skills/NAME/releases/ID/code       the skill's folder, or
    DATA/skills/NAME/releases/ID/env/…      a package; env also holds what the skill requires
    DATA/skills/NAME/settings.yaml …        the skill's own; they outlive an upgrade and a removal
    DATA/skills/disabled.yaml               names of skills that are not loaded
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ConfigError, InputError
from assistant.skill.files import BadFile, Part, read, read_checked
from assistant.skill.importing import Found
from assistant.skill.manifest import Manifest, Permissions

_log = logging.getLogger(__name__)


class Record(Part):
    """``installed.yaml``.

    Attributes:
        name, version: of the skill.
        source: what it was installed from.
        release: the folder in ``releases/``.
        path: the skill's file or folder in the release.
        module: of a package, else empty.
        python: the version of Python that its environment is for, empty if it has none.
        asked: what it asked for; an upgrade asks only for what is new.
        granted: what it may do.
    """

    name: str
    version: str
    source: str
    release: str
    path: str = "code"
    module: str = ""
    python: str = ""
    asked: Permissions = Permissions()
    granted: Permissions = Permissions()


def this_python() -> str:
    """The version of Python for which an environment is made: ``3.11``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


class Installed:
    """The installed skills of one user.

    Args:
        data: the user's data folder.
    """

    def __init__(self, data: Path) -> None:
        self._data = data

    def folder(self, name: str) -> Path:
        """A skill's folder."""
        return self._data / "skills" / name

    def release(self, record: Record) -> Path:
        """Where an installed skill's code and environment are."""
        return self.folder(record.name) / "releases" / record.release

    def records(self) -> dict[str, Record]:
        """What is installed, by name; a record that cannot be read is logged and passed over."""
        found = dict[str, Record]()
        for path in sorted((self._data / "skills").glob("*/installed.yaml")):
            try:
                found[path.parent.name] = read_checked(path, Record)
            except ConfigError as error:
                _log.warning("%s; install the skill again", error)
        return found

    def found(self) -> list[Found]:
        """What is installed, for the loader: each in a process of its own."""
        return [self.found_of(record, self.release(record)) for record in self.records().values()]

    def found_of(self, record: Record, release: Path) -> Found:
        """A record for the loader.

        Args:
            release: where its code and environment are, or are being put together.
        """
        return Found(record.name, release / record.path, record.module, isolated=True)

    def granted(self, found: Found, manifest: Manifest | None) -> Permissions:
        """What a skill may do: what its user granted; the user's own folders have what they ask for."""
        record = self._record_of(found)
        if record is not None:
            return record.granted
        return manifest.permissions if manifest is not None else Permissions()

    def libraries(self, found: Found) -> Path | None:
        """The folder with a skill's own Python packages, None if it has none."""
        record = self._record_of(found)
        folder = None if record is None else self.release(record) / "env"
        return folder if folder is not None and folder.is_dir() else None

    def _record_of(self, found: Found) -> Record | None:
        if not found.path.is_relative_to(self.folder(found.name) / "releases"):
            return None
        return self.records().get(found.name)

    # --- changes -----------------------------------------------------------------------------------

    def put(self, record: Record) -> None:
        """Put a release to use; from here on it is installed. What was there before is removed.

        Raises:
            InputError: it cannot be written; what was installed before goes on.
        """
        folder = self.folder(record.name)
        _write(folder / "installed.yaml", record.model_dump(mode="json"))
        self.sweep(record.name, record.release)

    def sweep(self, name: str, keep: str = "") -> None:
        """Remove the releases of a skill that are not in use, such as what an interrupted install left."""
        for path in (self.folder(name) / "releases").glob("*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    def remove(self, name: str) -> None:
        """Uninstall a skill; its settings and data stay."""
        (self.folder(name) / "installed.yaml").unlink(missing_ok=True)
        shutil.rmtree(self.folder(name) / "releases", ignore_errors=True)

    # --- switched off ------------------------------------------------------------------------------

    def disabled(self) -> frozenset[str]:
        """Names of skills that are switched off."""
        path = self._data / "skills" / "disabled.yaml"
        try:
            names = read(path).get("disabled", []) if path.is_file() else []
        except BadFile as error:
            _log.warning("%s; no skill is switched off by it", error)
            names = []
        return frozenset(map(str, names)) if isinstance(names, list) else frozenset()

    def switch(self, name: str, *, on: bool) -> None:
        """Switch a skill on or off, from the next start on.

        Raises:
            InputError: it cannot be written.
        """
        names = self.disabled() - {name} if on else self.disabled() | {name}
        _write(self._data / "skills" / "disabled.yaml", {"disabled": sorted(names)})


def _write(path: Path, data: Any) -> None:
    """In one step, on the disk before this returns."""
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            yaml.safe_dump(data, file, allow_unicode=True, sort_keys=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from None
