from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from index_kit import corpus, put, sha

from gongwen.cli.search import command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings, store = corpus(tmp_path / "corpus", 3)
    put(store, "evil", serial=66, text="标题\x1b[31m红\x1b[0m 全国科普日")
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(command, list(args), catch_exceptions=False)

    return invoke


def test_lines_say_number_date_issuer_and_id(run):
    result = run("云科协字2024 2")
    assert result.exit_code == 0
    for wanted in (
        "云科协字〔2024〕2号",
        "2024-05-30",
        "云州市科学技术协会",
        f"[{sha('file1')[:16]}-1]",
        "file1.txt",
        "共 1 件",
    ):
        assert wanted in result.output


def test_json_is_one_object(run):
    found = json.loads(run("全国科普日", "--limit", "2", "--json").stdout)
    assert (found["total"], len(found["hits"])) == (4, 2)
    assert found["hits"][0]["document_number"].startswith("云科协字〔2024〕")
    assert found["facets"]["type"] == {"通知": 4}


def test_options_filter(run):
    def total(*args: str) -> int:
        return int(json.loads(run(*args, "--json").stdout)["total"])

    assert total("--unit", "市教育局", "--role", "配合") == 4
    assert total("--unit", "市教育局", "--role", "牵头") == 0
    assert total("--unit", "云州市科学技术协会", "--unit", "没有这个局") == 4
    assert total("--year", "2023") == 0
    assert total("--type", "函", "--type", "通知") == 4
    assert total("--from", "2024-05-30", "--to", "2024-05-30") == 4
    assert total("--from", "2024-06") == 0


def test_nothing_found_says_what_to_do(run):
    assert "没有找到" in run("“绝无此词”").output


def test_a_text_cannot_steer_the_terminal(run):
    result = run("云科协字2024 66")
    assert "共 1 件" in result.output
    assert "\x1b" not in result.output
