"""The file of the memory: SQLite, with one readable error for whatever is wrong with it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from assistant.errors import StorageError

_T = TypeVar("_T")

FILE = "memory.db"
"""Its name in :func:`assistant.paths.data_dir`."""
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, text TEXT NOT NULL, plain TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (who, plain)
);
CREATE VIRTUAL TABLE IF NOT EXISTS stems USING fts5 (words, tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE IF NOT EXISTS vectors (
    fact INTEGER NOT NULL REFERENCES facts (id) ON DELETE CASCADE, encoder TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (fact, encoder)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (
    id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, user TEXT NOT NULL, assistant TEXT NOT NULL,
    at TEXT NOT NULL, acts TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS said_of ON said (who, id);
CREATE TABLE IF NOT EXISTS summaries (
    who TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
"""
_REASONS = {
    "SQLITE_CORRUPT": "it is damaged. Move it away (a new one is begun) or put a copy of it back",
    "SQLITE_NOTADB": "it is damaged. Move it away (a new one is begun) or put a copy of it back",
    "SQLITE_FULL": "the disk is full. Make room, then try again",
    "SQLITE_READONLY": "it may not be written to. Give yourself the right to, or move it away",
    "SQLITE_CANTOPEN": "it cannot be opened. Look whether it and its folder are yours to write to",
    "SQLITE_BUSY": "another program holds it. Try again when that has ended",
    "SQLITE_LOCKED": "another program holds it. Try again when that has ended",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_PERM": "it may not be used. Give yourself the right to, or move it away",
}


class Database:
    """One connection to the file, opened at its first use. Safe from any thread, and beside other processes.

    What is deleted is overwritten (``secure_delete``), as it may be private.

    Args:
        path: the file; it and its folder are made when first needed. None for one in memory.
        patience: seconds to wait for another process that holds it.
        durable: whether what was written outlives a power cut in any case (``synchronous = FULL``), which costs a
            flush of the disk with each write.
    """

    def __init__(self, path: Path | None, patience: float = 5.0, *, durable: bool = True) -> None:
        self._path = path
        self._patience = patience
        self._durable = durable
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something in one transaction.

        Raises:
            StorageError: the file cannot be read or written; nothing was changed.
        """
        with self._lock, self._readable():
            if self._connection is None:
                self._connection = self._connect()
            with self._connection:
                return work(self._connection)

    def wipe(self, work: Callable[[sqlite3.Connection], int]) -> int:
        """Delete something in one transaction, in such a way that nothing of it is left in the file or its journal.

        Returns:
            What ``work`` returns, the number of things that were deleted.

        Raises:
            StorageError: see :meth:`run`.
        """
        gone = self.run(work)
        if gone:
            self.run(lambda db: db.execute("INSERT INTO stems (stems) VALUES ('optimize')"))  # FTS5 keeps old segments
            with self._lock, suppress(sqlite3.Error):  # another process that reads just now only delays it
                assert self._connection is not None
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                with suppress(sqlite3.Error):
                    connection.close()

    def _connect(self) -> sqlite3.Connection:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path or ":memory:", timeout=self._patience, check_same_thread=False)
        try:
            self._check_version(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        if self._path is not None:
            self._path.chmod(0o600)
        return connection

    def _check_version(self, connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise StorageError(
                f"The memory {self._path} was written by a newer version of the assistant. Update the assistant, "
                "or move the file away."
            )

    def _check(self, connection: sqlite3.Connection) -> None:
        """See that the file is sound; make its tables if it is new."""
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            error = sqlite3.DatabaseError(found)
            error.sqlite_errorname = "SQLITE_CORRUPT"
            raise error
        if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = str(getattr(error, "sqlite_errorname", ""))
            reason = next((text for name, text in _REASONS.items() if code.startswith(name)), str(error))
            raise StorageError(f"The memory {self._path} cannot be used: {reason}.") from error
        except OSError as error:
            raise StorageError(f"The memory {self._path} cannot be used: {error.strerror or error}.") from error


def stamp(at: datetime | None) -> str:
    """A moment, now if None, as text that sorts by time."""
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The moment of a stamp, in the local time zone."""
    return datetime.fromisoformat(text).astimezone()
