"""Volume: its own in the house, the machine's through whichever mixer tool is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.skillkit import Talk, ask, module, play


def test_own_volume_moves_in_steps_and_stays_in_range() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("louder") == "Volume 60 percent."
        assert await talk.say("turn the volume down by 25 percent") == "Volume 35 percent."
        assert await talk.say("set the volume to 40 percent") == "Volume 40 percent."
        assert await talk.say("set the volume to 4 percent") == "Volume 4 percent."
        assert await talk.say("quieter") == "Volume 0 percent."
        assert await talk.say("quieter") == "I'm at zero already."
        assert await talk.say("volume ten") == "Volume 100 percent."
        assert await talk.say("louder") == "That's as loud as I get."
        assert await talk.say("volume 4") == "Volume 40 percent."
        assert await talk.say("what's the volume") == "The volume is at 40 percent."
        assert talk.house.volume == pytest.approx(0.4)

    play(scenario)


def test_unmute_brings_the_old_volume_back_even_after_a_restart(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        talk.house.set_volume(0.7)
        assert await talk.say("mute") == ""
        assert await talk.say("mute") == ""
        assert talk.house.volume == 0.0

    async def after(talk: Talk) -> None:
        talk.house.set_volume(0.0)
        assert await talk.say("unmute") == "Volume 70 percent."

    play(before, tmp_path / "m.db")
    play(after, tmp_path / "m.db")


def _tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/log"\n{script}\n')
    path.chmod(0o755)


def _log(folder: Path) -> list[str]:
    return (folder / "log").read_text().splitlines()


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_no_mixer_tool_is_said_in_one_sentence(tools: Path) -> None:
    assert tools.exists()
    assert ask("set the system volume to 50 percent") == (
        "I can't change the system volume: none of wpctl, pactl and amixer is installed."
    )


def test_pactl_is_given_absolute_levels_that_never_pass_100(tools: Path) -> None:
    answer = 'if [ "$1" = get-sink-volume ]; then echo "Volume: front-left: 62259 /  95% / -1.34 dB"; fi'
    _tool(tools, "pactl", answer)
    assert ask("set the system volume to 50 percent") == "System volume 50 percent."
    assert ask("turn up the system volume by 20 percent") == "System volume up."
    assert ask("system volume down") == "System volume down."
    assert ask("mute the computer") == "The computer is muted."
    assert ask("unmute the computer") == "The computer is unmuted."
    assert [line for line in _log(tools) if "get-" not in line] == [
        "pactl set-sink-volume @DEFAULT_SINK@ 50%",
        "pactl set-sink-volume @DEFAULT_SINK@ 100%",
        "pactl set-sink-volume @DEFAULT_SINK@ 85%",
        "pactl set-sink-mute @DEFAULT_SINK@ 1",
        "pactl set-sink-mute @DEFAULT_SINK@ 0",
    ]


def test_a_tool_that_fails_gives_way_to_the_next(tools: Path) -> None:
    _tool(tools, "wpctl", 'echo "Could not connect to PipeWire" >&2; exit 1')
    _tool(tools, "amixer", '[ "$4" = PCM ] || exit 1')
    assert ask("increase the system volume") == "System volume up."
    assert _log(tools) == [
        "wpctl set-volume -l 1.0 @DEFAULT_AUDIO_SINK@ 10%+",
        "amixer -q -M sset Master 10%+",
        "amixer -q -M sset PCM 10%+",
    ]


def test_when_every_tool_fails_the_last_reason_is_given(tools: Path) -> None:
    _tool(tools, "pactl", 'echo "Connection failure: Connection refused" >&2; exit 1')
    assert ask("set the system volume to 50 percent") == (
        "I can't change the system volume: pactl says: Connection failure: Connection refused."
    )


def test_a_tool_that_hangs_is_given_up(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module("volume").names, "_TIMEOUT", 0.2)
    _tool(tools, "pactl", "while :; do :; done")
    assert ask("set the system volume to 50 percent") == (
        "I can't change the system volume: pactl says: no answer within 0.2 seconds."
    )
