"""How the corpus stands, in numbers for a supervisor. The journal is only read: no tables are made, nothing waits."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from gongwen.errors import StoreError


@dataclass(frozen=True, slots=True)
class Gauges:
    """`states` and `reasons` count files; `lag` are those that were read and wait for the index."""

    states: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    disk_free_bytes: int = 0
    disk_bytes: int = 0

    @property
    def lag(self) -> int:
        return self.states.get("extracted", 0)


def read_gauges(corpus: Path) -> Gauges:
    """Raises StoreError when the journal cannot be read."""
    disk = os.statvfs(corpus)
    states, reasons = _counts(corpus / "journal.db")
    return Gauges(states, reasons, disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize)


def _counts(journal: Path) -> tuple[dict[str, int], dict[str, int]]:
    if not journal.exists():
        return {}, {}
    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            states = db.execute("SELECT state, count(*) FROM objects GROUP BY state").fetchall()
            reasons = db.execute("SELECT reason, count(*) FROM objects WHERE reason != '' GROUP BY reason").fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"收文日志无法读取：{journal}（{error}）") from error
    return {str(name): int(count) for name, count in states}, {str(name): int(count) for name, count in reasons}
