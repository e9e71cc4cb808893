"""Durable ingest: accept files, parse them in parallel, store what was found, feed the index; exactly once each.

Any number of these may work on one corpus at the same time: the journal's stored files are their common queue. The
rooms that read, extract and index are given to it (`Pipeline`, `Sink`); gongwen.cli.compose puts them together."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol

from gongwen.document import Document
from gongwen.errors import IndexBusy, RuleError, SourceError, StoreError
from gongwen.record import Record
from gongwen.store import Store
from ingest.accept import Acceptor
from ingest.client import LoadError
from ingest.convert import find_converter
from ingest.crew import Crew
from ingest.indexing import Indexer, Sink
from ingest.journal import Finish, Journal, Row, State, nothing
from ingest.ledger import Ledger
from ingest.owner import Owner, bury, has_peers, is_alive
from ingest.progress import Progress, Silent
from ingest.reading import TREE_BYTES, TREE_FILES, kin_of, read_object, within
from ingest.report import Report
from ingest.sandbox import Extracted
from ingest.space import Space, is_disk_full
from ingest.spool import Spool, discard
from ingest.walk import Found
from ingest.withdraw import is_withdrawn
from ingest.writing import Group, Read, Writer

_log = logging.getLogger(__name__)
_RECOVER_SECONDS = 60.0
_PAUSE = 0.05
_AHEAD = 3
"""Files claimed a worker beside the one in hand: none is idle while the main thread waits for the disk."""
_GROUP = 8
_GROUP_BYTES = 32 << 20
"""What is taken in together: enough to share the waits for the disk, little enough to keep the others waiting."""
_STATES: dict[str, State] = {
    "password": "needs_password", "no_text_needs_ocr": "needs_ocr", "needs_converter": "needs_converter"
}  # fmt: skip


class Pipeline(Protocol):
    """What makes records of a file. Called from several threads at once. `fingerprint` names the rules and
    dictionaries in use: another fingerprint, other records."""

    @property
    def fingerprint(self) -> str: ...

    def extract(self, path: Path, *, name: str, spool: Spool | None = None) -> Extracted:
        """A file's text and records; what lies in a mail or an archive goes into the spool. Raises SourceError; hostile
        files must not hurt the caller."""
        ...

    def derive(self, document: Document) -> list[Record]:
        """The records of a text that was read before."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """`remove`: files go once they are safe (the inbox). `patience`: seconds without progress on a full disk, or
    with the index locked by another, before the rest is left for the next run."""

    workers: int = 2
    batch: int = 200
    max_bytes: int = 100 << 20
    floor_mb: int = 500
    patience: float = 600.0
    poll: float = 2.0
    via: str = "cli"
    who: str = ""
    remove: bool = False


class Ingest:
    """One owner's work on a corpus; may `run` many times. Use as a context manager, from one thread."""

    def __init__(
        self, store: Store, pipeline: Pipeline, open_sink: Callable[[], Sink] | None, options: Options, *,
        progress: Progress | None = None, at: Callable[[str], None] = nothing,
        find_converter: Callable[[], str] = find_converter,
    ) -> None:  # fmt: skip
        """Without `open_sink` files stay `extracted` (a rebuild of the index comes after)."""
        store.create()
        self._store = store
        self._pipeline = pipeline
        self._options = options
        self._progress = progress or Silent()
        self._at = at
        self._find_converter = find_converter
        self.journal = Journal(store.journal, at=at)
        self._owner = Owner(store)
        self._acceptor = Acceptor(store, self.journal, self._owner, max_bytes=options.max_bytes, at=at)
        self._crew: Crew[Row, Read] = Crew(options.workers, "ingest", ahead=_AHEAD * options.workers)
        self._writer = Writer(store, at=at)
        self._indexer = (
            None if open_sink is None else Indexer(store, self.journal, open_sink, batch=options.batch, at=at)
        )
        self._space = Space(
            store.root, floor_mb=options.floor_mb, patience=options.patience, poll=options.poll,
            on_short=lambda: self._progress.say("磁盘空间不足，暂停收文，等待腾出空间……"),
        )  # fmt: skip
        self._held: deque[Callable[[], None]] = deque()
        self._coming: list[Found] = []
        self._has_suspect = False
        self._is_stopped = threading.Event()
        self._index_after = 0.0
        self._busy_since: float | None = None
        self._recovered = 0.0
        self._ledger = Ledger(self.journal, self._progress, indexes=self._indexer is not None)

    def __enter__(self) -> Ingest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Files under way go back to the queue; an index batch under way may end."""
        try:
            if self._indexer is not None:
                self._indexer.close(timeout=30.0)
            self._crew.close()
            self._writer.close()
            self.journal.release(self._owner.name)
        except sqlite3.Error as error:
            if not is_disk_full(error):  # else the next run finds this owner dead and takes its files
                raise
        finally:
            self.journal.close()
            self._owner.close()
            self._progress.close()

    def run(self, found: Iterable[Found]) -> Report:
        """Accept these files, then work until they and all that waited before are done. Ctrl-C ends it in order."""
        self._ledger = Ledger(self.journal, self._progress, indexes=self._indexer is not None)
        arrivals = iter(found)
        interrupted = False
        try:
            self._recover()
            self._work(arrivals)
        except KeyboardInterrupt:
            interrupted = True
        interrupted |= self._is_stopped.is_set()
        no_space = self._space.gave_up
        if no_space:
            for one in (*self._coming, *arrivals):
                self._ledger.refuse(one, "no_space")
        return self._ledger.close(interrupted=interrupted, no_space=no_space)

    def stop(self) -> None:
        """End `run` in order, from another thread, as Ctrl-C does; for good."""
        self._is_stopped.set()

    def has_work(self) -> bool:
        """Whether files wait that nobody hands in anew: left over, or taken back from a dead process."""
        self._recover(every=_RECOVER_SECONDS)
        waits = self.journal.rows("stored", limit=1)
        return bool(waits or (self._indexer is not None and self.journal.rows("extracted", limit=1)))

    # --- the loop -----------------------------------------------------------------------------------------

    def _work(self, arrivals: Iterator[Found]) -> None:
        self._coming = _group(arrivals)
        while not self._space.gave_up and not self._is_stopped.is_set():
            self._collect(0.0)
            self._collect_written(0.0)
            self._collect_index(0.0)
            self._dispatch()
            self._recover(every=_RECOVER_SECONDS)
            self._ledger.tell(self._crew.busy + self._writer.count)
            if self._coming and self._space.may_accept():
                self._accept(arrivals)
            elif self._crew.busy:
                self._collect(_PAUSE)
            elif self._writer.busy:
                self._collect_written(_PAUSE)
            elif self._is_indexing():
                self._collect_index(_PAUSE)
            elif self._held or self._coming or self._is_with_peers():
                time.sleep(_PAUSE)
            else:
                return

    def _accept(self, arrivals: Iterator[Found]) -> None:
        """Take some files in; when the disk is full they are tried again later."""
        options = self._options
        try:
            taken = self._acceptor.take_all(self._coming, via=options.via, who=options.who, remove=options.remove)
        except (OSError, sqlite3.Error) as error:
            self._wait_for_space(error)
            return
        for found, one in zip(self._coming, taken, strict=True):
            if isinstance(one, SourceError):
                _log.info("refused: %s (%s)", found.name, one)
                self._ledger.refuse(found, one.code)
            else:
                self._space.worked()
                self._ledger.expect(found, one)
        self._coming = _group(arrivals)

    def _dispatch(self) -> None:
        """Hand stored files to the crew. One that was tried before goes alone: it may kill the process."""
        try:
            if self._space.may_work() and not self._has_suspect:
                for row in self._claim():
                    self._at("claim:committed")
                    self._submit(row, self.journal.name_of(row.sha256))
        except sqlite3.Error as error:
            self._wait_for_space(error)
        if self._indexer is not None and self._indexer.is_due:
            self._indexer.start()

    def _claim(self) -> list[Row]:
        rows = self.journal.claim_some(self._owner.name, self._crew.room - self._writer.count)
        if rows or self._crew.busy or self._writer.busy:
            return rows
        suspect = self.journal.claim(self._owner.name, suspects=True)
        self._has_suspect = suspect is not None
        return [suspect] if suspect else []

    def _submit(self, row: Row, name: str) -> None:
        sha256, path = row.sha256, self._store.object_path(row.sha256)
        spool = None if self.journal.kin.is_deep(sha256) else Spool(self._owner.tmp)
        self._crew.submit(row, lambda: read_object(
            self._pipeline.extract, path, sha256=sha256, name=name, spool=spool, at=self._at
        ))  # fmt: skip

    def _collect(self, timeout: float) -> None:
        """Take what the crew has done to the writer."""
        done = self._crew.collect(timeout)
        while done is not None:
            if done.value is None:
                self._settle(partial(self._fail, done.key, done.error))
            elif any(is_withdrawn(self._store, one.sha256) for one in done.value.members if one.sha256):
                discard(done.value.members)
                self._settle(partial(self._fail, done.key, SourceError("withdrawn")))
            else:
                self._writer.add(done.key, self._within_tree(done.value))
            done = self._crew.collect()
        self._writer.start()

    def _within_tree(self, read: Read) -> Read:
        """Archives in archives multiply: what comes out of one file handed in has its limit."""
        if not read.members:
            return read
        files, size = self.journal.kin.below(read.reading.sha256, TREE_FILES)
        return within(read, TREE_FILES - files, TREE_BYTES - size)

    def _collect_written(self, timeout: float) -> None:
        """Note what has been written. What could not be noted on a full disk is held and noted later."""
        if self._held and self._space.may_work():
            self._settle(self._held.popleft())
        done = self._writer.collect(timeout)
        if done is not None and done.error is None:
            self._settle(partial(self._note, done.key))
        elif done is not None and done.error is not None:
            for _, read in done.key:
                discard(read.members)  # read again when there is room
            self._settle(partial(self._release, [row for row, _ in done.key], done.error))
        self._writer.start()

    def _settle(self, note: Callable[[], None]) -> None:
        try:
            note()
        except (OSError, sqlite3.Error) as error:
            self._wait_for_space(error)
            self._held.append(note)
            return
        if not self._crew.busy and not self._writer.busy:
            self._has_suspect = False

    def _note(self, group: Group) -> None:
        ends = [
            Finish(row.sha256, "extracted", next(iter(read.reading.reasons), None), read.reading.fingerprint,
                   read.reading.media_type, kin_of(read), read.is_opened)
            for row, read in group
        ]  # fmt: skip
        for (_, read), is_ours in zip(group, self.journal.finish_all(self._owner.name, ends), strict=True):
            if is_ours:
                self._ledger.extracted(read.reading)
                self._ledger.expect_members(read.reading.sha256)
                if self._indexer is not None:
                    self._indexer.add(read.reading, read.document)
            self._at("extract:committed")
        self._space.worked()

    def _fail(self, row: Row, error: BaseException | None) -> None:
        """A file that was not read. On a full disk it goes back to the queue."""
        if error is not None and is_disk_full(error):
            self._release([row], error)
        elif isinstance(error, SourceError):
            level = logging.ERROR if error.code == "extract_error" else logging.INFO  # a bug of ours
            _log.log(level, "not read: %s (%s)", row.sha256, error)
            self._refuse(row, error.code)
        elif isinstance(error, StoreError | RuleError | LoadError) or not isinstance(error, Exception):
            raise error or AssertionError("a job ends with a value or an error")
        else:
            _log.error("a bug met %s", row.sha256, exc_info=error)
            self._refuse(row, "extract_error")

    def _release(self, rows: list[Row], error: BaseException) -> None:
        """Back to the queue untried, until there is room. Raises what is not a full disk."""
        self._wait_for_space(error)
        for row in rows:
            self.journal.release(self._owner.name, row.sha256)

    def _refuse(self, row: Row, code: str) -> None:
        if code == "secret_mark":
            self._store.forget(row.sha256)
            if self._indexer is not None and row.fingerprint:
                self._indexer.remove(row.sha256)
        state = _STATES.get(code, "quarantined")
        self.journal.finish(row.sha256, self._owner.name, state, reason=code, media_type=row.media_type)
        self._ledger.settle(row.sha256)
        self._space.worked()

    # --- the index ----------------------------------------------------------------------------------------

    def _is_indexing(self) -> bool:
        """Start the last batches once all is extracted; True while one is under way or its turn is awaited."""
        if self._indexer is None:
            return False
        if self._indexer.busy:
            return True
        if self._busy_since is not None and time.monotonic() - self._busy_since > self._options.patience:
            return False
        if time.monotonic() < self._index_after or not self._space.may_work():
            return bool(self.journal.rows("extracted", limit=1))
        return self._indexer.start()

    def _collect_index(self, timeout: float) -> None:
        if self._indexer is None:
            return
        try:
            done = self._indexer.collect(timeout)
        except sqlite3.Error as error:
            self._wait_for_space(error)  # the rows stay `extracted` and are added again
            return
        if done is None:
            return
        if done.error is None:
            self._busy_since = None
            self._space.worked()
        elif isinstance(done.error, IndexBusy):
            self._busy_since = self._busy_since or time.monotonic()
            self._index_after = time.monotonic() + 4 * _PAUSE
        else:
            self._wait_for_space(done.error)

    # --- others -------------------------------------------------------------------------------------------

    def _wait_for_space(self, error: BaseException) -> None:
        """Raises what is not a full disk."""
        if not is_disk_full(error):
            raise error
        self._space.full()

    def _is_with_peers(self) -> bool:
        """Whether another process still works on a file of ours; if it has died, the file comes back."""
        rows = self.journal.rows("extracting") + self.journal.rows("stored")
        return self._ledger.expects(row.sha256 for row in rows) and self._recover(every=1.0)

    def _recover(self, *, every: float = 0.0) -> bool:
        """Take back what dead processes held, and adopt objects that have no row. Always True."""
        moment = time.monotonic()
        if every and moment - self._recovered < every:
            return True
        self._recovered = moment
        try:
            dead = bury(self._store)
            self._at("recover:buried")
            self.journal.recover(lambda owner: is_alive(self._store, owner))
            if self._find_converter() and (waiting := self.journal.rows("needs_converter")):
                self.journal.requeue([row.sha256 for row in waiting], "converter installed")
            counts_differ = not every and self._store.object_count() != len(self.journal)
            # A peer has objects that it is about to note; what the dead have left is adopted by who buries them.
            if dead or (counts_differ and not has_peers(self._store, self._owner.name)):
                self.journal.adopt(self._store.objects(), lambda sha256: self._store.object_path(sha256).stat().st_size)
            self._at("recover:done")
        except (OSError, sqlite3.Error) as error:
            self._wait_for_space(error)
        return True


def _group(arrivals: Iterator[Found]) -> list[Found]:
    """The next files to take in together."""
    group: list[Found] = []
    size = 0
    while len(group) < _GROUP and size < _GROUP_BYTES and (found := next(arrivals, None)) is not None:
        group.append(found)
        size += found.seen[0] if found.seen else 0
    return group
