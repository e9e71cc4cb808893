"""Journal: what arrived, in which state each file is and what happened to it (reliability.md §3).

States: stored → extracting → extracted → indexed, or quarantined, needs_password, needs_ocr, needs_converter (which
waits for LibreOffice to be installed), or opened: a file with a password, of which an opened copy has arrived.
Attempts are counted and committed before a file is parsed, so a file that kills its worker is known; the third time it
is quarantined. SQLite with synchronous=FULL: what a method has returned from survives a power cut. Unlike the index,
the journal is not derived: it is backed up.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from gongwen.disk import transaction
from gongwen.errors import REASONS, StoreError
from gongwen.holdings import snapshot
from ingest.kinship import Kin, Kinship
from ingest.openings import Openings
from ingest.schema import MIGRATIONS
from ingest.space import is_disk_full
from ingest.troubles import Troubles

State = Literal[
    "stored", "extracting", "extracted", "indexed", "quarantined", "needs_password", "needs_ocr", "needs_converter",
    "opened",
]  # fmt: skip
REFUSED: frozenset[State] = frozenset({"quarantined", "needs_password", "needs_ocr", "needs_converter"})
"""States of files that were not read."""

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One file as the journal knows it."""

    sha256: str
    size: int
    media_type: str
    state: State
    attempts: int
    owner: str | None
    reason: str | None
    fingerprint: str

    @property
    def is_done(self) -> bool:
        """Nothing more will happen to it by itself."""
        return self.state in {"indexed", "opened"} or self.state in REFUSED


@dataclass(frozen=True, slots=True)
class Arrival:
    sha256: str
    name: str
    via: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Finish:
    """How the work on a claimed file has ended. `reason`: why it was not read, or not to its end. `members`: what lies
    in it, when it was read; those with a hash have arrived with this. Not `is_opened`: it lay too deep when it was
    claimed, or had no name yet."""

    sha256: str
    state: State
    reason: str | None = None
    fingerprint: str = ""
    media_type: str = ""
    members: tuple[Kin, ...] = ()
    is_opened: bool = True


_NAMED = "EXISTS (SELECT 1 FROM arrivals WHERE arrivals.sha256 = objects.sha256)"
_FRESH = f"attempts = 0 AND {_NAMED} ORDER BY attempts, seq"
_SUSPECT = f"(attempts > 0 OR NOT {_NAMED}) ORDER BY NOT {_NAMED}, attempts, seq"
_ADD_OBJECT = "INSERT INTO objects (sha256, size) VALUES (?, ?) ON CONFLICT DO NOTHING"
_COLUMNS = "sha256, size, media_type, state, attempts, owner, reason, fingerprint"


def nothing(point: str) -> None:
    """The default checkpoint; tests inject one that kills the process at a named point."""


