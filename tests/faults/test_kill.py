"""kill -9 at named points and at random moments: every file exactly once, nothing lost (reliability.md rows 15, 16)."""

import os
import random
import signal
import time
from dataclasses import replace

import pytest

from gongwen.disk import sweep_temp
from gongwen.record import record_id
from gongwen.store import Store
from ingest.journal import Journal
from ingest.walk import walk
from tests.ingest_kit import (
    QUICK,
    FakePipeline,
    age,
    indexed_ids,
    join,
    killer,
    make_ingest,
    problems,
    run_ingest,
    spawn,
    write_files,
)  # fmt: skip

INBOX = replace(QUICK, via="inbox", remove=True)
POINTS = [
    "accept:opened", "accept:copied", "accept:synced", "accept:stored", "accept:in_transaction", "accept:committed",
    "accept:removed", "claim:in_transaction", "claim:committed", "extract:read", "extract:text_written",
    "extract:record_written", "finish:in_transaction", "extract:committed", "index:loaded", "index:updated",
    "index:committed", "index:in_transaction", "index:marked", "recover:buried", "recover:done",
]  # fmt: skip


def check_whole(store: Store, made: dict[str, str]) -> None:
    """Every file is one object, one row, one arrival, one record, one entry; nothing else is left."""
    journal = Journal(store.journal)
    try:
        assert sorted(store.objects()) == sorted(made.values())
        assert {row.sha256: row.state for row in journal.rows()} == dict.fromkeys(made.values(), "indexed")
        assert sorted(one.name for one in journal.arrivals()) == sorted(made)
    finally:
        journal.close()
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    sweep_temp(store.tmp, older_than=0)  # half-written files of killed writers go after an hour
    assert list(store.tmp.iterdir()) == []
    assert list(store.owners.iterdir()) == []
    assert problems(store) == []


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_and_run_again(tmp_path, point):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 8)
    hit = 1 if point.startswith(("recover", "index")) else 3

    assert join(spawn(lambda: run_ingest(store, store.inbox, options=INBOX, at=killer(point, hit)))) == -signal.SIGKILL
    run_ingest(store, store.inbox, options=INBOX)

    check_whole(store, made)
    assert list(store.inbox.iterdir()) == []


def test_killed_while_recovering_from_a_kill(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 8)
    for point in ("extract:read", "recover:buried", "accept:stored", "recover:done"):
        join(spawn(lambda point=point: run_ingest(store, store.inbox, options=INBOX, at=killer(point))))

    run_ingest(store, store.inbox, options=INBOX)

    check_whole(store, made)


def test_killed_at_random_moments(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 100)
    dice = random.Random(20)
    kills = 0
    for _ in range(20):
        pid = spawn(lambda: run_ingest(store, store.inbox, options=INBOX, pipeline=FakePipeline(pause=0.002)))
        time.sleep(dice.uniform(0.01, 0.12))
        os.kill(pid, signal.SIGKILL)
        kills += join(pid) == -signal.SIGKILL
    assert kills  # else nothing was tested

    with make_ingest(store, options=INBOX) as ingest:
        ingest.run(walk([store.inbox], store))
        # A file may have been under way in three of the kills: that is what the rule is for, and a retry clears it.
        assert {row.reason for row in ingest.journal.refused()} <= {"worker_died_3x"}
        ingest.journal.requeue([row.sha256 for row in ingest.journal.refused()], "test")
        ingest.run([])

    check_whole(store, made)


def test_a_file_that_kills_its_worker_is_quarantined_and_the_rest_is_done(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(tmp_path / "papers", 6)
    bad = tmp_path / "papers" / "坏文件.txt"
    bad.write_text("!kill\n", encoding="utf-8")
    age(bad)

    codes = [join(spawn(lambda: run_ingest(store, tmp_path / "papers"))) for _ in range(3)]
    assert codes == [-signal.SIGKILL] * 3
    report = run_ingest(store, tmp_path / "papers")

    failed = [one for one in report.outcomes if one.status == "failed"]
    assert [(one.name, one.reason) for one in failed] == [("坏文件.txt", "worker_died_3x")]
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    assert problems(store) == []
