"""Putting what was read on the disk, from one thread: one wait for the disk serves all that came
meanwhile. What lies in a mail or an archive is made an original before the container's record is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from gongwen.document import Document
from gongwen.record import Reading
from gongwen.store import Packed, Store
from ingest.crew import Crew, Done
from ingest.journal import Row, nothing
from ingest.spool import Member


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read, and how it will stand on the disk."""

    reading: Reading
    document: Document
    packed: Packed
    members: tuple[Member, ...] = ()
    is_opened: bool = True
    """Whether what lies in it was to be taken out; False for a file that lay too deep, or had no name yet."""


Group = tuple[tuple[Row, Read], ...]


class Writer:
    """Rows of a group may be noted as extracted once its end is collected."""

    def __init__(self, store: Store, *, at: Callable[[str], None] = nothing) -> None:
        self._store = store
        self._at = at
        self._crew: Crew[Group, None] = Crew(1, "write")
        self._waiting: list[tuple[Row, Read]] = []
        self.count = 0
        """Files whose writing has not ended."""

    @property
    def busy(self) -> bool:
        return self.count > 0

    def add(self, row: Row, read: Read) -> None:
        self._waiting.append((row, read))
        self.count += 1

    def start(self) -> None:
        """Write all that waits, unless a group is under way."""
        if self._waiting and self._crew.room:
            group = tuple(self._waiting)
            self._waiting = []
            self._crew.submit(group, lambda: self._write(group))

    def collect(self, timeout: float = 0.0) -> Done[Group, None] | None:
        """The end of a group. After an error none of its files counts as written."""
        done = self._crew.collect(timeout)
        if done is not None:
            self.count -= len(done.key)
        return done

    def close(self) -> None:
        self._crew.close()

    def _write(self, group: Group) -> None:
        packed = [read.packed for _, read in group]
        self._keep([one for _, read in group for one in read.members])
        self._store.put_texts(packed)
        for _ in group:
            self._at("extract:text_written")
        self._store.put_records(packed)
        for _ in group:
            self._at("extract:record_written")

    def _keep(self, members: list[Member]) -> None:
        """Members become originals, which the journal does not know until their container is noted."""
        written = [(one.path, one.sha256) for one in members if one.path is not None]
        for path, _ in written:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            self._at("members:synced")
        self._store.put_objects(written)
        for _ in written:
            self._at("members:stored")
