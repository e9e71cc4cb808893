"""Disk space: when to stop taking files in, when to wait, when to give up."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from gongwen.disk import free_mb

_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""SHMSIZE: the shared memory of the WAL could not grow."""


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error (or what caused it) says that there is no room; SQLite and the system say it differently."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) in _SQLITE_FULL:
            return True
        error = error.__cause__
    return False


class Space:
    """`floor_mb` free must be left for new files to be accepted. After a full disk nothing is tried for `poll`
    seconds; without any success for `patience` seconds it gives up."""

    def __init__(
        self, root: Path, *, floor_mb: int, patience: float, poll: float = 2.0,
        on_short: Callable[[], None] = lambda: None, free: Callable[[Path], int] = free_mb,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._root = root
        self._floor = floor_mb
        self._patience = patience
        self._poll = poll
        self._on_short = on_short
        self._free = free
        self._clock = clock
        self._since: float | None = None
        self._work_after = 0.0
        self._accept_after = 0.0

    @property
    def gave_up(self) -> bool:
        return self._since is not None and self._clock() - self._since > self._patience

    def may_work(self) -> bool:
        return self._clock() >= self._work_after

    def may_accept(self) -> bool:
        """Below the floor what was accepted goes on, new files wait."""
        if not self.may_work() or self._clock() < self._accept_after:
            return False
        if self._free(self._root) >= self._floor:
            return True
        self._short()
        self._accept_after = self._clock() + self._poll
        return False

    def full(self) -> None:
        """A write met a full disk."""
        self._short()
        self._work_after = self._clock() + self._poll

    def worked(self) -> None:
        """Something was written: patience begins anew."""
        self._since = None

    def _short(self) -> None:
        if self._since is None:
            self._since = self._clock()
            self._on_short()
