"""What stands beside the files of an engine: entries, which files count, and the folded texts.

`entries.db` (SQLite, rollback journal: one file) is the only commit point: a segment or a text that it does not
name does not exist, so a crash anywhere leaves either the old state or the new one. Folded texts, for engines that
check a match on the text, lie in one append-only file, because that is done for thousands in a query: mapped memory
is ten times faster than rows. Rows read back are checked against a checksum; files when they are not as they were
left (size, inode, time), or all of them when asked; what does not fit raises IndexBroken.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gongwen.disk import transaction
from gongwen.errors import IndexBusy
from index.engine import Entry, IndexBroken
from index.folder import IndexFile

SCHEMA_REVISION = 2
_CHUNK = 1 << 20
_ROWS = 2000
_BUSY_SECONDS = 30.0
_COLUMNS = "SELECT serial, id, facts, facts_check, start, size, length FROM entry"
_SHOWN = "SELECT id, title, text, text_check FROM body JOIN entry USING (serial) WHERE serial = ?"
_SCHEMA = """
CREATE TABLE entry(serial INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, facts TEXT NOT NULL,
                   facts_check INTEGER NOT NULL,
                   start INTEGER NOT NULL, size INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE TABLE body(serial INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, text_check INTEGER NOT NULL);
CREATE TABLE segment(segid TEXT PRIMARY KEY, serials BLOB NOT NULL, files TEXT NOT NULL);
CREATE TABLE aside(name TEXT PRIMARY KEY, last INTEGER NOT NULL, file TEXT NOT NULL);
CREATE TABLE chunk(start INTEGER PRIMARY KEY, size INTEGER NOT NULL, text_check INTEGER NOT NULL);
CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO state VALUES ('revision', 2), ('commit', 0), ('serial', 0), ('text_end', 0), ('text_inode', 0),
                         ('text_time', 0);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One live entry as search needs it; `start` and `size` (bytes) say where its folded text stands, `length` counts
    its words. All three are 0 where the engine keeps that itself."""

    serial: int
    id: str
    facts: Mapping[str, Any]
    start: int = 0
    size: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """`serials[i]` is the entry that is document i of the segment, dead ones included; empty where the engine knows."""

    segid: str
    serials: np.ndarray[Any, np.dtype[np.int64]]
    files: tuple[IndexFile, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a hit shows of an entry, as printed."""

    id: str
    title: str
    text: str


def facts_of(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title, "number": entry.number, "date": entry.date, "own": list(entry.number_keys),
        "cited": list(entry.cited_keys), "meta": dict(entry.meta),
        "fields": {name: list(values) for name, values in entry.fields.items()},
        "facets": {name: list(values) for name, values in entry.facets.items()},
    }  # fmt: skip


def clean(text: str) -> str:
    """Lone surrogates cannot be stored; same length, so offsets stay."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _has_surrogate(text) else text


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class EntryStore:
    """One connection; used by one thread at a time (the engine locks)."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._path = folder / "entries.db"
        self._texts = folder / "texts.bin"
        if not create and not self._path.is_file():
            raise IndexBroken(f"{self._path.name} is missing")
        with _told():
            self._db = sqlite3.connect(self._path, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            with _told():
                self._begin(create)
        except IndexBroken:
            self._db.close()
            raise

    def _begin(self, create: bool) -> None:
        self._db.execute("PRAGMA synchronous=FULL")
        if create:
            self._db.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
            self._path.chmod(0o600)
        if self.state("revision") != SCHEMA_REVISION:
            raise IndexBroken("the index has another schema")

    def close(self) -> None:
        self._db.close()

    def state(self, name: str) -> int:
        row = self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise IndexBroken(f"the index lacks {name}")
        return int(row[0])

    def changed(self) -> int:
        """Differs from the last answer when another connection has committed (cheap)."""
        with _told():
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All reads inside see one commit."""
        with _told():
            self._db.execute("BEGIN")
            try:
                self._db.execute("SELECT value FROM state").fetchone()
                yield
            finally:
                self._db.execute("ROLLBACK")

    # --- reading ---

    def serials(self) -> list[int]:
        return [int(row[0]) for row in self._db.execute("SELECT serial FROM entry ORDER BY serial")]

    def ids(self) -> frozenset[str]:
        with _told():
            return frozenset(str(row[0]) for row in self._db.execute("SELECT id FROM entry"))

    def rows(self, *, after: int = 0) -> Iterator[list[Row]]:
        """Live entries with a larger serial, in order, so many at a time that the facts of a large index never
        stand in memory together: Python's collector would go through all of them again and again (a third of the
        time)."""
        found = self._db.execute(f"{_COLUMNS} WHERE serial > ? ORDER BY serial", (after,))
        while part := found.fetchmany(_ROWS):
            yield [_row(one) for one in part]

    def serials_of(self, ids: Iterable[str]) -> list[int]:
        found = (self._db.execute("SELECT serial FROM entry WHERE id = ?", (one,)).fetchone() for one in ids)
        return [int(row[0]) for row in found if row is not None]

    def rows_of(self, serials: Iterable[int]) -> list[Row]:
        wanted = sorted(serials)
        found: list[Row] = []
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            found += map(_row, self._db.execute(f"{_COLUMNS} WHERE serial IN ({marks}) ORDER BY serial", part))
        return found

    def names(self, serials: Iterable[int]) -> dict[int, str]:
        """Ids of those that live."""
        wanted = sorted(serials)
        found: dict[int, str] = {}
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            asked = f"SELECT serial, id FROM entry WHERE serial IN ({','.join('?' * len(part))})"
            found |= {int(serial): str(name) for serial, name in self._db.execute(asked, part)}
        return found

    def row(self, entry_id: str) -> Row | None:
        with _told():
            found = self._db.execute(f"{_COLUMNS} WHERE id = ?", (entry_id,)).fetchone()
            return None if found is None else _row(found)

    def segments(self) -> list[Segment]:
        return [
            Segment(str(segid), np.frombuffer(serials, np.int64), tuple(IndexFile(*one) for one in json.loads(files)))
            for segid, serials, files in self._db.execute("SELECT segid, serials, files FROM segment ORDER BY segid")
        ]

    def aside(self, name: str) -> tuple[IndexFile, int] | None:
        """A file made of entries, and the last serial in it: what can be had again, put aside for being quick."""
        row = self._db.execute("SELECT file, last FROM aside WHERE name = ?", (name,)).fetchone()
        return None if row is None else (IndexFile(*json.loads(row[0])), int(row[1]))

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def shown(self, serial: int) -> Shown | None:
        """None when the entry has been replaced since."""
        with _told():
            row = self._db.execute(_SHOWN, (serial,)).fetchone()
        if row is None:
            return None
        name, title, text, check = row
        if _checked(title, text) != check:
            raise IndexBroken("a text in the index is damaged")
        return Shown(str(name), str(title), str(text))

    def map_texts(self) -> FoldedTexts:
        return FoldedTexts(self._texts, self.state("text_end"))

    def verify_texts(self, *, thorough: bool) -> None:
        """The folded texts are whole (files of segments are checked when they are opened)."""
        with self.reading():
            chunks = self._db.execute("SELECT start, size, text_check FROM chunk ORDER BY start").fetchall()
            texts = self.map_texts()
            left = (self.state("text_inode"), self.state("text_time"))
        if not chunks or (_stamp(self._texts) == left and not thorough):
            return
        for start, size, check in chunks:
            if zlib.crc32(texts.read(start, size)) != check:
                raise IndexBroken(f"{self._texts.name} is damaged")

    # --- writing (the caller holds the lock file) ---

    def append_texts(self, texts: Sequence[bytes]) -> list[int]:
        """Where each stands now. Bytes after the last commit's end are leftovers of a crash: they are overwritten."""
        at = self.state("text_end")
        starts: list[int] = []
        self._texts.touch(mode=0o600)
        with self._texts.open("r+b") as file:
            file.truncate(at)
            file.seek(at)
            for text in texts:
                starts.append(at)
                at += file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return starts

    def commit(
        self, added: Iterable[tuple[Row, str]], gone: Iterable[str], segment: Segment | None, dropped: Iterable[str]
    ) -> None:
        """All or nothing: new rows with their texts, ids that go (replaced ones too), one new segment, merged ones."""
        with _told(), transaction(self._db):
            self._write(list(added), gone, segment, dropped)

    def _write(
        self, added: list[tuple[Row, str]], gone: Iterable[str], segment: Segment | None, dropped: Iterable[str]
    ) -> None:
        run = self._db.executemany
        names = [(one,) for one in gone]
        run("DELETE FROM body WHERE serial = (SELECT serial FROM entry WHERE id = ?)", names)
        run("DELETE FROM entry WHERE id = ?", names)
        for row, text in added:
            self._put(row, text)
        run("DELETE FROM segment WHERE segid = ?", [(one,) for one in dropped])
        if segment is not None:
            files = json.dumps([astuple(one) for one in segment.files])
            self._db.execute("INSERT INTO segment VALUES (?, ?, ?)", (segment.segid, segment.serials.tobytes(), files))
        if added:
            end = max(row.start + row.size for row, _ in added)
            if end:
                self._write_chunks(end)
            self._db.execute("UPDATE state SET value = ? WHERE name = 'serial'", (max(row.serial for row, _ in added),))
        self._db.execute("UPDATE state SET value = value + 1 WHERE name = 'commit'")

    def put_aside(self, name: str, file: IndexFile, last: int) -> None:
        with _told(), transaction(self._db):
            facts = json.dumps(astuple(file))
            self._db.execute("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", (name, last, facts))

    def _put(self, row: Row, text: str) -> None:
        facts = json.dumps(row.facts, ensure_ascii=False, separators=(",", ":"))
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row.serial, row.id, facts, zlib.crc32(facts.encode()), row.start, row.size, row.length),
        )
        title = clean(str(row.facts["title"]))
        self._db.execute("INSERT INTO body VALUES (?, ?, ?, ?)", (row.serial, title, text, _checked(title, text)))

    def _write_chunks(self, end: int) -> None:
        """Checksums of the text file, a megabyte each; the last one grows with the file."""
        last = self._db.execute("SELECT start, size FROM chunk ORDER BY start DESC LIMIT 1").fetchone()
        start = 0 if last is None else int(last[0]) + (int(last[1]) if int(last[1]) >= _CHUNK else 0)
        with self._texts.open("rb") as file:
            file.seek(start)
            while start < end:
                piece = file.read(min(_CHUNK, end - start))
                self._db.execute(
                    "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?)", (start, len(piece), zlib.crc32(piece))
                )
                start += len(piece)
        states = {"text_end": end} | dict(zip(("text_inode", "text_time"), _stamp(self._texts), strict=True))
        self._db.executemany("UPDATE state SET value = ? WHERE name = ?", [(n, name) for name, n in states.items()])


