"""The embedded engine: Whoosh 2.7.4 segments for what can be found, columns in numpy for the rest."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import numpy as np

from index.analysis import Segmenter
from index.asked import Asked
from index.clock import Clock
from index.columnfile import read_columns, write_columns
from index.columns import Columns
from index.engine import Entry
from index.entrystore import EntryStore, Row, Segment
from index.finding import find, order, resembling
from index.folder import IndexFile, sync
from index.merging import to_merge
from index.postings import SegmentReader
from index.query import Expand, Parsed, no_expansion
from index.segments import INDEX_NAME, SegmentBuilder, check_whoosh, write_contents
from index.similar import Similar, is_of_file
from index.snapshot import Snapshot, extended, load
from index.stored_engine import BATCH, BUDGET_SECONDS, Found, StoredEngine, folded_text, row_of

_COLUMNS = "columns"
_MANY = 1000  # entries: a reader has read so many in a tenth of a second


class WhooshEngine(StoredEngine[Snapshot]):
    """See StoredEngine."""

    name = "whoosh"

    def __init__(
        self, folder: Path, *, expand: Expand = no_expansion, words: Segmenter | None = None,
        budget: float = BUDGET_SECONDS, patience: float = 30.0, thorough: bool = False,
    ) -> None:  # fmt: skip
        self.version()
        self._readers: dict[str, SegmentReader] = {}
        self._made: Columns | None = None
        super().__init__(folder, expand=expand, words=words, budget=budget, patience=patience, thorough=thorough)

    def close(self) -> None:
        with self._lock:
            self._readers, self._made = {}, None
        super().close()

    @staticmethod
    def version() -> str:
        return check_whoosh()

    # --- reading ---

    def _load(self, before: Snapshot | None) -> Snapshot:
        known = before.columns if before is not None else self._put_by(self._store)
        snapshot = load(self._store, known, self._reader)
        self._keep_readers({one.segid for one in self._store.segments()})
        return snapshot

    def _keep_readers(self, segids: Collection[str]) -> None:
        """Others would hold files that are gone, in a process that only searches for as long as it runs."""
        self._readers = {segid: reader for segid, reader in self._readers.items() if segid in segids}

    def _put_by(self, store: EntryStore) -> Columns:
        found = None if self._thorough else store.aside(_COLUMNS)
        if found is None:
            return Columns()
        file, _ = found
        file.verify(self.folder, thorough=self._thorough)
        return read_columns(self.folder / file.name)

    def _reader(self, segment: Segment) -> SegmentReader:
        if segment.segid not in self._readers:
            self._verify(segment)
            self._readers[segment.segid] = SegmentReader(self.folder, f"{INDEX_NAME}_{segment.segid}")
        return self._readers[segment.segid]

    def _find(self, snapshot: Snapshot, asked: Asked, parsed: Parsed, clock: Clock) -> Found:
        mask = find(snapshot, (*asked.filters, *parsed.clauses), clock)
        total = int(mask.sum())
        if not total:
            return Found(0)
        rows, scores = order(snapshot, mask, asked, parsed, self._words.plain)
        serials = snapshot.columns.serials[rows].tolist()
        facets = {name: counts for name, one in sorted(snapshot.columns.facets.items()) if (counts := one.counts(mask))}
        return Found(total, tuple(zip(serials, scores.tolist(), strict=True)), lambda: facets)

    def similar(self, entry_id: str, *, limit: int, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        snapshot = self._fresh()
        with self._lock:
            row = self._store.row(entry_id)
        folded = "" if row is None else snapshot.folded(row.serial)

        def left_out(other: str) -> bool:
            return is_of_file(entry_id, other) or other in leave_out

        return resembling(snapshot, Counter(self._weighted(folded)), limit=limit, leave_out=left_out)

    # --- writing ---

    def _commit(self, store: EntryStore, batch: list[Entry], gone: frozenset[str]) -> None:
        """Texts and the segment first, on the disk; then the entry store's commit makes them count; then what no
        longer counts is removed, with the leftovers of writers that died."""
        builder = SegmentBuilder()
        segments = store.segments()
        added = self._add(store, builder, batch)
        live = np.setdiff1d(np.array(store.serials(), np.int64), np.array(store.serials_of(gone), np.int64))
        merged = to_merge(segments, live, len(batch))
        for one in merged:
            self._move(store, builder, one.serials[np.isin(one.serials, live)].tolist())
        segment = self._write_segment(builder) if len(builder) else None
        dropped = {one.segid for one in merged}
        kept = [one for one in segments if one.segid not in dropped] + ([segment] if segment else [])
        alive = np.union1d(live, np.array([row.serial for row, _ in added], np.int64))
        contents = [
            (one.segid, len(one.serials), set(np.flatnonzero(~np.isin(one.serials, alive)).tolist())) for one in kept
        ]
        write_contents(self.folder, contents, store.state("commit") + 1)
        sync(self.folder)
        store.commit(added, gone, segment, dropped)
        self._sweep(kept)
        self._put_aside(store, is_bulk=len(batch) == BATCH)

    def _put_aside(self, store: EntryStore, *, is_bulk: bool) -> None:
        """Columns for whoever opens the index next, each time that enough entries have come. They grow in columns of
        their own: those of the snapshot grow in the threads that search."""
        found, last = store.aside(_COLUMNS), store.state("serial")
        if last - (found[1] if found else 0) < _MANY:
            return
        made = extended(store, self._made or self._put_by(store), store.serials())
        self._made = made if is_bulk else None
        path = self.folder / f"{_COLUMNS}-{secrets.token_hex(8)}.npz"
        write_columns(made, path)
        sync(path)
        sync(self.folder)
        store.put_aside(_COLUMNS, IndexFile.of(path), last)
        for other in self.folder.glob(f"{_COLUMNS}-*"):
            if other != path:
                other.unlink(missing_ok=True)

    def _add(self, store: EntryStore, builder: SegmentBuilder, batch: list[Entry]) -> list[tuple[Row, str]]:
        serial = store.state("serial")
        folded = [folded_text(entry) for entry in batch]
        starts = store.append_texts([one.encode() for one in folded]) if batch else []
        added: list[tuple[Row, str]] = []
        for at, entry in enumerate(batch):
            words = Counter(self._weighted(folded[at]))
            serial += 1
            builder.add(serial, entry.id, folded[at], words)
            size = len(folded[at].encode())
            added.append(row_of(serial, entry, start=starts[at], size=size, length=words.total()))
        return added

    def _move(self, store: EntryStore, builder: SegmentBuilder, serials: list[int]) -> None:
        texts = store.map_texts()
        for row in store.rows_of(serials):
            folded = texts.read(row.start, row.size).decode()
            builder.add(row.serial, row.id, folded, Counter(self._weighted(folded)))

    def _write_segment(self, builder: SegmentBuilder) -> Segment:
        segid, files = builder.write(self.folder)
        return Segment(segid, np.array(builder.serials, np.int64), tuple(files))

    def _sweep(self, kept: list[Segment]) -> None:
        names = {file.name for one in kept for file in one.files}
        for path in self.folder.glob(f"{INDEX_NAME}*"):
            if path.is_file() and path.name not in names:
                path.unlink(missing_ok=True)
        with self._lock:
            self._keep_readers({one.segid for one in kept})
