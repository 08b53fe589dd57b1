"""What was said in conversations: the last of it word for word, the rest as a summary; kept in SQLite."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from assistant.errors import StorageError
from assistant.memory.database import Database, moment, stamp
from assistant.memory.extract import extract

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

Count = Callable[[str], int]
"""Tokens in a text. What a message costs besides its text is to be counted in."""

LONGEST = 4_000
"""Characters kept of each side of an exchange."""
LONGEST_RESULT = 400
"""Characters kept of what a tool gave."""
LONGEST_SUMMARY = 1_500
"""Characters of a summary; the rest is cut off."""
_MOST = 500
"""Exchanges of a conversation that are kept word for word; if nobody has summarised them, half of them are now."""


@dataclass(frozen=True, slots=True)
class Act:
    """A tool that was called.

    Attributes:
        tool: its name, as the language model sees it.
        arguments: JSON values.
        result: what it gave, as text; :data:`LONGEST_RESULT` characters of it are kept.
    """

    tool: str
    arguments: Mapping[str, Any]
    result: str


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange.

    Attributes:
        user: what the user said.
        assistant: the words of the reply that were heard.
        at: when.
        acts: what was done or looked up, in order.
    """

    user: str
    assistant: str
    at: datetime
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a conversation.

    Attributes:
        who: whose.
        summary: of what is older than the exchanges; empty if there is none.
        said: the exchanges since, oldest first.
    """

    who: str
    summary: str
    said: tuple[Said, ...]


class Conversations:
    """The conversations in a file. Safe from any thread and beside other processes.

    A file that cannot be used does not end a conversation: a warning is logged once and what is said from then on is
    kept in memory. Methods wait for the disk.

    Args:
        path: the file; None keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._database = Database(path, durable=False)
        self._in_memory = path is None
        self._lock = Lock()

    def of(self, who: str) -> Conversation:
        """The conversation with a speaker or satellite; empty if there was none yet."""
        return Conversation(self, who)

    def expire(self, days: int, now: datetime | None = None) -> int:
        """Delete what is older than so many days; 0 deletes everything. Returns how many exchanges that were.

        Conversations go on without if the file cannot be used.
        """
        before = stamp((now or datetime.now(UTC)) - timedelta(days=days))

        def delete(db: sqlite3.Connection) -> int:
            db.execute("DELETE FROM summaries WHERE at < ?", (before,))
            return db.execute("DELETE FROM said WHERE at < ?", (before,)).rowcount

        try:
            return self._database.wipe(delete) if days else self.clear()
        except StorageError as error:
            _log.warning("%s", error)
            return 0

    def clear(self, who: str | None = None) -> int:
        """Delete a conversation, or all of them; returns how many exchanges that were.

        Raises:
            StorageError: the file cannot be written.
        """

        def delete(db: sqlite3.Connection) -> int:
            summaries = db.execute("DELETE FROM summaries WHERE ? IS NULL OR who = ?", (who, who)).rowcount
            return db.execute("DELETE FROM said WHERE ? IS NULL OR who = ?", (who, who)).rowcount or summaries

        return self._database.wipe(delete)

    def all(self) -> list[Kept]:
        """What is kept, by whose it is.

        Raises:
            StorageError: the file cannot be read.
        """

        def read(db: sqlite3.Connection) -> list[Kept]:
            summaries = dict(db.execute("SELECT who, text FROM summaries").fetchall())
            people = {*summaries, *(who for (who,) in db.execute("SELECT DISTINCT who FROM said"))}
            rows = "SELECT user, assistant, at, acts FROM said WHERE who = ? ORDER BY id"

            def said(who: str) -> tuple[Said, ...]:
                found = db.execute(rows, (who,))
                return tuple(Said(user, heard, moment(at), _acts(acts)) for user, heard, at, acts in found)

            return [Kept(who, summaries.get(who, ""), said(who)) for who in sorted(people)]

        return self._database.run(read)

    def close(self) -> None:
        """Close the file; the next use opens it again. What is only in memory is lost."""
        self._database.close()

    def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something in one transaction; in memory from now on if the file cannot be used."""
        try:
            return self._database.run(work)
        except StorageError as error:
            with self._lock:
                if not self._in_memory:
                    _log.warning("%s Until the assistant is started again, conversations are not kept.", error)
                    self._in_memory = True
                    self._database.close()
                    self._database = Database(None)
            return self._database.run(work)


class Conversation:
    """One speaker's or satellite's. Every call reads the file anew: nothing of it stays in memory, and what another
    process adds or deletes is seen.

    Args:
        conversations: all of them.
        who: whose it is.
    """

    def __init__(self, conversations: Conversations, who: str) -> None:
        self._run = conversations.run
        self._who = who
        self._first = 0
        """The number of the oldest exchange that is told; those before it did not fit."""

    @property
    def summary(self) -> str:
        """Of what is no longer told word for word; empty if there is none."""
        return self._run(self._summary)

    def add(self, said: Said) -> None:
        """Keep an exchange, :data:`LONGEST` characters of each side."""
        row = (self._who, said.user[:LONGEST], said.assistant[:LONGEST], stamp(said.at), _to_json(said.acts))

        def keep(db: sqlite3.Connection) -> list[tuple[int, Said]]:
            db.execute("INSERT INTO said (who, user, assistant, at, acts) VALUES (?, ?, ?, ?, ?)", row)
            waiting = "SELECT count(*) FROM said WHERE who = ?"
            too_many = db.execute(waiting, (self._who,)).fetchone()[0] > _MOST
            return self._rows(db)[: _MOST // 2] if too_many else []

        if old := [said for _, said in self._run(keep)]:
            self.summarised(extract(old, self.summary), old[-1])

    def recent(self, budget: int, count: Count) -> list[Said]:
        """What to tell word for word, oldest first: all that is not summarised, if it fits beside the summary.

        When it does not, the oldest are left out until half of the budget is free. The same ones stay out until that is
        used up again, so that the list only grows at its end meanwhile, and a server can reuse what it has of a prompt.

        Args:
            budget: tokens for the summary and these.
            count: tokens in a text.
        """
        return self._split(budget, count)[1]

    def due(self, budget: int, count: Count) -> list[Said]:
        """What :meth:`recent` leaves out, which a summary should take the place of; oldest first, empty if nothing."""
        return self._split(budget, count)[0]

    def summarised(self, text: str, upto: Said) -> None:
        """Put a summary in the place of the summary so far and the exchanges up to one of them, which are deleted.

        Args:
            text: at most :data:`LONGEST_SUMMARY` characters of it are kept.
            upto: the last exchange that is in it; nothing changes if it is not there any more.
        """
        find = "SELECT max(id) FROM said WHERE who = ? AND user = ? AND assistant = ? AND at = ?"
        wanted = (self._who, upto.user[:LONGEST], upto.assistant[:LONGEST], stamp(upto.at))

        def keep(db: sqlite3.Connection) -> None:
            last = db.execute(find, wanted).fetchone()[0]
            if last is not None:
                db.execute("DELETE FROM said WHERE who = ? AND id <= ?", (self._who, last))
                kept = (self._who, text.strip()[:LONGEST_SUMMARY], stamp(upto.at))
                db.execute("INSERT OR REPLACE INTO summaries (who, text, at) VALUES (?, ?, ?)", kept)

        self._run(keep)

    def _split(self, budget: int, count: Count) -> tuple[list[Said], list[Said]]:
        """What does not fit, and what does."""
        summary, rows = self._run(lambda db: (self._summary(db), self._rows(db)))
        room = max(0, budget - count(summary)) if summary else budget
        costs = [_cost(said, count) for _, said in rows]
        start = next((place for place, (number, _) in enumerate(rows) if number >= self._first), len(rows))
        if sum(costs[start:]) > room:
            left = sum(costs[start:])
            while left > room // 2 and start < len(rows) - 1:
                left -= costs[start]
                start += 1
            if left > room:
                start = len(rows)
            self._first = rows[start][0] if start < len(rows) else rows[-1][0] + 1
        return [said for _, said in rows[:start]], [said for _, said in rows[start:]]

    def _summary(self, db: sqlite3.Connection) -> str:
        row = db.execute("SELECT text FROM summaries WHERE who = ?", (self._who,)).fetchone()
        return row[0] if row else ""

    def _rows(self, db: sqlite3.Connection) -> list[tuple[int, Said]]:
        """The exchanges that are not summarised, with their numbers, oldest first."""
        found = db.execute("SELECT id, user, assistant, at, acts FROM said WHERE who = ? ORDER BY id", (self._who,))
        return [(number, Said(user, said, moment(at), _acts(acts))) for number, user, said, at, acts in found]


def _cost(said: Said, count: Count) -> int:
    acts = (f"{act.tool} {json.dumps(dict(act.arguments), ensure_ascii=False)} {act.result}" for act in said.acts)
    return sum(map(count, (said.user, said.assistant, *acts)))


def _to_json(acts: tuple[Act, ...]) -> str:
    kept = [[act.tool, dict(act.arguments), act.result[:LONGEST_RESULT]] for act in acts]
    return json.dumps(kept, ensure_ascii=False, default=str) if kept else ""


def _acts(kept: str) -> tuple[Act, ...]:
    return tuple(Act(tool, arguments, result) for tool, arguments, result in json.loads(kept)) if kept else ()
