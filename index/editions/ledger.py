"""Which papers of a corpus are copies or versions of each other, kept in step with the records.

Each new paper is looked up by its number, by title and date, and by its sketch; the few that come back are laid beside
it. So a corpus of any size costs a paper the same, and whoever comes second finds the first: the order of arrival
changes nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from gongwen.document import Document
from gongwen.errors import IndexBusy
from gongwen.record import Reading
from gongwen.review import resolve_all
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.editions import tables
from index.editions.body import Body, body_of
from index.editions.database import EditionsFile
from index.editions.differences import compare
from index.editions.face import LEAST, Face, face_of
from index.editions.sketch import Numbers, resemblance
from index.editions.tables import SECTION, Known, Link
from index.editions.verdict import judge, may_be_one

_LEAST_ALIKE = 0.3
"""Resemblance of sketches from which texts are laid side by side; two scans with 5 % wrong characters each keep 0.5."""
_SHELF_CHARS = 4_000_000
"""Texts kept at hand: the papers of one series are compared with each other again and again."""
_CORRUPT = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

_T = TypeVar("_T")

log = logging.getLogger(__name__)


def open_editions(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Editions:
    """Of the corpus in the settings. What is missing or of another version is made anew from the records, which may
    take a while on a large corpus; when another process is at it, there are no links until it has done."""
    store = open_store(settings)
    editions = Editions(EditionsFile(store.editions), store)
    if not editions.is_current:
        try:
            editions.rebuild(progress)
        except IndexBusy as error:
            log.info("editions are made by another process: %s", error)
    return editions


class Editions:
    """May be used from any thread."""

    def __init__(self, catalog: EditionsFile, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    @property
    def is_current(self) -> bool:
        return self._catalog.is_current(SECTION)

    # --- keeping in step ---

    def update(self, readings: Iterable[Reading], documents: Mapping[str, Document]) -> None:
        """Put in, or replace, all papers of these files. Raises IndexBusy while another process writes."""
        found = list(readings)

        def put(db: sqlite3.Connection) -> None:
            shelf = _Shelf(self._store)
            for reading in found:
                tables.remove_file(db, reading.sha256)
                document = documents.get(reading.sha256) or self._store.text(reading.sha256)
                if document is not None:
                    self._put(db, reading, document, shelf)

        self._write(put)

    def delete(self, sha256: str) -> None:
        """Take out everything of a file."""
        self._write(lambda db: tables.remove_file(db, sha256))

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> None:
        """All anew from the records; the old links serve until then."""
        with self._catalog.renewing(SECTION) as db:
            shelf = _Shelf(self._store)
            shas = self._store.shas()
            for done, sha256 in enumerate(shas, 1):
                reading, document = self._store.reading(sha256), self._store.text(sha256)
                if reading is not None and document is not None:
                    self._put(db, reading, document, shelf)
                if progress is not None:
                    progress(done, len(shas))

    # --- questions ---

    def links(self, ids: Sequence[str]) -> dict[str, list[Link]]:
        """What each of these papers is linked to; nothing for those that stand alone."""
        return self._read(lambda db: _settled(db, ids), {})

    def folded(self, ids: Sequence[str]) -> dict[str, str]:
        """Of these papers, those that are copies of another one of them, each with the one to show in its stead."""
        return self._read(lambda db: _folded(tables.faces(db, ids), _settled(db, ids)), {})

    # --- private ---

    def _put(self, db: sqlite3.Connection, reading: Reading, document: Document, shelf: _Shelf) -> None:
        reviews = self._store.reviews(reading.sha256)
        for said in [one.record for one in resolve_all(reading.documents, reviews)] if reviews else reading.documents:
            face, body, sketch = face_of(reading, said, document)
            if not face.number and face.length < LEAST:
                continue  # a heap of names, a cover letter of one line
            found = _candidates(db, face, sketch)
            key = tables.add_face(db, face, sketch, has_bands=face.length >= LEAST)
            shelf.put(face.id, body)
            for known in found:
                link = _link(face, known.face, shelf)
                if link is not None:
                    first, second = (key, known.key) if face.id < known.face.id else (known.key, key)
                    tables.add_link(db, first, second, link)

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        if not self.is_current:
            self.rebuild()
        try:
            with self._catalog.writing(SECTION) as db:
                work(db)
        except sqlite3.DatabaseError as error:
            if (error.sqlite_errorcode & 0xFF) not in _CORRUPT:
                raise
            log.warning("editions are made anew: %s", error)
            self.rebuild()
            with self._catalog.writing(SECTION) as db:
                work(db)

    def _read(self, ask: Callable[[sqlite3.Connection], _T], nothing: _T) -> _T:
        """A catalogue that cannot be read (missing, read-only) costs the links, not the page."""
        try:
            with self._catalog.reading() as db:
                return ask(db)
        except sqlite3.Error as error:
            log.warning("editions cannot be read: %s", error)
            return nothing


class _Shelf:
    """Bodies of papers, the last used at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._chars = 0

    def put(self, address: str, body: Body) -> None:
        before = self._bodies.pop(address, None)
        self._chars += len(body.text) - (len(before.text) if before else 0)
        self._bodies[address] = body
        while self._chars > _SHELF_CHARS and len(self._bodies) > 1:
            _, gone = self._bodies.popitem(last=False)
            self._chars -= len(gone.text)

    def get(self, face: Face) -> Body | None:
        if face.id in self._bodies:
            self._bodies.move_to_end(face.id)
            return self._bodies[face.id]
        reading, document = self._store.reading(face.sha256), self._store.text(face.sha256)
        record = next((one for one in reading.documents if one.id == face.id), None) if reading else None
        if record is None or document is None:
            return None
        body = body_of(record, document)
        self.put(face.id, body)
        return body


