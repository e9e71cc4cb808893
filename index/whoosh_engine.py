"""The embedded engine: Whoosh 2.7.4 segments for what can be found, the entry store for everything else."""

from __future__ import annotations

import fcntl
import itertools
import os
import stat
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from gongwen.errors import IndexBusy
from index.analysis import Segmenter, fold, segmenter
from index.asked import Asked, ask
from index.engine import Entry, EntryMeta, Hit, IndexBroken, Page, Query
from index.entrystore import EntryStore, Row, Segment, clean, facts_of
from index.finding import find, order, resembling
from index.highlight import mark, snippets
from index.merging import to_merge
from index.query import Expand, Parsed, no_expansion
from index.segments import (
    INDEX_NAME,
    SegmentBuilder,
    SegmentReader,
    check_whoosh,
    sync_folder,
    write_contents,
)
from index.similar import Similar, is_of_file
from index.snapshot import Clock, Snapshot, load

BATCH = 3500
"""Entries a commit: larger pools spill (search-engine.md §3)."""

_TITLE_WEIGHT = 3
_BUDGET_SECONDS = 2.0
_TRIES = 8
_LOCK_NAME = "write.lock"


class WhooshEngine:
    """A folder of its own (mode 0700). Any number of threads and processes read while one writes; `update` and
    `delete` raise IndexBusy when another writer does not finish within `patience` seconds."""

    def __init__(
        self, folder: Path, *, expand: Expand = no_expansion, words: Segmenter | None = None,
        budget: float = _BUDGET_SECONDS, patience: float = 30.0,
    ) -> None:  # fmt: skip
        check_whoosh()
        self.folder = folder
        self.expand = expand
        self._words = words or segmenter()
        self._budget = budget
        self._patience = patience
        self._lock = threading.RLock()
        self._readers: dict[str, SegmentReader] = {}
        self._snapshot: Snapshot | None = None
        self._seen = -1
        _check_owner(folder)
        self._store = EntryStore(folder)
        try:
            self._store.verify()
            self._fresh()
        except BaseException:
            self._store.close()
            raise

    @classmethod
    def create(cls, folder: Path) -> None:
        """An empty index; the folder must not hold one."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        EntryStore(folder, create=True).close()
        sync_folder(folder)

    def close(self) -> None:
        with self._lock:
            self._snapshot = None
            self._readers = {}
            self._store.close()

    # --- reading ---

    def ids(self) -> frozenset[str]:
        with self._lock:
            return self._store.ids()

    def entry_meta(self, entry_id: str) -> EntryMeta | None:
        with self._lock:
            row = self._store.row(entry_id)
        if row is None:
            return None
        facts = row.facts
        facets = {name: tuple(values) for name, values in facts["facets"].items()}
        return EntryMeta(row.id, facts["title"], facts["number"], facts["date"], facets, facts["meta"])

    def search(self, query: Query) -> Page:
        asked = ask(query, self.expand, self._words.plain)
        clock = Clock(self._budget)
        for _ in range(_TRIES):
            page = self._answer(self._fresh(), asked, clock)
            if page is not None:
                return page
        for _ in range(_TRIES):  # entries are replaced faster than they are searched
            page = self._pinned(asked, clock)
            if page is not None:
                return page
        raise IndexBroken("texts are missing from the index")

    def similar(self, entry_id: str, *, limit: int, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        snapshot = self._fresh()
        with self._lock:
            row = self._store.row(entry_id)
        folded = "" if row is None else snapshot.folded(row.serial)

        def left_out(other: str) -> bool:
            return is_of_file(entry_id, other) or other in leave_out

        return resembling(snapshot, self._counted(folded), limit=limit, leave_out=left_out)

    def _pinned(self, asked: Asked, clock: Clock) -> Page | None:
        """The answer while a read transaction holds back every writer; None when a commit came before it began."""
        with self._lock:
            snapshot = self._fresh()
            with self._store.reading():
                return self._answer(snapshot, asked, clock) if self._store.changed() == self._seen else None

    def _fresh(self) -> Snapshot:
        """The snapshot of the last commit. A commit of another process may take files away while they are opened."""
        with self._lock:
            changed = self._store.changed()
            if self._snapshot is not None and changed == self._seen:
                return self._snapshot
            for _ in range(_TRIES):
                try:
                    self._snapshot = load(self._store, self._snapshot, self._reader)
                    self._seen = changed
                    return self._snapshot
                except FileNotFoundError:
                    time.sleep(0.02)
                    changed = self._store.changed()
        raise IndexBroken("index files are missing")

    def _reader(self, segid: str) -> SegmentReader:
        if segid not in self._readers:
            for file in next(one.files for one in self._store.segments() if one.segid == segid):
                file.verify(self.folder)
            self._readers[segid] = SegmentReader(self.folder, segid)
        return self._readers[segid]

    def _answer(self, snapshot: Snapshot, asked: Asked, clock: Clock) -> Page | None:
        """None when an entry of the page has been replaced since: ask a fresh snapshot."""
        parsed, exact = asked.parsed, True
        mask = find(snapshot, (*asked.filters, *parsed.clauses), clock)
        total = int(mask.sum())
        if not total and asked.relaxed is not None and not clock.rung:
            mask = find(snapshot, (*asked.filters, *asked.relaxed.clauses), clock)
            total = int(mask.sum())
            if total:
                parsed, exact = asked.relaxed, False
        rows, scores = order(snapshot, mask, asked, parsed, self._words.plain)
        shown = slice(asked.offset, asked.offset + asked.limit)
        places, marks = rows[shown].tolist(), scores[shown].tolist()
        hits = _bare(snapshot, places, marks) if asked.bare else self._hits(snapshot, places, marks, parsed)
        if hits is None:
            return None
        facets = {name: counts for name, one in sorted(snapshot.columns.facets.items()) if (counts := one.counts(mask))}
        warnings = parsed.warnings
        if clock.rung:
            warnings = (*warnings, f"查询范围太大，限时内只查到 {total} 份，实际可能更多；请加一两个词再查")
        return Page(total, hits, facets, exact, parsed.searched, warnings, approximate=clock.rung)

    def _hits(self, snapshot: Snapshot, rows: list[int], scores: list[float], parsed: Parsed) -> tuple[Hit, ...] | None:
        words = parsed.words()
        hits: list[Hit] = []
        for row, score in zip(rows, scores, strict=True):
            with self._lock:
                text = self._store.text(int(snapshot.columns.serials[row]))
            if text is None:
                return None
            title = mark(snapshot.columns.titles[row], words)
            hits.append(Hit(snapshot.columns.ids[row], round(score, 4), title, snippets(text, words)))
        return tuple(hits)

    # --- writing ---

    def update(self, entries: Iterable[Entry]) -> None:
        with self._writing() as store:
            for batch in _batches(entries):
                self._commit(store, batch, frozenset(entry.id for entry in batch))

    def delete(self, ids: Iterable[str]) -> None:
        wanted = frozenset(ids)
        with self._writing() as store:
            gone = wanted & store.ids() if wanted else wanted
            if gone:
                self._commit(store, [], gone)

    @contextmanager
    def _writing(self) -> Iterator[EntryStore]:
        """The one writer, with a connection of its own."""
        with writing(self.folder, patience=self._patience):
            store = EntryStore(self.folder)
            try:
                yield store
            finally:
                store.close()

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
        sync_folder(self.folder)
        store.commit(added, gone, segment, dropped)
        self._sweep(kept)

    def _add(self, store: EntryStore, builder: SegmentBuilder, batch: list[Entry]) -> list[tuple[Row, str]]:
        serial = store.state("serial")
        folded = [folded_text(entry) for entry in batch]
        starts = store.append_texts([one.encode() for one in folded]) if batch else []
        added: list[tuple[Row, str]] = []
        for at, entry in enumerate(batch):
            words = self._counted(folded[at])
            serial += 1
            builder.add(serial, entry.id, folded[at], words)
            size = len(folded[at].encode())
            added.append((Row(serial, entry.id, facts_of(entry), starts[at], size, words.total()), clean(entry.text)))
        return added

    def _move(self, store: EntryStore, builder: SegmentBuilder, serials: list[int]) -> None:
        texts = store.map_texts()
        for row in store.rows_of(serials):
            folded = texts.read(row.start, row.size).decode()
            builder.add(row.serial, row.id, folded, self._counted(folded))

    def _counted(self, folded: str) -> Counter[str]:
        """Words of the text with those of its title weighing more; the title is the first line (`folded_text`)."""
        words = Counter[str]()
        for at, line in enumerate(folded.split("\n")):
            found = self._words.fine(line)
            words.update(found * _TITLE_WEIGHT if at == 0 else found)
        return words

    def _write_segment(self, builder: SegmentBuilder) -> Segment:
        segid, files = builder.write(self.folder)
        return Segment(segid, np.array(builder.serials, np.int64), tuple(files))

    def _sweep(self, kept: list[Segment]) -> None:
        names = {file.name for one in kept for file in one.files}
        for path in self.folder.glob(f"{INDEX_NAME}*"):
            if path.is_file() and path.name not in names:
                path.unlink(missing_ok=True)
        with self._lock:
            segids = {one.segid for one in kept}
            self._readers = {segid: reader for segid, reader in self._readers.items() if segid in segids}


def _bare(snapshot: Snapshot, rows: list[int], scores: list[float]) -> tuple[Hit, ...]:
    ids = snapshot.columns.ids
    return tuple(Hit(ids[row], round(score, 4), (), ()) for row, score in zip(rows, scores, strict=True))


def folded_text(entry: Entry) -> str:
    """All that is searched, folded: title, number, text and field values, a line each, so that no match crosses."""
    values = [value for name in sorted(entry.fields) for value in entry.fields[name]]
    return "\n".join(fold(part) for part in (entry.title, entry.number, entry.text, *values))


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """One entry an id in each: the same id twice in one writer would be two documents."""
    rest = iter(entries)
    while batch := {entry.id: entry for entry in itertools.islice(rest, BATCH)}:
        yield list(batch.values())


@contextmanager
def writing(folder: Path, *, patience: float) -> Iterator[None]:
    """An exclusive lock on the folder, which dies with its process. Raises IndexBusy."""
    descriptor = os.open(folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, patience)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise IndexBusy("另一个进程正在更新索引，请稍后再试") from error
            time.sleep(0.05)


def _check_owner(folder: Path) -> None:
    """Whoosh's blocks are pickles: an index that another user can write is not opened."""
    try:
        found = folder.stat()
    except OSError as error:
        raise IndexBroken(f"{folder} cannot be read: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise IndexBroken(f"{folder} must be a folder of mode 0700")
    if os.geteuid() not in (0, found.st_uid):
        raise IndexBroken(f"{folder} belongs to another user")
