"""Loads skills into processes of their own; what that takes is imported when the first such skill is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.skill.importing import Found
from assistant.skill.installed import Installed
from assistant.skill.making import LoadedSkill, Loading
from assistant.skill.manifest import Manifest

if TYPE_CHECKING:
    from assistant.skill.sandbox.isolate import Isolation


class Isolating:
    """An :data:`assistant.skill.making.Isolate` for a user's installed skills.

    Args:
        data: the user's data folder.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._installed = Installed(data)
        self._isolation: Isolation | None = None

    def __call__(self, found: Found, manifest: Manifest | None, loading: Loading) -> LoadedSkill:
        """Load a skill.

        Raises:
            assistant.skill.importing.Skipped, assistant.skill.files.BadFile: it cannot be loaded.
        """
        if self._isolation is None:
            from assistant.skill.sandbox.isolate import Isolation

            home = self._installed
            self._isolation = Isolation(self._data, home.granted, libraries=home.libraries)
        return self._isolation(found, manifest, loading)

    def close(self) -> None:
        """End the processes of what was loaded; a call would start them again."""
        for skill in self._isolation.skills.values() if self._isolation is not None else ():
            skill.close()
