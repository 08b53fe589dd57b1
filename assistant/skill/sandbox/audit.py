"""The interpreter's own check (PEP 578): a readable refusal, and a report to the parent, before the kernel's EPERM.

Where the kernel has no means this is all there is. It stops honest mistakes and simple malice; native code gets past
it, which is why ``assistant doctor`` says which means are in force.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from assistant.skill.sandbox.grants import Refused

Report = Callable[[str], None]

_READS = frozenset(("os.listdir", "os.scandir", "os.chdir", "os.listxattr", "os.getxattr", "glob.glob"))
_WRITES = frozenset((
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.setxattr", "os.removexattr", "os.mkfifo", "os.mknod", "os.chflags", "os.lockf",
))  # fmt: skip
_PROCESSES = ("os.fork", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "subprocess.Popen",
              "pty.spawn")  # fmt: skip
_SIGNALS = frozenset(("os.kill", "os.killpg"))
_NETWORK = frozenset((
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo", "socket.getservbyname", "socket.sethostname", "ftplib.connect",
    "smtplib.connect", "telnetlib.Telnet.open", "imaplib.open", "poplib.connect", "nntplib.connect",
))  # fmt: skip
_TELLING = frozenset((
    "open", "openat", "fopen", "socket", "connect", "fork", "vfork", "clone", "execve", "execv", "system", "popen",
    "posix_spawn", "kill", "ptrace", "syscall", "process_vm_readv", "unshare", "setns", "prctl",
))  # fmt: skip
"""Functions of the C library that nobody needs who has Python's."""
_NATIVE = frozenset(("ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function", "ctypes.cdata"))
_WRITE_MODES = frozenset("wax+")


@dataclass(slots=True)
class Policy:
    """What the interpreter lets pass.

    Attributes:
        read, write: real paths of files and folders.
        report: told about each refusal.
        native: whether ``ctypes`` may be used; not where the kernel refuses nothing.
    """

    read: tuple[str, ...]
    write: tuple[str, ...]
    report: Report
    native: bool = True
    _inside: threading.local = field(default_factory=threading.local)

    def install(self) -> None:
        """From now on, for good."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WATCHED or getattr(self._inside, "on", False):
            return
        self._inside.on = True
        try:
            text = self._objection(event, arguments)
            if text:
                self.report(text)
        finally:
            self._inside.on = False
        if text:
            raise Refused(text)

    def _objection(self, event: str, arguments: tuple[Any, ...]) -> str:
        match event:
            case "open" | "sqlite3.connect":
                return self._about_file(event, arguments)
            case "socket.__new__":
                family = arguments[1] if len(arguments) > 1 else None
                outward = family not in (getattr(socket, "AF_UNIX", 1), -1)
                return "opening a socket is not permitted; use ctx.http or ctx.fetch" if outward else ""
        if event in _READS:
            return self._unless(self.read + self.write, arguments[:1], "reading")
        if event in _WRITES:
            paths = arguments[:2] if event in ("os.rename", "os.link", "os.symlink") else arguments[:1]
            return self._unless(self.write, paths, "changing")
        if event in _NATIVE:
            return self._about_native(arguments)
        shown = f" ({arguments[0]!r})" if arguments and isinstance(arguments[0], str | int) else ""
        if event in _NETWORK:
            return f"{event}: sockets are not permitted; use ctx.http or ctx.fetch"
        if event in _SIGNALS:
            return f"{event}{shown}: sending signals is not permitted"
        return f"{event}{shown}: starting another process is not permitted"

    def _about_native(self, arguments: tuple[Any, ...]) -> str:
        """Native code is the kernel's to refuse; a look for what goes around this check is told."""
        if not self.native:
            return "calling native code is not permitted on this system"
        if len(arguments) > 1 and arguments[1] in _TELLING:
            self.report(f"looks for the native function {arguments[1]}; the kernel refuses what it must not do")
        return ""

    def _about_file(self, event: str, arguments: tuple[Any, ...]) -> str:
        path = arguments[0] if arguments else None
        if event == "sqlite3.connect":
            return "" if path in (":memory:", "", b"") else self._unless(self.write, [path], "opening")
        mode, flags = (*arguments[1:3], None, 0)[:2]
        writes = bool(_WRITE_MODES & set(mode)) if isinstance(mode, str) else bool(
            isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        )  # fmt: skip
        return self._unless(
            self.write if writes else self.read + self.write, [path], "writing" if writes else "reading"
        )

    def _unless(self, allowed: tuple[str, ...], paths: Iterable[Any], verb: str) -> str:
        for path in paths:
            if path is None:
                path = "."  # noqa: PLW2901  # what os.listdir() means
            if not isinstance(path, str | bytes | os.PathLike):
                continue  # an open file's number
            real = os.fsdecode(os.path.realpath(path))
            if not any(real == each or real.startswith(each.rstrip("/") + "/") for each in allowed):
                return f"{verb} {os.fsdecode(path)} is not permitted"
        return ""


_WATCHED = frozenset((
    "open", "sqlite3.connect", "socket.__new__", *_READS, *_WRITES, *_PROCESSES, "os.forkpty", *_SIGNALS, *_NETWORK,
    *_NATIVE,
))  # fmt: skip
