"""Verification: every original against its hash, and journal, objects, texts, records, index and catalogue against each
other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongwen.errors import StoreError
from gongwen.record import Reading
from gongwen.store import Store
from ingest.journal import Journal, Row
from ingest.progress import Progress

_CHUNK = 1 << 20
_DERIVED = frozenset({"extracted", "indexed"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit. `subject` is a sha256 or a record id; `message` is in Chinese."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class _Expected:
    """Record ids that the index must know, and those it may (not yet indexed; a file that an older reader read)."""

    required: set[str]
    allowed: set[str]


def verify(
    store: Store, journal: Journal, index_ids: Collection[str] | None, progress: Progress, *,
    fact_ids: Collection[str] | None = None,
) -> Iterator[Problem]:  # fmt: skip
    """`index_ids` are the record ids that can be found by search; None when the index cannot be opened. `fact_ids` are
    those in the catalogue; None: not asked."""
    if not journal.is_sound():
        yield Problem("journal", "", "收文日志已损坏，请从备份恢复")
    rows = {row.sha256: row for row in journal.rows()}
    objects = set(store.objects())
    for sha256 in sorted(objects - rows.keys()):
        yield Problem("no_row", sha256, "原件没有登记，下次运行 ingest 会补登")
    expected = _Expected(set(), set())
    for at, row in enumerate(rows.values()):
        progress.step(at, len(rows), "校验")
        if row.sha256 not in objects:
            yield Problem("no_object", row.sha256, "原件缺失，请从备份恢复")
        else:
            yield from _object(store, row)
        yield from _derived(store, row, expected)
    for sha256 in sorted(set(store.shas()) - rows.keys()):
        yield Problem("orphan", sha256, "记录没有对应的登记")
    yield from _index(index_ids, expected)
    if fact_ids is not None:
        yield from _facts(fact_ids, expected)


def _object(store: Store, row: Row) -> Iterator[Problem]:
    path = store.object_path(row.sha256)
    if path.is_symlink() or not path.is_file():
        yield Problem("not_regular", row.sha256, "原件不是普通文件")
        return
    if _hash(path) != row.sha256:
        yield Problem("damaged", row.sha256, "原件与校验值不符，请从备份恢复")
    elif path.stat().st_size != row.size:
        yield Problem("size", row.sha256, "登记的大小与原件不符")


def _derived(store: Store, row: Row, expected: _Expected) -> Iterator[Problem]:
    """Record and text of one file; its record ids go to `expected`."""
    try:
        reading, document = store.reading(row.sha256), store.text(row.sha256)
        store.reviews(row.sha256)
    except StoreError as error:
        yield Problem("unreadable", row.sha256, str(error))
        return
    if row.reason == "secret_mark" and (reading or document):
        yield Problem("secret_text", row.sha256, "标有密级的文件留有正文，请运行 rebuild")
    if reading is not None and row.reason != "secret_mark":
        expected.allowed.update(record.id for record in reading.documents)
    if row.state not in _DERIVED:
        return
    if reading is None or document is None:
        yield Problem("no_record", row.sha256, "记录或正文缺失，请运行 rebuild")
        return
    if reading.sha256 != row.sha256 or document.sha256 != row.sha256:
        yield Problem("mixed_up", row.sha256, "记录或正文属于另一个文件，请运行 rebuild")
    if row.fingerprint != reading.fingerprint:
        yield Problem("stale", row.sha256, "记录与登记的版本不符，请运行 rebuild")
    if row.state == "indexed":
        expected.required.update(record.id for record in reading.documents)
    if not _quotes_hold(reading, document.text):
        yield Problem("quote", row.sha256, "有依据与正文不符，请运行 rebuild")


def _quotes_hold(reading: Reading, text: str) -> bool:
    found = (one for record in reading.documents for many in record.evidence.values() for one in many)
    return all(text[one.start : one.end] == one.quote for one in found)


def _index(index_ids: Collection[str] | None, expected: _Expected) -> Iterator[Problem]:
    if index_ids is None:
        if expected.required:
            yield Problem("no_index", "", "索引无法打开，请运行 rebuild")
        return
    known = set(index_ids)
    for address in sorted(expected.required - known):
        yield Problem("not_indexed", address, "索引中缺少该文件，请运行 rebuild")
    for address in sorted(known - expected.allowed):
        yield Problem("surplus", address, "索引中有多余的文件，请运行 rebuild")


def _facts(fact_ids: Collection[str], expected: _Expected) -> Iterator[Problem]:
    known = set(fact_ids)
    for address in sorted(expected.required - known):
        yield Problem("not_catalogued", address, "事项目录中缺少该文件，请运行 rebuild")
    for address in sorted(known - expected.allowed):
        yield Problem("surplus_facts", address, "事项目录中有多余的文件，请运行 rebuild")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
