"""CORPUS/doubts.db as the tables of doubts use it: a connection for each thread, transactions, and tables made anew
when they are of another revision or the file is no database. All of it is derived."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongwen.disk import transaction
from gongwen.errors import IndexBusy, StoreError
from index.doubt_schema import SCHEMA, TABLES

_BUSY_SECONDS = 30.0
_NOT_A_DATABASE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


class DoubtFile:
    """Opened when it is first asked for; may be used from any thread."""

    def __init__(self, path: Path, revision: str) -> None:
        self._path = path
        self._revision = revision
        self._threads = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def rows(self, question: str, *bound: object) -> list[Any]:
        with self._told():
            return self._database().execute(question, bound).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; whatever is read inside is newer than what any earlier writer saw."""
        with self._told():
            database = self._database()
            with transaction(database):
                yield database

    def close(self) -> None:
        with self._lock:
            for one in self._all:
                one.close()
            self._all.clear()
            self._threads = threading.local()

    def _database(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._threads, "database", None)
        if held is None:
            held = self._opened()
            with self._lock:
                self._all.append(held)
            self._threads.database = held
        return held

    def _opened(self) -> sqlite3.Connection:
        """Under a lock file, so that one process makes the tables and nobody finds half of them."""
        with self._path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                return self._made()
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in _NOT_A_DATABASE:
                    raise
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            return self._made()

    def _made(self) -> sqlite3.Connection:
        is_new = not self._path.exists()
        database = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")  # derived: a power cut costs a catch_up
            if not _is_of(database, self._revision):
                with transaction(database):
                    for name in TABLES:
                        database.execute(f"DROP TABLE IF EXISTS {name}")
                    for statement in SCHEMA.split(";"):
                        database.execute(statement)
                    database.execute("INSERT INTO doubt_state VALUES ('revision', ?)", (self._revision,))
        except BaseException:
            database.close()
            raise
        if is_new:
            self._path.chmod(0o640)
        return database

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise IndexBusy("复核清单正在更新，请稍后再试") from error
            if code == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise self._refused(error) from error
        except (sqlite3.Error, PermissionError) as error:
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> StoreError:
        return StoreError(f"复核清单无法读写：{self._path}（{error}）。它可以重建：移走该文件后运行 rebuild")


def _is_of(database: sqlite3.Connection, revision: str) -> bool:
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'doubt_state'").fetchone() is None:
        return False
    found = database.execute("SELECT value FROM doubt_state WHERE name = 'revision'").fetchone()
    return found is not None and str(found[0]) == revision
