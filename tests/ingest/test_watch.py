from dataclasses import replace

import pytest

from gongwen.store import Store
from ingest.journal import Journal
from ingest.watch import Watch
from tests.ingest_kit import QUICK, FakePipeline, age, indexed_ids, make_ingest, sha256_of, write_files

INBOX = replace(QUICK, via="inbox", remove=True)


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus")
    made.create()
    return made


def drop(store, name, text):
    (store.inbox / name).write_text(text, encoding="utf-8")


def test_a_file_is_taken_at_the_second_look_that_sees_it_the_same(store):
    with make_ingest(store, options=INBOX) as ingest:
        watch = Watch(store.inbox, ingest)
        drop(store, "通知.txt", "一")
        assert watch.look() is None
        drop(store, "通知.txt", "一二")
        assert watch.look() is None
        assert watch.look().counts == {"accepted": 1}
        assert watch.look() is None
    assert list(store.inbox.iterdir()) == []
    assert store.has_object(sha256_of("一二"))


def test_what_was_refused_is_told_once_until_it_changes(store):
    with make_ingest(store, options=INBOX) as ingest:
        watch = Watch(store.inbox, ingest)
        drop(store, "空.txt", "")
        (store.inbox / "链接.pdf").symlink_to("/etc/shadow")
        watch.look()
        assert {one.reason for one in watch.look().outcomes} == {"empty", "not_regular"}
        assert watch.look() is None
        drop(store, "空.txt", "不空了")
        watch.look()
        assert watch.look().counts == {"accepted": 1}
    assert [path.name for path in store.inbox.iterdir()] == ["链接.pdf"]


def test_an_unread_file_leaves_the_inbox_with_its_bytes_kept(store):
    with make_ingest(store, options=INBOX) as ingest:
        watch = Watch(store.inbox, ingest)
        drop(store, "密.txt", "!password\n")
        watch.look()
        assert [one.reason for one in watch.look().outcomes] == ["password"]
    assert list(store.inbox.iterdir()) == []
    assert store.has_object(sha256_of("!password\n"))


def test_a_replaced_file_of_equal_size_is_seen(store):
    with make_ingest(store, options=INBOX) as ingest:
        watch = Watch(store.inbox, ingest)
        drop(store, "通知.txt", "一")
        age(store.inbox / "通知.txt")
        watch.look()
        drop(store, "通知.txt", "二")
        assert watch.look() is None
        assert watch.look().counts == {"accepted": 1}
    assert store.has_object(sha256_of("二"))


def test_watching_takes_up_what_waits(store):
    journal = Journal(store.journal)
    (store.tmp / "x").write_text("通知", encoding="utf-8")
    store.put_object(store.tmp / "x", sha256_of("通知"))
    journal.adopt(store.objects(), lambda sha256: 6)
    journal.close()
    with make_ingest(store, options=INBOX) as ingest:
        assert Watch(store.inbox, ingest).look().resumed == 1
    assert len(indexed_ids(store)) == 1


def test_once_looks_twice_and_ends(store):
    made = write_files(store.inbox, 3)
    reports, pauses = [], []
    with make_ingest(store, options=INBOX) as ingest:
        Watch(store.inbox, ingest).run(poll=0.5, tell=reports.append, once=True, sleep=pauses.append)
    assert [len(report.outcomes) for report in reports] == [len(made)]
    assert pauses == [0.5]


def test_ctrl_c_while_waiting_or_working_ends_the_watch(store):
    class Interrupted(FakePipeline):
        def derive(self, document):
            raise KeyboardInterrupt

    drop(store, "通知.txt", "一")
    reports = []
    with make_ingest(store, Interrupted(), options=INBOX) as ingest:
        Watch(store.inbox, ingest).run(poll=0.0, tell=reports.append)
    assert [report.interrupted for report in reports] == [True]
    assert list(store.owners.iterdir()) == []
