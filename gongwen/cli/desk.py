"""What the site may do about files that were not read, and the thread that takes up what it queues."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from gongwen.errors import GongwenError
from gongwen.settings import Settings
from gongwen.store import Store
from ingest.budget import Limits
from ingest.journal import Journal
from ingest.progress import Silent
from ingest.service import Ingest
from ingest.unlock import unlock
from web.ports import Original

_log = logging.getLogger(__name__)
WHO = "网站"
"""Who asks, as long as the site knows no users."""


class Desk:
    """May be used from any thread: each call has a journal of its own. Files with a secret mark are left alone."""

    def __init__(self, settings: Settings, store: Store, wake: Callable[[], None] | None = None) -> None:
        """`wake` lets somebody take up what was queued; without it that waits for the next ingest run."""
        self._settings = settings
        self._store = store
        self._wake = wake
        self._unlocking = threading.Lock()

    @property
    def works(self) -> bool:
        return self._wake is not None

    def original(self, sha256: str) -> Original | None:
        with self._journal() as journal:
            row, trouble = journal.row(sha256), journal.troubles.of(sha256)
            may = row is not None and (trouble is not None or row.state == "opened")
            if row is None or not may or journal.troubles.is_secret(sha256) or not self._store.has_object(sha256):
                return None
            return Original(self._store.object_path(sha256), journal.name_of(sha256), row.media_type)

    def retry(self, shas: Sequence[str]) -> int:
        with self._journal() as journal:
            found = [journal.troubles.of(one) for one in dict.fromkeys(shas)]
            return self._queue(journal, [one.sha256 for one in found if one is not None and not one.is_secret])

    def retry_kind(self, code: str) -> int:
        with self._journal() as journal:
            return self._queue(journal, [one.sha256 for one in journal.troubles.listed(code) if not one.is_secret])

    def unlock(self, sha256: str, password: str) -> None:
        """One at a time: keys are made to cost time, and nobody shall try many at once."""
        limits = Limits(file_bytes=self._settings.max_file_mb << 20)
        with self._unlocking, self._journal() as journal:
            unlock(self._store, journal, sha256, password, who=WHO, limits=limits)
        self._go()

    def _queue(self, journal: Journal, shas: Sequence[str]) -> int:
        count = journal.requeue(shas, f"retry: {WHO}")
        if count:
            self._go()
        return count

    def _go(self) -> None:
        if self._wake is not None:
            self._wake()

    @contextmanager
    def _journal(self) -> Iterator[Journal]:
        journal = Journal(self._store.journal)
        try:
            yield journal
        finally:
            journal.close()


class QueueWorker:
    """A thread that runs an ingest when it is woken, until nothing waits. Another ingest may run at the same time: both
    take from one queue."""

    def __init__(self, make: Callable[[], Ingest]) -> None:
        self._make = make
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ingest: Ingest | None = None
        self._is_closed = False

    def wake(self) -> None:
        """What is queued when this is called will be taken up."""
        with self._lock:
            self._woken.set()
            if self._is_closed or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._work, name="queue", daemon=True)
            self._thread.start()

    def close(self, timeout: float = 30.0) -> None:
        """Files under way go back to the queue."""
        with self._lock:
            self._is_closed = True
            thread, ingest = self._thread, self._ingest
            self._woken.set()
        if ingest is not None:
            ingest.stop()
        if thread is not None:
            thread.join(timeout)

    def _work(self) -> None:
        while self._is_wanted():
            try:
                with self._make() as ingest:
                    self._ingest = ingest
                    if not self._is_closed:
                        ingest.run([])
            except (GongwenError, OSError) as error:
                _log.error("the queue waits for the next ingest run: %s", error)  # the files are safe in the journal
            finally:
                self._ingest = None

    def _is_wanted(self) -> bool:
        """Whether it was woken since it began; else the thread ends, and the next wake starts another."""
        with self._lock:
            if not self._woken.is_set() or self._is_closed:
                self._thread = None
                return False
            self._woken.clear()
            return True


def make_worker(settings: Settings) -> QueueWorker:
    from gongwen.cli.compose import make_ingest, make_options

    options = make_options(settings, via="retry", who=WHO)
    return QueueWorker(lambda: make_ingest(settings, options, Silent()))
