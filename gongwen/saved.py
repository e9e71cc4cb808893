"""Searches that people keep under a name: CORPUS/saved.db.

Not derived: it is backed up like the journal. It has a file of its own, because the journal belongs to ingest, which
writes it all the time, and because another program version must not have to migrate both at once. There are no
accounts yet, so `owner` is '' and everybody sees all of them (issue 8).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongwen.disk import transaction
from gongwen.errors import StoreError

NAME = "saved.db"
MOST = 500
"""Of one owner."""
MAX_NAME = 60
SCHEMA_REVISION = 1
_BUSY_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE search(id TEXT PRIMARY KEY, name TEXT NOT NULL, query TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
                    made_at TEXT NOT NULL, told_at TEXT NOT NULL);
CREATE TABLE told(search TEXT NOT NULL REFERENCES search(id) ON DELETE CASCADE, paper TEXT NOT NULL,
                  PRIMARY KEY(search, paper)) WITHOUT ROWID;
"""


class TooManySearchesError(StoreError):
    """Somebody must delete some of their own first."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`query` are the parameters of the search page (q=…&year=…), so a saved search is an address with a name.
    `told_at` is when somebody was last told of its papers."""

    id: str
    name: str
    query: str
    owner: str
    made_at: str
    told_at: str


class SavedSearches:
    """The file is made at the first save; a connection of its own for every call. Times are given by the caller."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self, owner: str = "") -> list[SavedSearch]:
        """In the order they were saved."""
        if not self._path.exists():
            return []
        with self._open() as db:
            found = db.execute(f"{_COLUMNS} WHERE owner = ? ORDER BY rowid", (owner,)).fetchall()
        return [SavedSearch(*one) for one in found]

    def get(self, search_id: str) -> SavedSearch | None:
        if not self._path.exists():
            return None
        with self._open() as db:
            found = db.execute(f"{_COLUMNS} WHERE id = ?", (search_id,)).fetchone()
        return None if found is None else SavedSearch(*found)

    def add(self, name: str, query: str, at: str, owner: str = "") -> SavedSearch:
        """The same name and query again is the same search. StoreError when there are too many."""
        self._create()
        with self._open() as db, transaction(db):
            where = " WHERE name = ? AND query = ? AND owner = ?"
            found = db.execute(f"{_COLUMNS}{where}", (name, query, owner)).fetchone()
            if found is not None:
                return SavedSearch(*found)
            if int(db.execute("SELECT count(*) FROM search WHERE owner = ?", (owner,)).fetchone()[0]) >= MOST:
                raise TooManySearchesError(f"已保存 {MOST} 个检索，请先删除不用的")
            made = SavedSearch(secrets.token_hex(8), name[:MAX_NAME], query, owner, at, at)
            db.execute(
                "INSERT INTO search VALUES (?, ?, ?, ?, ?, ?)",
                (made.id, made.name, made.query, made.owner, made.made_at, made.told_at),
            )
            return made

    def rename(self, search_id: str, name: str) -> bool:
        """False when there is no such search."""
        return self._change("UPDATE search SET name = ? WHERE id = ?", (name[:MAX_NAME], search_id))

    def delete(self, search_id: str) -> bool:
        return self._change("DELETE FROM search WHERE id = ?", (search_id,))

    def told(self, search_id: str) -> frozenset[str]:
        """Ids of the papers that somebody was told of."""
        if not self._path.exists():
            return frozenset()
        with self._open() as db:
            return frozenset(one for (one,) in db.execute("SELECT paper FROM told WHERE search = ?", (search_id,)))

    def tell(self, search_id: str, papers: Collection[str], at: str) -> None:
        """From now on these papers are no news. Those told before stay told: one that was taken out and comes again
        is none either."""
        with self._open() as db, transaction(db):
            if db.execute("UPDATE search SET told_at = ? WHERE id = ?", (at, search_id)).rowcount:
                db.executemany("INSERT OR IGNORE INTO told VALUES (?, ?)", [(search_id, one) for one in papers])

    def forget(self, head: str) -> None:
        """No paper of the file whose hash begins so was ever told of."""
        self._change("DELETE FROM told WHERE paper LIKE ? || '-%'", (head,))

    def _change(self, statement: str, values: tuple[str, str] | tuple[str]) -> bool:
        if not self._path.exists():
            return False
        with self._open() as db, transaction(db):
            return db.execute(statement, values).rowcount > 0

    def _create(self) -> None:
        if self._path.exists():
            return
        with self._open() as db, transaction(db):
            if not int(db.execute("PRAGMA user_version").fetchone()[0]):
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_REVISION}")
        self._path.chmod(0o640)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None, timeout=_BUSY_SECONDS)) as db:
                version = int(db.execute("PRAGMA user_version").fetchone()[0])
                if version > SCHEMA_REVISION:
                    raise StoreError(f"{NAME} 是较新版本的程序写的，请升级本程序后再用")
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA synchronous = FULL")
                yield db
        except sqlite3.Error as error:
            raise StoreError(f"保存的检索读写失败（{self._path}）：{error}") from error


_COLUMNS = "SELECT id, name, query, owner, made_at, told_at FROM search"
