"""Music."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from functools import partial
from typing import Literal, TypeVar

from assistant import Context, SkillError, skill

from .deck import Track
from .library import Library
from .player import Music

_T = TypeVar("_T")
_MUSIC = Music()
_TITLE, _ARTIST, _ALBUM, _PLAYLIST, _STATION = (
    partial(_MUSIC.names, field) for field in ("title", "artist", "album", "playlist", "station")
)


async def on_start(ctx: Context) -> None:
    """Begin to index."""
    await _MUSIC.start(ctx)


@skill(slots={"title": _TITLE, "artist": _ARTIST})
async def play_title(ctx: Context, title: str, artist: str = "") -> str:
    """Play a song by its title."""
    found = _library().find("title", title)
    by = [each for each in found if each in _library().find("artist", artist)] if artist else found
    await _MUSIC.play(ctx, by[:1])
    return _playing(ctx, by[0])


@skill(slots={"artist": _ARTIST})
async def play_artist(ctx: Context, artist: str) -> str:
    """Play the songs of an artist, in random order."""
    found = _library().find("artist", artist)
    await _MUSIC.play(ctx, random.sample(found, len(found)))
    return ctx.reply("playing_all", name=found[0].artist)


@skill(slots={"album": _ALBUM})
async def play_album(ctx: Context, album: str) -> str:
    """Play an album in its order."""
    found = _library().find("album", album)
    await _MUSIC.play(ctx, found)
    return ctx.reply("playing_all", name=found[0].album)


@skill(slots={"playlist": _PLAYLIST})
async def play_playlist(ctx: Context, playlist: str) -> str:
    """Play a playlist in its order."""
    await _MUSIC.play(ctx, _library().playlist(playlist))
    return ctx.reply("playing_all", name=playlist)


@skill()
async def play_music(ctx: Context) -> str:
    """Play anything, in random order; or go on with what was paused."""
    try:
        return await resume(ctx)
    except SkillError:
        found = await asyncio.to_thread(_library().any)
    await _MUSIC.play(ctx, found)
    return _playing(ctx, found[0])


@skill(slots={"station": _STATION})
async def play_radio(ctx: Context, station: str) -> str:
    """Play an internet radio station."""
    await _MUSIC.tune(ctx, station)
    return ctx.reply("on_air", name=station)


@skill()
async def pause(ctx: Context) -> None:
    """Pause the music."""
    deck, _ = await _MUSIC.active(ctx, "playing")
    await _done(ctx, deck.pause())


@skill()
async def resume(ctx: Context) -> str:
    """Go on with music that was paused."""
    deck, now = await _MUSIC.active(ctx, "paused")
    await _done(ctx, deck.resume())
    return ctx.reply("going_on", name=now.title)


@skill()
async def next_track(ctx: Context) -> str:
    """Go to the next song."""
    return await _skip(ctx, 1)


@skill()
async def previous_track(ctx: Context) -> str:
    """Go to the song before."""
    return await _skip(ctx, -1)


@skill(pure=True)
async def what_plays(ctx: Context) -> str:
    """Tell which song is playing, and whose it is."""
    _, now = await _MUSIC.active(ctx, "playing", "paused")
    return ctx.reply("this_by" if now.artist else "this", name=now.title, artist=now.artist)


@skill()
async def stop_music(ctx: Context) -> None:
    """Stop the music."""
    deck, _ = await _MUSIC.active(ctx, "playing", "paused")
    await _done(ctx, deck.stop())


@skill()
async def shuffle(ctx: Context, mixed: Literal[True, False]) -> str:
    """Play in random order, or in order again."""
    deck, _ = await _MUSIC.active(ctx, "playing", "paused")
    await _done(ctx, deck.shuffle(mixed))
    return ctx.reply("shuffled" if mixed else "in_order")


async def _skip(ctx: Context, steps: int) -> str:
    deck, _ = await _MUSIC.active(ctx, "playing", "paused")
    if not await _done(ctx, deck.skip(steps)):
        raise SkillError(ctx.reply("no_more"))
    now = await deck.now()
    return ctx.reply("playing", name=now.title) if now.title else ctx.reply("skipped")


async def _done(ctx: Context, doing: Awaitable[_T]) -> _T:
    """What a deck does; a deck that cannot is said in words.

    Raises:
        SkillError: it refuses, or is gone.
    """
    try:
        return await doing
    except (OSError, TimeoutError) as error:
        ctx.log.warning("%s", error)
        raise SkillError(ctx.reply("no_player")) from error


def _library() -> Library:
    assert _MUSIC.library is not None
    return _MUSIC.library


def _playing(ctx: Context, track: Track) -> str:
    if track.artist:
        return ctx.reply("playing_by", name=track.title, artist=track.artist)
    return ctx.reply("playing", name=track.title)
