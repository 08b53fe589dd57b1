"""Switching the machine off and on again, by whichever tool of the system is there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from typing import Literal

How = Literal["poweroff", "reboot"]

_TIMEOUT_S = 8.0
_TOOLS: Mapping[How, tuple[tuple[str, ...], ...]] = {
    "poweroff": (("systemctl", "poweroff"), ("loginctl", "poweroff"), ("shutdown", "-h", "now")),
    "reboot": (("systemctl", "reboot"), ("loginctl", "reboot"), ("shutdown", "-r", "now")),
}


def end(how: How) -> None:
    """Switch off or restart; the first tool that agrees does it.

    Raises:
        OSError: there is no such tool.
        subprocess.SubprocessError: every one of them refused, or did not answer.
    """
    failure: Exception = FileNotFoundError("none of systemctl, loginctl and shutdown is installed")
    for command in _TOOLS[how]:
        if shutil.which(command[0]) is None:
            continue
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as error:
            failure = error
        else:
            return
    raise failure
