"""What people said outlives everything: kill -9 while it is written, ingest, re-extraction and rebuild that are killed
at named points, originals that arrive again (reliability.md §3; design.md §4)."""

import os
import random
import signal
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from gongwen.acts import Review
from gongwen.errors import StoreError
from gongwen.judging import Asked, Conflict, judge, look
from gongwen.record import record_id
from gongwen.store import Store
from gongwen.targets import targets
from ingest.journal import Journal
from ingest.progress import Silent
from ingest.rederive import rederive
from tests.ingest_kit import QUICK, FakePipeline, join, killer, record_of, run_ingest, spawn, write_files


class OtherPipeline(FakePipeline):
    """Rules that read another title."""

    def derive(self, document):
        record = record_of(document)
        record.values["title"] = "规则改了以后的标题"
        return [record]


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus")
    made.create()
    papers = tmp_path / "papers"
    write_files(papers, 3)
    run_ingest(made, papers)
    return made


def act(title, say, by="林若溪"):
    return Review(title, "title", title, say, by, "2024-10-01T09:00:00+08:00")


def said(store):
    return {sha256: store.review_path(sha256).read_bytes() for sha256 in store.reviewed()}


def review_all(store):
    for reading in store.readings():
        title = reading.documents[0]["title"]
        store.add_review(reading.sha256, act(title, f"{title}（更正）"))
    return said(store)


def test_acts_that_were_kept_are_there_after_kills_at_random_moments(store):
    """Twelve processes append as fast as they can and are killed; each tells of an act after it was kept."""
    sha256 = store.shas()[0]
    dice = random.Random(11)
    told = 0
    for number in range(12):
        reader, writer = os.pipe()

        def work(number=number, writer=writer):
            at = 0
            while True:
                store.add_review(sha256, Review("甲", f"field-{number}-{at}", None, "乙", "何立", "2024-10-01"))
                os.write(writer, b".")
                at += 1

        pid = spawn(work)
        os.close(writer)
        time.sleep(dice.uniform(0.02, 0.15))
        os.kill(pid, signal.SIGKILL)
        assert join(pid) == -signal.SIGKILL
        with os.fdopen(reader, "rb") as pipe:
            kept = len(pipe.read())
        told += kept
        mine = [one.field for one in store.reviews(sha256) if one.field.startswith(f"field-{number}-")]
        assert mine == [f"field-{number}-{at}" for at in range(len(mine))]
        assert kept <= len(mine) <= kept + 1
    assert told > 20  # else nothing was tested
    store.add_review(sha256, act("甲", "乙"))  # no lock is left behind


@pytest.mark.parametrize("point", ["extract:read", "extract:text_written", "extract:record_written",
                                   "finish:in_transaction", "index:updated", "index:marked"])  # fmt: skip
def test_reading_again_and_being_killed_leaves_every_act(store, tmp_path, point):
    before = review_all(store)
    journal = Journal(store.journal)
    journal.requeue(store.shas(), "test")
    journal.close()
    options = replace(QUICK, batch=2)
    assert join(spawn(lambda: run_ingest(store, options=options, at=killer(point)))) == -signal.SIGKILL
    assert said(store) == before
    run_ingest(store, tmp_path / "papers", options=options)
    assert said(store) == before
    for sha256 in store.shas():
        assert store.effective(sha256)[0][0]["title"].endswith("（更正）")


def test_rules_that_read_something_else_make_acts_ask_again_and_lose_none(store):
    before = review_all(store)
    for kill in (True, False):
        pid = spawn(lambda: _rederive(store, OtherPipeline("rules-2")))
        if kill:
            time.sleep(0.05)
            os.kill(pid, signal.SIGKILL)
        join(pid)
    assert said(store) == before
    for sha256 in store.shas():
        record, states = store.effective(sha256)[0]
        assert (record["title"], states) == ("规则改了以后的标题", {"title": "stale"})
    _rederive(store, FakePipeline("rules-3"))
    for sha256 in store.shas():
        record, states = store.effective(sha256)[0]
        assert (record["title"][-4:], states) == ("（更正）", {"title": "corrected"})


def _rederive(store, pipeline):
    journal = Journal(store.journal)
    try:
        rederive(store, journal, pipeline, lambda reader: True, Silent())
    finally:
        journal.close()


def test_a_file_that_is_forgotten_and_arrives_again_finds_its_acts(store, tmp_path):
    before = review_all(store)
    for sha256 in store.shas():
        store.forget(sha256)
    journal = Journal(store.journal)
    journal.requeue(list(store.objects()), "test")
    journal.close()
    run_ingest(store, tmp_path / "papers")
    assert said(store) == before
    assert all(store.effective(sha256)[0][1] == {"title": "corrected"} for sha256 in store.shas())


def test_two_processes_that_review_one_value_do_not_overwrite_each_other(store):
    """Each of two processes corrects the title fifty times as it stands; every act that was kept saw the one before."""
    sha256 = store.shas()[0]
    address = record_id(sha256, 1)

    def work(name):
        for number in range(25):
            found = look(store, sha256, address)
            target = next(one for one in targets(found) if one.name == "title")
            try:
                judge(store, sha256, Asked(address, target.key, target.seen, "correct", [f"{name}{number}"]), name)
            except Conflict:
                continue

    pids = [spawn(lambda name=name: work(name)) for name in ("林若溪", "周明远")]
    assert [join(pid) for pid in pids] == [0, 0]
    acts = store.reviews(sha256)
    assert {one.by for one in acts} == {"林若溪", "周明远"}
    assert all(later.saw == earlier.say for earlier, later in pairwise(acts))
    assert store.effective(sha256)[0][0]["title"] == acts[-1].say


def test_a_damaged_review_file_is_told_and_never_overwritten(store):
    sha256 = store.shas()[0]
    path = store.review_path(sha256)
    path.write_bytes("- document: 甲\n  field: [".encode())
    before = path.read_bytes()
    with pytest.raises(StoreError, match="复核文件已损坏"):
        store.add_review(sha256, act("甲", "乙"))
    assert path.read_bytes() == before
