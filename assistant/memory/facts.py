"""Facts that the assistant was told: kept in SQLite, found by meaning or by words."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.errors import StorageError
from assistant.memory.database import Database, moment, stamp
from assistant.memory.meaning import Meanings
from assistant.memory.words import Question, plain, stems

if TYPE_CHECKING:
    from assistant.intent.encoder import Encoder

_log = logging.getLogger(__name__)

LONGEST = 2_000
"""Characters of a fact; the rest is cut off."""
_CANDIDATES = 200
"""Facts that share a word with a question which are looked at more closely."""
_COLUMNS = "facts.id, facts.text, facts.who, facts.at"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the assistant was told to remember.

    Attributes:
        id: its number, never used again.
        text: as it was said.
        who: whom it is about, a speaker or satellite; empty for whoever speaks.
        at: when it was told, the last time.
    """

    id: int
    text: str
    who: str
    at: datetime


class Facts:
    """The facts in a file. Safe from any thread and beside other processes; every method waits for the disk.

    Args:
        path: the file.
        encoder: sentence vectors to search with, or what finds an encoder when there is first something to search;
            None searches by words alone.
    """

    def __init__(self, path: Path, encoder: Encoder | Callable[[], Encoder | None] | None = None) -> None:
        self._database = Database(path)
        self._encoder = encoder
        self._found: Meanings | None = None
        self._finding = Lock()
        self._warned = False

    def remember(self, text: str, who: str = "", at: datetime | None = None) -> Fact:
        """Keep a fact. One that is known already is not kept twice, but becomes the newest.

        Args:
            text: what to remember, at most :data:`LONGEST` characters of it.
            who: whom it is about.
            at: when it was told; None for now.

        Raises:
            StorageError: it cannot be kept.
            ValueError: there are no words in it.
        """
        text = " ".join(text.split())[:LONGEST]
        if not plain(text):
            raise ValueError("a fact without words")

        def keep(db: sqlite3.Connection) -> tuple[int, str, str, str]:
            put = (
                "INSERT INTO facts (who, text, plain, at) VALUES (?, ?, ?, ?) "
                f"ON CONFLICT (who, plain) DO UPDATE SET text = excluded.text, at = excluded.at RETURNING {_COLUMNS}"
            )
            (row,) = db.execute(put, (who, text, plain(text), stamp(at))).fetchall()
            db.execute("DELETE FROM stems WHERE rowid = ?", (row[0],))
            db.execute("INSERT INTO stems (rowid, words) VALUES (?, ?)", (row[0], " ".join(sorted(stems(text)))))
            found: tuple[int, str, str, str] = row
            return found

        return _fact(self._database.run(keep))

    def all(self, who: str | None = None) -> list[Fact]:
        """Every fact about somebody, or about everybody; the newest first.

        Raises:
            StorageError: the file cannot be read.
        """
        query = f"SELECT {_COLUMNS} FROM facts WHERE ? IS NULL OR who = ? ORDER BY at DESC, id DESC"
        return [_fact(row) for row in self._database.run(lambda db: db.execute(query, (who, who)).fetchall())]

    def find(self, query: str, most: int, who: str | None = None) -> list[Fact]:
        """The facts that a sentence is about, the best first, of equally good ones the newest; often none.

        By words (stems of six languages), and by meaning when there is an encoder. How near is near enough:
        :class:`assistant.memory.words.Question` and :class:`assistant.memory.meaning.Meanings`.

        Raises:
            StorageError: the file cannot be read.
        """
        if most < 1:
            return []
        by_words = self._by_words(Question(query), who)
        meanings = self._meanings()
        by_meaning = meanings.near(query, who) if meanings is not None else {}
        scores = {fact: max(by_words.get(fact, 0.0), by_meaning.get(fact, 0.0)) for fact in by_words | by_meaning}
        facts = self._of(scores)
        return sorted(facts, key=lambda fact: (-round(scores[fact.id], 1), -fact.at.timestamp(), -fact.id))[:most]

    def known(self, query: str, most: int, who: str | None = None) -> list[Fact]:
        """The same as :meth:`find`, for whoever can do without: none, and one warning, if the file cannot be read."""
        try:
            return self.find(query, most, who)
        except StorageError as error:
            if not self._warned:
                self._warned = True
                _log.warning("%s Until then, nothing that was to be remembered is known.", error)
            return []

    def forget(self, ids: Iterable[int]) -> int:
        """Forget facts by their numbers; returns how many there were.

        Raises:
            StorageError: the file cannot be written.
        """
        wanted = [(each,) for each in set(ids)]

        def delete(db: sqlite3.Connection) -> int:
            db.executemany("DELETE FROM stems WHERE rowid = ?", wanted)
            return db.executemany("DELETE FROM facts WHERE id = ?", wanted).rowcount if wanted else 0

        return self._database.wipe(delete)

    def clear(self, who: str | None = None) -> int:
        """Forget everything about somebody, or about everybody; returns how many facts that were.

        Raises:
            StorageError: the file cannot be written.
        """

        def delete(db: sqlite3.Connection) -> int:
            db.execute("DELETE FROM stems WHERE rowid IN (SELECT id FROM facts WHERE ? IS NULL OR who = ?)", (who, who))
            return db.execute("DELETE FROM facts WHERE ? IS NULL OR who = ?", (who, who)).rowcount

        return self._database.wipe(delete)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._database.close()

    def _meanings(self) -> Meanings | None:
        """What compares meanings; an encoder is looked for when there are facts, as loading one takes a while."""
        with self._finding:
            if self._encoder is not None and self._found is None and self.all():
                encoder = self._encoder() if callable(self._encoder) else self._encoder
                self._found = Meanings(encoder, self._database) if encoder is not None else None
                self._encoder = encoder
            return self._found

    def _by_words(self, question: Question, who: str | None) -> dict[int, float]:
        """Number of a fact → how much of the question it has, 0 to 1; those with enough only."""
        if not question.stems:
            return {}
        anyone = " OR ".join(f'"{stem}"' for stem in sorted(question.stems))
        query = (
            "SELECT facts.id, facts.text, stems.words FROM stems JOIN facts ON facts.id = stems.rowid "
            "WHERE stems MATCH ? AND (? IS NULL OR facts.who = ?) ORDER BY bm25(stems), facts.at DESC LIMIT ?"
        )
        rows = self._database.run(lambda db: db.execute(query, (anyone, who, who, _CANDIDATES)).fetchall())
        scores = {number: question.score(text, frozenset(found.split())) for number, text, found in rows}
        return {number: score for number, score in scores.items() if score}

    def _of(self, ids: Iterable[int]) -> list[Fact]:
        query = f"SELECT {_COLUMNS} FROM facts WHERE id = ?"
        rows = self._database.run(lambda db: [db.execute(query, (each,)).fetchone() for each in ids])
        return [_fact(row) for row in rows if row is not None]


def _fact(row: tuple[int, str, str, str]) -> Fact:
    number, text, who, at = row
    return Fact(number, text, who, moment(at))
