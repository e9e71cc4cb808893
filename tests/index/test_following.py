"""After an act search shows the person's word within a second; a busy index is waited for, a crash is made good."""

import os
import time

import pytest
from doubt_kit import act, corpus, issue, paper, put, sha

from gongwen.errors import IndexBusy, StoreError
from index.doubt_queue import Wanted
from index.engine import Query
from index.folder import writing
from index.following import Following, catch_up
from index.sync import open_index

NAME = sha("one")


@pytest.fixture
def made(tmp_path):
    settings, store, doubts = corpus(
        tmp_path / "corpus", ("one", paper("one", 1, issues=[issue()])), ("two", paper("two", 2))
    )
    index = open_index(settings)
    yield settings, store, doubts, index
    index.close()
    doubts.close()


def found(index, text="", **where):
    return set(index.search(Query(text, where={key: (value,) for key, value in where.items()})).ids)


def test_search_facets_and_lists_show_the_persons_word_at_once(made):
    _, store, doubts, index = made
    following = Following(index, doubts)
    assert len(found(index, "文号:〔2024〕1号")) == 1
    for field, saw, say in (
        ("document_number", "云科协字〔2024〕1号", "云科协字〔2024〕81号"), ("theme", "科普惠民", "科技惠农"),
        ("issuers", "云州市科学技术协会", "云州市农业农村局"), ("issue_date", "2024-05-30", "2021-06-01"),
        ("title", "关于举办科普日活动的通知", "关于举办农技下乡活动的通知"),
    ):  # fmt: skip
        store.add_review(NAME, act(field, saw, say, 1))
    start = time.monotonic()
    assert following.tell([NAME], patience=20.0)
    took = time.monotonic() - start
    mine = {f"{NAME[:16]}-1"}
    assert found(index, "〔2024〕81号") == mine
    assert found(index, "文号:〔2024〕1号") == set()
    assert found(index, "标题:农技下乡") == mine
    assert found(index, "科技惠农") == mine
    assert found(index, "单位:云州市农业农村局") == mine
    assert found(index, issuer="云州市农业农村局") == mine
    assert found(index, issuer="云州市科学技术协会") == {f"{sha('two')[:16]}-1"}
    assert found(index, issue_year="2021") == mine
    meta = index.entry_meta(f"{NAME[:16]}-1")
    assert (meta.title, meta.number, meta.date) == ("关于举办农技下乡活动的通知", "云科协字〔2024〕81号", "2021-06-01")
    assert meta.meta["issues"] == "0"
    assert doubts.count(Wanted()) == 0
    assert took < 5.0
    following.close()


def test_a_busy_index_is_waited_for(made):
    settings, store, doubts, index = made
    following = Following(index, doubts)
    assert following.tell([], patience=20.0)
    store.add_review(NAME, act("theme", "科普惠民", "科技惠农", 1))
    with writing(settings.corpus / "index", patience=5.0):
        assert not following.tell([NAME], patience=0.2)
        assert found(index, "科技惠农") == set()
    assert following.tell([], patience=20.0)
    assert found(index, "科技惠农") == {f"{NAME[:16]}-1"}
    following.close()


class Stubborn:
    """An index that is busy a few times, and cannot take one of the files at all."""

    def __init__(self, broken=""):
        self.calls = []
        self._broken = broken

    def refresh(self, shas):
        self.calls.append(list(shas))
        if len(self.calls) < 3:
            raise IndexBusy("busy")
        if self._broken in shas:
            raise StoreError("damaged")


def test_it_tries_again_and_a_damaged_file_keeps_no_other_waiting(made, monkeypatch):
    monkeypatch.setattr("index.following._AGAIN", 0.01)
    doubts = made[2]
    doubts.rebuild()
    index = Stubborn(broken="bad")
    following = Following(index, doubts)
    assert following.tell(["bad", "good"], patience=20.0)
    assert index.calls[:3] == [["bad", "good"]] * 3
    assert index.calls[3:] == [["bad"], ["good"]]
    following.close()


def test_what_a_crash_left_undone_is_made_good_at_the_next_start(made):
    """A process dies between keeping the act and telling the index of it."""
    _, store, doubts, index = made
    doubts.rebuild()
    pid = os.fork()
    if pid == 0:
        store.add_review(NAME, act("theme", "科普惠民", "科技惠农", 1))
        os._exit(9)
    os.waitpid(pid, 0)
    assert found(index, "科技惠农") == set()
    assert catch_up(index, doubts) == 1
    assert found(index, "科技惠农") == {f"{NAME[:16]}-1"}
    assert catch_up(index, doubts) == 0


def test_an_index_update_that_waited_writes_what_was_said_meanwhile(made, monkeypatch):
    """The record was read before somebody reviewed it, the lock came after."""
    _, store, _, index = made
    reading = store.reading(NAME)
    write = index._write

    def late(work):
        store.add_review(NAME, act("theme", "科普惠民", "科技惠农", 1))
        write(work)

    monkeypatch.setattr(index, "_write", late)
    index.update([reading], {})
    assert found(index, "科技惠农") == {f"{NAME[:16]}-1"}


def test_a_rebuild_keeps_the_persons_word(made):
    _, store, _, index = made
    store.add_review(NAME, act("theme", "科普惠民", "科技惠农", 1))
    index.rebuild(store)
    assert found(index, "科技惠农") == {f"{NAME[:16]}-1"}


def test_a_file_that_is_gone_goes_from_the_index(made):
    _, store, doubts, index = made
    doubts.rebuild()
    put(store, "one", paper("one", 1))
    store.forget(NAME)
    index.refresh([NAME])
    assert f"{NAME[:16]}-1" not in index.ids()
