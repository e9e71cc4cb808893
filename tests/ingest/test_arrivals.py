from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gongwen.errors import StoreError
from ingest.arrivals import read_arrivals
from ingest.journal import Arrival, Journal


def test_the_first_arrival_counts(tmp_path: Path):
    path = tmp_path / "journal.db"
    told = read_arrivals(path)
    assert told() == {}
    journal = Journal(path)
    sha = "ab" * 32
    for name, at in (("一.txt", "2024-05-02T08:00:00+08:00"), ("二.txt", "2024-05-03T08:00:00+08:00")):
        journal.accept(sha, 5, Arrival(sha, name, "inbox", "", at))
    journal.close()
    assert told() == {sha[:16]: "2024-05-02T08:00:00+08:00"}


def test_a_damaged_journal_is_told(tmp_path: Path):
    path = tmp_path / "journal.db"
    path.write_bytes(b"no database, no database, no database")
    with pytest.raises(StoreError, match="收文日志"):
        read_arrivals(path)()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT 1 FROM arrivals")
