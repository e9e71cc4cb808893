"""Row 15 of reliability.md with its numbers: 15 points and more, three times each, and 50 kills at random moments of
ingests of 105 files. Every file exactly once."""

from __future__ import annotations

import os
import random
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from gongwen.store import Store
from ingest.walk import walk
from tests.faults.test_kill import INBOX, POINTS, check_whole
from tests.ingest_kit import FakePipeline, join, killer, make_ingest, run_ingest, spawn, write_files

pytestmark = pytest.mark.long


def test_each_point_three_times(tmp_path: Path):
    kills = 0
    for point in POINTS:
        store = Store(tmp_path / point.replace(":", "-"))
        store.create()
        made = write_files(store.inbox, 9)
        for hit in (1, 1, 2):
            work = partial(run_ingest, store, store.inbox, options=INBOX, at=killer(point, hit))
            done = join(spawn(work))
            kills += done == -signal.SIGKILL
        run_again(store)
        check_whole(store, made)
    assert kills >= 2 * len(POINTS)  # once all is taken in, no later run comes to `accept`
    print(f"kills at {len(POINTS)} points: {kills}; files lost 0, doubles 0")


def test_fifty_random_kills_of_105_files(tmp_path: Path):
    dice, kills, rounds = random.Random(1515), 0, 0
    while kills < 50:
        rounds += 1
        assert rounds <= 30, "the kills come too late"
        store = Store(tmp_path / f"corpus-{rounds}")
        store.create()
        made = write_files(store.inbox, 105)
        for _ in range(10):
            pid = spawn(partial(run_ingest, store, store.inbox, options=INBOX, pipeline=FakePipeline(pause=0.001)))
            time.sleep(dice.uniform(0.005, 0.15))
            os.kill(pid, signal.SIGKILL)
            kills += join(pid) == -signal.SIGKILL
        run_again(store)
        check_whole(store, made)
    print(f"random kills: {kills} in {rounds} ingests of 105 files; files lost 0, doubles 0")


def run_again(store: Store) -> None:
    """To the end; a file that three kills met waits for a person, who asks for it again."""
    with make_ingest(store, options=INBOX) as ingest:
        ingest.run(walk([store.inbox], store))
        assert {row.reason for row in ingest.journal.refused()} <= {"worker_died_3x"}
        ingest.journal.requeue([row.sha256 for row in ingest.journal.refused()], "test")
        ingest.run([])
