"""Deriving anew what is out of date: records of older rules from their stored text, files of older readers from the
original. The old record serves until the new one is there; anything may be interrupted and run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.store import Store
from ingest.journal import REFUSED, Journal, Row
from ingest.progress import Progress
from ingest.reading import stamp
from ingest.secrecy import has_secret_mark
from ingest.service import Pipeline

_RETRIED = ("extract_error", "worker_died_3x", "crash", "timeout", "no_sandbox", "damaged")


@dataclass(slots=True)
class Rederived:
    """`reread` files wait for an ingest run; the others are done. `changed`: those of the rederived that say something
    else than before, so they wait for the index."""

    current: int = 0
    rederived: int = 0
    changed: int = 0
    reread: int = 0
    secluded: int = 0
    orphans: int = 0


def rederive(
    store: Store, journal: Journal, pipeline: Pipeline, is_current_reader: Callable[[str], bool], progress: Progress,
    *, everything: bool = False, retry: bool = False,
) -> Rederived:  # fmt: skip
    """`is_current_reader` knows `name/revision`. With `everything` all files are read again; with `retry` also those
    that were refused for what they are (a new reader may know better)."""
    counts = Rederived()
    rows = [row for row in journal.rows() if row.owner is None]
    reread: list[str] = []
    for at, row in enumerate(rows):
        progress.step(at, len(rows), "检查记录")
        if row.state in REFUSED:
            if retry or row.reason in _RETRIED:
                reread.append(row.sha256)
        elif row.state in {"extracted", "indexed"}:
            document = None if everything else _text(store, row, is_current_reader)
            if document is None:
                reread.append(row.sha256)
            else:
                _again(store, journal, pipeline, row, document, counts)
    for sha256 in set(store.shas()) - {row.sha256 for row in rows}:
        if journal.row(sha256) is None and not store.has_object(sha256):
            store.forget(sha256)  # derived from nothing that is here
            counts.orphans += 1
    counts.reread = journal.requeue(reread, "rebuild")
    return counts


def _again(
    store: Store, journal: Journal, pipeline: Pipeline, row: Row, document: Document, counts: Rederived
) -> None:
    fingerprint = stamp(document, pipeline.fingerprint)
    if has_secret_mark(document):
        store.forget(row.sha256)
        journal.seclude(row.sha256, "secret_mark")
        counts.secluded += 1
        return
    if row.fingerprint == fingerprint and _has_record(store, row.sha256, fingerprint):
        counts.current += 1
        return
    fresh = Reading(
        journal.name_of(row.sha256), row.sha256, document.media_type, document.complete, list(document.reasons),
        pipeline.derive(document), fingerprint,
    )  # fmt: skip
    is_same = _says_the_same(store, fresh)
    store.put_reading(fresh)
    journal.rederived(row.sha256, fingerprint, is_same=is_same)
    counts.rederived += 1
    counts.changed += not is_same


def _says_the_same(store: Store, fresh: Reading) -> bool:
    """But for the stamp."""
    try:
        before = store.reading(fresh.sha256)
    except StoreError:
        return False
    return before is not None and before.to_json() | {"fingerprint": fresh.fingerprint} == fresh.to_json()


def _text(store: Store, row: Row, is_current_reader: Callable[[str], bool]) -> Document | None:
    """The stored text, when its reader is the current one and it can be read."""
    try:
        document = store.text(row.sha256)
    except StoreError:
        return None
    return document if document is not None and is_current_reader(document.reader) else None


def _has_record(store: Store, sha256: str, fingerprint: str) -> bool:
    try:
        reading = store.reading(sha256)
    except StoreError:
        return False
    return reading is not None and reading.fingerprint == fingerprint
