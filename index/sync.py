"""The index of a corpus: generations on disk, and keeping them in step with the records.

CORPUS/index/gen-<id>/ holds one index; CURRENT names the one that serves and the stamp of what made it (schema,
fold, segmenter, entries, Whoosh). Another stamp, a missing file or damage means: build a new generation beside it
and switch; the old one serves until then. A running process notices the switch at its next search.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.review import effective
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.aliases import Aliases, load_aliases
from index.analysis import fold_stamp, segmenter
from index.engine import Entry, EntryMeta, IndexBroken, Page, Query
from index.entries import ENTRIES_REVISION, entries
from index.entrystore import SCHEMA_REVISION
from index.keeping import LexiconKeeper
from index.lexicon import Lexicon, LexiconBroken, Visible
from index.query import Expand
from index.segments import check_whoosh, sync_folder
from index.similar import Similar, similar_in
from index.spelling import Correction, corrected
from index.suggesting import Register, Suggestion, suggest
from index.unit_names import LongForms, long_forms
from index.whoosh_engine import BATCH, WhooshEngine, writing

Progress = Callable[[int, int], None]
_T = TypeVar("_T")
_CURRENT = "CURRENT"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PATIENCE = 30.0  # seconds to wait for another writer

log = logging.getLogger(__name__)


def open_index(settings: Settings) -> Index:
    """The index of the corpus in the settings. One that is missing, damaged or out of date is built anew from the
    records, which may take a while on a large corpus."""
    store = open_store(settings)
    return Index(
        settings.corpus / "index", store, load_aliases(settings.rules), longer=long_forms(settings.rules)
    )  # fmt: skip


class Index:
    """All methods may be called from any thread."""

    def __init__(self, root: Path, store: Store, expand: Expand, *, longer: LongForms | None = None) -> None:
        self._root = root
        self._store = store
        self._expand = expand
        self._longer = longer
        self._lock = threading.RLock()
        self._engine: WhooshEngine | None = None
        self._opened: tuple[int, int, int] | None = None
        self._keeper = LexiconKeeper(self._named_entries, self._writing_now)
        with _told(root):
            try:
                self._current()
            except IndexBroken:
                self._repair()

    # --- searching ---

    def search(self, query: Query) -> Page:
        return self._with_engine(lambda engine: engine.search(query))

    def ids(self) -> frozenset[str]:
        """Record ids in the index."""
        return self._with_engine(WhooshEngine.ids)

    def entry_meta(self, record_id: str) -> EntryMeta | None:
        """What a list shows of a document, without reading its record."""
        return self._with_engine(lambda engine: engine.entry_meta(record_id))

    def close(self) -> None:
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine, self._opened = None, None
        self._keeper.close()

    # --- what helps to ask ---

    def suggest(self, text: str, visible: Visible | None = None) -> tuple[Suggestion, ...]:
        """Numbers, units, titles and people that a person may be about to type. `visible`: see index.lexicon."""
        return self._with_lexicon(lambda lexicon: suggest(lexicon, self._register, text, visible))

    def corrections(self, query: Query, visible: Visible | None = None) -> tuple[Correction, ...]:
        """Other spellings of a query that found (almost) nothing, each with what it finds."""
        return self._with_lexicon(lambda lexicon: corrected(query, lexicon, self._register, self.search, visible))

    def similar(self, record_id: str, *, limit: int = 5, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        """Papers that tell of the same, best first; never those of its own file or of `leave_out` (its copies)."""
        return self._with_engine(lambda engine: similar_in(engine, record_id, limit=limit, leave_out=leave_out))

    def _with_lexicon(self, work: Callable[[Lexicon], _T]) -> _T:
        """A damaged lexicon is gathered anew, once."""

        def run(engine: WhooshEngine) -> _T:
            try:
                return work(self._keeper.of(engine.folder, engine.ids))
            except LexiconBroken as error:
                log.warning("names are gathered anew: %s", error)
                self._keeper.remake(engine.folder)
                return work(self._keeper.of(engine.folder, engine.ids))

        return self._with_engine(run)

    @cached_property
    def _register(self) -> Register:
        return Register(self._expand.groups() if isinstance(self._expand, Aliases) else ())

    def _named_entries(self, ids: frozenset[str]) -> Iterator[Entry]:
        heads = {one.partition("-")[0] for one in ids}
        for sha256 in self._store.shas():
            reading = self._store.reading(sha256) if sha256[:16] in heads else None
            if reading is not None:
                yield from (entry for entry in self._entries(reading, None) if entry.id in ids)

    # --- keeping in step ---

    def update(self, readings: Iterable[Reading], documents: Mapping[str, Document]) -> None:
        """Put in, or replace, all official documents of these files; those a file no longer holds are taken out."""
        found = list(readings)
        fresh = [
            entry
            for reading in found
            for entry in self._entries(reading, documents.get(reading.sha256) or self._store.text(reading.sha256))
        ]
        heads = {reading.sha256[:16] for reading in found}
        kept = {entry.id for entry in fresh}

        def put(engine: WhooshEngine) -> None:
            gone = [one for one in engine.ids() if one.partition("-")[0] in heads and one not in kept]
            engine.delete(gone)
            engine.update(fresh)
            self._keeper.write(engine.folder, engine.ids, fresh, gone)

        self._write(put)

    def delete(self, sha256: str) -> None:
        """Take out everything of a file."""
        head = sha256[:16]

        def take(engine: WhooshEngine) -> None:
            gone = [one for one in engine.ids() if one.partition("-")[0] == head]
            engine.delete(gone)
            self._keeper.write(engine.folder, engine.ids, (), gone)

        self._write(take)

    def missing(self) -> tuple[list[str], list[str]]:
        """(ids of records that are not in the index, ids in the index that have no record)."""
        have = self.ids()
        want = {record.id for reading in self._store.readings() for record in reading.documents}
        return sorted(want - have), sorted(have - want)

    def rebuild(self, store: Store, progress: Progress | None = None) -> None:
        """Build a new generation from the records and switch to it; the old one serves until then. Raises
        IndexBusy while another process writes."""
        with _told(self._root), self._writing():
            self._build(store, progress)

    def _build(self, store: Store, progress: Progress | None = None) -> None:
        folder = self._root / f"gen-{secrets.token_hex(8)}"
        WhooshEngine.create(folder)
        lexicon = Lexicon.create(folder)
        engine = WhooshEngine(folder, expand=self._expand)
        try:
            for batch in _batches(self._all(store, progress), BATCH):
                engine.update(batch)
                lexicon.update(batch)
        finally:
            engine.close()
            lexicon.close()
        self._switch(folder)
        self._retire()

    def _repair(self) -> None:
        """Rebuild, if nobody else has while this process waited for its turn."""
        with self._writing():
            try:
                self._current()
            except IndexBroken as error:
                level = logging.WARNING if (self._root / _CURRENT).exists() else logging.INFO
                log.log(level, "index is built: %s", error)
                self._build(self._store)

    def _write(self, work: Callable[[WhooshEngine], None]) -> None:
        """Under the lock of the whole index, so that nothing is written to a generation that is being replaced."""
        with _told(self._root), self._writing():
            try:
                work(self._current())
                return
            except IndexBroken as error:
                log.warning("index is built: %s", error)
                self._build(self._store)
            work(self._current())

    @contextmanager
    def _writing(self, patience: float | None = None) -> Iterator[None]:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root.chmod(0o700)
        with writing(self._root, patience=_PATIENCE if patience is None else patience):
            yield

    def _writing_now(self) -> AbstractContextManager[None]:
        return self._writing(0)

    def _all(self, store: Store, progress: Progress | None) -> Iterator[Entry]:
        shas = store.shas()
        for done, sha256 in enumerate(shas, 1):
            reading = store.reading(sha256)
            if reading is not None:
                yield from self._entries(reading, store.text(sha256))
            if progress is not None:
                progress(done, len(shas))

    def _entries(self, reading: Reading, document: Document | None) -> list[Entry]:
        """With people's words in place of what extraction said."""
        reviews = self._store.reviews(reading.sha256)
        if reviews:
            records = [effective(record, reviews)[0] for record in reading.documents]
            reading = Reading(
                reading.source, reading.sha256, reading.media_type, reading.complete, reading.reasons, records
            )
        return entries(reading, document, longer=self._longer)

    def _switch(self, folder: Path) -> None:
        """CURRENT is replaced in one step; generations before the last one go (their readers keep their files)."""
        temp = self._root / f"{_CURRENT}.{secrets.token_hex(4)}"
        with temp.open("x", encoding="utf-8") as file:
            json.dump({"generation": folder.name, "stamp": stamp()}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temp.replace(self._root / _CURRENT)
        sync_folder(self._root)
        for path in self._root.glob("gen-*"):
            if path.name != folder.name and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
        for path in self._root.glob(f"{_CURRENT}.*"):
            path.unlink(missing_ok=True)

    # --- generations ---

    def _with_engine(self, work: Callable[[WhooshEngine], _T]) -> _T:
        """The work on the serving generation; damage found on the way is answered by one rebuild."""
        with _told(self._root):
            for repair in (self._retire, self._repair):
                try:
                    return work(self._current())
                except IndexBroken:
                    repair()
            return work(self._current())

    def _retire(self) -> None:
        """Open anew at the next search. Not closed: another thread may be searching in it."""
        with self._lock:
            self._engine, self._opened = None, None

    def _current(self) -> WhooshEngine:
        with self._lock:
            seen = _seen(self._root / _CURRENT)
            if self._engine is not None and seen == self._opened:
                return self._engine
            folder = _serving(self._root)
            self._engine = WhooshEngine(folder, expand=self._expand)
            self._opened = seen
            return self._engine


def stamp() -> dict[str, str]:
    """What the index was made with; another stamp means another index."""
    return {
        "whoosh": check_whoosh(),
        "schema": str(SCHEMA_REVISION),
        "fold": fold_stamp(),
        "entries": str(ENTRIES_REVISION),
        "words": segmenter().stamp,
    }


def _serving(root: Path) -> Path:
    """The generation that CURRENT names, when this program made it."""
    try:
        found = json.loads((root / _CURRENT).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexBroken("there is no index yet") from error
    except (OSError, ValueError) as error:
        raise IndexBroken(f"{_CURRENT} cannot be read") from error
    if not isinstance(found, dict) or found.get("stamp") != stamp():
        raise IndexBroken("the index was made by another version")
    name = str(found.get("generation", ""))
    if not name.startswith("gen-") or "/" in name:
        raise IndexBroken(f"{_CURRENT} names no generation")
    return root / name


@contextmanager
def _told(root: Path) -> Iterator[None]:
    """What the disk refuses becomes a sentence with a way out; a full one stays an OSError, which ingest waits out."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise StoreError(
            f"索引文件夹不可读写：{root}（{error.strerror or error}）。"
            "请检查它的权限和磁盘；索引可以重建：移走该文件夹后运行 rebuild"
        ) from error


def _seen(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _batches(found: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in found:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
