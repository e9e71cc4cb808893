"""What the operating system does for the sandbox: no network, own session, limits, death with the parent.

Linux has all of it; elsewhere each part that is missing shows as false in `sandbox_report`, and reading goes on
with what there is (row 2 of reliability.md: the status page says so, conversions that need more refuse).
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import socket
import sys
from functools import cache
from typing import Any

from ingest.budget import MAX_PAGES

__all__ = ["MAX_PAGES", "cause_of_death", "confine", "cut_network", "die_with_parent", "report", "shut_in"]

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@cache
def _libc() -> ctypes.CDLL | None:
    """Loaded before the first fork (`cut_network`), so no child has to."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def cut_network() -> str:
    """Leave the network for good; a new user name space lets an ordinary user do so. Returns what worked:
    "user+net", "net" (root in a container) or "none"."""
    libc = _libc()
    if libc is None:
        return "none"
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        return "user+net"
    return "net" if libc.unshare(_CLONE_NEWNET) == 0 else "none"


def shut_in(limits: dict[str, Any], *, keep: int, parent: int) -> None:
    """Turn this freshly forked process into a child that can only compute and write to `keep`; a converter's may
    also write files, of at most `file_writes` bytes each."""
    os.setsid()
    die_with_parent()
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.closerange(3, keep)
    os.closerange(keep + 1, 1024)
    sys.dont_write_bytecode = True
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_DFL)
    cpu = max(1, int(limits["cpu"]))
    most = cpu + int(limits["cpu_per_page"] * MAX_PAGES) + 5
    writes = int(limits.get("file_writes", 0))
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits["memory_bytes"], limits["memory_bytes"]),
        (resource.RLIMIT_CPU, cpu, most),
        (resource.RLIMIT_FSIZE, writes, writes),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
    ):
        _limit(kind, soft, hard)


def confine(*, memory_bytes: int, cpu: int) -> str:
    """For a process that was started for one piece of work and answers on its standard output: no network, no files
    written, so much memory and CPU and no more, and no life after its parent. Says how the network was cut."""
    die_with_parent()
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    sys.dont_write_bytecode = True
    state = cut_network()
    for kind, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_FSIZE, 0),
                       (resource.RLIMIT_CORE, 0)):  # fmt: skip
        _limit(kind, most, most)
    return state


def die_with_parent() -> None:
    """Also of use between fork and exec: the wish survives an exec, but not a further fork."""
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


NO_MEMORY = 86
"""Exit status of a child whose Python ran out of memory."""


def cause_of_death(status: int, usage: resource.struct_rusage, limits: dict[str, Any]) -> str:
    """The reason code for a process that ended without an answer."""
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == NO_MEMORY:
        return "memory"
    if os.WIFSIGNALED(status):
        sign = os.WTERMSIG(status)
        if sign == signal.SIGXCPU:
            return "cpu"
        if sign == signal.SIGXFSZ:
            return "output_too_large"
        if usage.ru_utime + usage.ru_stime >= limits["cpu"]:
            return "cpu"  # LibreOffice aborts when it is told that its time is up
        if sign == signal.SIGKILL:
            return "memory"
        # Native code that runs out of memory aborts; how much it held tells that from a plain crash.
        if usage.ru_maxrss * 1024 > 0.7 * limits["memory_bytes"]:
            return "memory"
    return "crash"


def more_cpu(limits: dict[str, Any], pages: int) -> None:
    """The share of CPU that a file of so many pages may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = soft + int(limits["cpu_per_page"] * pages)
    _limit(resource.RLIMIT_CPU, wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)


def _limit(kind: int, soft: int, hard: int) -> None:
    _, before = resource.getrlimit(kind)
    if before != resource.RLIM_INFINITY:
        soft, hard = min(soft, before), min(hard, before)
    resource.setrlimit(kind, (soft, hard))


def report(state: str) -> dict[str, bool | str]:
    """What holds inside a child, tried rather than believed; run inside one."""
    return {
        "name_spaces": state,
        "no_network": _no_network(),
        "own_session": os.getsid(0) == os.getpid(),
        "dies_with_parent": _dies_with_parent(),
        "memory_limited": _memory_bites(),
        "cpu_limited": resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY,
        "no_file_writes": resource.getrlimit(resource.RLIMIT_FSIZE)[0] == 0,
        "no_core_dumps": resource.getrlimit(resource.RLIMIT_CORE)[0] == 0,
    }


def _no_network() -> bool:
    """An address that needs no route outwards still needs an interface that is up."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", 9))
    except OSError as error:
        return error.errno in (errno.ENETUNREACH, errno.EPERM, errno.EACCES)
    return False


def _dies_with_parent() -> bool:
    libc = _libc()
    if libc is None:
        return False
    sign = ctypes.c_int(0)
    libc.prctl(2, ctypes.byref(sign), 0, 0, 0)
    return sign.value == signal.SIGKILL


def _memory_bites() -> bool:
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    try:
        bytes(limit)
    except MemoryError:
        return True
    return False
