"""Bring models from a folder, a file or an archive that the user has: nothing here uses the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import paths
from assistant.catalogue.base import Entry, family_of
from assistant.errors import InputError
from assistant.model_kinds import Found, check_whisper, models_in, refuse_pointer
from assistant.models import Progress, git_sha1, hub_snapshot, lacking, newest_snapshot, read_manifest, sha256, wanted
from assistant.staging import copy_files
from assistant.unpacking import is_archive, unpack

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,80}")


def import_models(path: Path, name: str | None, progress: Progress) -> list[Path]:
    """Copy every model in a folder, an archive or a file among the assistant's own; returns their folders.

    Args:
        path: a folder (looked through), a ZIP or TAR archive, or one of a model's files.
        name: what to call it; None for its own name.
        progress: told of every piece.

    Raises:
        InputError: there is nothing usable, what there is is damaged, or it is here already; the message names it.
        DownloadError: no room.
    """
    with _opened(path.expanduser()) as place:
        found = models_in(place)
        if not found:
            raise InputError(
                f"{path} holds no model that is known here: a Whisper for CTranslate2, a Piper or Coqui voice, a wake "
                "word of openWakeWord, a sentence encoder, or Smart Turn"
            )
        if name is not None:
            if len(found) > 1:
                raise InputError(
                    f"{path} holds {len(found)} models ({_names(found)}); import one of them, or leave --name out"
                )
            found = [Found(found[0].family, _checked(found[0].family, name), found[0].files)]
        here = [each for each in found if (paths.models_dir() / each.name).exists()]
        if len(here) == len(found):
            raise InputError(f"{_names(here)} is already here; first: assistant models remove {here[0].name}")
        return [_copy(each, path, progress) for each in found if each not in here]


def _copy(found: Found, origin: Path, progress: Progress) -> Path:
    expected: dict[str, str] = {}
    for folder in {file.parent for file in found.files.values()}:
        expected |= read_manifest(folder) or {}
    for file in found.files.values():
        check_blob(file)
    files = {_target(found, name): file for name, file in found.files.items() if name != "assistant-model.json"}
    return copy_files(
        files, found.name, str(origin.resolve()), progress, lambda name, got: expected.get(name, got) == got
    )


def _target(found: Found, name: str) -> str:
    """A file's name in the model's folder: a voice's and a wake word's files are called like it."""
    if found.family in ("piper", "wake") and ".onnx" in name:
        return found.name.removeprefix(f"{found.family}-") + name[name.index(".onnx") :]
    return name


def _checked(family: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be a model's name: letters, digits, dots, dashes")
    if family_of(name) not in ("", family):
        raise InputError(f"{name} would be taken for a {family_of(name)} model, but this is one of {family}")
    return name if family_of(name) == family else f"{family}-{name}"


def _names(found: list[Found]) -> str:
    return ", ".join(each.name for each in found)


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise InputError(f"There is no file or folder {path}")
    if path.is_dir() or not is_archive(path):
        yield path
        return
    paths.models_dir().mkdir(parents=True, exist_ok=True)
    with unpack(path, paths.models_dir()) as folder:
        yield folder


def copy_from(entry: Entry, folder: Path, progress: Progress) -> Path:
    """Take a model of the catalogue from a folder: its files, a folder of the hub's cache, or that whole cache.

    Raises:
        InputError: the folder does not hold the model, or a file of it is damaged (named).
        DownloadError: no room.
    """
    source = _inside(folder.expanduser(), entry)
    files = {file.name: file for file in sorted(source.iterdir()) if file.is_file() and wanted(file.name, entry)}
    for file in files.values():
        refuse_pointer(file)
        if file.name == "model.bin" and entry.family == "whisper":
            check_whisper(file)
        check_blob(file)
    expected = read_manifest(source) or {}
    return copy_files(
        files, entry.name, str(source.resolve()), progress, lambda name, got: expected.get(name, got) == got
    )


def _inside(folder: Path, entry: Entry) -> Path:
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}")
    if not lacking(folder, entry):
        return folder
    found = newest_snapshot(folder, entry) or hub_snapshot(folder, entry) or hub_snapshot(folder / "hub", entry)
    if found is None:
        raise InputError(f"{folder} does not hold {entry.name}: there is no {' and no '.join(lacking(folder, entry))}")
    return found


def check_blob(file: Path) -> None:
    """Refuse a damaged file of the hub's cache: there it is a link to a blob that is named by its checksum."""
    blob = file.resolve()
    named = blob.name if file.is_symlink() and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", blob.name) else ""
    if named and named != (sha256(blob) if len(named) == 64 else git_sha1(blob)):
        raise InputError(f"{file} is damaged: its checksum is not {named}; copy it again")
