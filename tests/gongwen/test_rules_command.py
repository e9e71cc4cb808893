"""rules check, explain and diff as a person calls them."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from extract.pipeline import extract
from gongwen.cli.main import cli
from gongwen.cli.rule_diff import Change, compare, compare_files
from gongwen.errors import RuleError
from gongwen.record import Reading, empty_values
from gongwen.rulebook import load_rulebook
from gongwen.settings import ROOT
from gongwen.store import Store
from ingest.readers.plain import READER
from ingest.source import Source

PAPER = """云州市科学技术协会文件

云科协字〔2024〕12号

关于报送科普活动总结的通知

各县（区）科协：

请于2024年11月15日前将总结报市科协科普部。请于2024年1月10日前将计划报市科协科普部。2023年12月31日前办理的登记无须重办。

督办单位：云州市教育局

云州市科学技术协会
2024年3月5日
（此件公开发布）
"""


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def run(*args, code=0):
    result = CliRunner().invoke(cli, ["rules", *map(str, args)])
    assert result.exit_code == code, result.output
    return result


def reasons(paper, *args):
    (line,) = run("explain", paper, "--json", *args).output.splitlines()
    return json.loads(line)


def office(tmp_path, name, text):
    folder = tmp_path / name / "fields"
    folder.mkdir(parents=True)
    if text:
        (folder / "hosts.yml").write_text(text, encoding="utf-8")
    return folder.parent


HOSTS = "field: hosts\nlabel: 主办单位\ntype: units\nlabels: [督办单位]\n"


def test_check_counts_the_rules():
    assert run("check").output.startswith("规则全部有效：字段 ")


def test_explain_names_rule_place_and_score_of_what_was_taken(paper):
    found = reasons(paper)
    (number,) = [one for one in found["reasons"] if one["field"] == "document_number"]
    assert (number["value"], number["rule"], number["taken"]) == ("云科协字〔2024〕12号", "document_number/line", True)
    text = READER.read(Source.of("通知.txt", PAPER.encode(), "text/plain")).text
    for one in found["reasons"]:
        assert one["taken"] is (one["why"] == "")
        assert text[one["start"] : one["end"]] == one["quote"]


def test_explain_says_why_a_day_is_no_deadline(paper):
    found = reasons(paper, "--field", "deadlines")["reasons"]
    assert [one["value"] for one in found if one["path"] == "deadlines/0/date"] == ["2024-11-15"]
    lost = {one["value"]: one["why"] for one in found if not one["taken"]}
    assert lost.keys() == {"2024年1月10日前", "2023年12月31日前"}
    assert "早于成文日期" in lost["2024年1月10日前"]
    assert "说的是状态" in lost["2023年12月31日前"]


def test_explain_says_why_a_candidate_lost(tmp_path):
    page = tmp_path / "通知.html"
    page.write_text(
        "<html><head><meta name='ArticleTitle' content='关于报送总结的通知（网站标题）'></head><body>"
        + "".join(f"<p>{line}</p>" for line in PAPER.splitlines() if line) + "</body></html>",
        encoding="utf-8",
    )  # fmt: skip
    (lost,) = [one for one in reasons(page, "--field", "title")["reasons"] if not one["taken"]]
    assert lost["value"] == "关于报送总结的通知（网站标题）"
    assert "低于 title/lines" in lost["why"]


def test_explain_tells_a_pattern_that_holds_in_the_wrong_place(tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text(
        PAPER.replace("（此件公开发布）", "").replace("督办单位", "签发人：周明远\n\n督办单位"), encoding="utf-8"
    )
    (lost,) = reasons(path, "--field", "signatory")["reasons"]
    assert lost["value"] == "周明远"
    assert "不在该规则限定的区域" in lost["why"]


def test_explain_reads_like_a_list(paper):
    out = run("explain", paper).output
    assert "== 云科协字〔2024〕12号 关于报送科普活动总结的通知" in out
    assert "发文字号（document_number）\n  取 云科协字〔2024〕12号 ← document_number/line 0.95" in out
    assert "舍 2023年12月31日前 ← deadlines/text" in out
    assert "疑点 deadline_before_signed" in out


def test_explain_of_a_file_that_cannot_be_read(tmp_path):
    assert "missing.txt：" in run("explain", tmp_path / "missing.txt", code=3).output


def test_diff_of_two_offices_over_files(paper, tmp_path):
    old, new = office(tmp_path, "old", ""), office(tmp_path, "new", HOSTS)
    out = run("diff", old, new, "--files", paper).output
    assert "  新增 主办单位：云州市教育局\n" in out
    assert "1 件公文有变化：新增 1，失去 0，改变 0。" in out
    (line,) = run("diff", new, old, "--files", paper, "--json").output.splitlines()
    assert json.loads(line)["changes"] == [{"kind": "lost", "field": "hosts", "old": "云州市教育局", "new": None}]


def test_diff_of_whole_sets_reaches_the_vocabularies(paper, tmp_path):
    new = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", new)
    deadlines = new / "vocab" / "dates.yml"
    text = deadlines.read_text(encoding="utf-8")
    assert "due_after:\n  - 之前\n  - 以前\n  - 前\n" in text
    deadlines.write_text(
        text.replace("due_after:\n  - 之前\n  - 以前\n  - 前\n", "due_after:\n  - 之前\n"), encoding="utf-8"
    )
    out = run("diff", ROOT / "rules", new, "--files", paper).output
    assert "失去 时限：2024年11月15日前" in out


def test_diff_over_the_corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    store = Store(tmp_path / "corpus")
    store.create()
    document = READER.read(Source.of("通知.txt", PAPER.encode(), "text/plain"))
    records = extract(document, load_rulebook())
    store.put_text(document)
    store.put_reading(Reading("通知.txt", document.sha256, "text/plain", True, [], records, "f"))
    before = store.record_path(document.sha256).read_bytes()
    out = run("diff", office(tmp_path, "old", ""), office(tmp_path, "new", HOSTS)).output
    assert "（通知.txt）\n  新增 主办单位：云州市教育局" in out
    assert store.record_path(document.sha256).read_bytes() == before


def test_diff_refuses_wrong_rules(paper, tmp_path):
    wrong = office(tmp_path, "wrong", "field: hosts\nlabel: 主办单位\ntype: nothing\n")
    result = run("diff", office(tmp_path, "old", ""), wrong, "--files", paper, code=1)
    assert isinstance(result.exception, RuleError)
    assert "hosts.yml" in str(result.exception)
    assert isinstance(run("diff", tmp_path / "none", wrong, "--files", paper, code=1).exception, RuleError)


def test_diff_tells_files_that_cannot_be_read(tmp_path):
    folder = office(tmp_path, "old", "")
    assert "missing.txt：" in run("diff", folder, folder, "--files", tmp_path / "missing.txt", code=3).output


def row(**cells):
    return dict.fromkeys(("title", "detail", "lead", "responsible", "cooperate", "time", "targets", "location")) | cells


def test_rows_are_paired_by_name():
    old = empty_values() | {"tasks": [row(title="科普进校园", lead=["市科协"]), row(title="科普进乡村")], "theme": "旧"}
    new = empty_values() | {
        "tasks": [row(title="科普进社区"), row(title="科普进校园", lead=["市教育局"])],
        "theme": "新",
    }
    assert list(compare(old, new)) == [
        Change("changed", "theme", "旧", "新"),
        Change("changed", "tasks「科普进校园」.lead", ["市科协"], ["市教育局"]),
        Change("lost", "tasks", row(title="科普进乡村"), None),
        Change("gained", "tasks", None, row(title="科普进社区")),
    ]


def test_equal_values_in_another_order_are_no_change():
    old = empty_values() | {"issuers": ["甲局", "乙局"], "tasks": [row(title="一"), row(title="二")]}
    new = empty_values() | {"issuers": ["乙局", "甲局"], "tasks": [row(title="二"), row(title="一")]}
    assert list(compare(old, new)) == []


def test_a_document_more_is_told():
    made = empty_values() | {"title": "通知"}
    ((values, changes),) = compare_files([], [made])
    assert values["title"] == "通知"
    assert changes == [Change("gained", "title", None, "通知")]
