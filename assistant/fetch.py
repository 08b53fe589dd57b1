"""Bring a model to this machine: from the model hub, resumable and checked, or from a folder.

The hub's API gives each file's size and checksum (SHA-256 for files in its large-file store, git's SHA-1
for small ones) at one revision, and everything is taken from that revision. ``HF_ENDPOINT`` names another hub.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import re
import shutil
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from assistant import paths
from assistant.errors import DownloadError, InputError
from assistant.models import (
    Entry,
    Progress,
    git_sha1,
    hub_snapshot,
    lacking,
    newest_snapshot,
    read_manifest,
    sha256,
    write_manifest,
)

_ATTEMPTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=15.0)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at the hub; one of the checksums is empty."""

    name: str
    size: int
    sha256: str = ""
    git_sha1: str = ""

    def matches(self, path: Path) -> bool:
        """Whether a local file is this one."""
        if path.stat().st_size != self.size:
            return False
        return sha256(path) == self.sha256 if self.sha256 else git_sha1(path) == self.git_sha1


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository's files at one revision."""

    revision: str
    files: tuple[RemoteFile, ...]


class Hub:
    """The model hub.

    Args:
        endpoint: its address; None for ``HF_ENDPOINT`` or huggingface.co.
        pause: called with seconds between attempts.
    """

    def __init__(self, endpoint: str | None = None, pause: Callable[[float], None] = time.sleep) -> None:
        self._endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
        self._pause = pause
        self._client = httpx.Client(timeout=_TIMEOUT, follow_redirects=True)

    def __enter__(self) -> Hub:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def files(self, entry: Entry) -> Listing:
        """The entry's files.

        Raises:
            DownloadError: the hub cannot be reached, refuses, or answers something else.
        """
        url = f"{self._endpoint}/api/models/{entry.repository}"
        try:
            answer = self._client.get(url, params={"blobs": "true"})
            answer.raise_for_status()
            return _listing(answer.json(), entry)
        except httpx.HTTPStatusError as error:
            raise DownloadError(_refused(entry, error.response)) from None
        except httpx.HTTPError as error:
            raise DownloadError(self._unreachable(entry, error)) from None
        except (ValueError, KeyError, TypeError):
            raise DownloadError(f"{url} did not answer as the model hub does; is HF_ENDPOINT right?") from None

    def download(self, entry: Entry, revision: str, file: RemoteFile, part: Path, progress: Progress) -> None:
        """Fetch one file into ``part``, going on from what it already holds.

        Raises:
            DownloadError: it broke off more than a few times; what has come is kept.
        """
        url = f"{self._endpoint}/{entry.repository}/resolve/{revision}/{quote(file.name)}"
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._stream(url, file, part, progress)
                return
            except httpx.HTTPStatusError as error:
                if error.response.status_code < 500 or attempt == _ATTEMPTS:
                    raise DownloadError(_refused(entry, error.response)) from None
            except httpx.HTTPError as error:
                if attempt == _ATTEMPTS:
                    raise DownloadError(_broke_off(entry, file, part, error)) from None
            except OSError as error:
                raise DownloadError(f"{part} cannot be written: {error.strerror}") from None
            self._pause(min(2.0**attempt, 15.0))

    def _stream(self, url: str, file: RemoteFile, part: Path, progress: Progress) -> None:
        have = part.stat().st_size if part.exists() else 0
        if have > file.size:
            part.unlink()
            have = 0
        if have == file.size:
            progress(file.name, have, file.size)
            return
        # Without compression, because a range counts bytes of what is sent.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with self._client.stream("GET", url, headers=headers) as answer:
            answer.raise_for_status()
            if answer.status_code != 206 or _first_byte(answer) != have:
                have = 0  # the server starts from the beginning, so do we
            with part.open("r+b" if have else "wb") as out:
                out.seek(have)
                for piece in answer.iter_bytes(1 << 18):
                    out.write(piece)
                    have += len(piece)
                    progress(file.name, have, file.size)
        if have < file.size:
            raise httpx.ReadError(f"{have} of {file.size} bytes came")

    def _unreachable(self, entry: Entry, error: httpx.HTTPError) -> str:
        return (
            f"The model hub {self._endpoint} cannot be reached ({error or type(error).__name__}). Check the network; "
            f"or, on a machine that has one, run {entry.fetch!r}, bring the folder that "
            f"'assistant models path {entry.name}' names, and run here: {entry.fetch} --from FOLDER"
        )


def pull(entry: Entry, hub: Hub, progress: Progress) -> Path:
    """Fetch a model from the hub; returns its folder. Run again after an interruption, it goes on.

    Raises:
        DownloadError: no network, no room, a wrong checksum, or another fetch of it is under way.
    """
    final = paths.models_dir() / entry.name
    with _staging(entry) as staging:
        if final.is_dir():
            return final
        listing = hub.files(entry)
        _check_room(staging, sum(file.size for file in listing.files))
        sums = {file.name: _one(entry, hub, listing.revision, file, staging, progress) for file in listing.files}
        _finish(staging, final, f"{entry.repository}@{listing.revision}", sums)
    return final


