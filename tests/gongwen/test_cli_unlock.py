"""`unlock` and `retry`: a file that waits is opened or read again, and what became of it is told."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongwen.cli.main import cli
from gongwen.errors import StoreError
from ingest.journal import Journal
from tests.ingest_kit import sha256_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ingest"))

from lock_kit import TITLE, docx, golden, pdf

BROKEN = b"\x89PNG\r\n\x1a\nnot a picture"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "通知.docx").write_bytes(docx())
    (folder / "通知.pdf").write_bytes(pdf())
    (folder / "图.png").write_bytes(BROKEN)
    run("ingest", str(folder))
    return tmp_path / "corpus"


def run(*words: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(words), input=given)
    if isinstance(done.exception, StoreError):
        raise done.exception
    return done.exit_code, done.output


def waiting() -> dict[str, dict[str, object]]:
    return {found["name"]: found for found in map(json.loads, run("status", "--json")[1].splitlines())}


def test_a_password_at_the_terminal_opens_the_file(corpus):
    code, printed = run("unlock", "通知.docx", given="falsch\nsecret\n")
    assert code == 0
    assert "密码不对" in printed and "通知.docx：已读成，编号 " in printed
    assert "secret" not in printed and "falsch" not in printed
    assert TITLE in run("search", "科普讲座")[1]
    assert "由带密码的原件《通知.docx》用密码打开得到" in run("show", printed.rsplit("编号 ", 1)[1].strip())[1]
    assert set(waiting()) == {"通知.pdf", "图.png"}
    assert run("verify")[0] == 0


def test_programs_hand_in_the_password_on_standard_input(corpus):
    address = str(waiting()["通知.pdf"]["sha256"])[:16]
    assert run("unlock", address, "--password-stdin", given="falsch\n") == (
        3, "通知.pdf：密码不对。请核对后再输入一次，文件仍在等待。\n"
    )
    code, printed = run("unlock", address, "--password-stdin", given="secret\n")
    assert code == 0 and "通知.pdf：已读成" in printed


def test_three_wrong_passwords_end_it(corpus):
    code, printed = run("unlock", "通知.pdf", given="a\nb\nc\nsecret\n")
    assert code == 3 and printed.count("密码不对") == 3
    assert waiting()["通知.pdf"]["locked"]


def test_what_needs_no_password_or_is_not_there_is_told(corpus):
    with pytest.raises(StoreError, match="没有等待输入密码"):
        run("unlock", "图.png")
    with pytest.raises(StoreError, match="没有等待处理的文件叫"):
        run("unlock", "无此文件.pdf")


def test_a_name_that_two_files_bear_asks_for_the_address(corpus, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "通知.pdf").write_bytes(pdf("another"))
    run("ingest", str(tmp_path / "other"))
    with pytest.raises(StoreError, match=r"有 2 个文件，请改写编号：[0-9a-f]{16}（通知.pdf）"):
        run("unlock", "通知.pdf")


def test_an_archive_is_opened_with_what_lies_in_it(corpus, tmp_path):
    (tmp_path / "材料.zip").write_bytes(golden("aes256.zip"))
    run("ingest", str(tmp_path / "材料.zip"))
    assert run("unlock", "材料.zip", "--password-stdin", given="secret\n")[0] == 0
    assert "关于举办科普日活动的通知" in run("search", "科普日")[1]


def test_status_tells_how_to_go_on_and_which_copy_may_be_open(corpus, tmp_path):
    from lock_kit import open_docx

    (tmp_path / "通知（无密码）.docx").write_bytes(open_docx())
    run("ingest", str(tmp_path / "通知（无密码）.docx"))
    printed = run("status")[1]
    assert "可能已有无密码的副本：通知（无密码）.docx（编号 " in printed
    assert "运行 unlock 编号" in printed and "retry --all" in printed
    assert str(waiting()["通知.pdf"]["likely"]).startswith(sha256_of(open_docx())[:16])


# --- retry -------------------------------------------------------------------------------------------------


def test_a_file_is_read_again_by_name(corpus):
    (code, printed), sha256 = run("retry", "图.png"), sha256_of(BROKEN)
    assert code == 3 and printed.startswith("图.png：")
    journal = Journal(corpus / "journal.db")
    assert [event for _, event, _ in journal.trail(sha256)].count("requeued") == 1
    journal.close()


def test_what_crashed_three_times_is_tried_again_from_the_start(corpus, tmp_path):
    path = tmp_path / "好.txt"
    path.write_text("云科协字〔2024〕15号\n关于举办科技活动周的通知\n各县（区）科协：\n请认真执行。\n", "utf-8")
    run("ingest", str(path))
    journal = Journal(corpus / "journal.db")
    sha256 = sha256_of(path.read_text("utf-8"))
    journal.requeue([sha256], "test")
    for attempt in range(3):
        assert journal.claim(f"dead-{attempt}", suspects=attempt > 0) is not None
        journal.recover(lambda owner: False)
    assert journal.row(sha256).reason == "worker_died_3x"
    code, printed = run("retry", "--reason", "worker_died_3x")
    assert (code, journal.row(sha256).state, journal.row(sha256).attempts) == (0, "indexed", 0)
    assert "好.txt：已读成" in printed
    journal.close()


def test_all_are_read_again_and_nothing_to_do_is_told(corpus, tmp_path, monkeypatch):
    code, printed = run("retry", "--all")
    assert code == 3 and printed.count("：") >= 3
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "empty"))
    (tmp_path / "一.txt").write_text("关于举办科技活动周的通知\n", "utf-8")
    run("ingest", str(tmp_path / "一.txt"))
    assert run("retry", "--all") == (0, "没有需要重试的文件。\n")


@pytest.mark.parametrize("words", [(), ("--all", "图.png"), ("--all", "--reason", "cpu"), ("--reason", "nonsense")])
def test_wrong_use_is_told(corpus, words):
    assert run("retry", *words)[0] == 2
