"""When papers arrived, as the journal knows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from gongwen.errors import StoreError

_HEAD = 16
"""Characters of a file's hash that the ids of its papers begin with (gongwen.record.record_id)."""


def read_arrivals(journal: Path) -> Callable[[], Mapping[str, str]]:
    """A function that tells for the head of each file's hash when the file first came (ISO, UTC offset). It reads the
    journal each time: another process writes it. A corpus without a journal knows of none."""

    def read() -> Mapping[str, str]:
        if not journal.exists():
            return {}
        try:
            with closing(sqlite3.connect(journal, timeout=10)) as db:
                found = db.execute("SELECT substr(sha256, 1, ?), min(at) FROM arrivals GROUP BY sha256", (_HEAD,))
                return {head: at for head, at in found if at}
        except sqlite3.Error as error:
            raise StoreError(f"收文日志读不出：{error}") from error

    return read
