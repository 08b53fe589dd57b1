"""The durable memory of skills: one SQLite file, a table of JSON values by skill and key."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import SkillError

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS memory (
    skill TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (skill, key)
) WITHOUT ROWID
"""
_CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may not be written to",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another program holds it",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_PERM": "it may not be used",
}


class Stores:
    """The database; :meth:`open` gives each skill its own part. Safe to use from any thread.

    Every write is one transaction, on disk (WAL, synchronous FULL) before it returns. A file that is
    not a sound database is set aside beside the new one, never deleted.

    Args:
        path: the file; it and its folder are made when first needed.
        patience: seconds to wait for another program that holds the file.

    Attributes:
        notice: one line about a file that had to be set aside, else empty.
    """

    def __init__(self, path: Path, patience: float = 5.0) -> None:
        self._path = path
        self._patience = patience
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self.notice = ""

    def open(self, skill: str) -> SkillStore:
        """The memory of one skill."""
        return SkillStore(self, skill)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._drop()

    def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something in one transaction.

        Raises:
            SkillError: the file cannot be read or written; nothing was changed.
        """
        with self._lock, self._readable():
            try:
                return self._attempt(work)
            except sqlite3.DatabaseError as error:
                if _code(error) not in _CORRUPT:
                    raise
                self._set_aside()
                return self._attempt(work)

    def _attempt(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._connection is None:
            self._connection = self._connect()
        with self._connection:
            return work(self._connection)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=self._patience, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                error = sqlite3.DatabaseError(found)
                error.sqlite_errorname = "SQLITE_CORRUPT"
                raise error
            connection.execute(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _set_aside(self) -> None:
        """Rename the damaged file and its journals."""
        self._drop()
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        kept = self._path.with_name(f"{self._path.name}.damaged-{stamp}")
        for suffix in ("", "-wal", "-shm"):
            old = self._path.with_name(self._path.name + suffix)
            if old.exists():
                old.rename(kept.with_name(kept.name + suffix))
        self.notice = (
            f"The skills' memory {self._path} was damaged; it was kept as {kept.name} and a new one was begun."
        )
        _log.warning("%s", self.notice)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            reason = next((text for name, text in _REASONS.items() if _code(error).startswith(name)), str(error))
            raise SkillError(f"I can't use my memory, the file {self._path}: {reason}.") from error
        except OSError as error:
            raise SkillError(f"I can't use my memory, the file {self._path}: {error.strerror or error}.") from error


def _code(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


class SkillStore:
    """One skill's memory; implements :class:`assistant.skill.api.Store`."""

    def __init__(self, stores: Stores, skill: str) -> None:
        self._stores = stores
        self._skill = skill

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""
        query, arguments = "SELECT value FROM memory WHERE skill = ? AND key = ?", (self._skill, key)
        row = self._stores.run(lambda db: db.execute(query, arguments).fetchone())
        return default if row is None else json.loads(row[0])

    def put(self, key: str, value: Any) -> None:
        """Keep a JSON value; it is on disk when this returns.

        Raises:
            TypeError: not a JSON value.
        """
        text = json.dumps(value, ensure_ascii=False)
        statement = "INSERT INTO memory VALUES (?, ?, ?) ON CONFLICT (skill, key) DO UPDATE SET value = excluded.value"
        self._stores.run(lambda db: db.execute(statement, (self._skill, key, text)))

    def delete(self, key: str) -> None:
        """Forget a key; no error if it is not there."""
        statement = "DELETE FROM memory WHERE skill = ? AND key = ?"
        self._stores.run(lambda db: db.execute(statement, (self._skill, key)))

    def items(self, prefix: str = "") -> list[tuple[str, Any]]:
        """Every key that begins with the prefix, with its value, sorted by key."""
        query = "SELECT key, value FROM memory WHERE skill = ? AND substr(key, 1, ?) = ? ORDER BY key"
        rows = self._stores.run(lambda db: db.execute(query, (self._skill, len(prefix), prefix)).fetchall())
        return [(key, json.loads(value)) for key, value in rows]