def _candidates(db: sqlite3.Connection, face: Face, sketch: Numbers) -> list[Known]:
    """Each paper once that may be one with this."""
    found = {one.key: one for one in (*tables.same_number(db, face), *tables.same_occasion(db, face))}
    if face.length >= LEAST:
        for one in tables.like_text(db, face, sketch):
            if resemblance(sketch, one.sketch) >= _LEAST_ALIKE:
                found.setdefault(one.key, one)
    return [one for one in found.values() if may_be_one(face, one.face)]


def _link(face: Face, other: Face, shelf: _Shelf) -> Link | None:
    """Judged in the order of their addresses, so that nothing hangs on who came first."""
    first, second = sorted((face, other), key=lambda one: one.id)
    bodies = shelf.get(first), shelf.get(second)
    if bodies[0] is None or bodies[1] is None:
        return None
    found = compare(bodies[0], bodies[1])
    kind = judge(first, second, found)
    if kind is None:
        return None
    return Link(other.id, kind, round(found.share, 4), len(found.edits), sum(edit.size for edit in found.edits))


def _settled(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[Link]]:
    """The links of these papers. A scan may be near enough to be a copy of each of two versions: it is that of the one
    of which it differs less."""
    links = tables.links(db, ids)
    copies = {one.id for found in links.values() for one in found if one.kind == "copy"}
    near = links | tables.links(db, sorted(copies - links.keys())) if copies else links
    by_pair = {(mine, one.id): one for mine, found in near.items() for one in found}

    def is_of_another(mine: str, link: Link) -> bool:
        """Whether a third paper is a copy of the one, more alike than these two, and only a version of the other."""
        for one, other in ((mine, link.id), (link.id, mine)):
            for third in near.get(one, ()):
                beside = by_pair.get((other, third.id))
                if third.kind == "copy" and third.share > link.share and beside and beside.kind == "version":
                    return True
        return False

    return {
        mine: sorted(
            (replace(one, kind="version") if one.kind == "copy" and is_of_another(mine, one) else one for one in found),
            key=tables.order,
        )
        for mine, found in links.items()
    }


def _folded(faces: Mapping[str, Face], links: Mapping[str, Sequence[Link]]) -> dict[str, str]:
    """The best ones are shown; each other one goes under that of which it differs least. A copy of a copy that is none
    of those shown is shown itself."""
    shown: dict[str, Face] = {}
    out: dict[str, str] = {}
    for face in sorted(faces.values(), key=lambda one: one.rank, reverse=True):
        above = [one for one in links.get(face.id, ()) if one.kind == "copy" and one.id in shown]
        if above:
            out[face.id] = max(above, key=lambda one: (one.share, -one.places, shown[one.id].rank)).id
        else:
            shown[face.id] = face
    return out
