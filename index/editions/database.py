"""editions.db: which papers are copies or versions of each other, beside the index and like it a cache.

A section is a set of tables made by one script and stamped with a revision. A
section of another revision is empty until who owns it has filled it anew; a file that is damaged is thrown away with
all sections. Processes share the file: one writes at a time, readers see what was committed last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongwen.disk import transaction
from gongwen.errors import IndexBusy, StoreError

_BUSY_SECONDS = 30.0
_SECTIONS = "CREATE TABLE IF NOT EXISTS sections (name TEXT PRIMARY KEY, stamp TEXT NOT NULL) STRICT, WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class Section:
    """`script` makes its tables and indexes, whose names all begin with `name` and an underscore."""

    name: str
    revision: int
    script: str

    @property
    def stamp(self) -> str:
        return str(self.revision)


class EditionsFile:
    """May be used from any thread: each call has a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_current(self, section: Section) -> bool:
        """Whether the section was filled to its end by this revision."""
        try:
            with self.reading() as db:
                found = db.execute("SELECT stamp FROM sections WHERE name = ?", (section.name,)).fetchone()
        except sqlite3.DatabaseError:
            return False
        return found is not None and found[0] == section.stamp

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Raises sqlite3.Error when there is no file or no table yet, or nothing can be read."""
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as db:
            yield db

    @contextmanager
    def writing(self, section: Section) -> Iterator[sqlite3.Connection]:
        """All that is written within is committed at the end or not at all. Raises IndexBusy while another process
        writes for long."""
        with self._open() as db, _told(), transaction(db):
            self._require(db, section)
            yield db

    @contextmanager
    def renewing(self, section: Section) -> Iterator[sqlite3.Connection]:
        """The section is emptied, filled within and stamped, in one transaction: readers see the old one until then.
        A damaged file goes first, with all sections."""
        self._throw_away_if_damaged()
        with self._open() as db, _told(), transaction(db):
            for kind, name in db.execute("SELECT type, name FROM sqlite_master").fetchall():
                if kind == "table" and str(name).startswith(f"{section.name}_"):
                    db.execute(f'DROP TABLE "{name}"')
            for statement in section.script.split(";"):
                if statement.strip():
                    db.execute(statement)
            yield db
            db.execute("INSERT OR REPLACE INTO sections VALUES (?, ?)", (section.name, section.stamp))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        is_new = not self._path.exists()
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as db:
            with _told():
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")  # a power cut costs what can be derived again
                db.execute(_SECTIONS)
            if is_new:
                self._path.chmod(0o640)
            yield db

    def _require(self, db: sqlite3.Connection, section: Section) -> None:
        found = db.execute("SELECT stamp FROM sections WHERE name = ?", (section.name,)).fetchone()
        if found is None or found[0] != section.stamp:
            raise StoreError(f"目录库 {self._path.name} 需要重建，请运行 rebuild")

    def _throw_away_if_damaged(self) -> None:
        if not self._path.exists():
            return
        try:
            with self._open() as db:
                if db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                    return
        except sqlite3.DatabaseError as error:
            if (error.sqlite_errorcode & 0xFF) not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
                raise
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    """A lock held by another process becomes IndexBusy, which ingest waits out."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise IndexBusy("editions.db is being written by another process") from error
        raise
