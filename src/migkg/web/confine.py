"""Bounds that a worker process puts on itself, and that hold whatever the engine does: no network, no endless work.

The engine has neither a time limit nor a way to stop a query, and asks other hosts when a query says SERVICE or LOAD.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import sys
import threading
import time
from pathlib import Path

OUT_OF_MEMORY = 77
"""Exit code of a worker that took more memory than it may, where the system itself does not end it."""

_PAUSE = 0.05  # seconds between two looks at the memory

# Linux: prctl(2), seccomp(2), and numbers of the calls socket, connect, execve, execveat, io_uring_setup.
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # refuse with EPERM
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def forbid_network() -> bool:
    """Never again open a socket or start a program, in this process and all its threads from now on.

    :returns: False where the system offers no such thing; then only the check of the query's text stands.
    """
    machine, calls = _MACHINES.get(platform.machine(), (0, ()))
    if sys.platform != "linux" or not calls:
        return False
    load, equal, at_least, end = 0x20, 0x15, 0x35, 0x06
    last = len(calls) + 5  # the step that refuses; a jump counts from the step after its own
    steps = (
        (load, 0, 0, 4),  # the machine of the call; another one's calls have other numbers
        (equal, 0, last - 2, machine),
        (load, 0, 0, 0),  # the number of the call
        (at_least, last - 4, 0, 0x40000000),  # the x32 calls of x86_64
        *((equal, last - place - 1, 0, number) for place, number in enumerate(calls, 4)),
        (end, 0, 0, _ALLOW),
        (end, 0, 0, _REFUSE),
    )
    filter_ = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    program = _Program(len(steps), filter_)
    return int(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0


def limit_memory(most: int) -> None:
    """Let this process take so many bytes beyond what it has now; one that takes more ends.

    :param most: bytes.
    """
    if sys.platform == "linux":
        held = used_memory() + most
        resource.setrlimit(resource.RLIMIT_AS, (held, held))
        return
    threading.Thread(target=_watch_memory, args=(most,), daemon=True).start()


def used_memory() -> int:
    """Bytes of address space that this process has; elsewhere than on Linux 0."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _watch_memory(most: int) -> None:
    """macOS ignores a limit on address space, but the engine lets other threads run while it works."""
    unit = 1 if sys.platform == "darwin" else 1024
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) * unit <= most:
        time.sleep(_PAUSE)
    os._exit(OUT_OF_MEMORY)


def limit_work(seconds: float) -> None:
    """Let this process work so many more seconds (CPU time), so that one whose parent is gone ends too."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
