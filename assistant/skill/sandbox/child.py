"""The process of one isolated skill: confine, import, answer.

``python -m assistant.skill.sandbox.child NUMBER``, where the number is the file descriptor of the connection. The
parent's first message says which skill, and what it may do; the answer describes the skill, so that the parent never
imports it.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import sys
import traceback
from pathlib import Path

from assistant.skill.importing import Found, Skipped, import_skill
from assistant.skill.making import functions_of
from assistant.skill.sandbox.codec import Unfit
from assistant.skill.sandbox.confine import Bounds, confine
from assistant.skill.sandbox.describe import description
from assistant.skill.sandbox.frames import Message
from assistant.skill.sandbox.grants import Grants
from assistant.skill.sandbox.line import Line, Selector
from assistant.skill.sandbox.serve import Server


def main() -> None:
    """Serve one skill until the connection ends."""
    line = Line(int(sys.argv[1]))
    setup = line.receive()
    reporter = Reporter(line)
    grants = Grants.from_json(setup["grants"])
    bounds = Bounds(setup["path"], setup["data"], setup["home"], grants, setup.get("only"), setup.get("libraries"))
    means = confine(bounds, base64.b64decode(setup["filter"]), setup["lacking"], reporter.report)
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[Forward(line)], force=True)
    hello = {"t": "hello", "means": {"on": means.on, "off": means.off}}
    if not setup["name"]:  # somebody only wants to know which means there are
        line.send(hello)
        return
    sys.path[:] = [entry for entry in sys.path if _is_library(entry)]
    if bounds.libraries:
        sys.path.insert(0, bounds.libraries)
    found = Found(setup["name"], Path(setup["path"]), setup["module"])
    try:
        module = import_skill(found)
        functions = functions_of(module, found)
        described = description(module, functions)
    except Skipped as error:
        line.send({**hello, "problem": [error.problem.place, error.problem.text]})
        return
    except Unfit as error:
        line.send({**hello, "problem": [str(found.source), str(error)]})
        return
    server = Server(line, found.name, grants, reporter.report, module, functions, (found.path, Path(bounds.data)))
    line.on_message = server.on_message
    line.send({**hello, **described})
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Selector(line))) as runner:
        runner.run(server.run())


def _is_library(entry: str) -> bool:
    """Not the folder in which the assistant's own package may lie among other things."""
    return Path(entry).name in ("site-packages", "dist-packages") or "python3" in entry


class Reporter:
    """Tells the parent what was refused, each thing a few times at most."""

    _MOST = 200

    def __init__(self, line: Line) -> None:
        self._line = line
        self._count = 0

    def report(self, text: str) -> None:
        """Tell it."""
        self._count += 1
        if self._count <= self._MOST:
            self._line.send({"t": "report", "text": text[:500], "place": _place()})


def _place() -> str:
    """``file:line`` of the skill's code that tried it."""
    own = str(Path(__file__).parent)
    for frame in reversed(traceback.extract_stack(limit=40)):
        if not frame.filename.startswith(("<", own, sys.prefix, sys.base_prefix)) and "importlib" not in frame.filename:
            return f"{Path(frame.filename).name}:{frame.lineno}"
    return ""


class Forward(logging.Handler):
    """Log records become messages."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Send one."""
        try:
            message: Message = {"t": "log", "level": record.levelno, "text": self.format(record)[:2000]}
        except Exception:  # a skill's own arguments to its logger
            message = {"t": "log", "level": record.levelno, "text": str(record.msg)[:2000]}
        self._line.send(message)


if __name__ == "__main__":
    main()
