"""Which deck does what: the backend that is configured, and the one that plays now."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant import Context, SkillError

from .deck import Deck, Now, Track
from .library import Library

if TYPE_CHECKING:
    from .mpd_server import MpdDeck
    from .mpris import MprisDeck
    from .own import OwnDeck

_AGAIN_S, _SOON_S = 600.0, 30.0


class Music:
    """The skill's state: index, decks, stations.

    Attributes:
        library: None until the skill has been started.
        stations: name as it is said → URL.
    """

    def __init__(self) -> None:
        self.library: Library | None = None
        self.stations: dict[str, str] = {}
        self._own: OwnDeck | None = None
        self._mpd: MpdDeck | None = None
        self._mpris: MprisDeck | None = None

    async def start(self, ctx: Context) -> None:
        """Take the settings, and begin to index in the background."""
        from .mpd_server import MpdDeck  # nothing is imported for those who have not set it up
        from .own import OwnDeck
        from .radio import stations

        backend = ctx.settings.get("backend") or "auto"
        folder = str(ctx.settings.get("folder") or "")
        self.stations = {name.lower(): url for name, url in stations(ctx.settings.get("stations") or []).items()}
        self.library = await asyncio.to_thread(_opened, ctx)
        self._own = OwnDeck(ctx)
        if backend in ("auto", "mpris") and sys.platform == "linux":
            from .mpris import MprisDeck

            self._mpris = MprisDeck()
        with_mpd = backend == "mpd" or (backend == "auto" and not folder)
        self._mpd = MpdDeck(str(ctx.settings.get("mpd") or "localhost:6600")) if with_mpd else None
        ctx.spawn(self._keep_index(ctx, folder if backend in ("auto", "files") else ""))

    def names(self, field: str) -> list[str]:
        """What can be said now for a title, artist, album, playlist or station."""
        if field == "station":
            return list(self.stations)
        if self.library is None:
            return []
        return self.library.playlists if field == "playlist" else self.library.names[field]  # type: ignore[index]

    async def index(self, ctx: Context, folder: str) -> bool:
        """Bring the index up to date, a little at a time; False when there is no server yet."""
        assert self.library is not None
        if self._mpd is not None:
            try:
                await self._mpd.index(self.library)
            except OSError as error:
                ctx.log.info("%s", error)
                return False
        elif folder:
            from .scanning import scan

            steps = scan(self.library, folder)
            while await asyncio.to_thread(next, steps, None) is not None:
                pass
        return True

    async def _keep_index(self, ctx: Context, folder: str) -> None:
        while True:
            done = await self.index(ctx, folder)
            await ctx.sleep(_AGAIN_S if done else _SOON_S)

    async def play(self, ctx: Context, tracks: Sequence[Track]) -> None:
        """Play tracks of the index.

        Raises:
            SkillError: there are none, or they cannot be played.
        """
        if not tracks:
            raise SkillError(ctx.reply("not_found"))
        await self._quiet_others(ctx, but=self._mpd or self._own)
        if self._mpd is None:
            assert self._own is not None
            await self._own.play(tracks)
            return
        try:
            await self._mpd.play(tracks)
        except OSError as error:
            ctx.log.warning("%s", error)
            raise SkillError(ctx.reply("no_mpd")) from error

    async def tune(self, ctx: Context, station: str) -> None:
        """Play a radio station.

        Raises:
            NetworkError: it cannot be heard.
        """
        from .radio import tune

        url = self.stations[station]
        assert self._own is not None
        await self._own.play_live(Track(url, station), lambda: tune(ctx, station, url))
        await self._quiet_others(ctx, but=self._own)

    async def active(self, ctx: Context, *states: str) -> tuple[Deck, Now]:
        """The first deck in one of some states, the states in order.

        Raises:
            SkillError: none is.
        """
        found = await self._all(ctx)
        for state in states:
            for deck, now in found:
                if now.state == state:
                    return deck, now
        raise SkillError(ctx.reply("nothing_plays"))

    async def _quiet_others(self, ctx: Context, but: Deck | None) -> None:
        """Stop what another deck plays: two musics at once are none."""
        for deck, now in await self._all(ctx):
            if now.state == "playing" and deck is not but:
                with suppress(OSError, TimeoutError):
                    await (deck.stop() if deck is self._own else deck.pause())

    async def _all(self, ctx: Context) -> list[tuple[Deck, Now]]:
        found: list[tuple[Deck, Now]] = []
        for deck in (self._own, self._mpris, self._mpd):
            if deck is not None:
                try:
                    found.append((deck, await deck.now()))
                except (OSError, TimeoutError) as error:
                    ctx.log.info("%s: %s", type(deck).__name__, error)
        return found


def _opened(ctx: Context) -> Library:
    library = Library(ctx.database())
    library.refresh()
    return library
