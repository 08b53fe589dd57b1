"""The machine about itself: psutil's readings as they are said; nothing is switched off without a yes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.unit.livekit import alone, live
from tests.unit.skillkit import Talk, ask, play


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def _tool(folder: Path, name: str, script: str = "") -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/log"\n{script}\n')
    path.chmod(0o755)


def test_memory_and_disk_are_said_as_shares() -> None:
    assert re.search(r"free, that's \d+ percent of the disk\.$", ask("how much disk space is left"))
    assert re.search(r"memory (is|are) free, that's \d+ percent\.$", ask("how much memory is free"))
    assert ask("what's the uptime").startswith("This machine has been on for ")


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (None, "This machine has no battery."),
        ((80, 5400, False), "The battery is at 80 percent; that lasts for about an hour and a half."),
        ((80, psutil.POWER_TIME_UNKNOWN, False), "The battery is at 80 percent."),
        ((41, psutil.POWER_TIME_UNLIMITED, True), "The battery is at 41 percent and charging."),
        ((100, psutil.POWER_TIME_UNLIMITED, True), "The battery is full and plugged in."),
    ],
)
def test_a_battery_is_read_as_psutil_gives_it(reading: Any, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine may have none: psutil's answer is put in its place."""
    given = reading and SimpleNamespace(percent=reading[0], secsleft=reading[1], power_plugged=reading[2])
    monkeypatch.setattr(psutil, "sensors_battery", lambda: given, raising=False)
    assert ask("how much battery is left") == said


def test_degrees_follow_the_users_units(monkeypatch: pytest.MonkeyPatch) -> None:
    sensors = {"nvme": [SimpleNamespace(current=30.0)], "coretemp": [SimpleNamespace(current=c) for c in (49.0, 50.0)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: sensors, raising=False)
    assert ask("how hot is the processor") == "The processor is at 50 degrees."
    assert ask("how hot is the processor", units="imperial") == "The processor is at 122 degrees."


def test_the_wireless_network_has_a_name(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_readings(), "addresses", lambda: ["192.168.1.5"])
    assert ask("which network am i on") == "It is in a wired network."
    _tool(tools, "iwgetid", "exit 255")
    _tool(tools, "nmcli", "echo no:Other; echo yes:Attic")
    assert ask("which network am i on") == "It is in the wireless network Attic."
    assert ask("what's my ip address") == "The address is 192.168.1.5."


def _readings() -> dict[str, Any]:
    from tests.unit.skillkit import module

    return vars(module("system").readings)


def test_online_means_that_somebody_answers() -> None:
    async def scenario(talk: Talk) -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        talk.contexts["system"].settings["probe"] = f"127.0.0.1:{port}"
        assert await talk.say("are you online") in ("Yes, the internet is there.", "Yes, I'm online.")
        server.close()
        await server.wait_closed()
        assert await talk.say("is the internet working") in (
            "No. This machine is in a network, but the internet doesn't answer.", "This machine is in no network.",
        )  # fmt: skip

    live(scenario, alone("system"))


def test_it_is_switched_off_only_after_a_yes(tools: Path) -> None:
    _tool(tools, "systemctl")

    async def scenario(talk: Talk) -> None:
        for answer in ("no", None, "never mind"):
            kept = await talk.say("shut down the computer", answer)
            assert kept in ("All right, it stays on.", "OK, I leave it on.")
        assert not (tools / "log").exists()
        assert await talk.say("shut down the computer", "yes") == ""
        assert talk.house.said == ["I'm switching off. Goodbye."]
        assert await talk.say("restart the computer", "yes please do") == ""

    play(scenario)
    assert (tools / "log").read_text().splitlines() == ["systemctl poweroff", "systemctl reboot"]


def test_a_tool_that_refuses_gives_way_to_the_next_and_the_last_no_is_said(tools: Path) -> None:
    _tool(tools, "systemctl", "exit 1")
    _tool(tools, "shutdown")

    async def scenario(talk: Talk) -> None:
        assert await talk.say("restart the computer", "yes") == ""
        _tool(tools, "shutdown", "exit 1")
        assert await talk.say("restart the computer", "yes") == "The system doesn't let me do that."

    play(scenario)
    assert (tools / "log").read_text().splitlines()[:2] == ["systemctl reboot", "shutdown -r now"]
