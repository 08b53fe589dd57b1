"""Notices that files have changed, by looking: it works on every file system and needs no library.

A skill has some ten files; to look at them takes a fraction of a millisecond.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_PASSED_OVER = frozenset(("__pycache__", "tests"))
State = Mapping[str, tuple[int, int, int]]


class Watch:
    """Some files and folders, as they were when they were last looked at.

    Args:
        places: files, or folders with everything in them but caches and tests; they need not exist.
    """

    def __init__(self, *places: Path) -> None:
        self._places = places
        self._state = self._look()

    def changed(self) -> bool:
        """Whether anything has changed since the last look."""
        before, self._state = self._state, self._look()
        return before != self._state

    def _look(self) -> State:
        """Path → modification time in ns, size, inode: a file that replaces another may be as old and as long."""
        found: dict[str, tuple[int, int, int]] = {}
        for place in self._places:
            for path in _files(place):
                try:
                    stat = path.stat()
                except OSError:  # it has just been removed
                    continue
                found[str(path)] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return found


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
    for folder, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name not in _PASSED_OVER and not name.startswith(".")]
        yield from (Path(folder) / name for name in files if not name.startswith("."))
