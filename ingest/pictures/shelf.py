"""Drawn pages on the disk: CORPUS/pictures/ab/<sha256>/. A cache: whatever is lost is drawn again.

Several processes may read, write and throw out at once: files appear by rename, and one that has gone is drawn anew.
A disk that is full or read-only costs time, never an answer."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from gongwen.disk import replace_file
from gongwen.store import Store

_LEFT = 0.8
"""Share of the room that stays full when the oldest are thrown out."""
_OFTEN = 20
"""Thrown out each time a twentieth of the room was written, so it is never over by more than that."""
_TOUCHED = 3600.0
_WAY_OUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOENT, errno.ENOTDIR})


class Shelf:
    def __init__(self, store: Store, room: int) -> None:
        """`room`: bytes that the pictures of all files may take."""
        self._store = store
        self._room = room
        self._written = room  # what was there before us is counted at the first writing
        self._lock = threading.Lock()

    def get(self, sha256: str, name: str) -> bytes | None:
        path = self._store.picture_folder(sha256) / name
        try:
            data = path.read_bytes()
            if time.time() - path.stat().st_mtime > _TOUCHED:
                os.utime(path)  # what is looked at is not the oldest
        except OSError:
            return None
        return data

    def put(self, sha256: str, name: str, data: bytes) -> bool:
        """False when the disk does not take it."""
        folder = self._store.picture_folder(sha256)
        try:
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            replace_file(folder / name, data, tmp=self._store.tmp, durable=False)
        except OSError as error:
            if error.errno not in _WAY_OUT:
                raise
            return False
        with self._lock:
            self._written += len(data)
            is_time = self._written * _OFTEN >= self._room
            self._written = 0 if is_time else self._written
        if is_time:
            self.sweep()
        return True

    def fail(self, sha256: str, name: str, code: str) -> bool:
        return self.put(sha256, name, json.dumps({"code": code}).encode())

    def failure(self, sha256: str, name: str, *, most: float = float("inf")) -> str | None:
        """The code of a failure that is no older than so many seconds, nor than the text: a file that was read anew may
        be drawn now."""
        path = self._store.picture_folder(sha256) / name
        try:
            noted = path.stat().st_mtime
            if time.time() - noted > most or noted < self._store.text_path(sha256).stat().st_mtime:
                return None
            return str(json.loads(path.read_bytes())["code"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def names(self, sha256: str) -> list[str]:
        try:
            return [path.name for path in self._store.picture_folder(sha256).iterdir()]
        except OSError:
            return []

    def drop(self, sha256: str) -> None:
        shutil.rmtree(self._store.picture_folder(sha256), ignore_errors=True)

    def sweep(self) -> int:
        """Throw out the oldest when there is too much; how many went. Only one process does so at a time."""
        root = self._store.root / "pictures"
        with contextlib.suppress(OSError), _alone(root / ".lock") as is_alone:
            return self._thrown_out(root) if is_alone else 0
        return 0

    def _thrown_out(self, root: Path) -> int:
        found = sorted(_files(root))
        total = sum(size for _, size, _ in found)
        if total <= self._room:
            return 0
        gone = 0
        for _, size, path in found:
            if total <= _LEFT * self._room:
                break
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()  # only when it was the last one
            total -= size
            gone += 1
        return gone


def _files(root: Path) -> Iterator[tuple[float, int, Path]]:
    """Time, size and place of each picture."""
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            with contextlib.suppress(OSError):
                state = path.stat()
                if name != ".lock":
                    yield state.st_mtime, state.st_size, path


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[bool]:
    with path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
