"""Acceptance: a file becomes an object, durably, before anything else is done with it (reliability.md §3 item 1).

Order: safe open, copy while hashing, fsync, look again, rename into objects/, fsync the folder, commit the journal,
and only then remove the file from the inbox. A crash at any point leaves the file or the object, mostly both."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import IO, BinaryIO

from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.journal import Arrival, Journal, nothing, now
from ingest.names import shown
from ingest.owner import Owner
from ingest.walk import Found, is_unchanged
from ingest.withdraw import is_withdrawn

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
        taken = self.take_all([found], via=via, who=who, remove=remove)[0]
        if isinstance(taken, SourceError):
            raise taken
        return taken

    def take_all(
        self, found: Sequence[Found], *, via: str, who: str, remove: bool = False
    ) -> list[Accepted | SourceError]:
        """As `take` for each, with fewer waits for the disk: each step is taken for all before the next one. An error
        of the disk is raised; then any of them may have been accepted, and taking them again is harmless."""
        with ExitStack() as stack:
            copies = [self._open(one, stack) for one in found]
            for copy in copies:
                if isinstance(copy, _Copy):
                    copy.sync()
                    self._at("accept:synced")
            checked = [self._admitted(_checked(copy)) for copy in copies]
            accepted = self._keep([copy for copy in checked if isinstance(copy, _Copy)], via, who)
            for one, copy in zip(found, checked, strict=True):
                if remove and isinstance(copy, _Copy):
                    _remove(one, copy)
                    self._at("accept:removed")
        return [copy if isinstance(copy, SourceError) else next(accepted) for copy in checked]

    def take_stream(self, stream: IO[bytes], name: str, *, who: str, via: str = "upload") -> Accepted:
        """Accept an upload; when this returns the bytes survive a power cut (answer 201 or 202 only then)."""
        with ExitStack() as stack:
            copy = self._copy(stream, shown(name), stack)
            copy.sync()
            self._at("accept:synced")
            checked = self._admitted(_checked(copy))
            if isinstance(checked, SourceError):
                raise checked
            return next(self._keep([checked], via, who))

    def _admitted(self, copy: _Copy | SourceError) -> _Copy | SourceError:
        """What was withdrawn does not come back."""
        if isinstance(copy, _Copy) and is_withdrawn(self._store, copy.sha256):
            return SourceError("withdrawn")
        return copy

    def _open(self, found: Found, stack: ExitStack) -> _Copy | SourceError:
        try:
            file = stack.enter_context(os.fdopen(open_regular(found.path), "rb"))
            before = os.fstat(file.fileno())
            if found.seen is not None and found.seen != (before.st_size, before.st_mtime_ns):
                raise SourceError("changed", "since the folder was listed")
            self._at("accept:opened")
            return replace(self._copy(file, found.name, stack), source=file, before=before)
        except SourceError as error:
            return error

    def _copy(self, source: IO[bytes], name: str, stack: ExitStack) -> _Copy:
        """Into a temporary file, which goes with the stack unless it has become an object."""
        digest = hashlib.sha256()
        size = 0
        path = self._owner.tmp / secrets.token_hex(8)
        stack.callback(path.unlink, missing_ok=True)
        file = stack.enter_context(path.open("xb"))
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            size += len(chunk)
            if size > self._max_bytes:
                raise SourceError("too_large", f"more than {self._max_bytes} bytes")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        self._at("accept:copied")
        return _Copy(name, path, file, digest.hexdigest(), size)

    def _keep(self, copies: list[_Copy], via: str, who: str) -> Iterator[Accepted]:
        """Rename and commit: from here on they are ours."""
        self._store.put_objects([(copy.path, copy.sha256) for copy in copies])
        for _ in copies:
            self._at("accept:stored")
        at = now()
        arrived = [(copy.size, Arrival(copy.sha256, copy.name, via, who, at)) for copy in copies]
        new = self._journal.accept_all(arrived) if arrived else []
        for _ in copies:
            self._at("accept:committed")
        return iter([Accepted(copy.sha256, copy.size, one) for copy, one in zip(copies, new, strict=True)])


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


@dataclass(frozen=True, slots=True)
class _Copy:
    """A file's bytes in the owner's folder; `source` and its state before, when they came from a path."""

    name: str
    path: Path
    file: BinaryIO
    sha256: str
    size: int
    source: BinaryIO | None = None
    before: os.stat_result | None = None

    def sync(self) -> None:
        os.fsync(self.file.fileno())


def _checked(copy: _Copy | SourceError) -> _Copy | SourceError:
    """The copy, when it is a whole one and holds anything."""
    if isinstance(copy, SourceError):
        return copy
    if copy.source is not None and copy.before is not None:
        after = os.fstat(copy.source.fileno())
        if (after.st_size, after.st_mtime_ns) != (copy.before.st_size, copy.before.st_mtime_ns):
            return SourceError("changed", "while it was copied")
    return copy if copy.size else SourceError("empty")


def _remove(found: Found, copy: _Copy) -> None:
    state = found.path.lstat() if found.path.exists() else None
    if state is None or copy.before is None:
        return
    if os.path.samestat(state, copy.before) and is_unchanged(found):
        found.path.unlink()
