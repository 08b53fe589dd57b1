"""Music through the assistant's own output: a queue of files; it goes down while somebody speaks."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing

import numpy as np

from assistant import Context, SkillError
from assistant.audio.chunk import AudioChunk, Samples
from assistant.audio.decode import decode_stream
from assistant.skill.around import Playing

from .deck import Now, Track

Tune = Callable[[], Awaitable[Iterator[AudioChunk]]]
"""Connects to a station."""

_RATE = 48_000
_PIECE_S = 0.25
_BACK_S = 1.0
"""What was decoded ahead when it was paused, about; it is heard again."""


class Reel:
    """One file, which remembers how far it has been read.

    Attributes:
        seconds: read so far.
    """

    def __init__(self, path: str, start: float = 0.0) -> None:
        self._path = path
        self._start = start
        self.seconds = start

    def chunks(self) -> Iterator[AudioChunk]:
        """The sound from the start on; the thread that asks decodes.

        Raises:
            InputError: at the first one, when it cannot be read.
        """
        skip = round(self._start * _RATE)
        batch: list[Samples] = []
        with closing(decode_stream(self._path, _RATE)) as stream:
            for piece in stream:
                passed = min(skip, len(piece))
                skip -= passed
                if passed < len(piece):
                    batch.append(piece[passed:])
                if sum(map(len, batch)) >= _PIECE_S * _RATE:
                    yield self._joined(batch)
                    batch = []
        if batch:
            yield self._joined(batch)

    def _joined(self, batch: list[Samples]) -> AudioChunk:
        samples = np.concatenate(batch)
        self.seconds += len(samples) / _RATE
        return AudioChunk(samples, _RATE)


class OwnDeck:
    """Plays files one after the other, and what else is given to it; implements :class:`skills.music.deck.Deck`.

    Args:
        ctx: of the skill.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._queue: list[Track] = []
        self._at = 0
        self._reel: Reel | None = None
        self._playing: Playing | None = None
        self._paused = False
        self._live: Track | None = None
        self._tune: Tune | None = None

    async def now(self) -> Now:
        """What it plays."""
        track = self._live or (self._queue[self._at] if self._at < len(self._queue) else None)
        if track is None or (self._playing is None and not self._paused):
            return Now("stopped")
        return Now("paused" if self._paused else "playing", track.title, track.artist)

    async def play(self, tracks: Sequence[Track]) -> None:
        """Play tracks, instead of what was played.

        Raises:
            SkillError: not one of them can be played.
        """
        self._queue, self._at, self._live = list(tracks), 0, None
        await self._start_from(1)

    async def play_live(self, track: Track, tune: Tune) -> None:
        """Play something that has no end, such as a radio station.

        Raises:
            SkillError: it cannot be played; what was played goes on if there is no connection.
        """
        chunks = await tune()
        self._queue, self._at, self._reel = [], 0, None
        self._live, self._tune, self._paused = track, tune, False
        self._follow(await self._ctx.play(chunks, track.title))

    async def pause(self) -> None:
        """Be silent, and keep the place; a radio station has none."""
        self._paused = True
        self._playing = None
        self._ctx.stop_playing()

    async def resume(self) -> None:
        """Go on from that place."""
        if self._live is not None and self._tune is not None:
            await self.play_live(self._live, self._tune)
            return
        start = max(0.0, self._reel.seconds - _BACK_S) if self._reel is not None else 0.0
        await self._start(start)

    async def skip(self, steps: int) -> bool:
        """Go to the next or previous track; False when there is none."""
        if not 0 <= self._at + steps < len(self._queue):
            return False
        self._at += steps
        await self._start_from(steps)
        return True

    async def stop(self) -> None:
        """Stop, and forget the place."""
        self._queue, self._at, self._live = [], 0, None
        self._playing, self._paused = None, False
        self._ctx.stop_playing()

    async def shuffle(self, on: bool) -> None:
        """Play what is still to come in random order; or in the order of its files."""
        rest = self._queue[self._at + 1 :]
        if on:
            random.shuffle(rest)
        else:
            rest.sort(key=lambda track: track.path)
        self._queue[self._at + 1 :] = rest

    async def _start_from(self, step: int) -> None:
        """Play the track at hand, or the first after it that can be played."""
        while True:
            try:
                return await self._start(0.0)
            except SkillError as error:
                self._ctx.log.warning("%s", error)
                if not 0 <= self._at + step < len(self._queue):
                    raise
                self._at += step

    async def _start(self, start: float) -> None:
        track = self._queue[self._at]
        self._reel = Reel(track.path, start)
        self._paused = False
        self._follow(await self._ctx.play(self._reel.chunks(), track.title))

    def _follow(self, playing: Playing) -> None:
        self._playing = playing
        self._ctx.spawn(self._until_over(playing))

    async def _until_over(self, playing: Playing) -> None:
        whole = await playing.over()
        if self._playing is not playing:
            return  # another one was begun, or it was paused
        self._playing = None
        if whole and self._at + 1 < len(self._queue):
            self._at += 1
            try:
                await self._start_from(1)
            except SkillError:
                self._queue, self._at = [], 0
