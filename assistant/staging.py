"""Where a model is put together before it appears among the others, complete."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant import paths
from assistant.errors import DownloadError, InputError
from assistant.models import Progress, sha256, write_manifest


@contextmanager
def staging(name: str) -> Iterator[Path]:
    """The folder in which a model is put together, for one process at a time.

    Raises:
        DownloadError: it cannot be written, or another process is at it.
    """
    folder = paths.models_dir() / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder.parent / f".{name}.lock").open("w")
    except OSError as error:
        raise DownloadError(f"{folder} cannot be written: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DownloadError(f"{name} is already being fetched by another process") from None
        yield folder


def finish(folder: Path, final: Path, origin: str, sums: Mapping[str, str]) -> None:
    """Let the model appear: only the files in ``sums``, with a manifest."""
    for left in set(folder.iterdir()) - {folder / name for name in sums}:
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    write_manifest(folder, origin, sums)
    folder.rename(final)


def check_room(folder: Path, needed: int) -> None:
    """Raises DownloadError when the disk has no room for so many bytes, less those that are in the folder already."""
    have = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    free = shutil.disk_usage(folder).free
    if needed - have > free:
        raise DownloadError(
            f"There is no room in {folder.parent}: it takes {needed >> 20} MB, {free >> 20} MB are free"
        )


def copy_files(
    files: Mapping[str, Path],
    name: str,
    origin: str,
    progress: Progress,
    check: Callable[[str, str], bool] = lambda _name, _sum: True,
) -> Path:
    """Copy files into a model's folder, under the names that the mapping gives; returns the folder.

    Args:
        files: file name → where it is.
        name: the model's.
        origin: where they come from, for the manifest.
        progress: told of every piece.
        check: whether a file's SHA-256 is right.

    Raises:
        InputError: a file cannot be read, or its sum is wrong (named).
        DownloadError: no room, or the folder cannot be written.
    """
    final = paths.models_dir() / name
    with staging(name) as folder:
        if final.is_dir():
            return final
        check_room(folder, sum(file.stat().st_size for file in files.values()))
        sums = {}
        for target, file in files.items():
            try:
                shutil.copyfile(file, folder / target)
            except PermissionError:
                raise InputError(f"{file} cannot be read: permission denied") from None
            sums[target] = sha256(folder / target, progress)
            if not check(target, sums[target]):
                raise InputError(f"{file} is damaged: its SHA-256 is not the one it was fetched with; copy it again")
        finish(folder, final, origin, sums)
    return final
