"""Row 22 of reliability.md: the clock jumps by a year, back and forth, while files come in. The result is the same."""

from __future__ import annotations

import fcntl
import itertools
import os
import time
from pathlib import Path

import pytest

from gongwen.disk import sweep_temp
from gongwen.record import record_id
from gongwen.store import Store
from ingest.journal import Journal
from ingest.walk import walk
from ingest.watch import Watch
from tests.faults.test_kill import INBOX, check_whole
from tests.ingest_kit import QUICK, indexed_ids, make_ingest, problems, write_files

YEAR = 366 * 86_400.0


@pytest.fixture
def jumping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock of the wall is a year before or after the one before."""
    real, jumps = time.time, itertools.cycle([YEAR, 0.0, -YEAR, 0.0])
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))


@pytest.mark.usefixtures("jumping")
def test_an_ingest_under_a_jumping_clock(tmp_path: Path):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 30)
    with make_ingest(store, options=INBOX) as ingest:
        assert ingest.run(walk([store.inbox], store)).exit_code == 0
    check_whole(store, made)


@pytest.mark.parametrize("ahead", [YEAR, -YEAR])
def test_files_from_another_year_are_taken(tmp_path: Path, ahead: float):
    """As when a wrong clock was set right after they had come: their times lie far off."""
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 8)
    for path in store.inbox.iterdir():
        os.utime(path, (time.time() + ahead,) * 2)
    with make_ingest(store, options=INBOX) as ingest:
        Watch(store.inbox, ingest).run(poll=0.0, tell=lambda report: None, once=True)
    check_whole(store, made)


@pytest.mark.usefixtures("jumping")
def test_the_order_of_arrival_is_by_number_not_by_time(tmp_path: Path):
    store = Store(tmp_path / "corpus")
    store.create()
    made: dict[str, str] = {}
    for number in range(6):
        made |= write_files(tmp_path / str(number), 1, start=number)
        with make_ingest(store, options=QUICK) as ingest:
            ingest.run(walk([tmp_path / str(number)], store))
    journal = Journal(store.journal)
    assert [one.sha256 for one in journal.arrivals()] == list(made.values())
    assert [one.sha256 for one in journal.latest(6)] == list(reversed(made.values()))
    journal.close()
    assert indexed_ids(store) == {record_id(one, 1) for one in made.values()}
    assert problems(store) == []


@pytest.mark.usefixtures("jumping")
def test_a_jump_sweeps_no_file_that_somebody_writes(tmp_path: Path):
    path = tmp_path / "write-half"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for _ in range(4):
            sweep_temp(tmp_path, older_than=3600)
        assert path.exists()
