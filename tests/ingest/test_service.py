import io
import json
import os
import signal
import time
from dataclasses import replace

import pytest

from gongwen.errors import REASONS, IndexBusy, StoreError
from gongwen.record import record_id
from gongwen.store import Store
from ingest import indexing
from ingest.client import LoadError
from ingest.journal import Arrival, Journal
from ingest.progress import Bar, Log
from ingest.report import Outcome, Report
from ingest.service import Ingest
from ingest.walk import walk
from tests.ingest_kit import (
    QUICK,
    FakePipeline,
    FileSink,
    age,
    indexed_ids,
    join,
    make_ingest,
    problems,
    run_ingest,
    sha256_of,
    spawn,
    write_files,
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "corpus")


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    age(path)
    return sha256_of(text)


def test_each_file_has_its_outcome_and_one_bad_file_stops_nothing(store, papers, caplog):
    write_files(papers, 3)
    for name, first in (("密码", "!password"), ("扫描", "!no_text_needs_ocr"), ("坏", "!parse_error"), ("虫", "!bug")):
        write(papers, f"{name}.txt", f"{first}\n{name}")
    (papers / "空.txt").write_bytes(b"")
    age(papers / "空.txt")
    log = io.StringIO()

    report = run_ingest(store, papers, progress=Log(log))

    reasons = {one.name: one.reason for one in report.outcomes if one.status == "failed"}
    assert reasons == {"密码.txt": "password", "扫描.txt": "no_text_needs_ocr", "坏.txt": "parse_error",
                       "虫.txt": "extract_error", "空.txt": "empty"}  # fmt: skip
    assert report.counts == {"accepted": 3, "failed": 5}
    assert report.exit_code == 3
    assert report.summary == "共 8 个文件：新收 3，未读成 5。"
    assert sorted(log.getvalue().splitlines()) == sorted(one.line for one in report.outcomes if one.status == "failed")
    assert "密码.txt：文件有密码。请在收文情况页面输入密码" in log.getvalue()
    assert "a bug in a rule" in caplog.text
    assert len(indexed_ids(store)) == 3
    assert problems(store) == []


def test_states_follow_reasons(store, papers):
    codes = ("password", "no_text_needs_ocr", "crash", "needs_converter")
    shas = {code: write(papers, f"{code}.txt", f"!{code}\n") for code in codes}
    run_ingest(store, papers)
    journal = Journal(store.journal)
    states = {code: journal.row(sha256).state for code, sha256 in shas.items()}
    journal.close()
    assert states == {"password": "needs_password", "no_text_needs_ocr": "needs_ocr", "crash": "quarantined",
                      "needs_converter": "needs_converter"}  # fmt: skip


def test_the_same_bytes_under_five_names(store, papers):
    for number in range(5):
        write(papers, f"通知{number}.txt", "同一内容")
    report = run_ingest(store, papers)
    assert report.counts == {"accepted": 1, "duplicate": 4}
    assert report.exit_code == 0
    assert len(list(store.objects())) == 1
    journal = Journal(store.journal)
    assert [one.name for one in journal.arrivals()] == [f"通知{number}.txt" for number in range(5)]
    journal.close()


def test_a_second_run_of_the_same_folder_does_nothing(store, papers):
    write_files(papers, 3)
    run_ingest(store, papers)
    pipeline = FakePipeline()
    report = run_ingest(store, papers, pipeline=pipeline)
    assert (report.counts, pipeline.read_names, report.exit_code) == ({"duplicate": 3}, [], 0)


def test_a_duplicate_of_a_refused_file_is_refused_for_the_same_reason(store, papers):
    write(papers, "一.txt", "!password\n")
    run_ingest(store, papers)
    write(papers, "二.txt", "!password\n")
    report = run_ingest(store, papers)
    assert {one.name: one.reason for one in report.outcomes} == {"一.txt": "password", "二.txt": "password"}


