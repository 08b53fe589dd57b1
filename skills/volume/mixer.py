"""The machine's own volume, through whichever mixer tool is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence


class MixerError(Exception):
    """No tool did it.

    Attributes:
        tool: the last that was tried; empty when none is installed.
        said: what it gave as the reason, one line; empty when it did not answer in time.
    """

    def __init__(self, tool: str = "", said: str = "") -> None:
        super().__init__(f"{tool}: {said}")
        self.tool = tool
        self.said = said


def change(how: str, timeout: float) -> None:
    """Ask wpctl, pactl or amixer for ``40%``, ``10%+``, ``10%-``, ``mute`` or ``unmute``.

    Args:
        how: one of these.
        timeout: seconds that a tool may take.

    Raises:
        MixerError: no tool is there, or each that is there failed.
    """
    error = MixerError()
    for tool, commands in (("wpctl", _wpctl), ("pactl", _pactl), ("amixer", _amixer)):
        if shutil.which(tool):
            for arguments in commands(how, timeout):
                said = _run([tool, *arguments], timeout)
                if said is None:
                    return
                error = MixerError(tool, said)
    raise error


def _wpctl(how: str, _timeout: float) -> list[list[str]]:
    sink = "@DEFAULT_AUDIO_SINK@"
    if how.endswith("mute"):
        return [["set-mute", sink, "1" if how == "mute" else "0"]]
    return [["set-volume", "-l", "1.0", sink, how]]


def _pactl(how: str, timeout: float) -> list[list[str]]:
    sink = "@DEFAULT_SINK@"
    if how.endswith("mute"):
        return [["set-sink-mute", sink, "1" if how == "mute" else "0"]]
    if how.endswith("%"):
        return [["set-sink-volume", sink, how]]
    now = re.search(r"(\d+)%", _output(["pactl", "get-sink-volume", sink], timeout) or "")
    amount = float(how[:-2]) * (1 if how[-1] == "+" else -1)
    level = min(100.0, max(0.0, int(now[1]) + amount)) if now else None
    return [["set-sink-volume", sink, f"{level:g}%" if level is not None else f"{amount:+g}%"]]


def _amixer(how: str, _timeout: float) -> list[list[str]]:
    return [["-q", "-M", "sset", control, how] for control in ("Master", "PCM", "Speaker")]


def _run(command: Sequence[str], timeout: float) -> str | None:
    """What went wrong, in one line, empty if it took too long; None if nothing did."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, env=_plain())
    except subprocess.TimeoutExpired:
        return ""
    except OSError as error:
        return str(error.strerror)
    lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
    return lines[0].rstrip(".") if done.returncode else None


def _output(command: Sequence[str], timeout: float) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True, env=_plain()).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def _plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}
