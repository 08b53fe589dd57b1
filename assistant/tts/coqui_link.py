"""Two ways to the part that holds the model: a process of its own (any interpreter), or a thread of this one."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from assistant.tts.coqui_worker.serving import Server

_log = logging.getLogger(__name__)

_HERE = Path(__file__).resolve().parent
# The folder leaves the path again before anything else is imported: its other modules have names that libraries use.
_BOOT = "import sys; sys.path[0] = sys.argv[1]; from coqui_worker.serving import main; del sys.path[0]; main()"
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TRAINER_TELEMETRY": "0", "PYTHONUNBUFFERED": "1"}
_LINES_KEPT = 20


class Link(Protocol):
    """A running worker.

    Attributes:
        source: its frames; closed by whoever reads it.
        sink: orders to it; closed by whoever writes it, which ends the worker when it has done what it does.
    """

    source: BinaryIO
    sink: BinaryIO

    def kill(self) -> None:
        """End it at once if that is possible; more than once is fine."""

    def last_words(self) -> str:
        """After its end, why, as far as that is known; "" when it ended by itself as it should."""


class ProcessLink:
    """A worker in a process, which ends with this one (its standard input closes).

    Args:
        command: what to start; :func:`command` for the real one.
        environment: variables on top of this process's own.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] = _OFFLINE) -> None:
        inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**inherited, **environment},
            start_new_session=True,  # Ctrl-C is for this process; it then closes the pipes
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.sink: BinaryIO = self.process.stdin  # type: ignore[assignment]
        self.source: BinaryIO = self.process.stdout  # type: ignore[assignment]
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._reader = threading.Thread(target=self._read_errors, name="coqui-log", daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.wait()

    def last_words(self) -> str:
        """How it ended and the last line that it wrote; "" if it ended by itself."""
        try:
            code = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "it closed its pipe"
        if code == 0:
            return ""
        self._reader.join(1.0)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"{how}: {self._lines[-1]}" if self._lines else how

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip()
                if line:
                    self._lines.append(line[:300])
                    _log.info("coqui: %s", line)


class ThreadLink:
    """A worker in a thread of this process: no second torch in memory, but what crashes it crashes the assistant."""

    def __init__(self) -> None:
        (orders, out), (back, answers) = os.pipe(), os.pipe()
        self.sink: BinaryIO = os.fdopen(out, "wb")
        self.source: BinaryIO = os.fdopen(back, "rb")
        self._thread = threading.Thread(target=self._serve, args=(orders, answers), name="coqui", daemon=True)
        self._thread.start()

    def _serve(self, orders: int, answers: int) -> None:
        suppressed = contextlib.suppress(OSError)  # the other side was closed
        with suppressed, os.fdopen(orders, "rb") as source, os.fdopen(answers, "wb") as sink:
            Server(source, sink).run()

    def kill(self) -> None:
        """A thread cannot be killed; it ends after what it does."""

    def last_words(self) -> str:
        """Nothing: what goes wrong in it is an answer like any other."""
        return ""


def command(python: str) -> list[str]:
    """How the worker is started with an interpreter."""
    return [python, "-c", _BOOT, str(_HERE)]
