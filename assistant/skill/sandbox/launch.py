"""Start a child and hear what its skill is; blocking, for a thread."""

from __future__ import annotations

import base64
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import assistant
from assistant.skill.sandbox.filter import program_or_reason
from assistant.skill.sandbox.frames import Malformed, Message, Unpacker, packed
from assistant.skill.sandbox.grants import Grants
from assistant.skill.sandbox.text import harmless

_PIECE = 65_536
_LINE = 500
_LINES_PER_S = 50
_BOOT = "import sys; sys.path += sys.argv[2:]; del sys.argv[2:]\nfrom assistant.skill.sandbox.child import main; main()"
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""A thread that a library starts while it is imported would be there before the confinement, and escape it."""

# A child is killed when the thread that started it ends (PR_SET_PDEATHSIG), so that thread stays as long as we do.
_nursery = ThreadPoolExecutor(1, thread_name_prefix="sandbox")


class NotStarted(Exception):
    """A child did not come to describe its skill; ``str()`` says why.

    Attributes:
        place: ``file:line`` in the skill, or empty.
    """

    def __init__(self, text: str, place: str = "") -> None:
        super().__init__(text)
        self.place = place


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start.

    Attributes:
        name: the skill's; empty to ask only for the means.
        path: its file or folder.
        data: the folder in which it may keep files.
        grants: its permissions.
        module: the module of a pip package, else empty.
        python: the interpreter, of its own environment if it has one.
        only: names of means to use (``landlock``, ``seccomp``, ``namespaces``); None for all. For tests.
        patience: seconds for the start.
        libraries: a folder with its own Python packages; on its path only after the confinement, for a package may
            have the name of one that is imported before.
    """

    name: str
    path: Path
    data: Path
    grants: Grants = field(default_factory=Grants)
    module: str = ""
    python: Path = Path(sys.executable)
    only: tuple[str, ...] | None = None
    patience: float = 30.0
    libraries: Path | None = None


@dataclass(slots=True, weakref_slot=True, eq=False)
class Child:
    """A process that has described its skill.

    Attributes:
        process, connection: to end and to talk to.
        hello: its first message.
        unpacker: holds what came after that.
        home: the folder that goes with it.
    """

    process: subprocess.Popen[bytes]
    connection: socket.socket
    hello: Message
    unpacker: Unpacker
    home: str

    def __post_init__(self) -> None:
        weakref.finalize(self, _end, self.process, self.connection, self.home)

    def kill(self) -> int:
        """End it and everything in its process group, now; the return code."""
        return _end(self.process, self.connection, self.home)

    def ended(self, seconds: float) -> int:
        """Wait for its end, and make one if it does not come; the return code."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.kill()


def _end(process: subprocess.Popen[bytes], connection: socket.socket, home: str) -> int:
    connection.close()
    if process.returncode is None:  # else its number may be somebody else's by now
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    shutil.rmtree(home, ignore_errors=True)
    return code


def start(plan: Plan) -> Child:
    """Start a child and wait for its description.

    Raises:
        NotStarted: the skill cannot be imported, or the process failed.
    """
    return _nursery.submit(_start, plan).result()


def _start(plan: Plan) -> Child:
    home = tempfile.mkdtemp(prefix="assistant-skill-")
    ours, theirs = socket.socketpair()
    try:
        plan.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        process = _spawn(plan, home, theirs.fileno())
    except OSError as error:
        ours.close()
        shutil.rmtree(home, ignore_errors=True)
        raise NotStarted(f"its process cannot be started: {error}") from error
    finally:
        theirs.close()
    assert process.stdout is not None
    Pump(process.stdout, plan.name).start()
    child = Child(process, ours, {}, Unpacker(), home)
    try:
        ours.settimeout(plan.patience)
        ours.sendall(packed(_setup(plan, home)))
        child.hello = _hello(child, plan)
    except BaseException:
        child.kill()
        raise
    ours.setblocking(False)
    return child


def _spawn(plan: Plan, home: str, number: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(plan.python), "-I", "-B", "-X", "utf8", "-c", _BOOT, str(number), *_libraries(plan.python)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(number,),
        cwd=home,
        env=_environment(home),
        start_new_session=True,
        umask=0o077,
    )


def _libraries(python: Path) -> Sequence[str]:
    """Where the assistant is, and what it imports if the interpreter is another environment's; after its own."""
    package = str(Path(assistant.__file__ or "").parents[1])
    ours = [] if python == Path(sys.executable) else [
        entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    ]  # fmt: skip
    return [package, *ours]


