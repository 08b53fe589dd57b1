"""Reading from the network, with copies on disk for when it is missing."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import NetworkError
from assistant.skill.dialogue import speaking
from assistant.skill.phrases import phrase

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)
_LARGEST = 20_000_000
"""Bytes of the longest answer."""
_KEPT = 200
"""Copies that a skill may have."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read.

    Attributes:
        bytes: the body.
        age_seconds: since it was read from the network; 0 for just now.
        encoding: of the text.
    """

    bytes: bytes
    age_seconds: float = 0.0
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.bytes.decode(self.encoding, errors="replace")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.text)


class Fetcher:
    """Reads for one skill.

    Args:
        folder: where the copies are.
        language: of the sentence that says why it cannot be had.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._language = language

    async def fetch(
        self,
        client: httpx.AsyncClient,
        url: str,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        max_age: float,
        now: datetime,
    ) -> Fetched:
        """Read a page; see :meth:`assistant.skill.api.Context.fetch`.

        Raises:
            NetworkError: neither the network nor a copy has it.
        """
        path = self._folder / _key(url, params, headers)
        copy = self._copy(path, now)
        if copy is not None and 0 < max_age >= copy.age_seconds:
            return copy
        try:
            fetched = await self._read(client, url, params, headers)
        except NetworkError as error:
            if copy is None:
                raise
            _log.info("%s; a copy is used that is %.0f seconds old", error, copy.age_seconds)
            return copy
        self._keep(path, fetched, now)
        return fetched

    async def _read(
        self,
        client: httpx.AsyncClient,
        url: str,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
    ) -> Fetched:
        import httpx

        host = urlsplit(url).hostname or url
        body = bytearray()
        try:
            async with client.stream("GET", url, params=params, headers=headers) as answer:
                answer.raise_for_status()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise NetworkError(phrase("refused", self._spoken, host=host))
                return Fetched(bytes(body), 0.0, answer.encoding or "utf-8")
        except httpx.TransportError as error:
            _log.info("%s: %s: %s", host, type(error).__name__, error)
            raise NetworkError(phrase("offline", self._spoken)) from error
        except (httpx.HTTPStatusError, httpx.InvalidURL, httpx.TooManyRedirects, httpx.DecodingError) as error:
            _log.warning("%s: %s", host, type(error).__name__)
            raise NetworkError(phrase("refused", self._spoken, host=host)) from error

    @property
    def _spoken(self) -> str:
        return speaking.get() or self._language

    def _copy(self, path: Path, now: datetime) -> Fetched | None:
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            meta = json.loads(head)
            return Fetched(body, max(0.0, now.timestamp() - meta["at"]), meta["encoding"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, path: Path, fetched: Fetched, now: datetime) -> None:
        """Write a copy; without one the next fetch is slower, no more."""
        new = path.with_name(f"{path.name}.new")
        meta = json.dumps({"at": now.timestamp(), "encoding": fetched.encoding}).encode()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(meta + b"\n" + fetched.bytes)
            new.replace(path)
            copies = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime)
        except OSError as error:
            _log.warning("no copy in %s: %s", self._folder, error.strerror or error)
            return
        for old in copies[:-_KEPT]:
            with suppress(OSError):
                old.unlink()


def _key(url: str, params: Mapping[str, Any] | None, headers: Mapping[str, str] | None) -> str:
    """A file name that says nothing of what was read; answers differ by their headers, too."""
    whole = json.dumps([url, sorted((params or {}).items()), sorted((headers or {}).items())], default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
