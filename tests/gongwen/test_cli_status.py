"""`status` tells what waits and what was not read, with what to do about it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from gongwen.cli.main import cli


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    (tmp_path / "通知.txt").write_text("关于举办科普日活动的通知\n\n各县（区）科协：\n\n请认真执行。\n", "utf-8")
    (tmp_path / "图.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(words))
    return done.exit_code, done.output


def test_it_names_each_file_that_was_not_read(corpus):
    run("ingest", str(corpus / "通知.txt"), str(corpus / "图.png"))
    code, printed = run("status")
    assert code == 0
    assert "可检索 1" in printed and "图.png：没有读成" in printed and "ingest --retry" in printed
    (line,) = run("status", "--json")[1].splitlines()
    found = json.loads(line)
    assert found["name"] == "图.png" and found["reason"] and found["advice"] and not found["partly"]


def test_without_a_corpus_it_says_so(corpus):
    done = CliRunner().invoke(cli, ["status"])
    assert done.exit_code != 0 and "ingest" in str(done.exception)
