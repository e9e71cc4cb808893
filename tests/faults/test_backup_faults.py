"""Row 25 of reliability.md: backups taken while ingest runs, backups and restores that are killed, and a machine that
is lost: all hashes equal."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gongwen.backup import Plan, make_backup
from gongwen.errors import StoreError
from gongwen.manifest import backups, check
from gongwen.record import record_id
from gongwen.restore import restore
from gongwen.store import Store
from ingest.journal import Journal, objects_named
from tests.ingest_kit import (
    FakePipeline,
    indexed_ids,
    join,
    killer,
    problems,
    run_ingest,
    sha256_of,
    spawn,
    write_files,
)  # fmt: skip

POINTS = ["backup:databases", "backup:files", "backup:object", "backup:objects", "backup:synced", "backup:named",
          "backup:going"]  # fmt: skip


def quiet(done: int, total: int) -> None:
    pass


def plan_of(store: Store, tmp_path: Path) -> Plan:
    return Plan(store.root, tmp_path / "backups", objects_named)


def check_restored(root: Path, known: set[str]) -> int:
    """Every original whole, each known to the journal, all derived anew; gives how many."""
    again = Store(root)
    again.create()
    (root / "fake-index.db").unlink(missing_ok=True)  # the fake index is under no name of ours, so it was backed up
    shas = set(again.objects())
    assert {sha256_of(again.object_path(one).read_bytes()) for one in shas} == shas
    journal = Journal(again.journal)
    try:
        rows = journal.rows()
        assert {row.sha256 for row in rows} == shas
        assert len(journal.arrivals()) == len(rows)
        assert shas <= known
        journal.recover(lambda owner: False)
        journal.requeue([row.sha256 for row in rows], "restored")
    finally:
        journal.close()
    run_ingest(again)
    assert indexed_ids(again) == {record_id(one, 1) for one in shas}
    assert problems(again) == []
    return len(shas)


def test_backups_taken_while_ingest_runs_miss_nothing_the_journal_knew(tmp_path: Path):
    store = Store(tmp_path / "corpus")
    store.create()
    known = set(write_files(tmp_path / "papers", 300).values())
    pid = spawn(lambda: run_ingest(store, tmp_path / "papers", pipeline=FakePipeline(pause=0.01)))
    made = []
    while len(made) < 5:
        if store.journal.exists() and store.object_count() > 40 * len(made):
            made.append(make_backup(plan_of(store, tmp_path), quiet))
            assert os.waitpid(pid, os.WNOHANG) == (0, 0)  # else it was no backup during ingest
    assert join(pid) == 0

    counts = []
    for number, one in enumerate(made):
        assert one.missing == []
        assert list(check(one.path, quiet)) == []
        restore(one.path, tmp_path / f"restored-{number}", quiet)
        counts.append(check_restored(tmp_path / f"restored-{number}", known))
    assert counts == sorted(counts)
    print(f"backups during ingest: {len(made)} of {counts} originals, missing 0")


@pytest.mark.parametrize("point", POINTS)
def test_a_backup_killed_at_a_point_is_no_backup_and_harms_none(tmp_path: Path, point: str):
    store = Store(tmp_path / "corpus")
    known = set(write_files(tmp_path / "papers", 12).values())
    run_ingest(store, tmp_path / "papers")
    plan = plan_of(store, tmp_path)
    first = make_backup(plan, quiet).path

    work = lambda: make_backup(plan, quiet, keep=1, at=killer(point, 5 if point == "backup:object" else 1))  # noqa: E731
    assert join(spawn(work)) == -signal.SIGKILL

    whole = backups(plan.into)
    assert len(whole) == (2 if point == "backup:named" else 1)
    assert first in whole or point == "backup:going"
    assert [one for path in whole for one in check(path, quiet)] == []
    last = make_backup(plan, quiet, keep=1)
    assert [one.name for one in plan.into.iterdir() if one.name != ".lock"] == [last.path.name]
    restore(last.path, tmp_path / "restored", quiet)
    assert check_restored(tmp_path / "restored", known) == 12


def killed(work: Callable[[], object], within: float, dice: random.Random) -> bool:
    pid = spawn(work)
    time.sleep(dice.uniform(0, within))
    os.kill(pid, signal.SIGKILL)
    return join(pid) == -signal.SIGKILL


def test_backups_and_restores_killed_at_random_moments(tmp_path: Path):
    store = Store(tmp_path / "corpus")
    known = set(write_files(tmp_path / "papers", 200).values())
    run_ingest(store, tmp_path / "papers")
    plan = plan_of(store, tmp_path)
    start = time.monotonic()
    whole = make_backup(plan, quiet).path
    took = time.monotonic() - start
    start = time.monotonic()
    restore(whole, tmp_path / "restored", quiet)
    took_back = time.monotonic() - start
    dice, backups_killed, unfinished, number = random.Random(25), 0, 0, 0
    while number < 12 or (not unfinished and number < 100):  # on a busy machine all may come too early or too late
        backups_killed += killed(lambda: make_backup(plan, quiet), took, dice)
        target = tmp_path / f"restored-{number}"
        killed(lambda target=target: restore(whole, target, quiet), took_back, dice)
        if (target / ".restoring").exists():
            unfinished += 1
            with pytest.raises(StoreError, match="没有完成"):
                Store(target).create()
        if (target / ".restoring").exists() or not target.exists() or not any(target.iterdir()):
            restore(whole, target, quiet)
        assert set(Store(target).objects()) == known
        number += 1
    assert backups_killed and unfinished

    assert [one for path in backups(plan.into) for one in check(path, quiet)] == []
    assert check_restored(tmp_path / "restored-11", known) == 200
    print(f"kills: backup {backups_killed}, restore in its midst {unfinished}; files lost 0, doubles 0")
