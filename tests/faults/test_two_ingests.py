"""Two and three ingests at once on one corpus: exact (reliability.md row 17)."""

import os
import signal
import time

import pytest

from gongwen.record import record_id
from gongwen.store import Store
from ingest.journal import Journal
from ingest.owner import Owner, bury, is_alive
from tests.ingest_kit import (
    FakePipeline,
    indexed_ids,
    join,
    make_ingest,
    problems,
    run_ingest,
    sha256_of,
    spawn,
    write_files,
)  # fmt: skip


@pytest.mark.parametrize("processes", [2, 3])
def test_the_same_folder_from_several_processes(tmp_path, processes):
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "papers", 40)

    def work() -> None:
        report = run_ingest(store, tmp_path / "papers", pipeline=FakePipeline(pause=0.002))
        assert len(report.outcomes) == 40
        assert report.exit_code == 0, report.counts

    codes = [join(pid) for pid in [spawn(work) for _ in range(processes)]]

    assert codes == [0] * processes
    assert sorted(store.objects()) == sorted(made.values())
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    journal = Journal(store.journal)
    assert len(journal.arrivals()) == 40
    assert journal.counts() == {"indexed": 40}
    reads = [event for sha256 in made.values() for _, event, _ in journal.trail(sha256) if event == "extracted"]
    journal.close()
    assert len(reads) == 40
    assert problems(store) == []


def test_different_folders_at_once(tmp_path):
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "one", 25) | write_files(tmp_path / "two", 25, start=25)

    pids = [spawn(lambda folder=folder: run_ingest(store, tmp_path / folder)) for folder in ("one", "two")]

    assert [join(pid) for pid in pids] == [0, 0]
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}
    assert problems(store) == []


def test_a_peer_takes_over_from_one_that_is_killed(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(tmp_path / "papers", 10)
    slow = spawn(lambda: run_ingest(store, tmp_path / "papers", pipeline=FakePipeline(pause=60.0)))
    journal = Journal(store.journal)
    while not journal.rows("extracting"):
        time.sleep(0.01)
    journal.close()

    peer = spawn(lambda: run_ingest(store, tmp_path / "papers"))
    time.sleep(0.2)
    os.kill(slow, signal.SIGKILL)

    assert join(slow) == -signal.SIGKILL
    assert join(peer) == 0
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in made.values()}


def test_the_living_are_not_buried(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()
    with Owner(store) as owner:
        (owner.tmp / "half").write_bytes(b"x")
        assert is_alive(store, owner.name)
        assert bury(store) == []
        assert (owner.tmp / "half").exists()
    assert not is_alive(store, owner.name)
    assert list(store.tmp.iterdir()) == []


def test_the_dead_are_buried_with_their_folder(tmp_path):
    store = Store(tmp_path / "corpus")
    store.create()

    def die() -> None:
        owner = Owner(store)
        (owner.tmp / "half").write_bytes(b"x")
        os.kill(os.getpid(), signal.SIGKILL)

    join(spawn(die))
    dead = [path.name for path in store.owners.iterdir()]

    assert bury(store) == dead
    assert len(dead) == 1
    assert list(store.tmp.iterdir()) == []


def test_what_a_peer_finished_counts_once(tmp_path):
    store = Store(tmp_path / "corpus")
    with make_ingest(store) as ingest:
        ingest.journal.adopt([], lambda sha256: 0)
        assert ingest.journal.finish(sha256_of("x"), "nobody", "extracted") is False


def test_an_object_that_a_living_peer_is_about_to_note_is_left_to_it(tmp_path):
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "papers", 1)
    run_ingest(store, tmp_path / "papers")
    stray = b"\xe5\x85\xb3\xe4\xba\x8e"
    path = store.object_path(sha256_of(stray))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stray)

    def rows() -> int:
        journal = Journal(store.journal)
        try:
            return len(journal)
        finally:
            journal.close()

    with Owner(store):
        assert join(spawn(lambda: run_ingest(store, tmp_path / "papers"))) == 0
        assert rows() == len(made)
    assert join(spawn(lambda: run_ingest(store, tmp_path / "papers"))) == 0
    assert rows() == len(made) + 1
