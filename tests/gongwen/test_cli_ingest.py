"""ingest, rebuild, verify and search put together: real readers, rules and index over made-up papers."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongwen.cli.compose import receive
from gongwen.cli.main import cli
from gongwen.errors import SourceError, StoreError
from gongwen.settings import load_settings
from gongwen.store import Store
from tests.ingest_kit import age, problems

ROOT = Path(__file__).resolve().parents[2]
PAPER = """云州市科学技术协会文件

云科协字〔2024〕{number}号

关于开展第{number}届{word}活动的通知

各县区科协：

　　为做好科普工作，现将有关事项通知如下。请于2024年9月15日前报送材料。

云州市科学技术协会
2024年5月{number}日
"""


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    return Store(tmp_path / "corpus")


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    for number, word in ((1, "科普日"), (2, "创新大赛")):
        path = folder / f"通知{number}.txt"
        path.write_text(PAPER.format(number=number, word=word), encoding="utf-8")
        age(path)
    return folder


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def test_from_a_folder_to_search(corpus, papers):
    done = run("ingest", papers)
    assert (done.exit_code, done.stdout) == (0, "通知1.txt：新收\n通知2.txt：新收\n共 2 个文件：新收 2。\n")
    assert run("ingest", papers).stdout.startswith("通知1.txt：重复\n通知2.txt：重复\n")
    assert "云科协字〔2024〕2号" in run("search", "创新大赛").stdout
    assert run("verify").stdout == "2 份原件（可检索 2），全部一致。\n"
    assert sorted(path.name for path in papers.iterdir()) == ["通知1.txt", "通知2.txt"]


def test_bad_files_are_told_one_line_each(corpus, papers):
    (papers / "空.pdf").write_bytes(b"")
    (papers / "乱.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = run("ingest", papers)
    assert done.exit_code == 3
    lines = sorted(done.stderr.splitlines())
    assert [line.split("：")[0] for line in lines] == ["乱.pdf", "空.pdf"]
    assert done.stdout == "通知1.txt：新收\n通知2.txt：新收\n共 4 个文件：新收 2，未读成 2。\n"
    assert run("verify").stdout == "3 份原件（可检索 2、未读成 1），全部一致。\n"  # nothing of an empty file is kept


def test_json_lines(corpus, papers):
    (papers / "空.pdf").write_bytes(b"")
    found = [json.loads(line) for line in run("ingest", papers, "--json").stdout.splitlines()]
    assert [(one["source"], one["status"], one["reason"]) for one in found] == [
        ("通知1.txt", "accepted", None), ("通知2.txt", "accepted", None), ("空.pdf", "failed", "empty"),
    ]  # fmt: skip


def test_the_inbox_is_emptied(corpus, papers):
    corpus.create()
    assert "是空的" in run("ingest").stdout
    for path in papers.iterdir():
        path.rename(corpus.inbox / path.name)
    assert run("ingest").exit_code == 0
    assert list(corpus.inbox.iterdir()) == []
    assert len(corpus.shas()) == 2


def test_watch_once(corpus, papers):
    corpus.create()
    for path in papers.iterdir():
        path.rename(corpus.inbox / path.name)
    done = run("ingest", "--watch", "--once", "--poll", "0.05")
    assert (done.exit_code, done.stdout) == (0, "通知1.txt：新收\n通知2.txt：新收\n共 2 个文件：新收 2。\n")


@pytest.mark.parametrize("args", [["--watch", "x.txt"], ["--once"], ["--workers", "0"], ["--poll", "x"]])
def test_wrong_use(corpus, args):
    assert run("ingest", *args).exit_code == 2


def test_an_empty_folder_says_so(corpus, tmp_path):
    (tmp_path / "空").mkdir()
    done = run("ingest", tmp_path / "空")
    assert (done.exit_code, "是空的" in done.stdout) == (0, True)


def test_rebuild_of_a_lost_index_and_lost_records(corpus, papers):
    run("ingest", papers)
    before = run("search", "科普日").stdout
    for sha256 in corpus.shas():
        corpus.forget(sha256)
    assert run("verify").exit_code == 3
    done = run("rebuild")
    assert done.exit_code == 0
    assert "从原件重读 2" in done.stdout
    assert run("search", "科普日").stdout == before
    assert run("verify").exit_code == 0


def test_verify_tells_damage(corpus, papers):
    run("ingest", papers)
    path = corpus.object_path(corpus.shas()[0])
    path.chmod(0o640)
    path.write_text("x", encoding="utf-8")
    done = run("verify")
    assert done.exit_code == 3
    assert "原件与校验值不符" in done.stdout
    assert {json.loads(line)["code"] for line in run("verify", "--json").stdout.splitlines()} == {"damaged"}


def test_verify_without_a_corpus(corpus):
    with pytest.raises(StoreError, match="还没有建立"):
        run("verify")


def test_a_paper_with_a_secret_mark_is_not_taken_in(corpus, papers):
    (papers / "密.txt").write_text("机密★1年\n" + PAPER.format(number=3, word="某某"), encoding="utf-8")
    done = run("ingest", papers)
    assert done.exit_code == 3
    assert "密.txt：文件标有密级" in done.stderr
    assert "某某" not in done.output
    assert len(corpus.shas()) == 2


def test_a_stopped_service_ends_in_order(corpus, papers):
    env = os.environ | {"GONGWEN_CORPUS": str(corpus.root)}
    command = [sys.executable, "-m", "gongwen", "ingest", "--watch", "--poll", "0.1"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes) as watch:
        assert "正在守候" in watch.stderr.readline()
        watch.terminate()
        assert watch.wait(timeout=30) == 3
        assert "已中断" in watch.stderr.read()
    assert problems(corpus) == []


def test_an_upload_waits_for_the_next_run(corpus):
    settings = load_settings()
    paper = PAPER.format(number=5, word="科普讲座").encode()
    accepted = receive(settings, io.BytesIO(paper), "../讲座.txt", "周明远")
    assert corpus.has_object(accepted.sha256)
    assert corpus.shas() == []
    assert "续处理以前的文件 1" in run("ingest").stdout
    assert corpus.reading(accepted.sha256).source == "讲座.txt"
    with pytest.raises(SourceError, match="no_space"):
        receive(replace(settings, free_space_mb=1 << 40), io.BytesIO(paper), "x.txt", "周明远")
