"""The seccomp filter of isolated skills, made by libseccomp, which knows every architecture's call numbers.

The parent makes it once; the child only loads the finished program, so a skill's own environment needs no library.
"""

from __future__ import annotations

import errno
import tempfile
from functools import lru_cache
from importlib import import_module

_REFUSED = (
    # other processes: none is started, signalled or looked into
    *("fork", "vfork", "execve", "execveat", "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("pidfd_open", "pidfd_send_signal", "pidfd_getfd", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp"),
    *("process_madvise", "setpriority", "sched_setscheduler", "sched_setattr"),
    # the network, and the desktop's sockets: sound server, session bus
    *("socket", "bind", "connect", "listen", "accept", "accept4"),
    # ways around a filter, around limits of memory, and to what only administrators need
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "memfd_create", "memfd_secret", "userfaultfd"),
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount"),
    *("bpf", "perf_event_open", "keyctl", "add_key", "request_key", "kexec_load", "kexec_file_load", "reboot"),
    *("init_module", "finit_module", "delete_module", "swapon", "swapoff", "acct", "quotactl", "syslog"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname"),
    *("open_by_handle_at", "name_to_handle_at", "mknod", "mknodat", "shmget", "shmat", "msgget", "semget"),
    *("ioperm", "iopl", "personality", "vhangup", "modify_ldt", "fanotify_init", "mq_open", "setrlimit"),
)
_CLONE_THREAD = 0x00010000
_AF_UNIX = 1


@lru_cache(1)
def program() -> bytes:
    """The filter as the kernel takes it: an array of ``struct sock_filter``.

    What is on the list fails with EPERM. ``clone`` makes threads only; ``clone3``, whose flags a filter cannot see,
    is reported as unknown, so that the C library uses ``clone``. Calls of a foreign architecture kill the process.

    Raises:
        OSError: libseccomp refused.
        ImportError, RuntimeError: pyseccomp, or the system's libseccomp, is not there.
    """
    seccomp = import_module("pyseccomp")
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    refuse = seccomp.ERRNO(errno.EPERM)
    for name in _REFUSED:
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
        if number >= 0:  # negative: this architecture, or this libseccomp, does not know it
            made.add_rule(refuse, number)
    made.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0))
    made.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    made.add_rule(refuse, "socketpair", seccomp.Arg(0, seccomp.NE, _AF_UNIX))
    made.add_rule(refuse, "prlimit64", seccomp.Arg(2, seccomp.NE, 0))  # limits may be read, not changed
    for request in (_TIOCSTI, _TIOCLINUX):
        made.add_rule(refuse, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        found: bytes = file.read()
        return found


_TIOCSTI = 0x5412
_TIOCLINUX = 0x541C


def program_or_reason() -> tuple[bytes, str]:
    """The filter, or nothing and why, with what to do about it."""
    try:
        return program(), ""
    except ImportError:
        return b"", "the Python package pyseccomp is not installed"
    except RuntimeError:
        return b"", "the system's libseccomp is not there; install it with: sudo apt install libseccomp2"
    except OSError as error:
        return b"", f"libseccomp refused: {error}"