def test_partly_read_files_are_told_but_not_failures(store, papers):
    write(papers, "缺页.txt", "!partial\n")
    report = run_ingest(store, papers)
    assert report.outcomes[0].line == f"缺页.txt：只读出一部分（{REASONS['empty_page'][0]}）"
    assert report.exit_code == 0
    assert next(store.readings()).complete is False
    journal = Journal(store.journal)
    assert [(row.state, row.reason) for row in journal.rows()] == [("indexed", "empty_page")]
    journal.close()


def test_secret_papers_are_stopped_before_anything_is_written(store, papers, caplog):
    caplog.set_level("DEBUG")
    sha256 = write(papers, "密件.txt", "机密★1年\n关于某事的通知")
    report = run_ingest(store, papers)
    assert [one.reason for one in report.outcomes] == ["secret_mark"]
    assert (store.reading(sha256), store.text(sha256), indexed_ids(store)) == (None, None, set())
    assert "关于某事" not in caplog.text
    assert store.has_object(sha256)


def test_a_paper_found_to_be_secret_later_disappears(store, papers):
    sha256 = write(papers, "密件.txt", "秘密\n关于某事的通知")

    class Lax(FakePipeline):
        def read(self, path, *, name):
            document = super().read(path, name=name)
            return replace(document, text=document.text.replace("秘密", "普通"))

    run_ingest(store, papers, pipeline=Lax())
    assert indexed_ids(store) == {record_id(sha256, 1)}
    with make_ingest(store) as ingest:
        ingest.journal.requeue([sha256], "test")
        ingest.run([])
    assert (store.reading(sha256), store.text(sha256), indexed_ids(store)) == (None, None, set())
    assert problems(store) == []


def test_a_damaged_object_is_told(store, papers):
    sha256 = write(papers, "一.txt", "原文")
    run_ingest(store, papers)
    store.object_path(sha256).chmod(0o640)
    store.object_path(sha256).write_text("改文", encoding="utf-8")
    with make_ingest(store) as ingest:
        ingest.journal.requeue([sha256], "test")
        ingest.run([])
        assert ingest.journal.row(sha256).reason == "damaged"
    assert "damaged" in {one.code for one in problems(store)}


def test_hostile_names(store, papers):
    names = ["云" * 84 + ".t", "一\n\x1b[2J伪造.txt", os.fsdecode("云州.txt".encode("gbk")), os.fsdecode(b"\xff.txt")]
    for number, name in enumerate(names):
        write(papers, name, f"内容{number}")
    report = run_ingest(store, papers)
    assert report.exit_code == 0
    assert {one.name for one in report.outcomes} == {names[0], "一\\n\\x1b[2J伪造.txt", "云州.txt", "\\xff.txt"}
    assert all(len(one.line.splitlines()) == 1 for one in report.outcomes)
    assert json.dumps([one.to_json() for one in report.outcomes], ensure_ascii=False).encode("utf-8")
    assert problems(store) == []


def test_odd_objects_in_the_inbox_are_told_and_left(store):
    store.create()
    os.mkfifo(store.inbox / "管道.pdf")
    (store.inbox / "链接.pdf").symlink_to("/etc/shadow")
    (store.inbox / "目录.pdf").mkdir()
    write(store.inbox, "好.txt", "通知")
    report = run_ingest(store, store.inbox, options=replace(QUICK, via="inbox", remove=True))
    assert {one.name: one.reason for one in report.outcomes} == {
        "管道.pdf": "not_regular", "链接.pdf": "not_regular", "目录.pdf": "not_regular", "好.txt": None,
    }  # fmt: skip
    assert sorted(path.name for path in store.inbox.iterdir()) == ["目录.pdf", "管道.pdf", "链接.pdf"]


def test_files_named_on_the_command_line_stay(store, papers):
    made = write_files(papers, 2)
    run_ingest(store, *(papers / name for name in made), papers / "没有.pdf")
    assert sorted(path.name for path in papers.iterdir()) == sorted(made)


def test_an_empty_folder(store, papers):
    report = run_ingest(store, papers)
    assert (report.outcomes, report.exit_code, report.summary) == ([], 0, "共 0 个文件。")


