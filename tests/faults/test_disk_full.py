"""A full disk: nothing is lost, and with room again the rest is done (reliability.md row 18)."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gongwen.record import record_id
from gongwen.store import Store
from ingest.space import Space, is_disk_full
from tests.ingest_kit import QUICK, FakePipeline, indexed_ids, problems, run_ingest, write_files

ROOT = Path(__file__).resolve().parents[2]


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


SHORT = (120, 460)
LONG = (16, 64, 160, 200, 240, 300, 340, 380, 420, 500)
"""From a disk that does not hold the journal to one that holds nearly all: twelve sizes with the short ones."""


@pytest.mark.skipif(not _can_mount(), reason="this host lets nobody mount a tmpfs")
@pytest.mark.parametrize("kilobytes", [*SHORT, *(pytest.param(one, marks=pytest.mark.long) for one in LONG)])
def test_small_disks(tmp_path, kilobytes):
    place = tmp_path / "disk"
    place.mkdir()
    papers = tmp_path / "papers"
    made = write_files(papers, 60)
    script = (
        f"mount -t tmpfs -o size={kilobytes}k tmpfs '{place}' && "
        f"'{sys.executable}' -m tests.faults.small_disk '{place}' '{papers}' full && "
        f"mount -o remount,size=20m '{place}' && "
        f"'{sys.executable}' -m tests.faults.small_disk '{place}' '{papers}' roomy"
    )
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    full, roomy = (json.loads(line) for line in done.stdout.splitlines())

    assert full["no_space"] is True
    assert full["exit_code"] == 3
    assert full["damaged"] == []
    assert set(full["objects"]) <= set(made.values())
    assert roomy["exit_code"] == 0
    assert sorted(roomy["objects"]) == sorted(made.values())
    assert sorted(roomy["indexed"]) == sorted(record_id(sha256, 1) for sha256 in made.values())
    assert roomy["problems"] == []


class Quota(FakePipeline):
    """Reads that fail for lack of room a few times."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    def derive(self, document):
        if self.failures:
            self.failures -= 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().derive(document)


def test_a_full_disk_pauses_the_queue_and_it_goes_on(tmp_path):
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "papers", 6)
    report = run_ingest(store, tmp_path / "papers", pipeline=Quota(4), options=replace(QUICK, poll=0.01))
    assert report.exit_code == 0
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    assert problems(store) == []


def test_a_disk_that_stays_full_ends_the_run(tmp_path):
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "papers", 6)
    options = replace(QUICK, poll=0.01, patience=0.1)
    report = run_ingest(store, tmp_path / "papers", pipeline=Quota(10**6), options=options)
    assert report.no_space
    assert report.exit_code == 3
    assert {one.status for one in report.outcomes} <= {"waiting", "failed"}
    assert len(report.outcomes) == 6
    assert run_ingest(store, tmp_path / "papers").exit_code == 0
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    assert problems(store) == []


def test_below_the_floor_new_files_wait_but_accepted_ones_go_on(tmp_path):
    store = Store(tmp_path / "corpus")
    write_files(tmp_path / "one", 3)
    with_room = run_ingest(store, tmp_path / "one")
    assert with_room.exit_code == 0
    write_files(tmp_path / "two", 3, start=3)
    options = replace(QUICK, floor_mb=1 << 40, poll=0.01, patience=0.1)
    report = run_ingest(store, tmp_path / "two", options=options)
    assert report.no_space
    assert {one.reason for one in report.outcomes} == {"no_space"}
    assert len(list(store.objects())) == 3


def space(free, **more):
    clock = {"now": 0.0}
    made = Space(Path("/"), floor_mb=500, patience=60.0, poll=2.0, free=lambda path: free["mb"],
                 clock=lambda: clock["now"], **more)  # fmt: skip
    return made, clock


def test_the_floor():
    free = {"mb": 499}
    told = []
    made, clock = space(free, on_short=lambda: told.append("short"))
    assert (made.may_accept(), made.may_work()) == (False, True)
    free["mb"] = 500
    assert not made.may_accept()  # looks again after the pause only
    clock["now"] = 2.0
    assert made.may_accept()
    assert told == ["short"]


def test_patience_ends_without_success_only():
    made, clock = space({"mb": 999})
    made.full()
    assert not made.may_work()
    clock["now"] = 59.0
    made.worked()
    made.full()
    clock["now"] = 100.0
    assert not made.gave_up
    clock["now"] = 120.0
    assert made.gave_up


def test_what_counts_as_full():
    sqlite_full = sqlite3.OperationalError("database or disk is full")
    sqlite_full.sqlite_errorcode = sqlite3.SQLITE_FULL
    wrapped = RuntimeError("while writing")
    wrapped.__cause__ = OSError(errno.EDQUOT, "quota")
    assert is_disk_full(OSError(errno.ENOSPC, "full"))
    assert is_disk_full(sqlite_full)
    assert is_disk_full(wrapped)
    assert not is_disk_full(OSError(errno.EIO, "dying"))
    assert not is_disk_full(None)
    looped = RuntimeError("its own cause")
    looped.__cause__ = looped
    assert not is_disk_full(looped)
