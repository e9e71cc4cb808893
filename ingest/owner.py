"""Owners: a process that works on the corpus holds a lock on a file of its own for as long as it lives.

Who can take an owner's lock knows that the owner is dead; no pid is trusted, for pids come again."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType

from gongwen.disk import make_folder, sweep_temp
from gongwen.store import Store


class Owner:
    """Alive from construction to `close` (or the death of the process). `tmp` is a folder of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name, self._lock = _enrol(store.owners)
        self.tmp = store.tmp / self.name
        make_folder(self.tmp)

    def close(self) -> None:
        shutil.rmtree(self.tmp, ignore_errors=True)
        (self._store.owners / self.name).unlink(missing_ok=True)
        os.close(self._lock)

    def __enter__(self) -> Owner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_alive(store: Store, name: str) -> bool:
    """False once the owner's process has gone, however it went."""
    try:
        handle = os.open(store.owners / name, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def has_peers(store: Store, name: str) -> bool:
    """Whether another process than `name` works on the corpus."""
    return any(path.name != name and is_alive(store, path.name) for path in store.owners.iterdir())


def bury(store: Store) -> list[str]:
    """Remove the lock files and temporary folders of dead owners; gives their names. Objects are never touched."""
    dead: list[str] = []
    for path in sorted(store.owners.iterdir()):
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            if _try_lock(handle):  # held while unlinking: a newcomer of that name notices and enrols again
                shutil.rmtree(store.tmp / path.name, ignore_errors=True)
                path.unlink(missing_ok=True)
                dead.append(path.name)
        finally:
            os.close(handle)
    for folder in store.tmp.iterdir():
        if folder.is_dir() and not is_alive(store, folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    sweep_temp(store.tmp)
    return dead


def _enrol(owners: Path) -> tuple[str, int]:
    while True:
        name = f"{os.getpid()}-{secrets.token_hex(8)}"
        path = owners / name
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
        # Between creation and lock another process may have taken us for dead and unlinked the file.
        if _try_lock(handle) and path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            return name, handle
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
