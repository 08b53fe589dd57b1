"""Python packages for a skill, by pip, into a folder of the skill's own.

The folder is a target (``pip install --target``) rather than a virtual environment: a package can put files anywhere
into the latter, its interpreter and start-up files included, and would so run code before the skill's process is
confined. Only ready-made wheels are taken, for building one runs the package's code unconfined.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import DownloadError, MissingDependency

Progress = Callable[[str], None]
_NO_NETWORK = (
    "NewConnectionError", "NameResolutionError", "Temporary failure in name resolution", "Name or service not known",
    "Network is unreachable", "No route to host", "Connection refused", "ConnectTimeoutError", "Read timed out",
    "ProxyError",
)  # fmt: skip
_STARTS = frozenset(("sitecustomize.py", "usercustomize.py"))


def install(requirements: Sequence[str], target: Path, progress: Progress, *, build: bool = False) -> None:
    """Install packages and what they need.

    Args:
        requirements: PEP 508, or paths of wheels or folders.
        target: the folder; made if need be.
        progress: told what is being done, a line at a time.
        build: let packages be built from their sources.

    Raises:
        DownloadError: that is not possible; one line that says why.
        MissingDependency: there is no pip.
    """
    if importlib.util.find_spec("pip") is None:
        raise MissingDependency("pip", f"{sys.executable} -m ensurepip")
    target.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-I", "-m", "pip", "install", "--target", str(target), "--no-input", "--retries", "2",
        "--disable-pip-version-check", "--no-warn-conflicts", "--progress-bar", "off", "--no-color",
        *([] if build else ["--only-binary", ":all:"]), *requirements,
    ]  # fmt: skip
    lines = list[str]()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=target,
        env={**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}, encoding="utf-8", errors="replace",
    ) as running:  # fmt: skip
        assert running.stdout is not None
        for line in running.stdout:
            lines.append(line.strip())
            progress(lines[-1])
    if running.returncode:
        raise DownloadError(_reason(lines, requirements, build=build))
    _disarm(target)


def _reason(lines: Sequence[str], requirements: Sequence[str], *, build: bool) -> str:
    """What went wrong, from pip's words."""
    what = f"Cannot install {', '.join(Path(each).name if os.sep in each else each for each in requirements)}: "
    text = "\n".join(lines)
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = errors[0] if errors else (lines[-1] if lines else "pip failed without a word")
    if any(sign in text for sign in _NO_NETWORK):
        return f"{what}the network cannot be reached. Try again with a network, or put wheels into a folder and set "\
               "PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER."  # fmt: skip
    if not build and "no matching distribution" in text.lower():
        missing = next((line for line in errors if line.startswith("No matching distribution")), said)
        return f"{what}{missing.rstrip('.')} as a ready-made wheel. If it must be built, and you trust it, add --build."
    return f"{what}{said.rstrip('.')}."


def _disarm(target: Path) -> None:
    """Remove what Python would run by itself when it starts."""
    for path in target.iterdir():
        if path.suffix == ".pth" or path.name in _STARTS:
            path.unlink()
