"""Feeding the index in batches, from one thread that alone touches it.

Adding a file twice is harmless, so a batch that died between the index's commit and the journal's is added again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.store import Store
from ingest.crew import Crew, Done
from ingest.journal import Journal, Row, nothing


class Sink(Protocol):
    """The index, as ingest sees it. `update` replaces what it knew of these files and has committed when it returns;
    it raises IndexBusy while another process writes."""

    def update(self, readings: Iterable[Reading], texts: Mapping[str, Document], /) -> None: ...

    def delete(self, sha256: str, /) -> None: ...

    def close(self) -> None: ...


_MAX_CHARS = 4_000_000
"""Texts held at once: with its lines and boxes a character of a PDF costs up to 50 bytes."""


@dataclass(frozen=True, slots=True)
class Batch:
    rows: tuple[Row, ...]
    gone: tuple[str, ...]


class Indexer:
    """Rows in state `extracted` become `indexed`. One batch is under way at a time."""

    def __init__(
        self, store: Store, journal: Journal, open_sink: Callable[[], Sink], *, batch: int,
        at: Callable[[str], None] = nothing,
    ) -> None:  # fmt: skip
        self._store = store
        self._journal = journal
        self._open_sink = open_sink
        self._size = batch
        self._at = at
        self._crew: Crew[Batch, list[str]] = Crew(1, "index")
        self._sink: Sink | None = None
        self._recent: dict[str, tuple[Reading, Document]] = {}
        self._held_chars = 0
        self._gone: list[str] = []
        self._waiting = 0

    @property
    def busy(self) -> bool:
        return self._crew.busy > 0

    @property
    def is_due(self) -> bool:
        return not self.busy and self._waiting >= self._size

    def add(self, reading: Reading, document: Document) -> None:
        """A file just extracted: kept at hand, so that the batch need not read it again."""
        self._waiting += 1
        self._recent[reading.sha256] = (reading, document)
        self._held_chars += len(document.text)
        while self._recent and (len(self._recent) > 2 * self._size or self._held_chars > _MAX_CHARS):
            self._take(next(iter(self._recent)))

    def remove(self, sha256: str) -> None:
        """A file that must not be found any more."""
        self._take(sha256)
        self._gone.append(sha256)

    def start(self) -> bool:
        """Begin the next batch; False when there is nothing to index."""
        rows = tuple(self._journal.rows("extracted", limit=self._size))
        if self.busy or not (rows or self._gone):
            return self.busy
        self._waiting = max(0, self._waiting - len(rows))
        batch = Batch(rows, tuple(self._gone))
        held = {row.sha256: pair for row in rows if (pair := self._take(row.sha256)) is not None}
        self._crew.submit(batch, lambda: self._write(batch, held))
        return True

    def collect(self, timeout: float = 0.0) -> Done[Batch, list[str]] | None:
        """The end of the batch; its rows are then marked. An error is the caller's to judge, its rows stay."""
        done = self._crew.collect(timeout)
        if done is None or done.error is not None:
            return done
        damaged = done.value or []
        self._at("index:committed")
        if damaged:
            self._journal.requeue(damaged, "record or text missing or damaged")
        self._journal.mark_indexed(row for row in done.key.rows if row.sha256 not in damaged)
        self._gone = [one for one in self._gone if one not in done.key.gone]
        self._at("index:marked")
        return done

    def close(self, timeout: float) -> None:
        """Let the batch under way end, then close the index in the thread that opened it."""
        if self._sink is not None:
            self._crew.submit(Batch((), ()), self._shut)
        self._crew.close(timeout)

    def _shut(self) -> list[str]:
        if self._sink is not None:
            self._sink.close()
        self._sink = None
        return []

    def _write(self, batch: Batch, held: dict[str, tuple[Reading, Document]]) -> list[str]:
        """Runs in the index thread. Gives the files whose record or text could not be read."""
        if self._sink is None:
            self._sink = self._open_sink()
        for sha256 in batch.gone:
            self._sink.delete(sha256)
        damaged: list[str] = []
        part: dict[str, tuple[Reading, Document]] = {}
        chars = 0
        for row in batch.rows:
            pair = held.pop(row.sha256, None) or self._load(row.sha256)
            if pair is None:
                damaged.append(row.sha256)
                continue
            part[row.sha256] = pair
            chars += len(pair[1].text)
            if chars > _MAX_CHARS:
                self._put(self._sink, part)
                part, chars = {}, 0
        self._at("index:loaded")
        if part:
            self._put(self._sink, part)
        self._at("index:updated")
        return damaged

    def _put(self, sink: Sink, part: dict[str, tuple[Reading, Document]]) -> None:
        sink.update([reading for reading, _ in part.values()], {sha256: text for sha256, (_, text) in part.items()})

    def _take(self, sha256: str) -> tuple[Reading, Document] | None:
        pair = self._recent.pop(sha256, None)
        if pair is not None:
            self._held_chars -= len(pair[1].text)
        return pair

    def _load(self, sha256: str) -> tuple[Reading, Document] | None:
        try:
            reading, document = self._store.reading(sha256), self._store.text(sha256)
        except StoreError:
            return None
        return None if reading is None or document is None else (reading, document)
