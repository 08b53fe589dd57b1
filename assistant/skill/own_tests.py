"""A skill's own tests, run by pytest in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import assistant

_NO_TESTS = 5  # pytest's exit code


@dataclass(frozen=True, slots=True)
class Outcome:
    """How tests ended.

    Attributes:
        summary: pytest's last line: ``3 passed``.
        output: all that it wrote.
    """

    passed: bool
    summary: str
    output: str


def missing_pytest() -> str:
    """Why tests cannot be run; empty if they can."""
    return "" if find_spec("pytest") is not None else f"pytest is not installed: {sys.executable} -m pip install pytest"


def run_tests(folder: Path) -> Outcome:
    """Run what is in ``tests/`` of a skill's folder."""
    above = str(Path(assistant.__file__ or "").parents[1])
    path = os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH"))))
    command = [
        sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib",
        "--rootdir", str(folder), str(folder / "tests"),
    ]  # fmt: skip
    done = subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
        cwd=folder, env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    output = (done.stdout + done.stderr).strip()
    last = output.splitlines()[-1].strip("= ") if output else ""
    summary = "none found" if done.returncode == _NO_TESTS else last.partition(" in ")[0] or f"exit {done.returncode}"
    return Outcome(done.returncode in (0, _NO_TESTS), summary, output)