def _checked(title: str, text: str) -> int:
    return zlib.crc32(text.encode(), zlib.crc32(title.encode()))


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when anybody writes to the file."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


class FoldedTexts:
    """The text file as it was at one commit; later appends do not show."""

    def __init__(self, path: Path, end: int) -> None:
        self._map: mmap.mmap | None = None
        if end == 0:
            return
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < end:
                    raise IndexBroken(f"{path.name} is too short")
                self._map = mmap.mmap(file.fileno(), end, access=mmap.ACCESS_READ)
        except OSError as error:
            raise IndexBroken(f"{path.name} cannot be read: {error.strerror}") from error

    def read(self, start: int, size: int) -> bytes:
        return b"" if self._map is None else self._map[start : start + size]

    def containing(self, wanted: bytes, starts: list[int], ends: list[int]) -> list[bool]:
        """In which of the pieces the bytes stand. UTF-8 never matches inside a character."""
        mapped = self._map
        if mapped is None:
            return [False] * len(starts)
        return [wanted in mapped[start:end] for start, end in zip(starts, ends, strict=True)]


def _row(found: Sequence[Any]) -> Row:
    serial, name, facts, check, start, size, length = found
    if zlib.crc32(facts.encode()) != check:
        raise IndexBroken(f"the entry {name} in the index is damaged")
    return Row(int(serial), str(name), json.loads(facts), int(start), int(size), int(length))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise IndexBusy("索引正在更新，请稍后再试") from error
        if "full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise IndexBroken(f"entries.db: {error}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise IndexBroken(f"entries.db: {error}") from error