def copy_from(entry: Entry, folder: Path, progress: Progress) -> Path:
    """Take a model from a folder: its files, a folder of the hub's cache, or that whole cache.

    Raises:
        InputError: the folder does not hold the model, or a file of it is damaged (named).
        DownloadError: no room.
    """
    source = _inside(folder.expanduser(), entry)
    files = [file for file in sorted(source.iterdir()) if file.is_file() and _wanted(file.name, entry)]
    for file in files:
        _check_local(file, entry)
    expected = read_manifest(source) or {}
    final = paths.models_dir() / entry.name
    with _staging(entry) as staging:
        if final.is_dir():
            return final
        _check_room(staging, sum(file.stat().st_size for file in files))
        sums = {}
        for file in files:
            target = staging / file.name
            shutil.copyfile(file, target)
            sums[file.name] = sha256(target, progress)
            if sums[file.name] != expected.get(file.name, sums[file.name]):
                raise InputError(f"{file} is damaged: its SHA-256 is not the one it was fetched with; copy it again")
        _finish(staging, final, str(source.resolve()), sums)
    return final


def _listing(data: Mapping[str, Any], entry: Entry) -> Listing:
    files = []
    for each in data["siblings"]:
        large = each.get("lfs") or {}
        name = str(each["rfilename"])
        if _wanted(name, entry):
            size = int(large.get("size") or each["size"])
            files.append(RemoteFile(name, size, str(large.get("sha256", "")), str(each.get("blobId", ""))))
    short = [pattern for pattern in entry.required if not fnmatch.filter([file.name for file in files], pattern)]
    if short or any(not (file.sha256 or file.git_sha1) for file in files):
        raise ValueError(entry.repository)
    return Listing(str(data["sha"]), tuple(files))


def _one(entry: Entry, hub: Hub, revision: str, file: RemoteFile, staging: Path, progress: Progress) -> str:
    target = staging / file.name
    if not (target.exists() and file.matches(target)):
        # The checksum is in the name: what is left of another revision's file is not gone on with.
        part = staging / f"{file.name}.{(file.sha256 or file.git_sha1)[:12]}.part"
        hub.download(entry, revision, file, part, progress)
        if not file.matches(part):
            part.unlink()
            raise DownloadError(f"{file.name} of {entry.name} came damaged (wrong checksum). Run again: {entry.fetch}")
        part.replace(target)
    return sha256(target)


@contextmanager
def _staging(entry: Entry) -> Iterator[Path]:
    """The folder in which a model is put together, for one process at a time."""
    staging = paths.models_dir() / f".{entry.name}.part"
    try:
        staging.mkdir(parents=True, exist_ok=True)
        lock = (staging.parent / f".{entry.name}.lock").open("w")
    except OSError as error:
        raise DownloadError(f"{staging} cannot be written: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DownloadError(f"{entry.name} is already being fetched by another process") from None
        yield staging


def _finish(staging: Path, final: Path, origin: str, sums: Mapping[str, str]) -> None:
    for left in set(staging.iterdir()) - {staging / name for name in sums}:
        left.unlink()
    write_manifest(staging, origin, sums)
    staging.rename(final)


def _check_room(folder: Path, needed: int) -> None:
    have = sum(file.stat().st_size for file in folder.iterdir())
    free = shutil.disk_usage(folder).free
    if needed - have > free:
        raise DownloadError(
            f"There is no room in {folder.parent}: it takes {needed >> 20} MB, {free >> 20} MB are free"
        )


def _wanted(name: str, entry: Entry) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in entry.patterns)


def _inside(folder: Path, entry: Entry) -> Path:
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}")
    if not lacking(folder, entry):
        return folder
    found = newest_snapshot(folder, entry) or hub_snapshot(folder, entry) or hub_snapshot(folder / "hub", entry)
    if found is None:
        raise InputError(f"{folder} does not hold {entry.name}: there is no {' and no '.join(lacking(folder, entry))}")
    return found


def _check_local(file: Path, entry: Entry) -> None:
    """Refuse what is certainly not a model's file, as early as possible."""
    with file.open("rb") as opened:
        head = opened.read(64)
    if head.startswith(b"version https://git-lfs"):
        raise InputError(f"{file} is only a pointer of git LFS, not the file; run 'git lfs pull' there first")
    if file.name == "model.bin" and entry.name.startswith("whisper-") and not _is_ctranslate2(head):
        raise InputError(f"{file} is not a CTranslate2 Whisper model; take the files of {entry.repository}")
    blob = file.resolve()
    # In the hub's cache a file is a link to a blob that is named by its checksum.
    named = blob.name if file.is_symlink() and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", blob.name) else ""
    if named and named != (sha256(blob) if len(named) == 64 else git_sha1(blob)):
        raise InputError(f"{file} is damaged: its checksum is not {named}; copy it again")


def _is_ctranslate2(head: bytes) -> bool:
    """A format version, then the specification's name: length with the final zero, text."""
    if len(head) < 18:
        return False
    _, length = struct.unpack_from("<IH", head)
    return head[6 : 6 + length] == b"WhisperSpec\0"


def _first_byte(answer: httpx.Response) -> int:
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else 0


def _refused(entry: Entry, answer: httpx.Response) -> str:
    reason = {401: "it needs a login", 403: "access is forbidden", 404: "it is not there", 429: "too many requests"}
    said = reason.get(answer.status_code, answer.reason_phrase or "error")
    return f"The model hub refused {entry.repository}: {said} (HTTP {answer.status_code}, {answer.url.host})"


def _broke_off(entry: Entry, file: RemoteFile, part: Path, error: httpx.HTTPError) -> str:
    have = part.stat().st_size if part.exists() else 0
    said = str(error) or type(error).__name__
    return (
        f"{file.name} broke off at {have / 1e6:.1f} of {file.size / 1e6:.1f} MB ({said}). "
        f"What has come is kept; go on with: {entry.fetch}"
    )
