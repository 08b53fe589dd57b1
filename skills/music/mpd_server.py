"""An mpd server: https://mpd.readthedocs.io/en/stable/protocol.html, spoken by python-mpd2 on threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import mpd  # type: ignore[import-untyped]

from .deck import Now, State, Track, pick
from .library import Library

_ANSWER_S = 5.0
_WINDOW = 2_000
_STATES: Mapping[str, State] = {"play": "playing", "pause": "paused"}
_T = TypeVar("_T")


class MpdDeck:
    """Implements :class:`skills.music.deck.Deck`; each command has a connection of its own.

    Args:
        address: ``host:port``.
    """

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = (host, int(port)) if host and port.isdigit() else (address, 6600)

    async def now(self) -> Now:
        """What it plays."""
        status, song = await self._run(lambda client: (client.status(), client.currentsong()))
        title = _one(song, "title") or _one(song, "name") or _one(song, "file")
        return Now(_STATES.get(status.get("state", ""), "stopped"), title, _one(song, "artist"))

    async def play(self, tracks: Sequence[Track]) -> None:
        """Play tracks, instead of what was played."""

        def work(client: Any) -> None:
            client.clear()
            client.command_list_ok_begin()
            for track in tracks:
                client.add(track.path)
            client.command_list_end()
            client.play(0)

        await self._run(work)

    async def pause(self) -> None:
        """Be silent, and keep the place."""
        await self._run(lambda client: client.pause(1))

    async def resume(self) -> None:
        """Go on from that place."""
        await self._run(lambda client: client.play())

    async def skip(self, steps: int) -> bool:
        """Go to the next or previous track; False when there is none."""

        def work(client: Any) -> bool:
            status = client.status()
            if steps > 0 and "nextsong" not in status:
                return False
            (client.next if steps > 0 else client.previous)()
            return True

        return await self._run(work)

    async def stop(self) -> None:
        """Stop, and forget the place."""
        await self._run(lambda client: client.stop())

    async def shuffle(self, on: bool) -> None:
        """Play in random order, or in order."""
        await self._run(lambda client: client.random(int(on)))

    async def index(self, library: Library) -> None:
        """Fill the index from the server's database."""

        def work(client: Any) -> None:
            fresh = list(_songs(client))
            library.forget(library.known().keys() - {track.path for track, _, _ in fresh})
            library.put(fresh)
            library.put_playlists(_playlists(client))
            library.refresh()

        await self._run(work)

    async def _run(self, work: Callable[[Any], _T]) -> _T:
        """Raises ``OSError`` when it cannot be reached or refuses."""
        try:
            return await asyncio.to_thread(self._connected, work)
        except mpd.MPDError as error:
            raise OSError(f"mpd says: {error}") from error

    def _connected(self, work: Callable[[Any], _T]) -> _T:
        client = mpd.MPDClient()
        client.timeout = _ANSWER_S
        client.connect(self._host, self._port)
        try:
            return work(client)
        finally:
            client.disconnect()


def _songs(client: Any) -> Iterator[tuple[Track, float, int]]:
    """Every song of the database, asked for in parts: a large answer would exceed the server's buffer."""
    start = 0
    while songs := client.search("(base '')", "window", f"{start}:{start + _WINDOW}"):
        for song in songs:
            path = song["file"]
            title = pick(_one(song, "title"), path.rpartition("/")[2].rpartition(".")[0])
            number = _one(song, "track").partition("/")[0]
            track = Track(path, title, _one(song, "artist"), _one(song, "album"))
            yield track, 0.0, int(number) if number.isdigit() else 0
        start += _WINDOW


def _playlists(client: Any) -> dict[str, list[str]]:
    try:
        return {each["playlist"]: client.listplaylist(each["playlist"]) for each in client.listplaylists()}
    except mpd.CommandError:  # they may be switched off
        return {}


def _one(song: Mapping[str, Any], tag: str) -> str:
    """A tag's text; of several values the first."""
    value = song.get(tag, "")
    return pick(value[0] if isinstance(value, list) else value)