def _environment(home: str) -> Mapping[str, str]:
    """Nothing of ours: an environment is full of secrets."""
    names = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    return {**dict.fromkeys(names, home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **_ONE_THREAD}


def _setup(plan: Plan, home: str) -> Message:
    filter_, lacking = program_or_reason() if sys.platform == "linux" else (b"", "")
    return {
        "t": "setup", "name": plan.name, "path": str(plan.path.resolve()), "module": plan.module,
        "data": str(plan.data.resolve()), "home": home, "grants": plan.grants.as_json(),
        "filter": base64.b64encode(filter_).decode("ascii"), "lacking": lacking,
        "only": None if plan.only is None else list(plan.only),
        "libraries": None if plan.libraries is None else str(plan.libraries.resolve()),
    }  # fmt: skip


def _hello(child: Child, plan: Plan) -> Message:
    until = time.monotonic() + plan.patience
    try:
        while piece := child.connection.recv(_PIECE):
            for message in child.unpacker.feed(piece):
                if message["t"] == "hello":
                    return _checked(message)
            if time.monotonic() > until:
                raise TimeoutError
    except TimeoutError:
        raise NotStarted(f"it was not ready within {plan.patience:g} seconds") from None
    except Malformed as error:
        raise NotStarted(f"while it was imported {error}") from None
    except OSError as error:
        raise NotStarted(f"its process failed while it was imported: {error}") from None
    raise NotStarted(f"its process {ending(child.ended(1.0))} while it was imported")


def _checked(message: Message) -> Message:
    if problem := message.get("problem"):
        raise NotStarted(harmless(str(problem[1])), harmless(str(problem[0])))
    return message


def ending(code: int) -> str:
    """A return code in words, to follow "its process"."""
    if code >= 0:
        return "ended itself" if code == 0 else f"ended with code {code}"
    known = {
        9: "was killed from outside, perhaps because memory ran out", 31: "was stopped for a forbidden system call",
        24: "used up its CPU time", 25: "wrote too large a file", 11: "crashed in native code", 6: "aborted",
    }  # fmt: skip
    return known.get(-code, f"was ended by signal {-code}")


class Pump(threading.Thread):
    """Makes log lines of what a child prints; a flood waits in the pipe, and so does the child.

    Args:
        stream: its output.
        name: the skill's.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__(name=f"output of {name}", daemon=True)
        self._stream = stream
        self._log = logging.getLogger(f"skill.{name}" if name else __name__)
        self._pause = threading.Event()

    def run(self) -> None:
        """Read to the end."""
        rest, second, count = b"", 0, 0
        with self._stream:
            while piece := os.read(self._stream.fileno(), 4096):
                *lines, rest = (rest + piece).split(b"\n")
                if len(rest) > _LINE:
                    lines, rest = [*lines, rest], b""
                for line in lines:
                    second, count = _counted(second, count)
                    if count > _LINES_PER_S:
                        self._pause.wait(1.0)
                    self._log.info("prints: %s", harmless(line.decode("utf-8", "replace")))


def _counted(second: int, count: int) -> tuple[int, int]:
    now = int(time.monotonic())
    return (now, 1) if now != second else (now, count + 1)


def means() -> tuple[list[str], list[str]]:
    """The means that are in force for isolated skills on this machine, and those that are not, with reasons.

    It is found out by starting a child that takes them and imports nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            child = start(Plan("", Path(folder), Path(folder)))
        except NotStarted as error:
            return [], [str(error)]
    child.kill()
    told: dict[str, Any] = child.hello["means"]
    return list(told["on"]), list(told["off"])
