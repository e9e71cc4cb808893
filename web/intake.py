"""How the files stand, told from the journal in words for the office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.journal import REFUSED, Arrival, Journal, Row
from web.ports import Failure, Intake

STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("可检索", ("indexed",)),
    ("等待处理", ("stored", "extracting", "extracted")),
    ("等待文字识别", ("needs_ocr",)),
    ("等待安装转换程序", ("needs_converter",)),
    ("有密码", ("needs_password",)),
    ("未读成", ("quarantined",)),
)
"""States of the journal as people count them."""

DEFAULT_CODES = {
    "needs_password": "password", "needs_ocr": "no_text_needs_ocr", "needs_converter": "needs_converter",
}  # fmt: skip
MAX_LISTED = 500


def journal_intake(path: Path, alarms: tuple[str, ...] = ()) -> Callable[[], Intake]:
    """A function that reads the journal each time it is asked: another process writes it meanwhile. A corpus without
    a journal has had no files yet."""

    def read() -> Intake:
        if not path.exists():
            return Intake(alarms=alarms)
        journal = Journal(path)
        try:
            return replace(_read(journal), alarms=alarms)
        finally:
            journal.close()

    return read


def journal_arrivals(path: Path) -> Callable[[int], list[Arrival]]:
    """A function that gives the files that came in last, as the journal knows them when it is asked."""

    def read(limit: int) -> list[Arrival]:
        if not path.exists():
            return []
        journal = Journal(path)
        try:
            return journal.latest(limit)
        finally:
            journal.close()

    return read


def _read(journal: Journal) -> Intake:
    found = journal.counts()
    counts = tuple((name, sum(found.get(state, 0) for state in states)) for name, states in STATES)
    rows = [row for row in journal.rows() if row.state in REFUSED or row.reason]
    failures = tuple(_failure(journal, row) for row in reversed(rows[-MAX_LISTED:]))
    shown = tuple((name, count) for name, count in counts if count or name in {"可检索", "等待处理", "未读成"})
    return Intake(shown if found else (), failures, datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"))


def _failure(journal: Journal, row: Row) -> Failure:
    arrivals = journal.arrivals(row.sha256)
    at = arrivals[-1].at[:16].replace("T", " ") if arrivals else ""
    code = row.reason or DEFAULT_CODES.get(row.state, "")
    return Failure(journal.name_of(row.sha256), row.sha256, code, at, partly=row.state not in REFUSED)
