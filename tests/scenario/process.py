"""Runs ``assistant …`` as a process, on a machine whose sound devices are hidden."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSISTANT = (sys.executable, "-m", "assistant")
SLACK_S = 60
"""No command here takes long; this is for a machine that does something else, too."""


def no_devices(folder):
    """Variables under which neither ALSA's plugins nor PulseAudio find anything, and PocketSphinx recognises."""
    return {
        **os.environ,
        "HOME": str(folder),
        "PULSE_SERVER": f"unix:{folder}/nobody",
        "PULSE_RUNTIME_PATH": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "ASSISTANT_ASR__ENGINE": "pocketsphinx",
        "COLUMNS": "80",
    }


def one_line(done, code, *words):
    """The command failed as it should: this exit code, and one line on stderr that holds these words."""
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("assistant: ")
    for word in words:
        assert word in done.stderr
