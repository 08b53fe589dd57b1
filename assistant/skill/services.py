"""What a skill has of its own besides its store: secrets, a database, an HTTP client; each made when first used."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from assistant.errors import SkillError
from assistant.skill.fetching import Fetched, Fetcher
from assistant.skill.secrets import Secrets

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 5.0
USER_AGENT = "assistant/0.1 (a voice assistant on its user's own machine)"


class Services:
    """One skill's own things.

    Args:
        skill: whose.
        folder: the skill's own folder; it is made when first needed.
        language: ISO 639-1, of what is said when the network is missing.
        given: the skill's section of the configuration, which may hold secrets in plain text.

    Attributes:
        transport: what the HTTP client sends with; None for the network. To be set before the client is used.
    """

    def __init__(self, skill: str, folder: Path, language: str = "en", given: Mapping[str, Any] | None = None) -> None:
        self._skill = skill
        self._folder = folder
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None
        self._client: httpx.AsyncClient | None = None
        self._fetcher = Fetcher(folder / "cache", language)
        self.transport: httpx.AsyncBaseTransport | None = None
        self.secrets = Secrets(skill, folder, given or {})

    def database(self) -> sqlite3.Connection:
        """The skill's SQLite file, ``data.db``: WAL, foreign keys on, waits five seconds for a lock.

        One connection, which any thread may use; it is closed when the skill ends.

        Raises:
            SkillError: it cannot be opened.
        """
        with self._lock:
            if self._database is None:
                self._database = _open(self._folder / "data.db")
            return self._database

    @property
    def http(self) -> httpx.AsyncClient:
        """An HTTP client: time-out 5 s, redirects followed; closed when the skill ends."""
        if self._client is None:
            import httpx

            self._client = httpx.AsyncClient(
                timeout=TIMEOUT_S,
                follow_redirects=True,
                headers={"User-Agent": USER_AGENT},
                transport=self.transport,
            )
        return self._client

    async def fetch(
        self,
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
        return await self._fetcher.fetch(self.http, url, params, headers, max_age, now)

    async def close(self) -> None:
        """Close what was opened; the next use opens it again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        with self._lock:
            database, self._database = self._database, None
        if database is not None:
            database.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise SkillError(f"I can't open the file {path}: {error}.") from None
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error as error:
        connection.close()
        raise SkillError(f"I can't use the file {path}: {error}.") from None
    return connection
