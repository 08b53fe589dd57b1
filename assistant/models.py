"""The models on this machine: found, checked, removed.

A model is a folder below :func:`assistant.paths.models_dir`, named as in :data:`assistant.catalogue.CATALOGUE`. It
appears there complete or not at all, with a manifest of its files' SHA-256 sums beside them. Fetching is in
:mod:`assistant.fetch`, bringing from elsewhere in :mod:`assistant.model_import`; nothing here uses the network.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant import paths
from assistant.catalogue import CATALOGUE
from assistant.catalogue.base import FAMILIES, Entry, family_of
from assistant.errors import InputError, MissingModel
from assistant.suggest import nearest

MANIFEST = "assistant-model.json"
Progress = Callable[[str, int, int], None]
"""Told of every piece of work: file name, bytes done, bytes in all (0 when unknown)."""


def find_entry(name: str) -> Entry:
    """The catalogue's entry of that name; ``base`` does for ``whisper-base``, and a voice's name for its entry's.

    Raises:
        InputError: there is none; the message names the nearest.
    """
    for each in (name, f"whisper-{name}", f"piper-{name}"):
        if each in CATALOGUE:
            return CATALOGUE[each]
    for entry in CATALOGUE.values():
        if name and name == entry.voice:
            return entry
    raise InputError(f"There is no model {name!r}{nearest(name, CATALOGUE) or '; see: assistant models list'}")


def find_model(name_or_path: str | Path) -> Path:
    """The folder of a model.

    Looked for in this order: a path (anything with a slash, ``~``, or an existing folder), the
    assistant's own models, and the model hub's cache that other programs fill.

    Raises:
        MissingModel: it is not on this machine; the message has the command that fetches it.
        InputError: there is no such folder, or no such model.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or text.startswith("~"):
        folder = Path(text).expanduser()
        if not folder.is_dir():
            raise InputError(f"There is no model folder {folder}")
        return folder
    own = _own(text)
    if own is not None:
        return own
    entry = find_entry(text)
    folder = paths.models_dir() / entry.name
    if folder.is_dir():
        return folder
    cached = hub_snapshot(_hub_cache(), entry)
    if cached is None:
        raise MissingModel(entry.name, entry.fetch)
    return cached


def _own(name: str) -> Path | None:
    """One of the assistant's own models, also by a voice's name without its engine's."""
    folders = [paths.models_dir() / f"{family}{name}" for family in ("", "piper-", "coqui-")]
    return next((each for each in folders if name not in ("", ".", "..") and each.is_dir()), None)


def installed(family: str = "") -> list[str]:
    """Names of the models that :func:`find_model` finds, in the catalogue's order, then others by name."""
    known = [name for name in CATALOGUE if _is_here(name)]
    folder = paths.models_dir()
    others = sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != ".") if folder.is_dir() else []
    found = [*known, *(other for other in others if other not in CATALOGUE)]
    return [name for name in found if not family or family_of(name) == family]


def kind_of(name: str) -> str:
    """The kind of a model by its name; "" for none that is known."""
    return FAMILIES.get(family_of(name), "")


def _is_here(name: str) -> bool:
    try:
        find_model(name)
    except MissingModel:
        return False
    return True


def own_folder(name: str) -> Path:
    """The folder of one of the assistant's own models.

    Raises:
        MissingModel: it is not there.
        InputError: no such model.
    """
    folder = None if "/" in name else _own(name)
    if folder is None:
        entry = find_entry(name)
        folder = paths.models_dir() / entry.name
        if not folder.is_dir():
            raise MissingModel(entry.name, entry.fetch)
    return folder


def remove(name: str) -> Path:
    """Delete one of the assistant's own models; returns the folder it was in.

    Raises:
        MissingModel, InputError: as :func:`own_folder`.
    """
    folder = own_folder(name)
    shutil.rmtree(folder)
    return folder


def verify(name: str, progress: Progress | None = None) -> int:
    """Compare every file with the sums that were kept when the model came; returns how many files.

    Raises:
        MissingModel: the model is not there.
        InputError: a file is gone or has changed (named), or there are no sums.
    """
    folder = own_folder(name)
    files = read_manifest(folder)
    if files is None:
        raise InputError(f"{folder} holds no {MANIFEST}, so there is nothing to compare with")
    for file, expected in files.items():
        if not (folder / file).is_file():
            raise InputError(f"{folder / file} is gone; {_again(name)}")
        if sha256(folder / file, progress) != expected:
            raise InputError(f"{folder / file} has changed: its SHA-256 is not the one it came with; {_again(name)}")
    return len(files)


def _again(name: str) -> str:
    return f"fetch it again with: assistant models remove {name} && assistant models pull {name}"


def write_manifest(folder: Path, origin: str, files: Mapping[str, str]) -> None:
    """Keep where a model came from and the SHA-256 of each of its files."""
    text = json.dumps({"origin": origin, "sha256": dict(sorted(files.items()))}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, str] | None:
    """File name → SHA-256, or None if the folder has no manifest.

    Raises:
        InputError: there is one that cannot be read.
    """
    try:
        data: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in data["sha256"].items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{folder / MANIFEST} cannot be read ({error})") from None


def sha256(path: Path, progress: Progress | None = None) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    for piece in _pieces(path, progress):
        digest.update(piece)
    return digest.hexdigest()


def git_sha1(path: Path) -> str:
    """Git's name for a file's content, which the hub gives for files that are not in its large-file store."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    for piece in _pieces(path, None):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path, progress: Progress | None) -> Iterator[bytes]:
    done, total = 0, path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
            done += len(piece)
            if progress is not None:
                progress(path.name, done, total)


def hub_snapshot(cache: Path, entry: Entry) -> Path | None:
    """The entry's folder in a complete snapshot in a folder laid out like the hub's cache, or None.

    Layout: ``models--OWNER--NAME/snapshots/REVISION/``, with ``refs/main`` naming the current revision.
    """
    if not entry.repository:
        return None
    repository = cache / f"models--{entry.repository.replace('/', '--')}"
    return newest_snapshot(repository, entry)


def newest_snapshot(repository: Path, entry: Entry) -> Path | None:
    """As :func:`hub_snapshot`, given the repository's own folder."""
    current = repository / "refs" / "main"
    found = sorted(repository.glob("snapshots/*"), key=lambda path: path.stat().st_mtime, reverse=True)
    if current.is_file():
        found.insert(0, repository / "snapshots" / current.read_text(encoding="utf-8").strip())
    return next((folder / entry.folder for folder in found if not lacking(folder / entry.folder, entry)), None)


def wanted(name: str, entry: Entry) -> bool:
    """Whether a file of that name belongs to the entry; all of them do where it does not say."""
    return not entry.patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in entry.patterns)


def lacking(folder: Path, entry: Entry) -> list[str]:
    """The required files that a folder does not have."""
    return [pattern for pattern in entry.required if not any(file.is_file() for file in folder.glob(pattern))]


def _hub_cache() -> Path:
    if "HF_HUB_CACHE" in os.environ:
        return Path(os.environ["HF_HUB_CACHE"])
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface"
    return Path(home) / "hub"
