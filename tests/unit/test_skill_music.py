"""Music: real files, a real mpd, a player on a real session bus, a radio station on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.mixer import Mixer
from assistant.intent.match import Matcher
from assistant.session.player import Player
from tests.unit.homekit import free_port
from tests.unit.livekit import LANGUAGES, alone, eventually, live, problems
from tests.unit.musickit import (
    FakePlayer,
    installed,
    make_folder,
    make_song,
    mpd_server,
    player,
    session_bus,
    station,
)
from tests.unit.skillkit import Talk, play, shipped


@pytest.fixture(autouse=True)
def no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """The players of whoever runs the tests are left alone."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("music"))


def with_music(
    scenario: Callable[[Talk], Awaitable[None]], language: str = "en", run: Any = live, **settings: Any
) -> None:
    """Run a scenario once the index is there."""

    async def whole(talk: Talk) -> None:
        async def indexed() -> bool:
            await asyncio.to_thread(talk.skills.refresh_lists)
            return any(talk.skills.get("music").lists["music.play_title"]["title"])  # type: ignore[union-attr]

        if settings.get("folder") or settings.get("backend") == "mpd":
            await eventually(indexed)
        await scenario(talk)

    run(whole, skills=alone("music", language, **{"backend": "auto", **settings}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_whole_with_music_in_it(language: str, folder: Path) -> None:
    async def scenario(talk: Talk) -> None:
        matcher, examples = Matcher(talk.skills.grammar), talk.skills.grammar.examples
        assert problems(talk.skills) == []
        hit = {(found[0].intent, found[0].template) for each in examples if (found := matcher.match(each))}
        assert [each.source for each in talk.skills.grammar.templates if (each.intent, each.source) not in hit] == []

    with_music(scenario, language, folder=str(folder), stations=["Harbour = http://localhost/"])


def test_it_is_not_listened_for_until_it_is_configured() -> None:
    assert shipped().needing["music"] == ("backend",)


def test_songs_are_played_by_title_artist_album_and_playlist(folder: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("play green bridge") == "Green Bridge (Remastered), by The Ferrymen."
        assert await talk.say("play yellow river by anna quay") == "Yellow River, by Anna Quay."
        assert await talk.say("which song is this") == "This is Yellow River by Anna Quay."
        assert await talk.say("play the album on the water") == "Here comes On the Water."
        assert talk.house.playing == "Yellow River"
        assert await talk.say("skip this song") == "Green Bridge (Remastered)."
        assert await talk.say("skip this song") == "There is no other song."
        assert await talk.say("play the previous song") == "Yellow River."
        assert await talk.say("play my sunday playlist") == "Here comes sunday."
        assert await talk.say("who sings this") == "This is Yellow River by Anna Quay."
        assert await talk.say("play something by the ferrymen") == "Here comes The Ferrymen."
        chunk = next(iter(talk.house.played[-1].sound))
        assert np.abs(chunk.samples).max() == pytest.approx(8_000, rel=0.1)
        assert await talk.say("stop the music") == ""
        assert talk.house.playing is None
        assert await talk.say("pause the music") == "No music is playing."

    with_music(scenario, folder=str(folder))


def test_one_song_follows_the_other_and_a_pause_keeps_the_place(folder: Path) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("play the album on the water")
        talk.house.played[-1].end()
        await eventually(lambda: _is(lambda: talk.house.playing == "Green Bridge (Remastered)"))
        before = list(islice(iter(talk.house.played[-1].sound), 6))
        assert await talk.say("pause the music") == ""
        assert talk.house.playing is None
        assert await talk.say("continue the music") == "On with Green Bridge (Remastered)."
        after = list(talk.house.played[-1].sound)
        heard = sum(len(chunk.samples) for chunk in before) / 48_000
        assert sum(len(chunk.samples) for chunk in after) / 48_000 == pytest.approx(2.0 - heard + 1.0, abs=0.3)

    with_music(scenario, folder=str(folder))


async def _is(check: Callable[[], bool]) -> bool:
    return check()


def test_a_file_that_cannot_be_played_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "01 broken.flac").write_bytes(b"this is no music" * 100)
    make_song(tmp_path / "02 whole.flac", title="Whole", album="Mixed", artist="Us")
    make_song(tmp_path / "Us" / "Mixed" / "00 gone.flac", title="Gone", album="Mixed", artist="Us")
    mixer = Mixer(16_000)

    async def scenario(talk: Talk) -> None:
        sound = Player(mixer)
        talk.house.play = lambda what, title, _: sound.play(what, title)  # type: ignore[method-assign,assignment]
        (tmp_path / "Us" / "Mixed" / "00 gone.flac").unlink()
        assert await talk.say("play the album mixed") == "Here comes Mixed."
        assert sound.title == "Whole"
        assert np.abs(mixer.pull(3_200)).max() > 1_000
        sound.stop()

    with_music(scenario, folder=str(tmp_path))


def test_the_index_follows_the_folder(tmp_path: Path) -> None:
    make_song(tmp_path / "a.flac", title="First")

    async def scenario(talk: Talk) -> None:
        make_song(tmp_path / "b.flac")
        (tmp_path / "a.flac").unlink()
        await talk.later(601)
        await asyncio.to_thread(talk.skills.refresh_lists)
        assert set(talk.skills.get("music").lists["music.play_title"]["title"]) == {"b"}  # type: ignore[union-attr]

    with_music(scenario, run=play, folder=str(tmp_path))


def test_radio_is_heard_and_a_silent_station_is_named(tmp_path: Path) -> None:
    song = make_song(tmp_path / "live.flac", seconds=1.0).read_bytes()

    async def scenario(talk: Talk) -> None:
        async with station(song) as url:
            lines = [f"Harbour = {url}", f"Attic = http://127.0.0.1:{await free_port()}/"]
            talk.contexts["music"].settings["stations"] = lines
            await talk.contexts.start("music")
            talk.skills.refresh_lists()
            assert await talk.say("play the radio station harbour") == "harbour."
            chunk = await asyncio.to_thread(next, talk.house.played[-1].sound)
            assert chunk.rate == 48_000
            assert np.abs(chunk.samples).max() == pytest.approx(8_000, rel=0.2)
            assert await talk.say("play attic") == "attic can't be received at the moment."
            assert await talk.say("pause the radio") == ""
            assert await talk.say("continue the radio") == "On with harbour."

    with_music(scenario)


@pytest.mark.skipif(not installed("mpd"), reason="mpd is not installed")
def test_mpd_is_searched_and_played(tmp_path: Path, folder: Path) -> None:
    port = asyncio.run(free_port())

    async def scenario(talk: Talk) -> None:
        assert await talk.say("play green bridge") == "Green Bridge (Remastered), by The Ferrymen."
        assert await talk.say("which song is this") == "This is Green Bridge (Remastered) by The Ferrymen."
        assert await talk.say("pause the music") == ""
        assert await talk.say("go on playing") == "On with Green Bridge (Remastered)."
        assert await talk.say("play the album on the water") == "Here comes On the Water."
        assert await talk.say("turn on shuffle") == "In random order from now on."
        assert await talk.say("turn shuffle off") == "In order again."
        assert await talk.say("play my sunday playlist") == "Here comes sunday."
        assert await talk.say("play the next song") == "Yellow River."
        assert await talk.say("play the next song") == "There is no other song."
        assert await talk.say("stop the music") == ""
        assert talk.house.played == []

    with mpd_server(tmp_path, folder, port) as address:
        asyncio.run(eventually(lambda: _answers(port)))
        with_music(scenario, backend="mpd", mpd=address)


async def _answers(port: int) -> bool:
    """Whether mpd has read its folder."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"stats\nclose\n")
    text = await reader.read()
    writer.close()
    return b"songs: 3" in text


def test_an_mpd_that_is_away_is_said() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("pause the music") == "No music is playing."
        assert await talk.say("play some music") == "I find no music."

    with_music(scenario, mpd=f"127.0.0.1:{asyncio.run(free_port())}")


@pytest.mark.skipif(not installed("dbus-daemon"), reason="dbus-daemon is not installed")
def test_the_desktops_players_are_paused_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(talk: Talk) -> None:
        quiet, loud = FakePlayer("Quiet", "Paused"), FakePlayer("Loud")
        async with player(address, quiet, "a"), player(address, loud, "b"):
            assert await talk.say("which song is this") == "This is Loud by Somebody."
            assert await talk.say("pause the music") == ""
            assert loud.state == "Paused"
            assert await talk.say("continue the music") == "On with Quiet."
            assert quiet.state == "Playing"
            assert await talk.say("skip this song") == "Another One."
            assert await talk.say("skip this song") == "There is no other song."
            assert await talk.say("turn on shuffle") == "In random order from now on."
            assert quiet.shuffled
            assert await talk.say("stop the music") == ""
            assert quiet.state == "Stopped"

    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with_music(scenario, backend="mpris")
