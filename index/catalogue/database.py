"""One SQLite file of derived tables, shared by modules that each own some of them (`Part`).

A part is stamped with what made it. Another stamp, a missing table or a damaged file means: make it anew; nothing in
this file is the only copy of anything. One process writes at a time, under a lock that dies with it; readers go on
with what was committed (WAL), and notice when the file has been replaced."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from gongwen.errors import GongwenError, IndexBusy, StoreError
from index.folder import writing

PATIENCE = 30.0
"""Seconds to wait for another writer."""

_META = MetaData()
_PARTS = Table(
    "parts", _META,
    Column("name", String, primary_key=True),
    Column("stamp", String, nullable=False),
    Column("tables", String, nullable=False),
)  # fmt: skip
_PRAGMAS = (
    "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536", "PRAGMA mmap_size = 1073741824", "PRAGMA temp_store = MEMORY",
)  # fmt: skip
"""Whatever a power cut takes is made again from the records, so a commit need not wait for the disk."""

_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SHUT = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})


class FactsBroken(GongwenError):  # noqa: N818  (a state, as IndexBroken)
    """The tables of a part are missing, damaged or of another version: they must be made anew."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tables that one module owns, and the stamp of what makes them."""

    name: str
    tables: MetaData
    stamp: str


class Database:
    """A part in its file. All methods may be called from any thread."""

    def __init__(self, path: Path, part: Part) -> None:
        if "parts" in part.tables.tables:
            raise ValueError("the table parts belongs to the file")
        self._path = path
        self._part = part
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._seen: tuple[int, int] | None = None

    def close(self) -> None:
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine, self._seen = None, None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the tables for all that is asked inside. Raises FactsBroken."""
        with _told(self._path), self._open().begin() as connection:
            self._require_stamp(connection)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing. Raises IndexBusy, FactsBroken; a full disk stays the error of SQLite."""
        with self._locked(), _told(self._path), self._open(create=True).begin() as connection:
            self._require_stamp(connection)
            yield connection

    def remake(self, fill: Callable[[Connection], None], *, only_if_broken: bool = False) -> None:
        """Drop and make the part's tables and fill them, in one transaction: readers see the old ones until then.
        `only_if_broken`: not when another process has done it while this one waited for its turn."""
        with self._locked():
            if only_if_broken and self._is_sound():
                return
            try:
                self._remake(fill)
            except FactsBroken:
                self._discard()
                self._remake(fill)

    def _remake(self, fill: Callable[[Connection], None]) -> None:
        with _told(self._path), self._open(create=True).begin() as connection:
            _META.create_all(connection)
            self._drop(connection)
            self._part.tables.create_all(connection)
            fill(connection)
            row = {"name": self._part.name, "stamp": self._part.stamp,
                   "tables": json.dumps(sorted(self._part.tables.tables))}  # fmt: skip
            connection.execute(_PARTS.delete().where(_PARTS.c.name == self._part.name))
            connection.execute(insert(_PARTS).values(row))

    def _is_sound(self) -> bool:
        try:
            with self.reading() as connection:
                for table in self._part.tables.sorted_tables:
                    connection.execute(select(table).limit(1)).all()
        except FactsBroken:
            return False
        return True

    def _drop(self, connection: Connection) -> None:
        """Also tables that an earlier version of the part had."""
        found = connection.execute(select(_PARTS.c.tables).where(_PARTS.c.name == self._part.name)).scalar()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        self._part.tables.drop_all(connection)
        for name in json.loads(found or "[]"):
            if name.isidentifier() and name not in self._part.tables.tables:
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')

    def _require_stamp(self, connection: Connection) -> None:
        found = connection.execute(select(_PARTS.c.stamp).where(_PARTS.c.name == self._part.name)).scalar()
        if found != self._part.stamp:
            raise FactsBroken("made by another version" if found else "not made yet")

    def _discard(self) -> None:
        """The file is damaged: it goes, with the tables of all parts, which make theirs anew when they are asked."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The lock that the search index of the corpus is written under, in a folder of our own."""
        folder = self._path.parent / "index"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            held = folder / "facts"
            held.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _refused(self._path, error.strerror or str(error)) from error
        with writing(held, patience=PATIENCE):
            yield

    def _open(self, *, create: bool = False) -> Engine:
        with self._lock:
            seen = _inode(self._path)
            if self._engine is not None and seen == self._seen and seen is not None:
                return self._engine
            if self._engine is not None:
                self._engine.dispose()  # what is in use is closed when it is given back
            if seen is None and not create:
                raise FactsBroken("there is no file yet")
            if seen is None:
                _make(self._path)
            self._engine = _engine(self._path)
            self._seen = _inode(self._path)
            return self._engine


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", poolclass=QueuePool, pool_size=8, max_overflow=8,
        connect_args={"check_same_thread": False, "timeout": PATIENCE, "isolation_level": None},
    )  # fmt: skip

    def connected(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
    return engine


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite says, in the terms of the callers."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _BROKEN or (code == sqlite3.SQLITE_ERROR and str(cause).startswith("no such")):
            raise FactsBroken(str(cause)) from error
        if code in _BUSY:
            raise IndexBusy("另一个进程正在更新目录，请稍后再试") from error
        if code in _SHUT:
            raise _refused(path, str(cause)) from error
        if cause is not None and code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise cause from error
        raise


def _refused(path: Path, why: str) -> StoreError:
    return StoreError(f"事项目录不可读写：{path}（{why}）。请检查权限和磁盘；它可以重建：移走该文件后运行 rebuild")
