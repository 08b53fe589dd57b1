"""Filling the index from a folder of files: their tags, read by PyAV."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av

from .deck import Track, pick
from .library import Library

_SOUNDS = {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wav", ".wma", ".aiff", ".aif"}
_LISTS = {".m3u", ".m3u8"}
_NUMBERED = re.compile(r"^\d{1,3}\s*[-._ ]\s*")
_AT_ONCE = 50


def scan(library: Library, where: str) -> Iterator[int]:
    """Bring the index up to date with a folder; stops after every fifty files, so that nobody waits for it.

    Yields:
        How many files have been read in this step.
    """
    folder, known = Path(where).expanduser().resolve(), library.known()
    paths = {str(path): path for path in _files(folder, _SOUNDS)}
    library.forget(known.keys() - paths.keys())
    changed = (path for name, path in paths.items() if known.get(name) != _modified(path))
    while batch := list(islice(changed, _AT_ONCE)):
        library.put((_read(path, folder), _modified(path), _number(path)) for path in batch)
        yield len(batch)
    library.put_playlists({path.stem: _listed(path) for path in _files(folder, _LISTS)})
    library.refresh()


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path, folder: Path) -> Track:
    """A file's tags; without any, its name and its folders: artist/album/01 - title."""
    tags: dict[str, str] = {}
    try:
        with av.open(f"file:{path}", metadata_errors="replace") as container:
            sounds = container.streams.audio
            for found in (sounds[0].metadata if sounds else {}, container.metadata):
                tags.update({key.lower(): value for key, value in found.items()})
    except (av.FFmpegError, OSError, ValueError):
        pass
    above = path.relative_to(folder).parts[:-1]
    return Track(
        str(path),
        pick(tags.get("title", ""), _NUMBERED.sub("", path.stem).replace("_", " ")),
        pick(tags.get("artist", ""), above[0] if above else ""),
        pick(tags.get("album", ""), above[-1] if len(above) > 1 else ""),
    )


def _number(path: Path) -> int:
    found = re.match(r"\d{1,3}", path.stem)
    return int(found[0]) if found else 0


def _listed(path: Path) -> list[str]:
    """The files of a playlist."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    names = [line.strip().removeprefix("\ufeff") for line in lines]
    return [str((path.parent / name).resolve()) for name in names if name and not name.startswith("#")]
