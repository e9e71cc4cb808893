"""An index folder on disk: who may use it, who writes, and files that are what they were when they were written."""

from __future__ import annotations

import fcntl
import os
import stat
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongwen.errors import IndexBusy
from index.engine import IndexBroken

_LOCK_NAME = "write.lock"


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of the index as its commit left it; it never changes afterwards. `inode` and `time` tell whether it has
    been touched since, which is asked at every opening: reading a gigabyte for its checksum takes seconds."""

    name: str
    size: int
    check: int
    inode: int
    time: int

    @classmethod
    def of(cls, path: Path) -> IndexFile:
        found = path.stat()
        return cls(path.name, found.st_size, _checksum(path), found.st_ino, found.st_mtime_ns)

    def verify(self, folder: Path, *, thorough: bool = False) -> None:
        """The checksum is compared when the file has been touched, or when `thorough`. FileNotFoundError passes:
        another process may have merged the file away just now."""
        path = folder / self.name
        found = path.stat()
        untouched = (found.st_ino, found.st_mtime_ns) == (self.inode, self.time)
        if found.st_size != self.size or ((thorough or not untouched) and _checksum(path) != self.check):
            raise IndexBroken(f"index file {path.name} is damaged")


def _checksum(path: Path) -> int:
    check = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            check = zlib.crc32(piece, check)
    return check


def sync(path: Path) -> None:
    """A file or a folder on the disk: power loss must not take what a commit counted on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(folder: Path, *, patience: float) -> Iterator[None]:
    """An exclusive lock on the folder, which dies with its process. Raises IndexBusy."""
    descriptor = os.open(folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, patience)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise IndexBusy("另一个进程正在更新索引，请稍后再试") from error
            time.sleep(0.05)


def check_owner(folder: Path) -> None:
    """Whoosh's blocks are pickles: an index that another user can write is not opened."""
    try:
        found = folder.stat()
    except OSError as error:
        raise IndexBroken(f"{folder} cannot be read: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise IndexBroken(f"{folder} must be a folder of mode 0700")
    if os.geteuid() not in (0, found.st_uid):
        raise IndexBroken(f"{folder} belongs to another user")
