"""A stranger's folder or archive, copied into a folder of our own: plain files only, and nothing outside of it."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from assistant.errors import InputError

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
MOST_BYTES = 500_000_000
MOST_FILES = 20_000
_PASSED_OVER = frozenset((".git", ".hg", ".venv", "venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"))


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive."""

    name: str
    open: Callable[[], IO[bytes] | None]


def is_archive(path: Path) -> bool:
    """Whether it is an archive by its name."""
    return path.name.lower().endswith(ARCHIVES)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder without version control, caches and virtual environments.

    Raises:
        InputError: it cannot be read, or holds a link, which could lead anywhere.
    """
    try:
        for folder, folders, files in os.walk(source):
            folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
            here = Path(folder)
            for name in (*folders, *files):
                if (here / name).is_symlink() or not ((here / name).is_file() or (here / name).is_dir()):
                    raise InputError(f"{here / name} is a link or no plain file; a skill must not have any.")
            place = target / here.relative_to(source)
            place.mkdir(parents=True, exist_ok=True)
            for name in files:
                shutil.copyfile(here / name, place / name)
    except OSError as error:
        raise InputError(f"Cannot copy {error.filename or source}: {error.strerror or error}.") from None


def unpack(archive: Path, target: Path) -> None:
    """Unpack a zip or tar file.

    Raises:
        InputError: it cannot be read, is too large, or holds something else than plain files below its own folder.
    """
    size = files = 0
    try:
        with _members(archive) as members:
            for member in members:
                place = target / _inside(archive, member.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                source = member.open()
                assert source is not None, "a plain file"
                with source, place.open("xb") as file:
                    while piece := source.read(1 << 20):
                        size += len(piece)  # as unpacked: what an archive says of itself may be a lie
                        _bound(archive, size, files)
                        file.write(piece)
                files += 1
                _bound(archive, size, files)
    except FileExistsError as error:
        raise InputError(f"{archive} holds {Path(error.filename).name} twice.") from None
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"Cannot unpack {archive}: {reason}.") from None


def _bound(archive: Path, size: int, files: int) -> None:
    if size > MOST_BYTES or files > MOST_FILES:
        raise InputError(f"{archive} is too large for a skill: more than {MOST_BYTES:,} bytes or {MOST_FILES:,} files.")


def _inside(archive: Path, name: str) -> PurePosixPath:
    """A member's name as a path below the target."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise InputError(
            f"{archive} holds {name!r}, which would lie outside of the skill's folder; it is not unpacked."
        )
    return path


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[_Member]]:
    """The files of an archive; folders are made as they are needed."""
    if archive.name.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as opened:
            yield _zipped(archive, opened)
    else:
        with tarfile.open(archive) as opened_tar:
            yield _tarred(archive, opened_tar)


def _zipped(archive: Path, opened: zipfile.ZipFile) -> Iterator[_Member]:
    for info in opened.infolist():
        kind = info.external_attr >> 28  # the type of a Unix file, 0 where another system made the archive
        if kind not in (0, 4, 8):
            raise InputError(f"{archive} holds {info.filename!r}, which is a link or no plain file.")
        if not info.is_dir():
            yield _Member(info.filename, lambda info=info: opened.open(info))  # type: ignore[misc]


def _tarred(archive: Path, opened: tarfile.TarFile) -> Iterator[_Member]:
    for info in opened:
        if not (info.isfile() or info.isdir()):
            raise InputError(f"{archive} holds {info.name!r}, which is a link or no plain file.")
        if info.isfile():
            yield _Member(info.name, lambda info=info: opened.extractfile(info))  # type: ignore[misc]
