"""What the site may do about files that were not read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gongwen.settings import Settings
from gongwen.store import Store
from ingest.budget import Limits
from ingest.journal import Journal
from ingest.unlock import unlock
from web.ports import Original

WHO = "网站"
"""Who asks, as long as the site knows no users."""


class Desk:
    """May be used from any thread: each call has a journal of its own. Files with a secret mark are left alone."""

    def __init__(self, settings: Settings, store: Store, *, works: bool) -> None:
        """`works`: an ingest runs beside the site and takes up what is queued; else that waits for the next run."""
        self._settings = settings
        self._store = store
        self._unlocking = threading.Lock()
        self.works = works

    def original(self, sha256: str) -> Original | None:
        with self._journal() as journal:
            row, trouble = journal.row(sha256), journal.troubles.of(sha256)
            may = row is not None and (trouble is not None or row.state == "opened") and row.reason != "withdrawn"
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

    def _queue(self, journal: Journal, shas: Sequence[str]) -> int:
        return journal.requeue(shas, f"retry: {WHO}")

    @contextmanager
    def _journal(self) -> Iterator[Journal]:
        journal = Journal(self._store.journal)
        try:
            yield journal
        finally:
            journal.close()