class Journal:
    """One connection; use it from the thread that made it. `at` is called at named points between durable steps."""

    def __init__(self, path: Path, *, at: Callable[[str], None] = nothing) -> None:
        self._at = at
        is_new = not path.exists()
        try:
            self._db = sqlite3.connect(path, timeout=60.0, isolation_level=None)
            self._use_wal()
            self._db.execute("PRAGMA synchronous = FULL")
            self._migrate(path)  # rebuilds tables that others refer to: before the references are watched
            self._db.execute("PRAGMA foreign_keys = ON")
            self.kin = Kinship(self._db)
            self.openings = Openings(self._db)
            self.troubles = Troubles(self._db)
        except sqlite3.DatabaseError as error:
            broken = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
            advice = "文件已损坏，请从备份恢复" if broken else "无法打开"
            if is_disk_full(error):  # SQLite calls some of these an I/O error
                advice = "无法打开，因为磁盘已满，请先腾出空间"
            raise StoreError(f"收文日志{advice}：{path}（{error}）") from error
        if is_new:
            path.chmod(0o640)

    def close(self) -> None:
        self._db.close()

    # --- arrival ------------------------------------------------------------------------------------------

    def accept(self, sha256: str, size: int, arrival: Arrival) -> bool:
        """Note that a stored object arrived under a name. True when these bytes had never arrived before."""
        return self.accept_all([(size, arrival)])[0]

    def accept_all(self, arrived: Iterable[tuple[int, Arrival]]) -> list[bool]:
        """As `accept` for each (size, arrival), all or none."""
        with transaction(self._db):
            return [self._accept(size, one) for size, one in arrived]

    def _accept(self, size: int, arrival: Arrival) -> bool:
        sha256 = arrival.sha256
        first = self._db.execute("SELECT 1 FROM arrivals WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone() is None
        self._db.execute(_ADD_OBJECT, (sha256, size))
        added = self._db.execute(
            "INSERT INTO arrivals (sha256, name, via, who, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (sha256, arrival.name, arrival.via, arrival.who, arrival.at),
        )
        if added.rowcount:
            self._note(sha256, "arrived", f"{arrival.via}: {arrival.name}")
            self._again(sha256, first=first)
        self._at("accept:in_transaction")
        return first

    def _again(self, sha256: str, *, first: bool) -> None:
        """A file that was read before it had a name (adopted after a crash), or that lay too deep to be opened, is read
        again when it arrives."""
        which = "attempts >= 0" if first else "reason = 'nesting'"
        self._db.execute(
            "UPDATE objects SET state = 'stored', attempts = 0, reason = NULL"
            f" WHERE sha256 = ? AND owner IS NULL AND state != 'stored' AND {which}", (sha256,),
        )  # fmt: skip

    def adopt(self, objects: Iterable[str], size_of: Callable[[str], int]) -> int:
        """Give a row to each object that has none: a crash came between rename and commit."""
        known = {str(one) for (one,) in self._db.execute("SELECT sha256 FROM objects")}
        missing = [one for one in objects if one not in known]
        if not missing:
            return 0
        with transaction(self._db):
            for sha256 in missing:
                self._db.execute(_ADD_OBJECT, (sha256, size_of(sha256)))
                self._note(sha256, "adopted")
        return len(missing)

    # --- work ---------------------------------------------------------------------------------------------

    def claim(self, owner: str, *, suspects: bool = False) -> Row | None:
        """Take one stored file to parse; the attempt is counted now. Files that were tried before are `suspects`:
        their worker died, so they are taken alone and last, lest innocents be counted with them. After them come those
        without a name: it may be on its way."""
        found = self._claim(owner, _SUSPECT if suspects else _FRESH, 1)
        return found[0] if found else None

    def claim_some(self, owner: str, most: int) -> list[Row]:
        """Take so many files that were never tried, in order of arrival."""
        return self._claim(owner, _FRESH, most)

    def _claim(self, owner: str, which: str, most: int) -> list[Row]:
        wanted = f"state = 'stored' AND {which} LIMIT ?"
        if most < 1 or not self._rows(wanted, most):  # a look costs no transaction
            return []
        with transaction(self._db):
            found = self._rows(wanted, most)
            for row in found:
                self._db.execute(
                    "UPDATE objects SET state = 'extracting', owner = ?, attempts = attempts + 1, reason = NULL"
                    " WHERE sha256 = ?", (owner, row.sha256),
                )  # fmt: skip
                self._at("claim:in_transaction")
        return [replace(row, state="extracting", owner=owner, attempts=row.attempts + 1, reason=None) for row in found]

    def finish(
        self, sha256: str, owner: str, state: State, *, reason: str | None = None, fingerprint: str = "",
        media_type: str = "",
    ) -> bool:  # fmt: skip
        """False when the file is not ours any more (we were taken for dead): what we found is then not counted."""
        return self.finish_all(owner, [Finish(sha256, state, reason, fingerprint, media_type)])[0]

    def finish_all(self, owner: str, finished: Sequence[Finish]) -> list[bool]:
        """As `finish` for each, all or none."""
        for one in finished:
            if one.reason is not None and one.reason not in REASONS:
                raise ValueError(f"unknown reason code {one.reason!r}")
        with transaction(self._db):
            return [self._finish(owner, one) for one in finished]

    def _finish(self, owner: str, one: Finish) -> bool:
        if one.state == "needs_password" and self.openings.copies(one.sha256):
            one = replace(one, state="opened", reason=None)  # read again, and opened before
        changed = self._db.execute(
            "UPDATE objects SET state = ?, owner = NULL, reason = ?, fingerprint = ?, media_type = ?,"
            " attempts = CASE WHEN ? = 'extracted' THEN 0 ELSE attempts END"
            " WHERE sha256 = ? AND owner = ?",
            (one.state, one.reason, one.fingerprint, one.media_type, one.state, one.sha256, owner),
        ).rowcount
        if changed:
            self._note(one.sha256, one.state, one.reason or "")
            if one.state == "extracted":
                self._bring_in(one)
                if not one.is_opened and not self.kin.is_deep(one.sha256):  # it has arrived from outside meanwhile
                    self._again(one.sha256, first=True)
        self._at("finish:in_transaction")
        return bool(changed)

    def _bring_in(self, one: Finish) -> None:
        """What lies in a container arrives in the transaction that says that it was read: never one without the
        other."""
        self.kin.clear(one.sha256)
        container = self.name_of(one.sha256)
        at = now()
        for number, member in enumerate(one.members, 1):
            if member.sha256 is not None:
                name = f"{container}/{member.name}"
                self._accept(member.size, Arrival(member.sha256, name, "member", "", at))
            self.kin.add(number, member)
            self._at("members:in_transaction")

    def unlocked(self, original: str, size: int, arrival: Arrival) -> None:
        """A copy without password arrives, with the word whose copy it is: never one without the other."""
        with transaction(self._db):
            self._accept(size, arrival)
            self.openings.add(original, arrival.sha256, arrival.who, arrival.at)
            self._db.execute(
                "UPDATE objects SET state = 'opened', reason = NULL, attempts = 0 WHERE sha256 = ?"
                " AND state = 'needs_password' AND owner IS NULL", (original,),
            )  # fmt: skip
            self._note(original, "opened", arrival.sha256)
            self._at("unlock:in_transaction")

    def release(self, owner: str, sha256: str | None = None) -> int:
        """Give claimed files back untried (interrupted, disk full): the attempt does not count."""
        only = "" if sha256 is None else " AND sha256 = ?"
        with transaction(self._db):
            return self._db.execute(
                "UPDATE objects SET state = 'stored', owner = NULL, attempts = max(0, attempts - 1)"
                f" WHERE owner = ?{only}", (owner,) if sha256 is None else (owner, sha256),
            ).rowcount  # fmt: skip

    def recover(self, is_alive: Callable[[str], bool]) -> list[str]:
        """Take files back from dead owners: to be tried again, or quarantined after the third attempt."""
        owners = [str(one) for (one,) in self._db.execute("SELECT DISTINCT owner FROM objects WHERE owner IS NOT NULL")]
        back: list[str] = []
        for owner in owners:
            if is_alive(owner):
                continue
            with transaction(self._db):
                rows = self._rows("owner = ?", owner)
                for row in rows:
                    lost = row.attempts >= MAX_ATTEMPTS
                    self._db.execute(
                        "UPDATE objects SET owner = NULL, state = ?, reason = ? WHERE sha256 = ?",
                        ("quarantined" if lost else "stored", "worker_died_3x" if lost else None, row.sha256),
                    )
                    self._note(row.sha256, "quarantined" if lost else "worker_died", f"attempt {row.attempts}")
                back += [row.sha256 for row in rows]
        return back

    def requeue(self, shas: Iterable[str], why: str) -> int:
        """Read files again from the start (a person asks, a reader changed, a record is damaged)."""
        count = 0
        with transaction(self._db):
            for sha256 in shas:
                changed = self._db.execute(
                    "UPDATE objects SET state = 'stored', attempts = 0, reason = NULL"
                    " WHERE sha256 = ? AND owner IS NULL", (sha256,),
                ).rowcount  # fmt: skip
                if changed:
                    self._note(sha256, "requeued", why)
                count += changed
        return count

    def rederived(self, sha256: str, fingerprint: str, *, is_same: bool = False) -> None:
        """The record was written anew from the stored text: it waits for the index, unless it says the same."""
        state = "state" if is_same else "'extracted'"
        with transaction(self._db):
            self._db.execute(
                f"UPDATE objects SET state = {state}, fingerprint = ? WHERE sha256 = ?"
                " AND state IN ('extracted', 'indexed')", (fingerprint, sha256),
            )  # fmt: skip
            self._note(sha256, "rederived")

    def seclude(self, sha256: str, reason: str) -> None:
        """Quarantine a file that had been extracted (a rule now knows better)."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE objects SET state = 'quarantined', reason = ? WHERE sha256 = ? AND owner IS NULL",
                (reason, sha256),
            )
            self._note(sha256, "quarantined", reason)

    def withdraw(self, sha256: str) -> None:
        """Forget a file: its names, what it lies in and what lies in it. That it was withdrawn stays in the trail.
        Once more does no harm."""
        with transaction(self._db):
            self._db.execute("DELETE FROM members WHERE parent = ?1 OR sha256 = ?1", (sha256,))
            self._db.execute("DELETE FROM openings WHERE original = ?1 OR opened = ?1", (sha256,))
            self._db.execute("DELETE FROM arrivals WHERE sha256 = ?", (sha256,))
            if self._db.execute("DELETE FROM objects WHERE sha256 = ?", (sha256,)).rowcount:
                self._note(sha256, "withdrawn")

    def mark_indexed(self, rows: Iterable[Row]) -> None:
        """Only rows still in the state in which they were read: one derived anew meanwhile waits for the next."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE objects SET state = 'indexed' WHERE sha256 = ? AND state = 'extracted' AND fingerprint = ?",
                [(row.sha256, row.fingerprint) for row in rows],
            )
            self._at("index:in_transaction")

    # --- questions ----------------------------------------------------------------------------------------

    def row(self, sha256: str) -> Row | None:
        found = self._rows("sha256 = ?", sha256)
        return found[0] if found else None

    def rows(self, state: State | None = None, *, limit: int = -1) -> list[Row]:
        """In order of arrival."""
        if state is None:
            return self._rows("1 ORDER BY seq LIMIT ?", limit)
        return self._rows("state = ? ORDER BY seq LIMIT ?", state, limit)

    def refused(self) -> list[Row]:
        """Files that were not read, in order of arrival."""
        return self._rows(f"state IN ({', '.join('?' * len(REFUSED))}) ORDER BY seq", *sorted(REFUSED))

    def arrivals(self, sha256: str | None = None) -> list[Arrival]:
        where, bound = ("", ()) if sha256 is None else (" WHERE sha256 = ?", (sha256,))
        found = self._db.execute(f"SELECT sha256, name, via, who, at FROM arrivals{where} ORDER BY seq", bound)
        return [Arrival(*one) for one in found]

    def latest(self, limit: int) -> list[Arrival]:
        """The files that came in last, newest first; each once, by the name it came under last."""
        found = self._db.execute(
            "SELECT sha256, name, via, who, at FROM arrivals WHERE seq IN (SELECT max(seq) FROM arrivals"
            " GROUP BY sha256 ORDER BY max(seq) DESC LIMIT ?) ORDER BY seq DESC", (limit,),
        )  # fmt: skip
        return [Arrival(*one) for one in found]

    def name_of(self, sha256: str) -> str:
        """The name it first came under, without folders; for an adopted object the start of its hash."""
        found = self._db.execute("SELECT name FROM arrivals WHERE sha256 = ? ORDER BY seq LIMIT 1", (sha256,))
        names = [str(name) for (name,) in found]
        return names[0].rsplit("/", 1)[-1] if names else sha256[:16]

    def __len__(self) -> int:
        """How many files it knows."""
        return int(self._db.execute("SELECT count(*) FROM objects").fetchone()[0])

    def counts(self) -> dict[str, int]:
        found = self._db.execute("SELECT state, count(*) FROM objects GROUP BY state ORDER BY state")
        return {str(state): int(count) for state, count in found}

    def trail(self, sha256: str) -> list[tuple[str, str, str]]:
        """(time, event, detail), oldest first."""
        found = self._db.execute("SELECT at, event, detail FROM trail WHERE sha256 = ? ORDER BY seq", (sha256,))
        return [(str(at), str(event), str(detail)) for at, event, detail in found]

    def is_sound(self) -> bool:
        """SQLite's own check of the whole file."""
        return bool(self._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    # --- private ------------------------------------------------------------------------------------------

    def _use_wal(self) -> None:
        """The switch needs the file for itself, and SQLite does not wait for it: two first starts may meet."""
        for _ in range(600):
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.1)
        raise StoreError("收文日志被其他程序长期占用")

    def _migrate(self, path: Path) -> None:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise StoreError(f"收文日志由更新版本的程序写成（{version} > {len(MIGRATIONS)}），请升级程序：{path}")
        if 0 < version < len(MIGRATIONS):
            snapshot(path.parent)
        for number in range(version + 1, len(MIGRATIONS) + 1):
            self._step(number)

    def _step(self, number: int) -> None:
        """One migration in one transaction; a second process that comes at the same time finds it done."""
        with transaction(self._db):
            if int(self._db.execute("PRAGMA user_version").fetchone()[0]) >= number:
                return
            for statement in _statements(MIGRATIONS[number - 1]):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {number}")

    def _rows(self, where: str, *bound: object) -> list[Row]:
        return [Row(*one) for one in self._db.execute(f"SELECT {_COLUMNS} FROM objects WHERE {where}", bound)]

    def _note(self, sha256: str, event: str, detail: str = "") -> None:
        self._db.execute(
            "INSERT INTO trail (at, sha256, event, detail) VALUES (?, ?, ?, ?)", (now(), sha256, event, detail)
        )


def objects_named(path: Path) -> list[str]:
    """The originals that a journal on the disk knows; it is not changed."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return [str(one) for (one,) in db.execute("SELECT sha256 FROM objects ORDER BY seq")]
    except sqlite3.Error as error:
        raise StoreError(f"收文日志无法读取：{path}（{error}）") from error


def now() -> str:
    """Local time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript would commit the open transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
