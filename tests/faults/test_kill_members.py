"""kill -9 while files come out of containers: each is one original, known once, under its container; nothing else."""

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
from tests.ingest_kit import (
    QUICK,
    FakePipeline,
    age,
    box,
    indexed_ids,
    join,
    killer,
    make_ingest,
    problems,
    run_ingest,
    sha256_of,
    spawn,
)

INBOX = replace(QUICK, via="inbox", remove=True)
POINTS = [
    ("members:synced", 1), ("members:synced", 4), ("members:stored", 1), ("members:stored", 5),
    ("members:in_transaction", 1), ("members:in_transaction", 4), ("extract:text_written", 2),
    ("extract:record_written", 2), ("finish:in_transaction", 2), ("extract:committed", 1), ("extract:committed", 3),
    ("claim:committed", 4), ("extract:read", 4), ("accept:in_transaction", 4), ("recover:done", 1),
    ("index:updated", 1), ("index:marked", 1),
]  # fmt: skip

INNER = box(("丙.txt", "关于丙的通知"), ("丁.txt", "关于丁的通知"))
FIRST = box(("一/甲.txt", "关于甲的通知"), ("乙.txt", "关于乙的通知"), ("里.zip", INNER))
SECOND = box(("又是甲.txt", "关于甲的通知"), ("戊.txt", "关于戊的通知"))
FILES = {"材料.zip": FIRST, "来信.eml": SECOND, "己.txt": "关于己的通知", "乙.txt": "关于乙的通知"}
ALL = {*FILES.values(), INNER, *(f"关于{one}的通知" for one in "甲乙丙丁戊己")}
MEMBERS = {
    FIRST: [("一/甲.txt", "关于甲的通知"), ("乙.txt", "关于乙的通知"), ("里.zip", INNER)],
    SECOND: [("又是甲.txt", "关于甲的通知"), ("戊.txt", "关于戊的通知")],
    INNER: [("丙.txt", "关于丙的通知"), ("丁.txt", "关于丁的通知")],
}
SOURCES = {"甲": {"甲.txt", "又是甲.txt"}, "乙": {"乙.txt"}, "丙": {"丙.txt"}, "丁": {"丁.txt"}, "戊": {"戊.txt"}}


def filled(tmp_path) -> Store:
    store = Store(tmp_path / "corpus")
    store.create()
    for name, text in FILES.items():
        (store.inbox / name).write_text(text, encoding="utf-8")
        age(store.inbox / name)
    return store


def check_whole(store: Store) -> None:
    shas = sorted(sha256_of(one) for one in ALL)
    journal = Journal(store.journal)
    try:
        assert sorted(store.objects()) == shas
        assert {row.sha256: row.state for row in journal.rows()} == dict.fromkeys(shas, "indexed")
        for parent, members in MEMBERS.items():
            found = journal.kin.members(sha256_of(parent))
            assert [(one.name, one.sha256) for one in found] == [(name, sha256_of(text)) for name, text in members]
        arrived = [(one.sha256, one.name) for one in journal.arrivals()]
        assert len(arrived) == len(set(arrived)) == len(FILES) + sum(map(len, MEMBERS.values()))
    finally:
        journal.close()
    for letter, names in SOURCES.items():
        assert store.reading(sha256_of(f"关于{letter}的通知")).source in names
    assert indexed_ids(store) == {record_id(sha256, 1) for sha256 in shas}
    sweep_temp(store.tmp, older_than=0)
    assert list(store.tmp.iterdir()) == []
    assert list(store.owners.iterdir()) == []
    assert list(store.inbox.iterdir()) == []
    assert problems(store) == []


@pytest.mark.parametrize(("point", "hit"), POINTS)
def test_killed_at_a_point_and_run_again(tmp_path, point, hit):
    store = filled(tmp_path)

    killed = join(spawn(lambda: run_ingest(store, store.inbox, options=INBOX, at=killer(point, hit))))
    assert killed == -signal.SIGKILL
    run_ingest(store, store.inbox, options=INBOX)

    check_whole(store)


def test_killed_again_and_again_on_the_way_back(tmp_path):
    store = filled(tmp_path)
    for point in ("members:stored", "recover:done", "members:in_transaction"):
        join(spawn(lambda point=point: run_ingest(store, store.inbox, options=INBOX, at=killer(point, 2))))
    with make_ingest(store, options=INBOX) as ingest:
        ingest.run([])
        ingest.journal.requeue([row.sha256 for row in ingest.journal.refused()], "test")
        ingest.run([])
    run_ingest(store, store.inbox, options=INBOX)
    check_whole(store)


def test_killed_at_random_moments(tmp_path):
    store = filled(tmp_path)
    dice = random.Random(7)
    kills = 0
    for _ in range(12):
        pid = spawn(lambda: run_ingest(store, store.inbox, options=INBOX, pipeline=FakePipeline(pause=0.004)))
        time.sleep(dice.uniform(0.01, 0.12))
        os.kill(pid, signal.SIGKILL)
        kills += join(pid) == -signal.SIGKILL
    assert kills
    run_ingest(store, store.inbox, options=INBOX)
    with make_ingest(store, options=INBOX) as ingest:
        assert {row.reason for row in ingest.journal.refused()} <= {"worker_died_3x"}
        ingest.journal.requeue([row.sha256 for row in ingest.journal.refused()], "test")
        ingest.run([])
    check_whole(store)


def test_two_ingests_at_once(tmp_path):
    store = filled(tmp_path)
    both = [spawn(lambda: run_ingest(store, store.inbox, options=INBOX, pipeline=FakePipeline(pause=0.002)))
            for _ in range(2)]  # fmt: skip
    assert [join(pid) for pid in both] == [0, 0]
    run_ingest(store, store.inbox, options=INBOX)
    check_whole(store)