def test_batches_are_indexed_while_others_are_read(store, papers):
    made = write_files(papers, 30)
    sizes = []

    class Counting(FileSink):
        def update(self, readings, texts):
            readings = list(readings)
            sizes.append(len(readings))
            super().update(readings, texts)

    store.create()
    sink = lambda: Counting(store.root / "fake-index.db")  # noqa: E731
    with Ingest(store, FakePipeline(), sink, replace(QUICK, batch=7)) as ingest:
        ingest.run(walk([papers]))
    assert sum(sizes) == len(made)
    assert max(sizes) <= 7


def test_large_papers_are_indexed_in_parts(store, papers, monkeypatch):
    monkeypatch.setattr(indexing, "_MAX_CHARS", 100)
    made = write_files(papers, 5)
    write(papers, "长.txt", "长" * 500)
    sizes = []

    class Counting(FileSink):
        def update(self, readings, texts):
            sizes.append(sum(len(text.text) for text in texts.values()))
            super().update(readings, texts)

    store.create()
    with Ingest(store, FakePipeline(), lambda: Counting(store.root / "fake-index.db"), QUICK) as ingest:
        ingest.run(walk([papers]))
    assert len(indexed_ids(store)) == len(made) + 1
    assert max(sizes) <= 100 + 500
    assert len(sizes) > 1


def test_an_index_held_by_another_is_waited_for(store, papers):
    write_files(papers, 3)
    refusals = [IndexBusy("held")] * 3

    class Busy(FileSink):
        def update(self, readings, texts):
            if refusals:
                raise refusals.pop()
            super().update(readings, texts)

    store.create()
    with Ingest(store, FakePipeline(), lambda: Busy(store.root / "fake-index.db"), QUICK) as ingest:
        assert ingest.run(walk([papers])).exit_code == 0
    assert len(indexed_ids(store)) == 3


def test_an_index_held_for_too_long_leaves_files_for_the_next_run(store, papers):
    write_files(papers, 3)

    class Held(FileSink):
        def update(self, readings, texts):
            raise IndexBusy("held")

    store.create()
    options = replace(QUICK, patience=0.1)
    with Ingest(store, FakePipeline(), lambda: Held(store.root / "fake-index.db"), options) as ingest:
        report = ingest.run(walk([papers]))
    assert (report.counts, report.exit_code) == ({"waiting": 3}, 3)
    assert "接着处理" in report.outcomes[0].line
    assert run_ingest(store).resumed == 0  # extracted before: only the index was missing
    assert len(indexed_ids(store)) == 3


def test_a_broken_index_surfaces_and_loses_nothing(store, papers):
    write_files(papers, 3)

    class Broken(FileSink):
        def update(self, readings, texts):
            raise ZeroDivisionError

    store.create()
    with pytest.raises(ZeroDivisionError), Ingest(
        store, FakePipeline(), lambda: Broken(store.root / "fake-index.db"), QUICK
    ) as ingest:
        ingest.run(walk([papers]))
    run_ingest(store)
    assert len(indexed_ids(store)) == 3
    assert problems(store) == []


def test_lost_records_are_made_again_when_they_are_to_be_indexed(store, papers):
    made = write_files(papers, 3)
    with Ingest(store, FakePipeline(), None, QUICK) as ingest:
        ingest.run(walk([papers]))
    shas = list(made.values())
    store.forget(shas[0])
    store.text_path(shas[1]).write_bytes(b"{")
    run_ingest(store)
    assert len(indexed_ids(store)) == 3
    assert problems(store) == []


def test_an_object_without_a_row_is_adopted(store):
    store.create()
    (store.tmp / "x").write_text("通知", encoding="utf-8")
    store.put_object(store.tmp / "x", sha256_of("通知"))
    report = run_ingest(store)
    assert report.resumed == 1
    assert indexed_ids(store) == {record_id(sha256_of("通知"), 1)}


