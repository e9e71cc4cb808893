"""Containers in the durable ingest: members arrive with their container, once, and are told below it."""

import errno
import json

import pytest

from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.budget import Limits
from ingest.journal import Arrival, Journal
from ingest.kinship import MAX_DEPTH, Kin
from ingest.relations import Relations, read_relations
from ingest.schema import MIGRATIONS
from ingest.spool import Spool
from ingest.walk import walk
from tests.ingest_kit import (
    QUICK,
    FakePipeline,
    age,
    box,
    indexed_ids,
    make_ingest,
    problems,
    run_ingest,
    sha256_of,
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "corpus")


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


@pytest.fixture
def journal(store):
    store.create()
    found = Journal(store.journal)
    yield found
    found.close()


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    age(path)
    return sha256_of(text)


def lines(report):
    return [f"{one.depth} {one.name} {one.status} {one.reason or ''}".strip() for one in report.outcomes]


def test_members_are_originals_of_their_own(store, papers):
    parent = write(papers, "材料.zip", box(("通知/一.txt", "关于甲的通知"), ("二.txt", "关于乙的通知")))

    report = run_ingest(store, papers)

    assert lines(report) == ["0 材料.zip accepted", "1 通知/一.txt accepted", "1 二.txt accepted"]
    assert report.lines == ["材料.zip：新收", "  通知/一.txt：新收", "  二.txt：新收"]
    assert report.summary == "共 1 个文件：新收 1。其中的压缩包和邮件内含 2 个文件：新收 2。"
    one, two = sha256_of("关于甲的通知"), sha256_of("关于乙的通知")
    assert sorted(store.objects()) == sorted([parent, one, two])
    journal = Journal(store.journal)
    assert [(kin.name, kin.sha256) for kin in journal.kin.members(parent)] == [("通知/一.txt", one), ("二.txt", two)]
    assert [(one.name, one.via) for one in journal.arrivals(one)] == [("材料.zip/通知/一.txt", "member")]
    assert journal.name_of(one) == "一.txt"
    journal.close()
    assert len(indexed_ids(store)) == 3
    assert problems(store) == []


def test_the_same_container_again_gives_nothing_new(store, papers):
    write(papers, "材料.zip", box(("一.txt", "甲")))
    run_ingest(store, papers)
    write(papers, "又一份.zip", box(("一.txt", "甲")))
    pipeline = FakePipeline()
    report = run_ingest(store, papers, pipeline=pipeline)
    assert (lines(report), pipeline.read_names) == (["0 又一份.zip duplicate", "0 材料.zip duplicate"], [])
    assert len(list(store.objects())) == 2


def test_a_file_alone_and_in_a_container_is_one_original_with_two_names(store, papers):
    alone = write(papers, "通知.txt", "关于甲的通知")
    write(papers, "材料.zip", box(("附件/甲.txt", "关于甲的通知")))
    report = run_ingest(store, papers)
    assert report.counts == {"accepted": 2}
    relations = read_relations(store.journal, alone)
    assert [(one.name, one.label) for one in relations.containers] == [("材料.zip", "附件/甲.txt")]
    assert relations.names == ("通知.txt",)
    assert len(list(store.objects())) == 2


def test_two_members_of_the_same_bytes(store, papers):
    parent = write(papers, "材料.zip", box(("一.txt", "甲"), ("二.txt", "甲")))
    report = run_ingest(store, papers)
    assert lines(report) == ["0 材料.zip accepted", "1 一.txt accepted", "1 二.txt duplicate"]
    assert [one.label for one in read_relations(store.journal, parent).members] == ["一.txt", "二.txt"]
    assert len(list(store.objects())) == 2


def test_a_member_that_is_refused_is_told_and_stops_nothing(store, papers):
    parent = write(papers, "材料.zip", box(("密.txt", "!password"), ("明.txt", "甲")))
    report = run_ingest(store, papers)
    assert lines(report) == ["0 材料.zip accepted", "1 密.txt failed password", "1 明.txt accepted"]
    assert report.exit_code == 3
    members = read_relations(store.journal, parent).members
    assert [(one.label, one.reason, bool(one.address)) for one in members] == [
        ("密.txt", "password", False), ("明.txt", "", True),
    ]  # fmt: skip


def nested(depth: int) -> str:
    text = "最里面的通知"
    for level in range(depth, 0, -1):
        text = box((f"{level}.zip" if level < depth else "里.txt", text))
    return text


