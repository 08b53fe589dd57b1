"""What a child does to itself before it imports anybody's code."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import assistant
from assistant.skill.sandbox.audit import Policy, Report
from assistant.skill.sandbox.grants import Grants

_SYSTEM = (
    "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo",
    "/etc/localtime", "/etc/timezone", "/usr/share/locale", "/dev/urandom", "/dev/random", "/dev/zero",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/etc/mime.types",
)  # fmt: skip


@dataclass(slots=True)
class Means:
    """What confines a process.

    Attributes:
        on: means in force, each in a few words.
        off: those that are not, with the reason.
    """

    on: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)

    def attempt(self, name: str, work: Callable[[], object]) -> bool:
        """Take a means if the system has it."""
        try:
            detail = work()
        except Exception as error:  # a missing means must never keep a skill from starting
            self.off.append(f"{name}: {getattr(error, 'strerror', None) or error}")
            return False
        self.on.append(f"{name}{detail}" if isinstance(detail, str) else name)
        return True

    def has(self, name: str) -> bool:
        """Whether a means is in force."""
        return any(each.startswith(name) for each in self.on)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a skill may read and write.

    Attributes:
        code: the skill's file or folder.
        data: its own folder for what it keeps.
        home: an empty folder that is removed when it ends.
        grants: what else the user granted.
        only: names of means to use; None for all that there are.
        libraries: the skill's own Python packages.
    """

    code: str
    data: str
    home: str
    grants: Grants
    only: tuple[str, ...] | None = None
    libraries: str | None = None

    def wants(self, name: str) -> bool:
        """Whether a means shall be used."""
        return self.only is None or name in self.only


def confine(bounds: Bounds, program: bytes, lacking: str, report: Report) -> Means:
    """Take from this process, for good, what a skill does not need.

    The order matters: namespaces need rights that later steps take, and nothing may run beside this yet, for Landlock
    and seccomp bind the calling thread and those that it starts.

    Args:
        program: the seccomp filter; empty if there is none, and ``lacking`` says why.
        report: told about each refusal.
    """
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        raise RuntimeError("another thread runs already, and would stay free")
    means = Means()
    read, write = _readable(bounds), _writable(bounds)
    if sys.platform == "linux":
        _confine_linux(bounds, means, program, lacking, (read, write))
    else:
        means.off.append(f"kernel's own means: not used on {sys.platform}")
    Policy(_real(read), _real(write), report, native=means.has("seccomp") and means.has("Landlock")).install()
    means.on.append("checks in the interpreter")
    return means


def _confine_linux(
    bounds: Bounds, means: Means, program: bytes, lacking: str, paths: tuple[list[str], list[str]]
) -> None:
    from assistant.skill.sandbox import landlock, linux

    def filtered() -> None:
        if not program:
            raise OSError(lacking)
        linux.load_filter(program)

    def by_landlock() -> str:
        return f" (ABI {landlock.restrict(*paths)})"

    means.attempt("no new privileges", linux.no_new_privileges)
    wants = bounds.wants
    alone = wants("namespaces") and means.attempt("own user, network and IPC namespaces", linux.namespaces)
    means.attempt("first to go when memory runs out", linux.first_to_go)
    means.attempt("limits of memory, files, threads and CPU", lambda: linux.limits(own_user_namespace=alone))
    means.attempt("dies with the assistant", linux.die_with_parent)
    means.attempt("undumpable", linux.undumpable)
    if wants("landlock"):
        means.attempt("Landlock", by_landlock)
    means.attempt("no capabilities", linux.drop_capabilities)
    if wants("seccomp"):
        means.attempt("seccomp", filtered)


def _readable(bounds: Bounds) -> list[str]:
    """The interpreter, its libraries, the assistant's package, the skill, and what was granted."""
    places = sysconfig.get_paths()
    own = [places[name] for name in ("stdlib", "platstdlib", "purelib", "platlib") if name in places]
    own += [entry for entry in sys.path if entry and Path(entry).name in ("site-packages", "dist-packages")]
    package = assistant.__file__ or ""
    skill = [bounds.code, *([bounds.libraries] if bounds.libraries else [])]
    return [*_SYSTEM, *own, str(Path(package).parent), *skill, *bounds.grants.read]


def _writable(bounds: Bounds) -> list[str]:
    return ["/dev/null", bounds.data, bounds.home, *bounds.grants.write]


def _real(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths if path))
