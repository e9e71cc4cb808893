"""`audit …` on the command line, over five made-up years."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "audit"))

import five_years_kit as kit

from audit.questions import QUESTIONS
from gongwen.cli.main import cli
from gongwen.errors import SettingsError


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("cli_audit")
    kit.make_corpus(root)
    return root


@pytest.fixture
def run(corpus, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(corpus / "corpus"))
    monkeypatch.setenv("GONGWEN_RULES", str(corpus / "rules"))
    monkeypatch.setenv("GONGWEN_NETWORK_DISK", "true")
    return lambda *args: CliRunner().invoke(cli, ["audit", *args], catch_exceptions=False)


def test_text_says_who_when_and_where(run):
    done = run("leads", "应急指挥平台", "--years", "2021-2022")
    assert done.exit_code == 0
    assert "2021；任务 完善应急指挥平台；牵头单位 市数据局、市应急局" in done.stdout
    assert "（澜安办〔2021〕2号，2021年2月26日）" in done.stdout
    assert "2023；" not in done.stdout
    assert "检索年份 2021–2022" in done.stderr


def test_nothing_found_is_no_error(run):
    done = run("leads", "登月", "--years", "2020")
    assert done.exit_code == 0
    assert "无记录：检索年份 2020" in done.stderr


@pytest.mark.parametrize("key", list(QUESTIONS))
def test_every_question_answers_in_json(run, key):
    given = {"leads": ["安全"], "unit": ["市应急局"], "changes": ["澜安办〔2019〕2号", "澜安办〔2020〕3号"],
             "members": ["--group", "安全生产"], "duties": ["--from", "2019"]}.get(key, [])  # fmt: skip
    told = json.loads(run(key, *given, "--json").stdout)
    assert told["question"] == key
    assert "检索年份" in told["searched"]
    for row in told["rows"]:
        assert set(row["cells"]) == {one["key"] for one in told["columns"]}
        assert all(len(one["sha256"]) == 64 for one in row["evidence"])
    assert told["rows"]


def test_all_questions_in_one_book(run, tmp_path):
    assert run("all", "--unit", "市教育局", "--xlsx", str(tmp_path / "a.xlsx")).exit_code == 0
    names = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len(names) == 8
    assert names[-1] == "说明"


def test_files_appear_where_they_are_asked_for(run, tmp_path):
    done = run("unit", "市教育局", "--bundle", str(tmp_path / "a.zip"), "--csv", str(tmp_path / "a.csv"),
               "--docx", str(tmp_path / "a.docx"), "--site", "http://10.0.0.8:8000/")  # fmt: skip
    assert done.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.docx", "a.zip"]
    assert "http://10.0.0.8:8000/d/" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "out")
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=True)


def test_a_confirmation_is_kept(run, corpus):
    duty = json.loads(run("duties", "--from", "2021", "--to", "2021", "--json").stdout)["rows"][0]
    assert duty["cells"]["state"] == "可能已报，待确认"
    own, report = (one["record_id"] for one in duty["evidence"])
    done = run("confirm", own, "1", "已办", "--by", "核对人", "--report", report)
    assert "已记下：澜安办〔2021〕20号" in done.stderr
    again = json.loads(run("duties", "--from", "2021", "--to", "2021", "--json").stdout)["rows"][0]
    assert (again["cells"]["state"], again["cells"]["report"]) == ("已办结", "澜教报〔2021〕3号")
    assert list((corpus / "corpus" / "followups").glob("*.yml"))


@pytest.mark.parametrize(("args", "error"), [
    (("unit", "没有的局"), "没有名为“没有的局”的单位"), (("leads", "安全", "--years", "去年"), "无法识别"),
    (("changes", "甲", "澜安办〔2020〕3号"), "没有“甲”这件公文"), (("members", "--on", "2021-02-31"), "无法识别"),
    (("changes", "关于", "澜安办〔2020〕3号"), "对应多件公文"),
])  # fmt: skip
def test_what_cannot_be_asked_is_told(run, args, error):
    with pytest.raises(SettingsError, match=error):
        run(*args)


def test_help_is_in_chinese(run):
    assert "证据包" in run("members", "--help").stdout
