"""The queue of review: doubts of the whole corpus in SQLite, kept up file by file and rebuildable at any time.

A file's rows are written together with stamps of the record and the reviews they were made of, read inside the same
transaction: whoever writes last has seen the newest. `behind` names the files whose stamps are not those on the disk.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongwen.acts import Review, standing
from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.resolving import Resolution, resolve_all, share
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.doubt_db import DoubtFile
from index.doubt_queue import Queue
from index.doubt_schema import SCHEMA_REVISION
from index.doubts import DOUBTS_REVISION, KINDS, Doubt, doubts_of
from index.unit_names import LongForms, UnitNames, long_forms

Progress = Callable[[int, int], None]
_REVISION = f"{SCHEMA_REVISION}.{DOUBTS_REVISION}"
_BATCH = 200
FILE = "doubts.db"

log = logging.getLogger(__name__)


def open_doubts(settings: Settings) -> Doubts:
    return Doubts(settings.corpus / FILE, open_store(settings), long_forms(settings.rules))


@dataclass(frozen=True, slots=True)
class Behind:
    """`reviewed`: those of the files of which people have spoken since; the index may not know it."""

    files: tuple[str, ...]
    reviewed: tuple[str, ...]


class Doubts(Queue):
    """All methods may be called from any thread. The file is opened when it is first asked for."""

    def __init__(self, path: Path, store: Store, longer: LongForms) -> None:
        super().__init__(DoubtFile(path, _REVISION))
        self._store = store
        self._longer = longer

    def refresh(self, shas: Iterable[str]) -> None:
        """Make the rows of these files anew from what the disk holds now; of those that are not there any more they
        go."""
        wanted = list(shas)
        for at in range(0, len(wanted), _BATCH):
            with self._file.writing() as database:
                for sha256 in wanted[at : at + _BATCH]:
                    self._put(database, sha256)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Everything anew; others read the old rows until a file's new ones are there."""
        known = (str(one) for (one,) in self._file.rows("SELECT sha256 FROM doubt_file"))
        shas = [*dict.fromkeys((*self._store.shas(), *known))]
        for at in range(0, len(shas), _BATCH):
            self.refresh(shas[at : at + _BATCH])
            if progress is not None:
                progress(min(at + _BATCH, len(shas)), len(shas))

    def behind(self) -> Behind:
        """What changed while nobody looked: files whose record or reviews are not those the rows were made of."""
        rows = self._file.rows("SELECT sha256, record, reviews FROM doubt_file")
        known = {str(sha256): (str(record), str(reviews)) for sha256, record, reviews in rows}
        found = {sha256: self._store.stamps(sha256) for sha256 in self._store.shas()}
        files = sorted(sha256 for sha256 in {*known, *found} if known.get(sha256) != found.get(sha256))
        none = ("", "")
        reviewed = [one for one in files if known.get(one, none)[1] != found.get(one, none)[1] and one in found]
        return Behind(tuple(files), tuple(reviewed))

    def close(self) -> None:
        self._file.close()

    def _put(self, database: sqlite3.Connection, sha256: str) -> None:
        stamps = self._store.stamps(sha256)  # before reading: what is newer than its stamp is looked at again
        _clear(database, sha256)
        try:
            reading, reviews = self._store.reading(sha256), self._store.reviews(sha256)
        except StoreError as error:  # damaged: `verify` tells, `rebuild` makes it anew, and another stamp brings it in
            log.warning("no doubts of %s: %s", sha256, error)
            reading, reviews = Reading("", sha256, "", False, [], []), []
        if reading is None:
            return
        for found in resolve_all(reading.documents, reviews):
            self._put_paper(database, sha256, found)
        _put_acts(database, reading, reviews)
        database.execute("INSERT INTO doubt_file VALUES (?, ?, ?)", (sha256, *stamps))

    def _put_paper(self, database: sqlite3.Connection, sha256: str, found: Resolution) -> None:
        doubts = {one.key: one for one in doubts_of(found)}
        if not doubts:
            return
        record = found.record
        date = str(next((record[key] for key in ("issue_date", "print_date", "publish_date") if record[key]), ""))
        year = date[:4] or str((record["number_parts"] or {}).get("year") or "")
        paper = (record.id, sha256, record["title"], record["document_number"], date, record["disclosure"])
        database.execute("INSERT INTO doubt_paper VALUES (?, ?, ?, ?, ?, ?)", tuple(map(_clean, paper)))
        names = UnitNames(record, self._longer)
        units = {_clean(names.one(str(unit))) for unit in record["issuers"]}
        database.executemany("INSERT INTO doubt_unit VALUES (?, ?)", [(record.id, unit) for unit in units if unit])
        rows = [_row(record.id, date, year, doubt) for doubt in doubts.values()]
        database.executemany(f"INSERT INTO doubt VALUES ({', '.join('?' * 14)})", rows)


def _clear(database: sqlite3.Connection, sha256: str) -> None:
    for table in ("doubt", "doubt_unit"):
        database.execute(
            f"DELETE FROM {table} WHERE address IN (SELECT address FROM doubt_paper WHERE sha256 = ?)", (sha256,)
        )
    for table in ("doubt_paper", "doubt_act", "doubt_file"):
        database.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha256,))


def _row(address: str, date: str, year: str, doubt: Doubt) -> tuple[object, ...]:
    bits = sum(1 << KINDS.index(kind) for kind in doubt.kinds)
    newest = "".join(chr(ord("9") - int(char) + ord("0")) for char in date if char in "0123456789").ljust(8, "~")
    sort = f"{doubt.rank:08d} {newest} {address} {doubt.key}"
    reasons = json.dumps([[one.kind, one.code, one.message] for one in doubt.reasons], ensure_ascii=False)
    return (
        address, doubt.key, sort, doubt.target, doubt.field, doubt.column, _clean(doubt.row), _clean(doubt.value),
        doubt.rule, doubt.score, bits, doubt.reasons[0].code, _clean(reasons), _clean(year),
    )  # fmt: skip


def _put_acts(database: sqlite3.Connection, reading: Reading, reviews: Sequence[Review]) -> None:
    stands = {id(one) for one in standing(reviews)}
    shared = share(reading.documents, reviews)
    whose = {id(one): record.id for record, mine in zip(reading.documents, shared.of, strict=True) for one in mine}
    for place, one in enumerate(reviews):
        stands_as = 2 if one.takes_back else int(id(one) in stands)
        said = json.dumps([one.saw, one.say], ensure_ascii=False)
        database.execute("INSERT INTO doubt_act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (
            reading.sha256, place, one.at, _clean(one.by), whose.get(id(one), ""), _clean(one.document), one.batch,
            one.takes_back or one.mark, _clean(one.field), _clean(said), stands_as,
        ))  # fmt: skip


def _clean(text: object) -> str:
    """Lone surrogates cannot be stored."""
    return str(text or "").encode("utf-8", "replace").decode("utf-8")
