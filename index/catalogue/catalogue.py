"""The catalogue of a corpus: kept in step with its records, made anew when it is missing, damaged or out of date.

CORPUS/catalog.db, table by table in `tables`. What is asked of it stands in the modules beside this one (units,
persons, ledger, tasklists, timetable, series, citing, overview), each a function of a connection that `Catalogue.ask`
hands it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from gongwen.record import Reading
from gongwen.review import resolve_all
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.catalogue import linking, shape, writing
from index.catalogue.database import Database, FactsBroken, Part
from index.catalogue.facts import Facts, Reader
from index.catalogue.naming import Namer
from index.catalogue.stems import Stemmer
from index.catalogue.tables import META, REVISION, papers
from index.unit_names import LongForms, long_forms

Progress = Callable[[int, int], None]
FILE = "catalog.db"
BATCH = 200
_T = TypeVar("_T")

log = logging.getLogger(__name__)


def open_catalogue(settings: Settings) -> Catalogue:
    """The catalogue of the corpus in the settings. One that must be made anew is made from the records when it is asked
    or written first, which may take a while on a large corpus."""
    return Catalogue(open_store(settings), load_rulebook(settings), long_forms(settings.rules))


class Catalogue:
    """All methods may be called from any thread; writes of several processes wait for each other."""

    def __init__(self, store: Store, book: Rulebook, longer: LongForms, *, path: Path | None = None) -> None:
        self.register = book.register
        self._store = store
        self._stemmer = Stemmer(book.vocab.get("series", {}), book.vocab.get("kinds", {}))
        self._reader = Reader(Namer(book.register, longer), self._stemmer)
        self._database = Database(path or store.root / FILE, Part("catalogue", META, stamp(book)))

    def close(self) -> None:
        self._database.close()

    # --- asking ---

    def ask(self, work: Callable[[Connection], _T]) -> _T:
        """What `work` finds, in one state of the tables. Damage met on the way is answered by one rebuild."""
        try:
            with self._database.reading() as connection:
                return work(connection)
        except FactsBroken as error:
            self._repair(error)
        with self._database.reading() as connection:
            return work(connection)

    def prepare(self) -> None:
        """Make it now, if it must be made anew."""
        self.ask(lambda connection: None)

    def ids(self) -> frozenset[str]:
        """Record ids in the catalogue."""
        return self.ask(lambda connection: frozenset(connection.execute(select(papers.c.id)).scalars()))

    # --- keeping in step ---

    def update(self, readings: Iterable[Reading]) -> None:
        """Put in, or replace, all papers of these files, with people's words in place of what was extracted."""
        found = list(readings)
        self._write([reading.sha256 for reading in found], lambda: found)

    def refresh(self, shas: Iterable[str]) -> None:
        """As `update`, from the records on the disk: after a review, or when files went."""
        held = list(shas)
        self._write(held, lambda: filter(None, map(self._store.reading, held)))

    def delete(self, sha256: str) -> None:
        """Take out everything of a file."""
        self._write([sha256], list)

    def rebuild(self, store: Store | None = None, progress: Progress | None = None) -> None:
        """Make all tables anew; readers see the old ones until it is done."""
        source = store or self._store
        self._database.remake(lambda connection: self._fill(connection, source, progress))

    def _write(self, shas: Sequence[str], readings: Callable[[], Iterable[Reading]]) -> None:
        """Reviews are read when nobody else can write any more: nothing older replaces something newer."""

        def put(connection: Connection) -> None:
            self._exchange(connection, shas, [one for reading in readings() for one in self._facts(reading)])

        try:
            with self._database.writing() as connection:
                put(connection)
        except FactsBroken as error:
            self._repair(error)
            with self._database.writing() as connection:
                put(connection)

    def _exchange(self, connection: Connection, shas: Sequence[str], facts: Sequence[Facts]) -> None:
        """Take out what these files had and put in what they have, then look again at all that this may have changed:
        copies, citations, series."""
        gone = linking.touched(connection, papers.c.sha256, shas)
        writing.remove(connection, gone.papers)
        fresh = writing.put(connection, facts)
        turned = writing.choose_main(connection, gone.identities | {one.paper["identity"] for one in facts})
        came = linking.touched(connection, papers.c.pk, {*fresh, *turned})
        linking.resolve_citations(connection, gone.tails | came.tails, gone.keys | came.keys, fresh)
        linking.refresh_series(connection, self._stemmer, gone.issuers | came.issuers)

    def _fill(self, connection: Connection, store: Store, progress: Progress | None) -> None:
        shas = store.shas()
        batch: list[Facts] = []
        for done, one in enumerate(shas, 1):
            reading = store.reading(one)
            batch += self._facts(reading) if reading is not None else []
            if len(batch) >= BATCH or done == len(shas):
                writing.put(connection, batch)
                batch = []
            if progress is not None:
                progress(done, len(shas))
        writing.choose_main(connection, connection.execute(select(papers.c.identity)).scalars().all())
        linking.resolve_all(connection)
        linking.refresh_series(connection, self._stemmer, connection.execute(select(papers.c.issuer)).scalars().all())

    def _facts(self, reading: Reading) -> Iterator[Facts]:
        reviews = self._store.reviews(reading.sha256)
        if not reviews:
            yield from (self._reader.read(reading, record) for record in reading.documents)
            return
        for found in resolve_all(reading.documents, reviews):
            yield self._reader.read(reading, shape.complete(found.record), found.states)

    def _repair(self, why: FactsBroken) -> None:
        """Rebuild, if nobody else has while this process waited for its turn."""
        log.info("catalogue is made: %s", why)

        def fill(connection: Connection) -> None:
            self._fill(connection, self._store, None)

        self._database.remake(fill, only_if_broken=True)


def stamp(book: Rulebook) -> str:
    """What the catalogue was made with."""
    return f"{REVISION}/{book.fingerprint}"
