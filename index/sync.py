"""The index of a corpus: generations on disk, and keeping them in step with the records.

CORPUS/index/gen-<id>/ holds one index; CURRENT names the one that serves and the stamp of what made it (engine and
version, schema, fold, segmenter, entries). Another stamp, a missing file or damage means: build a new generation
beside it and switch; the old one serves until then, also one of another engine while that is installed. A running
process notices the switch at its next search.
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
from typing import Any, Literal, Protocol, TypeVar

from gongwen.document import Document
from gongwen.errors import GongwenError, IndexBusy, StoreError
from gongwen.record import Reading
from gongwen.resolving import resolve_all
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.aliases import Aliases, load_aliases
from index.doubt_store import open_doubts
from index.engine import Entry, EntryMeta, IndexBroken, Page, Query
from index.engines import Engine, engine_class, serving_engine, stamp
from index.entries import entries
from index.folder import sync, writing
from index.keeping import LexiconKeeper
from index.lexicon import Lexicon, LexiconBroken, Visible
from index.query import Expand
from index.said import in_force, with_words
from index.similar import Similar, similar_in
from index.spelling import Correction, corrected
from index.stored_engine import BATCH
from index.suggesting import Register, Suggestion, suggest
from index.unit_names import LongForms, long_forms

Progress = Callable[[int, int], None]
Outdated = Literal["rebuild", "background", "keep"]
"""What to do about a generation that can still be searched but is not what is asked for: build the new one first,
build it beside the searches, or leave that to others."""

_T = TypeVar("_T")
_Seen = tuple[int, int, int]
_CURRENT = "CURRENT"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PATIENCE = 30.0  # seconds to wait for another writer
_PAUSE = 5.0

log = logging.getLogger(__name__)


class Follower(Protocol):
    """What else is derived file by file, and told after the index: whoever finds its stamps old knows that the index
    may be, too."""

    def refresh(self, shas: Iterable[str], /) -> None: ...

    def close(self) -> None: ...


def open_index(settings: Settings, *, outdated: Outdated = "rebuild", thorough: bool = False) -> Index:
    """The index of the corpus in the settings, of the engine they name. One that is missing, damaged or out of date
    is built anew from the records, which may take a while on a large corpus. `thorough`: every file is checked."""
    return Index(
        settings.corpus / "index", open_store(settings), load_aliases(settings.rules),
        engine=engine_class(settings.engine), longer=long_forms(settings.rules), outdated=outdated, thorough=thorough,
        followers=(open_doubts(settings),),
    )  # fmt: skip


class Index:
    """All methods may be called from any thread."""

    def __init__(
        self, root: Path, store: Store, expand: Expand, *, engine: type[Engine], longer: LongForms | None = None,
        outdated: Outdated = "rebuild", thorough: bool = False, followers: Iterable[Follower] = (),
    ) -> None:  # fmt: skip
        self._root = root
        self._store = store
        self._expand = expand
        self._wanted = engine
        self._longer = longer
        self._thorough = thorough
        self._followers = tuple(followers)
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._opened: _Seen | None = None
        self._closing = threading.Event()
        self._builder: threading.Thread | None = None
        self._keeper = LexiconKeeper(self._named_entries, self._writing_now)
        with _told(root):
            try:
                self._current()
                if outdated == "rebuild" and self.is_outdated:
                    self._repair()
            except IndexBroken:
                self._repair()
        if outdated == "background" and self.is_outdated:
            self._builder = threading.Thread(target=self._build_beside, name="index-build", daemon=True)
            self._builder.start()

    @property
    def is_outdated(self) -> bool:
        """Whether the generation that serves is not what the settings and this program ask for."""
        return _stamp_of(self._root) != stamp(self._wanted)

    # --- searching ---

    def search(self, query: Query) -> Page:
        return self._with_engine(lambda engine: engine.search(query))

    def ids(self) -> frozenset[str]:
        """Record ids in the index."""
        return self._with_engine(lambda engine: engine.ids())

    def entry_meta(self, record_id: str) -> EntryMeta | None:
        """What a list shows of a document, without reading its record."""
        return self._with_engine(lambda engine: engine.entry_meta(record_id))

    def close(self) -> None:
        self._closing.set()
        if self._builder is not None:
            self._builder.join(_PATIENCE)
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine, self._opened = None, None
        for one in self._followers:
            one.close()
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

        def run(engine: Engine) -> _T:
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
        seen = {reading.sha256: self._store.stamps(reading.sha256)[1] for reading in found}
        fresh = {reading.sha256: self._entries(reading, documents.get(reading.sha256)) for reading in found}

        def put(engine: Engine) -> None:
            for reading in found:  # somebody may have reviewed it while this process waited for its turn
                if self._store.stamps(reading.sha256)[1] != seen[reading.sha256]:
                    fresh[reading.sha256] = self._entries(reading, documents.get(reading.sha256))
            self._replace(engine, fresh)

        self._write(put)
        self._tell(fresh)

    def refresh(self, shas: Iterable[str]) -> None:
        """Put in what the disk holds now of these files: after a review. Read under the lock, so nothing older is
        written over something newer."""
        wanted = list(dict.fromkeys(shas))

        def put(engine: Engine) -> None:
            fresh: dict[str, list[Entry]] = {}
            for sha256 in wanted:
                reading = self._store.reading(sha256)
                fresh[sha256] = [] if reading is None else self._entries(reading, None)
            self._replace(engine, fresh)

        self._write(put)
        self._tell(wanted)

    def delete(self, sha256: str) -> None:
        """Take out everything of a file."""
        head = sha256[:16]

        def take(engine: Engine) -> None:
            gone = [one for one in engine.ids() if one.partition("-")[0] == head]
            engine.delete(gone)
            self._keeper.write(engine.folder, engine.ids, (), gone)

        self._write(take)
        self._tell([sha256])

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
        self._wanted.create(folder)
        try:
            engine, lexicon = self._wanted(folder, expand=self._expand), Lexicon.create(folder)
            try:
                for batch in _batches(self._all(store, progress), BATCH):
                    engine.update(batch)
                    lexicon.update(batch)
            finally:
                engine.close()
                lexicon.close()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._switch(folder)
        self._retire()

    def _replace(self, engine: Engine, fresh: Mapping[str, list[Entry]]) -> None:
        """These entries of the files, and no others."""
        heads = {sha256[:16] for sha256 in fresh}
        found = [entry for some in fresh.values() for entry in some]
        kept = {entry.id for entry in found}
        gone = [one for one in engine.ids() if one.partition("-")[0] in heads and one not in kept]
        engine.delete(gone)
        engine.update(found)
        self._keeper.write(engine.folder, engine.ids, found, gone)

    def _tell(self, shas: Iterable[str]) -> None:
        """Followers are derived too: one that cannot write catches up later, and the index stands."""
        for one in self._followers:
            try:
                one.refresh(list(shas))
            except (StoreError, IndexBusy) as error:
                log.warning("not derived: %s", error)

    def _build_beside(self) -> None:
        """In a thread of its own, while the old generation serves."""
        log.info("a new index is built beside the old one")
        while not self._closing.is_set() and self.is_outdated:
            try:
                with _told(self._root):
                    self._repair()
            except IndexBusy:
                self._closing.wait(_PAUSE)
            except _Closing:
                return
            except (GongwenError, OSError) as error:
                log.error("the new index is not built: %s", error)
                return

    def _repair(self, *, damaged: _Seen | None = None) -> None:
        """Rebuild, if nobody else has while this process waited for its turn. `damaged` is the state of CURRENT that
        named a generation which opens but cannot answer."""
        with self._writing():
            if damaged is not None and damaged == _seen(self._root / _CURRENT):
                log.warning("index is built: the one there is is damaged")
                self._build(self._store)
            else:
                self._renew()

    def _renew(self) -> None:
        try:
            self._current()
            if not self.is_outdated:
                return
            log.info("index is built: the one there is of another engine or version")
        except IndexBroken as error:
            level = logging.WARNING if (self._root / _CURRENT).exists() else logging.INFO
            log.log(level, "index is built: %s", error)
        self._build(self._store)

    def _write(self, work: Callable[[Engine], None]) -> None:
        """Under the lock of the whole index, so that nothing is written to a generation that is being replaced."""
        with _told(self._root), self._writing():
            try:
                self._renew()
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
            if self._closing.is_set():
                raise _Closing
            reading = store.reading(sha256)
            if reading is not None:
                yield from self._entries(reading, store.text(sha256), store)
            if progress is not None:
                progress(done, len(shas))

    def _entries(self, reading: Reading, document: Document | None, store: Store | None = None) -> list[Entry]:
        """With people's words in place of what extraction said."""
        store = store or self._store
        document = document or store.text(reading.sha256)
        reviews = store.reviews(reading.sha256)
        if not reviews:
            return entries(reading, document, longer=self._longer)
        found = resolve_all(reading.documents, reviews)
        fresh = entries(in_force(reading, found), document, longer=self._longer)
        return [with_words(entry, one) for entry, one in zip(fresh, found, strict=True)]

    def _switch(self, folder: Path) -> None:
        """CURRENT is replaced in one step; generations before the last one go (their readers keep their files)."""
        temp = self._root / f"{_CURRENT}.{secrets.token_hex(4)}"
        with temp.open("x", encoding="utf-8") as file:
            json.dump({"generation": folder.name, "stamp": stamp(self._wanted)}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temp.replace(self._root / _CURRENT)
        sync(self._root)
        for path in self._root.glob("gen-*"):
            if path.name != folder.name and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
        for path in self._root.glob(f"{_CURRENT}.*"):
            path.unlink(missing_ok=True)

    # --- generations ---

    def _with_engine(self, work: Callable[[Engine], _T]) -> _T:
        """The work on the serving generation; damage found on the way is answered by one rebuild."""
        with _told(self._root):
            for again in (False, True):
                seen = _seen(self._root / _CURRENT)
                try:
                    return work(self._current())
                except IndexBroken:
                    if again:
                        self._repair(damaged=seen)
                    else:
                        self._retire()
            return work(self._current())

    def _retire(self) -> None:
        """Open anew at the next search. Not closed: another thread may be searching in it."""
        with self._lock:
            self._engine, self._opened = None, None

    def _current(self) -> Engine:
        with self._lock:
            seen = _seen(self._root / _CURRENT)
            if self._engine is not None and seen == self._opened:
                return self._engine
            folder, engine = _serving(self._root)
            self._engine = engine(folder, expand=self._expand, thorough=self._thorough)
            self._opened = seen
            return self._engine


class _Closing(Exception):  # noqa: N818  (nobody sees it)
    """The index is closed while a generation is built: nobody waits for it any more."""


def _serving(root: Path) -> tuple[Path, type[Engine]]:
    """The generation that CURRENT names and the engine that can search it."""
    found = _read_current(root)
    engine = serving_engine(found["stamp"])
    if engine is None:
        raise IndexBroken("the index was made by another version")
    name = str(found.get("generation", ""))
    if not name.startswith("gen-") or "/" in name:
        raise IndexBroken(f"{_CURRENT} names no generation")
    return root / name, engine


def _stamp_of(root: Path) -> dict[str, str]:
    try:
        return dict(_read_current(root)["stamp"])
    except IndexBroken:
        return {}


def _read_current(root: Path) -> dict[str, Any]:
    try:
        found = json.loads((root / _CURRENT).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexBroken("there is no index yet") from error
    except (OSError, ValueError) as error:
        raise IndexBroken(f"{_CURRENT} cannot be read") from error
    if not isinstance(found, dict) or not isinstance(found.get("stamp"), dict):
        raise IndexBroken(f"{_CURRENT} is damaged")
    return found


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


def _seen(path: Path) -> _Seen | None:
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
