"""What engines on disk have in common: the entry store with its one commit, snapshots that searches share, the way
from a query to a page, and the one writer. How entries are found is each engine's own."""

from __future__ import annotations

import itertools
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from index.analysis import Segmenter, fold, segmenter
from index.asked import Asked, ask
from index.clock import Clock
from index.engine import Entry, EntryMeta, Hit, IndexBroken, Page, Query
from index.entrystore import EntryStore, Row, Segment, clean, facts_of
from index.folder import check_owner, sync, writing
from index.highlight import mark, snippets
from index.query import Expand, Parsed, no_expansion

BATCH = 3500
"""Entries a commit: larger pools spill (search-engine.md §3)."""

BUDGET_SECONDS = 2.0
_TITLE_WEIGHT = 3
_TRIES = 8

S = TypeVar("S")
Facets = Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """`shown` are the serials of the page asked for with their scores, `total` and `facets` are of all hits; `facets`
    may wait for another thread that counts."""

    total: int
    shown: tuple[tuple[int, float], ...] = ()
    facets: Callable[[], Facets] = dict


class StoredEngine(ABC, Generic[S]):
    """A folder of its own (mode 0700). Any number of threads and processes read while one writes; `update` and
    `delete` raise IndexBusy when another writer does not finish within `patience` seconds. `thorough`: what is read
    is checked even where nobody has touched it. `S` is a snapshot: one commit as searches see it, immutable."""

    name: ClassVar[str]
    form: ClassVar[str] = ""
    """What is added to the revision of the entry store when the engine's own files change their form."""

    def __init__(
        self, folder: Path, *, expand: Expand = no_expansion, words: Segmenter | None = None,
        budget: float = BUDGET_SECONDS, patience: float = 30.0, thorough: bool = False,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.expand = expand
        self._words = words or segmenter()
        self._budget = budget
        self._patience = patience
        self._thorough = thorough
        self._lock = threading.RLock()
        self._snapshot: S | None = None
        self._seen = -1
        check_owner(folder)
        self._store = EntryStore(folder)
        try:
            self._store.verify_texts(thorough=thorough)
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
        sync(folder)

    def close(self) -> None:
        with self._lock:
            self._snapshot = None
            self._store.close()

    # --- each engine's own ---

    @staticmethod
    @abstractmethod
    def version() -> str:
        """Of the package that made the files. Raises SettingsError, in Chinese, when it is missing or not ours."""

    @abstractmethod
    def _load(self, before: S | None) -> S:
        """The last commit. FileNotFoundError: a commit of another process took files away while they were opened."""

    @abstractmethod
    def _find(self, snapshot: S, asked: Asked, parsed: Parsed, clock: Clock) -> Found:
        """What holds, with the filters; when the clock rings, what was found until then."""

    @abstractmethod
    def _commit(self, store: EntryStore, batch: list[Entry], gone: frozenset[str]) -> None:
        """Put in the batch and take out the ids, all or nothing; the caller holds the lock."""

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

    def _pinned(self, asked: Asked, clock: Clock) -> Page | None:
        """The answer while a read transaction holds back every writer; None when a commit came before it began."""
        with self._lock:
            snapshot = self._fresh()
            with self._store.reading():
                return self._answer(snapshot, asked, clock) if self._store.changed() == self._seen else None

    def _fresh(self) -> S:
        """The snapshot of the last commit. A commit of another process may take files away while they are opened."""
        with self._lock:
            changed = self._store.changed()
            if self._snapshot is not None and changed == self._seen:
                return self._snapshot
            for _ in range(_TRIES):
                try:
                    self._snapshot = self._load(self._snapshot)
                    self._seen = changed
                    return self._snapshot
                except FileNotFoundError:
                    time.sleep(0.02)
                    changed = self._store.changed()
        raise IndexBroken("index files are missing")

    def _answer(self, snapshot: S, asked: Asked, clock: Clock) -> Page | None:
        """None when an entry of the page has been replaced since: ask a fresh snapshot."""
        parsed, exact = asked.parsed, True
        found = self._find(snapshot, asked, parsed, clock)
        if not found.total and asked.relaxed is not None and not clock.rung:
            found = self._find(snapshot, asked, asked.relaxed, clock)
            if found.total:
                parsed, exact = replace(asked.relaxed, searched=asked.parsed.searched), False
        hits = self._bare(found.shown) if asked.bare else self._hits(found.shown, parsed)
        if hits is None:
            return None
        warnings = parsed.warnings
        if clock.rung:
            warnings = (*warnings, f"查询范围太大，限时内只查到 {found.total} 份，实际可能更多；请加一两个词再查")
        return Page(found.total, hits, found.facets(), exact, parsed.searched, warnings, approximate=clock.rung)

    def _hits(self, shown: Iterable[tuple[int, float]], parsed: Parsed) -> tuple[Hit, ...] | None:
        words = parsed.words()
        hits: list[Hit] = []
        for serial, score in shown:
            with self._lock:
                one = self._store.shown(serial)
            if one is None:
                return None
            hits.append(Hit(one.id, round(score, 4), mark(one.title, words), snippets(one.text, words)))
        return tuple(hits)

    def _bare(self, shown: Sequence[tuple[int, float]]) -> tuple[Hit, ...] | None:
        with self._lock:
            names = self._store.names(serial for serial, _ in shown)
        if len(names) < len(shown):
            return None
        return tuple(Hit(names[serial], round(score, 4), (), ()) for serial, score in shown)

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

    def _verify(self, segment: Segment) -> None:
        for file in segment.files:
            file.verify(self.folder, thorough=self._thorough)

    def _weighted(self, folded: str) -> list[str]:
        """Words of the folded text, those of its title several times; the title is the first line (`folded_text`)."""
        title, _, rest = folded.partition("\n")
        return self._words.fine(title) * _TITLE_WEIGHT + self._words.fine(rest)


def folded_text(entry: Entry) -> str:
    """All that is searched, folded: title, number, text and field values, a line each, so that no match crosses."""
    values = [value for name in sorted(entry.fields) for value in entry.fields[name]]
    return "\n".join(fold(part) for part in (entry.title, entry.number, entry.text, *values))


def row_of(serial: int, entry: Entry, *, start: int = 0, size: int = 0, length: int = 0) -> tuple[Row, str]:
    """What the entry store keeps of an entry, with its text."""
    return Row(serial, entry.id, facts_of(entry), start, size, length), clean(entry.text)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """One entry an id in each: the same id twice in one writer would be two documents."""
    rest = iter(entries)
    while batch := {entry.id: entry for entry in itertools.islice(rest, BATCH)}:
        yield list(batch.values())
