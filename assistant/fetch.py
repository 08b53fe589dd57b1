"""Fetch a model: from the model hub, or as one ZIP file from where its makers keep it; resumable and checked.

The hub's API gives each file's size and checksum (SHA-256 for files in its large-file store, git's SHA-1
for small ones) at one revision, and everything is taken from that revision. ``HF_ENDPOINT`` names another hub.
Of a ZIP file only the size is known beforehand; the checksums in it are compared when it is unpacked.
"""

from __future__ import annotations

import fnmatch
import os
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from assistant import paths
from assistant.catalogue.base import Entry
from assistant.errors import DownloadError, InputError
from assistant.models import Progress, git_sha1, lacking, sha256, wanted
from assistant.staging import check_room, finish, staging
from assistant.unpacking import unpack

_ATTEMPTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=15.0)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at the hub: its name without folders; one of the checksums is empty."""

    name: str
    size: int
    sha256: str = ""
    git_sha1: str = ""
    folder: str = ""

    @property
    def path(self) -> str:
        """Where it is in its repository."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

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
        url = f"{self._endpoint}/{entry.repository}/resolve/{revision}/{quote(file.path)}"
        self._download(entry, url, file, part, progress)

    def archive(self, entry: Entry, part: Path, progress: Progress) -> None:
        """Fetch an entry's ZIP file into ``part``, going on from what it already holds.

        Raises:
            DownloadError: as :meth:`files` and :meth:`download`.
        """
        try:
            answer = self._client.head(entry.archive)
            answer.raise_for_status()
            size = int(answer.headers["Content-Length"])
        except httpx.HTTPStatusError as error:
            raise DownloadError(_refused(entry, error.response)) from None
        except httpx.HTTPError as error:
            raise DownloadError(self._unreachable(entry, error)) from None
        except (KeyError, ValueError):
            raise DownloadError(
                f"{entry.archive} does not say how large it is; fetch it by hand and run: "
                f"assistant models import FILE --name {entry.name}"
            ) from None
        check_room(part.parent, 2 * size)  # unpacked it takes about as much again
        self._download(entry, entry.archive, RemoteFile(entry.archive.rpartition("/")[2], size), part, progress)

    def _download(self, entry: Entry, url: str, file: RemoteFile, part: Path, progress: Progress) -> None:
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
        where = f"The model hub {self._endpoint}" if entry.repository else entry.archive
        return (
            f"{where} cannot be reached ({error or type(error).__name__}). Check the network; "
            f"or, on a machine that has one, run {entry.fetch!r}, bring the folder that "
            f"'assistant models path {entry.name}' names, and run here: {entry.fetch} --from FOLDER"
        )


def pull(entry: Entry, hub: Hub, progress: Progress) -> Path:
    """Fetch a model from the hub; returns its folder. Run again after an interruption, it goes on.

    Raises:
        DownloadError: no network, no room, a wrong checksum, or another fetch of it is under way.
    """
    final = paths.models_dir() / entry.name
    with staging(entry.name) as folder:
        if final.is_dir():
            return final
        if entry.archive:
            sums, origin = _pull_archive(entry, hub, folder, progress), entry.archive
        else:
            listing = hub.files(entry)
            check_room(folder, sum(file.size for file in listing.files))
            sums = {file.name: _one(entry, hub, listing.revision, file, folder, progress) for file in listing.files}
            origin = f"{entry.repository}@{listing.revision}"
        finish(folder, final, origin, sums)
    return final


def _pull_archive(entry: Entry, hub: Hub, folder: Path, progress: Progress) -> dict[str, str]:
    """Fetch and unpack an entry's ZIP file into a folder; file name → SHA-256."""
    archive = folder / "archive.zip.part"
    hub.archive(entry, archive, progress)
    try:
        with unpack(archive, folder) as unpacked:
            files = [file for file in sorted(unpacked.rglob("*")) if file.is_file() and not file.name.startswith(".")]
            for file in files:
                file.replace(folder / file.name)
    except (InputError, zipfile.BadZipFile):
        archive.unlink()
        raise DownloadError(f"{entry.archive} came damaged. Run again: {entry.fetch}") from None
    if short := lacking(folder, entry):
        raise DownloadError(f"{entry.archive} does not hold {entry.name}: there is no {' and no '.join(short)}")
    return {file.name: sha256(folder / file.name, progress) for file in files}


def _listing(data: Mapping[str, Any], entry: Entry) -> Listing:
    files = []
    for each in data["siblings"]:
        large = each.get("lfs") or {}
        folder, _, name = str(each["rfilename"]).rpartition("/")
        if folder == entry.folder and wanted(name, entry):
            size = int(large.get("size") or each["size"])
            files.append(RemoteFile(name, size, str(large.get("sha256", "")), str(each.get("blobId", "")), folder))
    short = [pattern for pattern in entry.required if not fnmatch.filter([file.name for file in files], pattern)]
    if short or any(not (file.sha256 or file.git_sha1) for file in files):
        raise ValueError(entry.repository)
    return Listing(str(data["sha"]), tuple(files))


def _one(entry: Entry, hub: Hub, revision: str, file: RemoteFile, folder: Path, progress: Progress) -> str:
    target = folder / file.name
    if not (target.exists() and file.matches(target)):
        # The checksum is in the name: what is left of another revision's file is not gone on with.
        part = folder / f"{file.name}.{(file.sha256 or file.git_sha1)[:12]}.part"
        hub.download(entry, revision, file, part, progress)
        if not file.matches(part):
            part.unlink()
            raise DownloadError(f"{file.name} of {entry.name} came damaged (wrong checksum). Run again: {entry.fetch}")
        part.replace(target)
    return sha256(target)


def _first_byte(answer: httpx.Response) -> int:
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else 0


def _refused(entry: Entry, answer: httpx.Response) -> str:
    reason = {401: "it needs a login", 403: "access is forbidden", 404: "it is not there", 429: "too many requests"}
    said = reason.get(answer.status_code, answer.reason_phrase or "error")
    what = f"The model hub refused {entry.repository}" if entry.repository else f"{entry.name} was refused"
    return f"{what}: {said} (HTTP {answer.status_code}, {answer.url.host})"


def _broke_off(entry: Entry, file: RemoteFile, part: Path, error: httpx.HTTPError) -> str:
    have = part.stat().st_size if part.exists() else 0
    said = str(error) or type(error).__name__
    return (
        f"{file.name} broke off at {have / 1e6:.1f} of {file.size / 1e6:.1f} MB ({said}). "
        f"What has come is kept; go on with: {entry.fetch}"
    )