def test_boxes_in_boxes_are_opened_to_a_depth(store, papers):
    write(papers, "套.zip", nested(10))
    report = run_ingest(store, papers)
    assert [one.depth for one in report.outcomes] == [0, 1, 2, 3]
    last = report.outcomes[-1]
    assert (last.name, last.complete, last.reasons) == ("3.zip", False, ("nesting",))
    assert len(list(store.objects())) == MAX_DEPTH + 1
    assert problems(store) == []


def test_what_lay_too_deep_is_opened_when_it_comes_alone(store, papers):
    write(papers, "套.zip", nested(5))
    run_ingest(store, papers)
    inner = store.object_path(read_deepest(store)).read_text(encoding="utf-8")
    write(papers, "单独.zip", inner)
    report = run_ingest(store, papers)
    assert [one.name for one in report.outcomes if one.depth] == ["4.zip", "里.txt"]
    assert len(list(store.objects())) == 6
    assert problems(store) == []


def read_deepest(store):
    journal = Journal(store.journal)
    try:
        return next(row.sha256 for row in journal.rows() if row.reason == "nesting")
    finally:
        journal.close()


def test_read_again_it_has_the_same_members(store, papers):
    parent = write(papers, "材料.zip", box(("一.txt", "甲"), ("二.txt", "乙")))
    run_ingest(store, papers)
    before = read_relations(store.journal, parent)
    with make_ingest(store, FakePipeline("rules-2")) as ingest:
        ingest.journal.requeue([parent], "test")
        ingest.run([])
    assert read_relations(store.journal, parent) == before
    assert len(list(store.objects())) == 3
    assert problems(store) == []


def test_what_comes_out_of_one_file_has_a_limit(store, papers, monkeypatch):
    monkeypatch.setattr("ingest.service.TREE_FILES", 4)
    inner = box(*((f"{at}.txt", f"里{at}") for at in range(3)))
    write(papers, "材料.zip", box(("一.txt", "甲"), ("二.zip", inner)))
    report = run_ingest(store, papers)
    assert lines(report) == [
        "0 材料.zip accepted", "1 一.txt accepted", "1 二.zip accepted", "2 0.txt accepted",
        "2 1.txt failed zip_entries", "2 2.txt failed zip_entries",
    ]  # fmt: skip
    assert [one.reasons for one in report.outcomes if not one.complete and one.sha256] == [("zip_entries",)]
    assert problems(store) == []


def test_an_object_read_under_no_name_is_read_again_when_it_arrives(store, papers):
    """A crash between rename and commit leaves an object that nobody has named."""
    store.create()
    sha256 = write(store.tmp, "x", "关于甲的通知")
    store.put_object(store.tmp / "x", sha256)
    run_ingest(store)
    assert store.reading(sha256).source == sha256[:16]
    write(papers, "材料.zip", box(("甲.txt", "关于甲的通知")))
    run_ingest(store, papers)
    assert store.reading(sha256).source == "甲.txt"
    assert problems(store) == []


def test_an_adopted_box_is_not_opened_before_it_arrives(store, papers):
    store.create()
    text = box(("一.txt", "甲"))
    sha256 = write(store.tmp, "x", text)
    store.put_object(store.tmp / "x", sha256)
    run_ingest(store)
    assert len(list(store.objects())) == 1
    write(papers, "材料.zip", text)
    run_ingest(store, papers)
    assert [one.label for one in read_relations(store.journal, sha256).members] == ["一.txt"]


def test_a_failed_extraction_leaves_nothing_of_its_members(store, papers):
    write(papers, "材料.zip", box(("一.txt", "甲")))
    broken = write(papers, "虫.zip", box(("一.txt", "乙")))

    class Bug(FakePipeline):
        def derive(self, document: Document):
            raise RuntimeError("a bug in a rule")

    with make_ingest(store, Bug(), QUICK) as ingest:
        ingest.run(walk([papers], store))
        assert [row.reason for row in ingest.journal.refused()] == ["extract_error", "extract_error"]
        assert len(list(store.objects())) == 2
        assert ingest.journal.kin.members(broken) == []


def test_depth_is_the_shortest_way_from_outside(journal):
    def arrive(name, via="cli"):
        journal.accept(sha256_of(name), 1, Arrival(sha256_of(name), name, via, "", "t"))

    def put(parent, child):
        journal.kin.add(len(journal.kin.members(sha256_of(parent))) + 1,
                        Kin(sha256_of(parent), child, 1, sha256_of(child)))  # fmt: skip

    arrive("a")
    for name in "bcd":
        arrive(name, "member")
    put("a", "b")
    put("b", "c")
    put("c", "d")
    put("d", "b")
    assert [journal.kin.depth(sha256_of(name), 3) for name in "abcd"] == [0, 1, 2, 3]
    assert journal.kin.depth(sha256_of("unknown"), 3) == 3
    put("a", "d")
    assert journal.kin.depth(sha256_of("d"), 3) == 1
    assert journal.kin.below(sha256_of("c"), 100)[0] <= 4


