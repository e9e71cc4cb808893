"""users.db: the file, its tables, and connections to it. A connection of its own for every call: rows are few, and
what one process changes another sees at once (a session that was ended is ended everywhere)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gongwen.disk import transaction
from gongwen.errors import StoreError

NAME = "users.db"
_BUSY_SECONDS = 10.0
_MIGRATIONS = (
    """
    CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        shown TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'auditor', 'admin')),
        units TEXT NOT NULL DEFAULT '[]',
        via TEXT NOT NULL DEFAULT 'local' CHECK (via IN ('local', 'ldap', 'oidc')),
        password TEXT NOT NULL DEFAULT '',
        disabled INTEGER NOT NULL DEFAULT 0,
        secret TEXT NOT NULL DEFAULT '',
        step INTEGER NOT NULL DEFAULT 0,
        made REAL NOT NULL
    ) STRICT;
    CREATE TABLE codes (
        user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        hash TEXT NOT NULL,
        PRIMARY KEY (user, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
        hash TEXT PRIMARY KEY,
        user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        stage TEXT NOT NULL CHECK (stage IN ('second', 'enrol', 'full')),
        made REAL NOT NULL,
        seen REAL NOT NULL,
        address TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_user ON sessions (user);
    CREATE TABLE links (
        hash TEXT PRIMARY KEY,
        user INTEGER REFERENCES users (id) ON DELETE CASCADE,
        ends REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE attempts (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        at REAL NOT NULL
    ) STRICT;
    CREATE INDEX attempts_by_key ON attempts (kind, key, at);
    CREATE TABLE tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash TEXT NOT NULL UNIQUE,
        user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        rights TEXT NOT NULL,
        made REAL NOT NULL,
        ends REAL NOT NULL,
        seen REAL NOT NULL DEFAULT 0
    ) STRICT;
    """,
)
"""One script a version, forward only. A link without a user is the one that sets up the first administrator."""


class UsersFile:
    """Nothing is made before the first write, so a site that nobody has made users for leaves no file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and safe on the disk when it ends."""
        with self._open() as db, transaction(db):
            yield db

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._create()
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=_BUSY_SECONDS)) as db:
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA secure_delete = ON")
                self._migrate(db)
                db.execute("PRAGMA foreign_keys = ON")
                yield db
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise StoreError(f"用户资料读写失败（{self.path}）：{error}") from error

    def _create(self) -> None:
        """Readable by nobody else from its first moment."""
        if self.path.exists():
            return
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise StoreError(f"用户资料不能建立（{self.path}）：{error.strerror}") from error

    def _migrate(self, db: sqlite3.Connection) -> None:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(_MIGRATIONS):
            raise StoreError(f"{NAME} 是较新版本的程序写的，请升级本程序后再用")
        for number in range(version + 1, len(_MIGRATIONS) + 1):
            with transaction(db):
                if int(db.execute("PRAGMA user_version").fetchone()[0]) >= number:
                    continue
                for statement in filter(str.strip, _MIGRATIONS[number - 1].split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")