def test_a_suspect_is_alone_even_when_new_files_arrive(store, papers):
    suspect = write(papers, "疑.txt", "疑")
    write_files(papers, 3)
    under_way, together = [], []

    class Watching(FakePipeline):
        def read(self, path, *, name):
            under_way.append(path.name)
            together.append(set(under_way))
            time.sleep(0.05)
            under_way.remove(path.name)
            return super().read(path, name=name)

    store.create()
    (store.tmp / "x").write_text("疑", encoding="utf-8")
    store.put_object(store.tmp / "x", suspect)
    journal = Journal(store.journal)
    journal.accept(suspect, 3, Arrival(suspect, "疑.txt", "cli", "何立", "t"))
    journal.claim("dead")
    journal.recover(lambda owner: False)
    journal.close()

    assert run_ingest(store, papers, pipeline=Watching()).exit_code == 0  # the suspect waits already: it begins
    assert [one for one in together if suspect in one] == [{suspect}]


@pytest.mark.parametrize("point", ["accept:stored", "claim:committed", "extract:read", "extract:committed"])
def test_ctrl_c_leaves_everything_in_order(store, papers, point):
    made = write_files(papers, 20)
    hits = []

    def interrupt(reached):
        hits.append(reached)
        if hits.count(point) == 3 and reached == point:
            os.kill(os.getpid(), signal.SIGINT)

    def work():
        report = run_ingest(store, papers, pipeline=FakePipeline(pause=0.01), at=interrupt)
        assert report.interrupted
        assert report.exit_code == 3

    assert join(spawn(work)) == 0
    journal = Journal(store.journal)
    assert journal.rows("extracting") == []
    assert {row.attempts for row in journal.rows()} <= {0}  # none yet when the first group was not committed
    journal.close()
    assert list(store.owners.iterdir()) == []
    assert run_ingest(store, papers).exit_code == 0
    assert len(indexed_ids(store)) == len(made)


def test_missing_rights_end_the_run_with_a_sentence(store, papers):
    write_files(papers, 2)

    class NoRights(Store):
        def put_records(self, packed):
            raise StoreError("没有写入权限")

    with pytest.raises(StoreError, match="没有写入权限"):
        run_ingest(NoRights(store.root), papers)
    assert run_ingest(store, papers).exit_code == 0


def test_an_extractor_that_does_not_load_ends_the_run_and_quarantines_nothing(store, papers):
    write_files(papers, 20)

    class Unready(FakePipeline):
        def derive(self, document):
            raise LoadError("no module")

    with pytest.raises(LoadError):
        run_ingest(store, papers, pipeline=Unready())
    journal = Journal(store.journal)
    assert {(row.state, row.attempts) for row in journal.rows()} == {("stored", 0)}
    journal.close()
    assert run_ingest(store, papers).exit_code == 0
    assert len(indexed_ids(store)) == 20


def test_an_outcome_in_words():
    assert Outcome("甲.pdf", "failed", reason="no_space").line == "甲.pdf：磁盘空间不足。请腾出空间后重新收文。"
    assert Report([Outcome(f"{at}.pdf", "accepted") for at in range(200)]).lines[-1] == "199.pdf：新收"
    assert Report([Outcome(f"{at}.pdf", "accepted") for at in range(201)]).lines == []
    assert Report([Outcome("甲.pdf", "accepted")], resumed=2).summary == "共 1 个文件：新收 1，续处理以前的文件 2。"


def test_a_bar_fits_the_terminal_and_messages_stay_whole():
    out = io.StringIO()
    bar = Bar(out, columns=40)
    bar.step(1, 2, "正在处理二十四个汉字的说明文字")
    bar.say("甲.pdf：文件有密码")
    bar.step(2, 2, "完")
    bar.close()
    drawn = [part for part in out.getvalue().replace("\n", "\r").split("\r") if part]
    widths = [sum(2 if char > "\u2e80" else 1 for char in part.removeprefix("\x1b[K")) for part in drawn]
    assert max(widths) < 40
    assert "\x1b[K甲.pdf：文件有密码\n" in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[K")


def test_a_log_is_plain_lines():
    out = io.StringIO()
    log = Log(out, every=0.0)
    time.sleep(0.001)
    log.step(1, 2, "正在处理 1 个")
    log.say("甲")
    log.close()
    assert out.getvalue() == "进度 1/2 正在处理 1 个\n甲\n"

