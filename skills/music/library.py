"""The index of the music: titles, artists, albums and playlists in the skill's SQLite file, and how they are said."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from typing import Literal

from .deck import Track

Field = Literal["title", "artist", "album"]

_BESIDE = re.compile(r"\s*[(\[].*?[)\]]|\s+-\s+(?:\d{4}\s+)?remaster\w*.*$|\s+(?:feat|ft)\.?\s.*$", re.IGNORECASE)
_SYNTAX = re.compile(r"[\[\](){}<>|/:;\"_]+")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tracks (
    path TEXT PRIMARY KEY, modified REAL NOT NULL, number INTEGER NOT NULL,
    title TEXT NOT NULL, artist TEXT NOT NULL, album TEXT NOT NULL,
    title_said TEXT NOT NULL, artist_said TEXT NOT NULL, album_said TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_title ON tracks (title_said);
CREATE INDEX IF NOT EXISTS by_artist ON tracks (artist_said);
CREATE INDEX IF NOT EXISTS by_album ON tracks (album_said);
CREATE TABLE IF NOT EXISTS playlists (said TEXT PRIMARY KEY, name TEXT NOT NULL, paths TEXT NOT NULL) WITHOUT ROWID;
"""
_ROW = "INSERT OR REPLACE INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_QUERIES: Mapping[Field, str] = {
    "title": "SELECT path, title, artist, album FROM tracks WHERE title_said = ? ORDER BY path",
    "artist": "SELECT path, title, artist, album FROM tracks WHERE artist_said = ? ORDER BY album, number, path",
    "album": "SELECT path, title, artist, album FROM tracks WHERE album_said = ? ORDER BY number, path",
}
_NAMES: Mapping[Field, str] = {
    "title": "SELECT DISTINCT title_said FROM tracks",
    "artist": "SELECT DISTINCT artist_said FROM tracks",
    "album": "SELECT DISTINCT album_said FROM tracks",
}


def said(name: str) -> str:
    """A name as people say it: lower case, without "(Remastered)" and "feat. …"; empty if nothing can be said."""
    text = " ".join(_SYNTAX.sub(" ", _BESIDE.sub("", name) or name).lower().split())
    return text if any(letter.isalnum() for letter in text) else ""


class Library:
    """The index. Any thread may use it.

    Args:
        database: the skill's own.

    Attributes:
        names: field → what can be said; the same objects until something changes.
        playlists: what can be said for the playlists.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = threading.Lock()
        self.names: dict[Field, list[str]] = {"title": [], "artist": [], "album": []}
        self.playlists: list[str] = []
        with self._lock, database:
            database.executescript(_SCHEMA)

    def refresh(self) -> None:
        """Read the names anew."""
        with self._lock:
            for field, query in _NAMES.items():
                self.names[field] = [name for (name,) in self._database.execute(query) if name]
            self.playlists = [name for (name,) in self._database.execute("SELECT said FROM playlists") if name]

    def known(self) -> dict[str, float]:
        """Path → when it was last changed."""
        with self._lock:
            return dict(self._database.execute("SELECT path, modified FROM tracks").fetchall())

    def put(self, tracks: Iterable[tuple[Track, float, int]]) -> None:
        """Add or replace tracks: what, when it was changed, its number on the album."""
        rows = [
            (each.path, modified, number, each.title, each.artist, each.album, *map(said, _texts(each)))
            for each, modified, number in tracks
        ]
        with self._lock, self._database:
            self._database.executemany(_ROW, rows)

    def forget(self, paths: Iterable[str]) -> None:
        """Remove tracks."""
        with self._lock, self._database:
            self._database.executemany("DELETE FROM tracks WHERE path = ?", [(path,) for path in paths])

    def put_playlists(self, lists: Mapping[str, list[str]]) -> None:
        """Replace the playlists: name → paths."""
        rows = [(said(name), name, "\n".join(paths)) for name, paths in lists.items() if paths]
        with self._lock, self._database:
            self._database.execute("DELETE FROM playlists")
            self._database.executemany("INSERT OR REPLACE INTO playlists VALUES (?, ?, ?)", rows)

    def find(self, field: Field, name: str) -> list[Track]:
        """The tracks with a title, or of an artist or album, in the order in which they are played."""
        with self._lock:
            return [Track(*row) for row in self._database.execute(_QUERIES[field], (name,))]

    def playlist(self, name: str) -> list[Track]:
        """The tracks of a playlist that are in the index."""
        query = "SELECT path, title, artist, album FROM tracks WHERE path = ?"
        with self._lock:
            row = self._database.execute("SELECT paths FROM playlists WHERE said = ?", (name,)).fetchone()
            paths = row[0].split("\n") if row else []
            found = [self._database.execute(query, (path,)).fetchone() for path in paths]
        return [Track(*each) for each in found if each]

    def any(self, most: int = 500) -> list[Track]:
        """Some tracks, in random order."""
        query = "SELECT path, title, artist, album FROM tracks ORDER BY random() LIMIT ?"
        with self._lock:
            return [Track(*row) for row in self._database.execute(query, (most,))]


def _texts(track: Track) -> tuple[str, str, str]:
    return track.title, track.artist, track.album
