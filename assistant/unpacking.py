"""Archives that a user brings: unpacked into a folder that is gone afterwards, and never outside it."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import InputError

_BROKEN = (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


def is_archive(file: Path) -> bool:
    """Whether a file is a ZIP or a TAR archive, compressed or not, whatever its name."""
    return zipfile.is_zipfile(file) or tarfile.is_tarfile(file)


@contextmanager
def unpack(archive: Path, beside: Path) -> Iterator[Path]:
    """The content of a ZIP or TAR archive in a temporary folder.

    Args:
        archive: the file.
        beside: a folder on the disk that is to hold what is unpacked.

    Raises:
        InputError: it cannot be read, holds files that would lie outside, or more than there is room for.
    """
    with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=beside) as folder:
        try:
            _unpack(archive, Path(folder))
        except _BROKEN as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            raise InputError(f"{archive} cannot be unpacked ({said}); copy it again") from None
        yield Path(folder)


def _unpack(archive: Path, folder: Path) -> None:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            _check_size(archive, sum(member.file_size for member in opened.infolist()), folder)
            opened.extractall(folder)  # it keeps names inside the folder by itself
        return
    with tarfile.open(archive) as opened:
        _check_size(archive, sum(member.size for member in opened.getmembers()), folder)
        opened.extractall(folder, filter="data")


def _check_size(archive: Path, needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(f"{archive} holds {needed >> 20} MB, {free >> 20} MB are free in {folder.parent}")
