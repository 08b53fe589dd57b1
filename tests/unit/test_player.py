"""Playing what skills give: files and chunks, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.wav import write_wav
from assistant.errors import SkillError
from assistant.runtime.clock import VirtualLoop
from assistant.session.player import Player

BLOCK = 320


class Room:
    """A player and the output that pulls from it."""

    def __init__(self) -> None:
        self.mixer = Mixer(RATE)
        self.player = Player(self.mixer)
        self.heard: list[Samples] = []

    async def listen(self, seconds: float) -> Samples:
        """What is heard in so many seconds."""
        blocks = []
        for _ in range(round(seconds * RATE / BLOCK)):
            blocks.append(self.mixer.pull(BLOCK))
            await asyncio.sleep(BLOCK / RATE)
        return np.concatenate(blocks)


def run(scenario: Callable[[Room], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scenario(Room())

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def tone(seconds: float, rate: int = RATE) -> Samples:
    return (np.sin(np.arange(round(seconds * rate)) * 0.2) * 8_000).astype(np.int16)


def test_a_file_is_played_to_its_end(tmp_path: Path) -> None:
    write_wav(tmp_path / "tune.wav", tone(3, 22_050), 22_050)

    async def scenario(room: Room) -> None:
        track = await room.player.play(str(tmp_path / "tune.wav"), "")
        assert room.player.title == "tune"
        heard = await room.listen(2.0)
        assert np.abs(heard[RATE:].astype(int)).max() > 7_000
        assert track.voice.buffered < 1.2, "a file of any length takes no more memory than this"
        await room.listen(2.0)
        assert await track.over()
        assert room.player.title is None
        assert track.voice.played == pytest.approx(3.0, abs=0.01)
        assert track.voice.underruns == 0

    run(scenario)


def test_a_new_sound_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write_wav(tmp_path / "tune.wav", tone(5), RATE)

    async def scenario(room: Room) -> None:
        first = await room.player.play(tmp_path / "tune.wav", "One")
        second = await room.player.play(tmp_path / "tune.wav", "Two")
        assert not await first.over()
        assert room.player.title == "Two"
        assert room.player.stop()
        assert not room.player.stop()
        assert not await second.over()
        await room.listen(0.2)
        assert not np.any(await room.listen(0.5))
        assert room.mixer.idle

    run(scenario)


def test_chunks_as_they_come() -> None:
    def chunks() -> Iterator[AudioChunk]:
        for _ in range(4):
            yield AudioChunk(tone(0.25), RATE)

    async def stream() -> AsyncIterator[AudioChunk]:
        for chunk in chunks():
            await asyncio.sleep(0.01)
            yield chunk

    async def scenario(room: Room) -> None:
        for sound in (chunks(), stream(), list(chunks())):
            track = await room.player.play(sound, "Radio")
            await room.listen(1.5)
            assert await track.over()
            assert track.voice.played == pytest.approx(1.0, abs=0.01)

    run(scenario)


def test_a_stream_that_breaks_off(caplog: pytest.LogCaptureFixture) -> None:
    async def stream() -> AsyncIterator[AudioChunk]:
        yield AudioChunk(tone(0.5), RATE)
        raise ConnectionError("gone")

    async def scenario(room: Room) -> None:
        track = await room.player.play(stream(), "Radio")
        await room.listen(1.0)
        assert not await track.over()
        assert room.player.title is None
        assert room.mixer.idle

    run(scenario)
    assert "Radio broke off: gone" in caplog.text


def test_what_cannot_be_played(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a sound")

    async def scenario(room: Room) -> None:
        for sound, text in (
            (tmp_path / "note.txt", "is not a sound file"),
            (tmp_path / "absent.ogg", "does not exist"),
        ):
            with pytest.raises(SkillError, match=text):
                await room.player.play(sound, "")
        with pytest.raises(SkillError, match="There is no sound in Silence"):
            await room.player.play([], "Silence")
        assert room.player.title is None

    run(scenario)


def test_music_goes_down_while_somebody_speaks(tmp_path: Path) -> None:
    write_wav(tmp_path / "tune.wav", tone(5), RATE)

    async def scenario(room: Room) -> None:
        await room.player.play(tmp_path / "tune.wav", "")
        loud = np.abs((await room.listen(1.0)).astype(int)).max()
        voice = room.mixer.play("speech")
        voice.write(AudioChunk(np.zeros(RATE, np.int16), RATE))
        voice.end()
        await room.listen(0.2)
        assert np.abs((await room.listen(0.6)).astype(int)).max() < loud / 4
        await room.listen(0.5)
        assert np.abs((await room.listen(0.4)).astype(int)).max() > loud * 0.9

    run(scenario)
