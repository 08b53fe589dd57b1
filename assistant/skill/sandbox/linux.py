"""The means of the Linux kernel to confine a process, each as one small function that raises ``OSError``."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
_CAPABILITY_VERSION_3 = 0x20080522
_THREADS = 64

MEMORY = 512 * 1024 * 1024
"""Bytes of private memory that a skill may have."""
_ADDRESSES = 3 * 1024 * 1024 * 1024
_FILE_SIZE = 64 * 1024 * 1024
_FILES = 128
_CPU_S = 3600


def _prctl(option: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*arguments, *[ctypes.c_ulong(0)] * (4 - len(arguments))]
    if libc.prctl(ctypes.c_int(option), *padded) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def no_new_privileges() -> None:
    """From now on no program that is started has more rights than this one."""
    _prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1))


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends."""
    _prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))


def undumpable() -> None:
    """Leave no core file, and let no other process of the user look in."""
    _prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(0))


def namespaces() -> None:
    """Own user, network, IPC and host name: no interface but an unused loopback, no shared memory of others.

    Raises:
        OSError: the system does not let users do it.
    """
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(ctypes.c_int(_NEW_USER | _NEW_NET | _NEW_IPC | _NEW_UTS)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def limits(*, own_user_namespace: bool) -> None:
    """Bound memory, address space, file size, open files, CPU seconds, core files and threads."""
    wanted = {
        resource.RLIMIT_DATA: MEMORY,
        resource.RLIMIT_AS: _ADDRESSES,
        resource.RLIMIT_FSIZE: _FILE_SIZE,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CPU: _CPU_S,
        resource.RLIMIT_CORE: 0,
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        # it counts the user's threads everywhere, in a user namespace of its own just those of the skill
        wanted[resource.RLIMIT_NPROC] = _THREADS + (0 if own_user_namespace else _threads_of_all())
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _threads_of_all() -> int:
    return sum(1 for _ in Path("/proc").glob("[0-9]*/task/*"))


def first_to_go() -> None:
    """When memory runs out, the kernel ends this process before any other."""
    Path("/proc/self/oom_score_adj").write_text("1000")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_capabilities() -> None:
    """Be no administrator, not even as root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    if libc.capset(ctypes.byref(header), (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def load_filter(program: bytes) -> None:
    """Let the kernel look at every system call of this thread and those that it starts (seccomp).

    Args:
        program: an array of ``struct sock_filter``, eight bytes each.
    """
    loaded = _Program(len(program) // 8, program)
    _prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(loaded))
