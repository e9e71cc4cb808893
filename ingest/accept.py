"""Acceptance: a file becomes an object, durably, before anything else is done with it (reliability.md §3 item 1).

Order: safe open, copy while hashing, fsync, look again, rename into objects/, fsync the folder, commit the journal,
and only then remove the file from the inbox. A crash at any point leaves the file or the object, mostly both."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.journal import Arrival, Journal, nothing, now
from ingest.names import shown
from ingest.owner import Owner
from ingest.walk import Found, is_unchanged

_CHUNK = 1 << 20
_OPEN_REASONS = {
    errno.ELOOP: "not_regular", errno.ENXIO: "not_regular", errno.ENODEV: "not_regular",
    errno.ENOENT: "missing", errno.ENOTDIR: "missing", errno.EACCES: "unreadable", errno.EPERM: "unreadable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accepted:
    """Bytes that are safe. `is_new`: they had never arrived before."""

    sha256: str
    size: int
    is_new: bool


class Acceptor:
    """Takes files into the corpus for one owner. Raises SourceError for what it refuses."""

    def __init__(
        self, store: Store, journal: Journal, owner: Owner, *, max_bytes: int, at: Callable[[str], None] = nothing
    ) -> None:
        self._store = store
        self._journal = journal
        self._owner = owner
        self._max_bytes = max_bytes
        self._at = at

    def take(self, found: Found, *, via: str, who: str, remove: bool = False) -> Accepted:
        """Accept a file by path. With `remove` (the inbox) it goes once it is safe, unless it changed meanwhile."""
        handle = open_regular(found.path)
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
            if found.seen is not None and found.seen != (before.st_size, before.st_mtime_ns):
                raise SourceError("changed", "since the folder was listed")
            self._at("accept:opened")
            chunks = iter(lambda: file.read(_CHUNK), b"")
            accepted = self._keep(chunks, found.name, via, who, lambda: _same(handle, before))
        if remove:
            state = found.path.lstat() if found.path.exists() else None
            if state is not None and os.path.samestat(state, before) and is_unchanged(found):
                found.path.unlink()
            self._at("accept:removed")
        return accepted

    def take_stream(self, stream: BinaryIO, name: str, *, who: str, via: str = "upload") -> Accepted:
        """Accept an upload; when this returns the bytes survive a power cut (answer 201 or 202 only then)."""
        return self._keep(iter(lambda: stream.read(_CHUNK), b""), shown(name), via, who, lambda: True)

    def _keep(
        self, chunks: Iterator[bytes], name: str, via: str, who: str, is_same: Callable[[], bool]
    ) -> Accepted:
        temp = self._owner.tmp / secrets.token_hex(8)
        try:
            sha256, size = self._copy(chunks, temp)
            self._at("accept:synced")
            if not is_same():
                raise SourceError("changed", "while it was copied")
            if size == 0:
                raise SourceError("empty")
            self._store.put_object(temp, sha256)
        finally:
            temp.unlink(missing_ok=True)
        self._at("accept:stored")
        is_new = self._journal.accept(sha256, size, Arrival(sha256, name, via, who, now()))
        self._at("accept:committed")
        return Accepted(sha256, size, is_new)

    def _copy(self, chunks: Iterator[bytes], temp: Path) -> tuple[str, int]:
        digest = hashlib.sha256()
        size = 0
        with temp.open("xb") as copy:
            for chunk in chunks:
                size += len(chunk)
                if size > self._max_bytes:
                    raise SourceError("too_large", f"more than {self._max_bytes} bytes")
                digest.update(chunk)
                copy.write(chunk)
            self._at("accept:copied")
            copy.flush()
            os.fsync(copy.fileno())
        return digest.hexdigest(), size


def open_regular(path: Path) -> int:
    """A file handle for reading that never blocks on a FIFO and never follows a link. Raises SourceError."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise SourceError(_OPEN_REASONS.get(error.errno or 0, "unreadable"), os.strerror(error.errno or 0)) from error
    if not S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise SourceError("not_regular")
    return handle


def _same(handle: int, before: os.stat_result) -> bool:
    after = os.fstat(handle)
    return (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
