"""Music and other long sounds that skills play: one at a time, in bounded memory, quieter while somebody speaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.audio.chunk import AudioChunk, Samples
from assistant.audio.decode import decode_stream
from assistant.audio.mixer import Mixer
from assistant.audio.voice import Voice
from assistant.errors import InputError, SkillError
from assistant.skill.around import Sound

_log = logging.getLogger(__name__)
_PIECE_S = 0.25
"""Decoded at a time, so that it is not done frame by frame."""


class Track:
    """Something that is being played.

    Attributes:
        title: what it is called.
        voice: the mixer's handle.
    """

    def __init__(self, title: str, voice: Voice) -> None:
        self.title = title
        self.voice = voice
        self._over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def over(self) -> bool:
        """Wait until it ends: True when it was played to its end, False when it was stopped."""
        return await asyncio.shield(self._over)

    def end(self, *, whole: bool) -> None:
        """It has ended."""
        if not self._over.done():
            self._over.set_result(whole)


class Player:
    """Plays one sound at a time; a new one takes the place of the one before.

    Args:
        mixer: where it is heard; the mixer makes music quieter under speech.
    """

    def __init__(self, mixer: Mixer) -> None:
        self._mixer = mixer
        self._track: Track | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def title(self) -> str | None:
        """The title of what is played now; None when nothing is."""
        return self._track.title if self._track is not None else None

    async def play(self, sound: Sound, title: str) -> Track:
        """Begin to play; return when the first samples are there.

        Raises:
            SkillError: it cannot be played; the text says why.
        """
        chunks = _chunks(sound, self._mixer.rate)
        try:
            first = await anext(chunks, None)
        except InputError as error:
            raise SkillError(str(error)) from error
        if first is None:
            raise SkillError(f"There is no sound in {title or 'it'}.")
        self.stop()
        self._track = Track(title or _stem(sound), self._mixer.play("music"))
        self._task = asyncio.get_running_loop().create_task(self._pump(self._track, first, chunks))
        return self._track

    def stop(self) -> bool:
        """Fade out and stop; True if something was played."""
        track, self._track = self._track, None
        if track is None:
            return False
        if self._task is not None:
            self._task.cancel()
        track.voice.stop(fade_ms=80)
        track.end(whole=False)
        return True

    async def _pump(self, track: Track, first: AudioChunk, rest: AsyncIterator[AudioChunk]) -> None:
        voice = track.voice
        try:
            voice.write(first)
            async for chunk in rest:
                await voice.room()
                voice.write(chunk)
            voice.end()
            await voice.drained()
            track.end(whole=True)
        except Exception as error:  # a file may be damaged further on, a stream may break off
            _log.warning("%s broke off: %s", track.title, error)
            voice.end()
            track.end(whole=False)
        if self._track is track:
            self._track = None


def _stem(sound: Sound) -> str:
    return Path(sound).stem if isinstance(sound, Path | str) else "sound"


async def _chunks(sound: Sound, rate: int) -> AsyncIterator[AudioChunk]:
    if isinstance(sound, AsyncIterable):
        async for chunk in sound:
            yield chunk
        return
    pieces = _decoded(Path(sound), rate) if isinstance(sound, Path | str) else iter(sound)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _decoded(path: Path, rate: int) -> Iterator[AudioChunk]:
    path = path.expanduser()
    batch: list[Samples] = []
    with closing(decode_stream(path, rate)) as stream:
        for piece in stream:
            batch.append(piece)
            if sum(map(len, batch)) >= _PIECE_S * rate:
                yield AudioChunk(np.concatenate(batch), rate)
                batch = []
    if batch:
        yield AudioChunk(np.concatenate(batch), rate)
