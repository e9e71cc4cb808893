"""How the files stand, told from the journal in words for the office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import ceil
from pathlib import Path

from gongwen.record import record_id
from ingest.journal import Arrival, Journal
from ingest.troubles import Likely, Trouble
from web.ports import Failure, Intake, Intakes

STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("可检索", ("indexed",)),
    ("等待处理", ("stored", "extracting", "extracted")),
    ("等待文字识别", ("needs_ocr",)),
    ("等待安装转换程序", ("needs_converter",)),
    ("有密码", ("needs_password",)),
    ("已用密码打开", ("opened",)),
    ("未读成", ("quarantined",)),
)
"""States of the journal as people count them."""

PAGE_SIZE = 50


def journal_intake(path: Path, alarms: tuple[str, ...] = (), *, size: int = PAGE_SIZE) -> Intakes:
    """A function that reads the journal each time it is asked. A corpus without a journal has had no files yet. `size`:
    files a page; 0 for all of them."""

    def read(code: str = "", page: int = 1) -> Intake:
        if not path.exists():
            return Intake(alarms=alarms)
        journal = Journal(path)
        try:
            return replace(_read(journal, code, page, size), alarms=alarms)
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


def _read(journal: Journal, code: str, page: int, size: int) -> Intake:
    found = journal.counts()
    counts = tuple((name, sum(found.get(state, 0) for state in states)) for name, states in STATES)
    shown = tuple((name, count) for name, count in counts if count or name in {"可检索", "等待处理", "未读成"})
    kinds = tuple(journal.troubles.counts())
    total = sum(count for kind, count in kinds if kind == code or not code)
    pages = max(1, ceil(total / size)) if size else 1
    page = min(max(1, page), pages)
    listed = journal.troubles.listed(code, limit=size or -1, offset=(page - 1) * size)
    likely = journal.troubles.likely_copies(listed)
    failures = tuple(_failure(one, likely.get(one.sha256)) for one in listed)
    checked = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return Intake(shown if found else (), failures, checked, kinds=kinds, total=total, page=page, pages=pages)


def _failure(one: Trouble, likely: Likely | None) -> Failure:
    at = one.at[:16].replace("T", " ")
    found = (likely.name, record_id(likely.sha256, 1)) if likely else None
    return Failure(one.name, one.sha256, one.code, at, one.is_partly, one.is_locked, one.is_secret, found)