@pytest.mark.parametrize(
    "frames",
    [
        [(b"F", b"x")], [(b"C", b"[]")], [(b"C", b"{}")], [(b"C", b"\xff")],
        [(b"C", {"name": "a", "size": 2, "reason": ""}), (b"F", b"xxx")],
        [(b"C", {"name": "a", "size": 2, "reason": ""}), (b"F", b"x")],
        [(b"C", {"name": "a", "size": 0, "reason": ""})], [(b"C", {"name": "a", "size": -1, "reason": ""})],
        [(b"C", {"name": "a", "size": 1, "reason": "invented"})], [(b"C", {"name": 7, "size": 1, "reason": ""})],
        [(b"C", {"name": "a", "size": 999, "reason": ""})],
        [(b"C", {"name": "a", "size": 1, "reason": "empty"})] * 9,
    ],
)  # fmt: skip
def test_a_child_that_lies_about_members_is_not_believed(tmp_path, frames):
    spool = Spool(tmp_path, Limits(members=4, members_bytes=100))
    for kind, payload in frames:
        spool.take(kind, payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    with pytest.raises(SourceError) as caught:
        spool.finish()
    assert caught.value.code == "crash"
    assert list(tmp_path.iterdir()) == []


def test_names_from_the_child_never_become_paths(tmp_path):
    spool = Spool(tmp_path / "in", Limits())
    (tmp_path / "in").mkdir()
    spool.take(b"C", json.dumps({"name": "../../x.txt", "size": 1, "reason": ""}).encode())
    spool.take(b"F", b"x")
    (member,) = spool.finish()
    assert (member.name, member.path.parent, member.sha256) == ("x.txt", tmp_path / "in", sha256_of("x"))



class Filling(FakePipeline):
    """The disk is full at the first tries."""

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0

    def unpack(self, text, spool):
        found = super().unpack(text, spool)
        self.tries += 1
        if self.tries < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return found


def test_a_disk_that_fills_while_members_come_out_is_waited_for(store, papers):
    write(papers, "材料.zip", box(("一.txt", "甲"), ("二.txt", "乙")))
    report = run_ingest(store, papers, pipeline=Filling())
    assert lines(report) == ["0 材料.zip accepted", "1 一.txt accepted", "1 二.txt accepted"]
    assert problems(store) == []
    assert [one.name for one in store.tmp.rglob("member-*")] == []


def test_a_disk_that_fills_while_members_are_kept_is_waited_for(store, papers, monkeypatch):
    write(papers, "材料.zip", box(("一.txt", "甲"), ("二.txt", "乙")))
    kept = Store.put_objects
    failures = iter([False, True, True, False, False, False])

    def put(self, found):
        if found and next(failures, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        kept(self, found)

    monkeypatch.setattr(Store, "put_objects", put)
    report = run_ingest(store, papers)
    assert lines(report) == ["0 材料.zip accepted", "1 一.txt accepted", "1 二.txt accepted"]
    assert problems(store) == []
    assert [one.name for one in store.tmp.rglob("member-*")] == []


def test_a_journal_of_before_there_were_members(store, papers, monkeypatch):
    write(papers, "旧.txt", "关于旧的通知")
    with monkeypatch.context() as patch:
        patch.setattr("ingest.journal.MIGRATIONS", MIGRATIONS[:1])
        store.create()
        journal = Journal(store.journal)
        journal.accept("a" * 64, 1, Arrival("a" * 64, "甲.txt", "cli", "", "t"))
        journal.close()
    journal = Journal(store.journal)
    assert (journal.kin.members("a" * 64), journal.kin.depth("a" * 64, 3)) == ([], 0)
    assert len(journal.rows()) == 1
    journal.close()


def test_a_journal_that_cannot_be_read_costs_the_relations_only(tmp_path, caplog):
    (tmp_path / "journal.db").write_bytes(b"not a database at all" * 99)
    assert read_relations(tmp_path / "journal.db", "a" * 64) == Relations()
    assert "relations of" in caplog.text
    assert read_relations(tmp_path / "none.db", "a" * 64) == Relations()
