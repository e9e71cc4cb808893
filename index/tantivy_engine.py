"""The fast engine: tantivy finds, counts and orders; entries and texts stand in the entry store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path

import numpy as np
import tantivy

from gongwen.errors import SettingsError
from index.analysis import Segmenter
from index.asked import Asked
from index.clock import Clock
from index.engine import Entry, IndexBroken
from index.entrystore import EntryStore, Row, Segment
from index.folder import IndexFile
from index.query import Expand, Parsed, no_expansion
from index.similar import Similar, is_of_file, shown
from index.stored_engine import BUDGET_SECONDS, Found, StoredEngine, folded_text, row_of
from index.tantivy_answer import Snapshot, answer, spared
from index.tantivy_documents import document
from index.tantivy_files import Workspace, opened, sweep
from index.tantivy_similar import Rare

TANTIVY_VERSION = "0.27.0"

_SEGMENT = "tantivy"  # all of its files are one to the entry store
_NO_SERIALS = np.zeros(0, np.int64)
_SMALL, _LARGE = 15_000_000, 200_000_000  # bytes for the writer
_MANY = 200  # entries


class TantivyEngine(StoredEngine[Snapshot]):
    """See StoredEngine."""

    name = "tantivy"
    form = ".2"

    def __init__(
        self, folder: Path, *, expand: Expand = no_expansion, words: Segmenter | None = None,
        budget: float = BUDGET_SECONDS, patience: float = 30.0, thorough: bool = False,
    ) -> None:  # fmt: skip
        self.version()
        self._verified: set[IndexFile] = set()
        super().__init__(folder, expand=expand, words=words, budget=budget, patience=patience, thorough=thorough)

    @staticmethod
    def version() -> str:
        """An index is of one version: its files follow the library's (search-engine.md §7)."""
        found = version("tantivy")
        if found != TANTIVY_VERSION:
            raise SettingsError(
                f"tantivy 版本是 {found}，本系统只支持 {TANTIVY_VERSION}（请执行 pip install -r requirements-fast.txt）"
            )
        return found

    # --- reading ---

    def _load(self, before: Snapshot | None) -> Snapshot:
        with self._store.reading():
            files, count, last = _files(self._store), self._store.count(), self._store.state("serial")
        for file in files:
            if file not in self._verified:
                file.verify(self.folder, thorough=self._thorough)
        self._verified = set(files)
        with opened(self.folder, files) as index:
            searcher, schema = index.searcher(), index.schema
        if searcher.num_docs != count:
            raise IndexBroken("entries are missing from the index")
        return Snapshot.of(searcher, schema, last, before.values if before else {})

    def _find(self, snapshot: Snapshot, asked: Asked, parsed: Parsed, clock: Clock) -> Found:
        return spared(lambda: answer(snapshot, asked, parsed, clock, cut=self._words.plain, budget=self._budget))

    def similar(self, entry_id: str, *, limit: int, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        snapshot = self._fresh()
        found = self._folded(entry_id)
        if found is None:
            return ()
        counts = Counter(self._weighted(found))
        return spared(lambda: self._nearest(snapshot, counts, entry_id, limit, leave_out))

    def _nearest(
        self, snapshot: Snapshot, counts: Counter[str], entry_id: str, limit: int, leave_out: Collection[str]
    ) -> tuple[Similar, ...]:
        rare = Rare(snapshot.searcher, snapshot.schema, counts)
        nearest: list[Similar] = []
        for serial, score in rare.found():
            if len(nearest) == limit:
                break
            with self._lock:
                one = self._store.shown(serial)
            if one is None or is_of_file(entry_id, one.id) or one.id in leave_out:
                continue
            text = self._folded(one.id) or ""
            words = shown(word for word in rare.words if word in text)
            nearest.append(Similar(one.id, round(score, 4), words))
        return tuple(nearest)

    def _folded(self, entry_id: str) -> str | None:
        """What was indexed of an entry: tantivy keeps no text."""
        with self._lock:
            row = self._store.row(entry_id)
            text = None if row is None else self._store.shown(row.serial)
        if row is None or text is None:
            return None
        facts = row.facts
        fields = {name: tuple(values) for name, values in facts["fields"].items()}
        return folded_text(Entry(row.id, facts["title"], text.text, facts["number"], fields=fields))

    # --- writing ---

    def _commit(self, store: EntryStore, batch: list[Entry], gone: frozenset[str]) -> None:
        """What is new counts before tantivy has merged its segments, which may take a while; then it counts merged."""
        work = Workspace(self.folder, _files(store))
        try:
            writer = work.index().writer(_LARGE if len(batch) >= _MANY else _SMALL, 1)
            for serial in store.serials_of(gone):
                writer.delete_documents_by_term("serial", serial)
            added = self._add(store, writer, batch)
            writer.commit()
            files = work.publish()
            store.commit(added, gone, Segment(_SEGMENT, _NO_SERIALS, files), {_SEGMENT})
            writer.wait_merging_threads()
            merged = work.publish()
            if set(merged[:-1]) != set(files[:-1]):
                files = merged
                store.commit([], (), Segment(_SEGMENT, _NO_SERIALS, files), {_SEGMENT})
        finally:
            work.close()
        self._sweep(files)

    def _sweep(self, files: tuple[IndexFile, ...]) -> None:
        sweep(self.folder, files)

    def _add(self, store: EntryStore, writer: tantivy.IndexWriter, batch: list[Entry]) -> list[tuple[Row, str]]:
        serial = store.state("serial")
        added: list[tuple[Row, str]] = []
        for entry in batch:
            serial += 1
            folded = folded_text(entry)
            writer.add_document(document(serial, entry, folded, self._weighted(folded)))
            added.append(row_of(serial, entry))
        return added


def _files(store: EntryStore) -> tuple[IndexFile, ...]:
    return next((one.files for one in store.segments()), ())
