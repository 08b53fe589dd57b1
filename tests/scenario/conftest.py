"""Fixtures of the scenarios."""

import subprocess

import pytest

from tests.scenario.process import ASSISTANT, ROOT, SLACK_S, no_devices


@pytest.fixture
def command(tmp_path):
    """Run ``assistant …``; returns the finished process."""
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words, typed="", env=None, **options):
        options.setdefault("timeout", SLACK_S)
        options.update({} if "stdin" in options else {"input": typed})
        return subprocess.run(
            [*ASSISTANT, *map(str, words)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**no_devices(tmp_path), **(env or {})},
            **options,
        )

    return run
