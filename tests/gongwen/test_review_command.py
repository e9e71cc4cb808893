"""`review`: the queue and single acts on the command line, found by search at once."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "index"))

from doubt_kit import act, corpus, issue, paper, sha

from gongwen.cli.main import cli
from gongwen.errors import GongwenError
from gongwen.record import ROW_LISTS, ROWS
from gongwen.settings import Settings
from index.engine import Query
from index.sync import open_index

ADDRESS = f"{sha('one')[:16]}-1"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    row = {name: [] if name in ROW_LISTS else None for name in ROWS["contacts"]}
    contacts = [row | {"name": "何立", "phones": ["0999-5550123", "13900000001"]}, row | {"name": "林若溪"}]
    _, made, doubts = corpus(
        tmp_path / "corpus", ("one", paper("one", 1, issues=[issue()], contacts=contacts)),
        ("two", paper("two", 2, scores={"theme": 0.6}, issue_date="2022-01-01")),
    )  # fmt: skip
    doubts.close()
    return made


def run(*args, code=0):
    done = CliRunner().invoke(cli, ["review", *args])
    if isinstance(done.exception, GongwenError):
        return f"错误：{done.exception}"
    assert done.exit_code == code, done.output
    return done.output


def test_the_queue_is_listed_worst_first(store):
    out = run()
    assert out.index("[前后矛盾] 发文字号：云科协字〔2024〕1号") < out.index("[把握不大] 活动主题：科普惠民")
    assert "括号不规范" in out
    assert f"编号 {ADDRESS}" in out
    assert out.endswith("共 2 项待复核（发文字号 1，活动主题 1）。\n")


@pytest.mark.parametrize(("args", "fields"), [
    (("--kind", "把握不大"), ["theme"]), (("--kind", "issue"), ["document_number"]), (("--year", "2022"), ["theme"]),
    (("--field", "发文字号"), ["document_number"]), (("--unit", "云州市科学技术协会"), ["document_number", "theme"]),
    (("--limit", "1"), ["document_number"]),
])  # fmt: skip
def test_filters_and_json(store, args, fields):
    lines = [json.loads(line) for line in run(*args, "--json").splitlines()]
    assert [one["field"] for one in lines] == fields
    assert {"paper", "key", "kinds", "reasons", "value"} <= lines[0].keys()


def test_acts_are_kept_signed_and_found(store, tmp_path):
    out = run("correct", ADDRESS, "活动主题", "科技惠农", "--by", "林若溪")
    assert out.startswith("已更正（撤销用标记 ")
    assert [(one.by, one.say) for one in store.reviews(sha("one"))] == [("林若溪", "科技惠农")]
    index = open_index(Settings(corpus=tmp_path / "corpus", network_disk=True))
    assert index.search(Query("科技惠农")).ids == (ADDRESS,)
    index.close()
    run("confirm", ADDRESS, "document_number")
    assert "共 1 项待复核" in run()
    assert store.reviews(sha("one"))[1].by.endswith("（命令行）")


def test_cells_are_named_by_row_and_value(store):
    assert "有 2 个值，请用 --value 或 --row" in run("deny", ADDRESS, "联系方式.电话")
    run("deny", ADDRESS, "联系方式.电话", "--value", "13900000001")
    run("add", ADDRESS, "contacts.phones", "0999-5550199", "--row", "林若溪")
    run("add", ADDRESS, "主办单位", "云州市教育局", "云州市科学技术局")
    record, _ = store.effective(sha("one"))[0]
    assert [one["phones"] for one in record["contacts"]] == [["0999-5550123"], ["0999-5550199"]]
    assert record["hosts"] == ["云州市教育局", "云州市科学技术局"]


def test_the_log_and_taking_back(store):
    mark = run("correct", ADDRESS, "成文日期", "2024年6月1日", "--by", "林若溪").split("标记 ")[1][:16]
    line = run("log", ADDRESS).strip()
    assert line.startswith(mark)
    assert line.endswith("林若溪 成文日期：把“2024年5月30日”改为“2024年6月1日”")
    run("undo", ADDRESS, mark)
    assert store.effective(sha("one"))[0][0]["issue_date"] == "2024-05-30"
    told = [json.loads(line) for line in run("log", ADDRESS, "--json").splitlines()]
    assert [one["stands"] for one in told] == [False, False]
    assert "已经撤销" in run("undo", ADDRESS, mark)


@pytest.mark.parametrize(("args", "told"), [
    (("confirm", "0000000000000000-1", "标题"), "没有编号为"),
    (("confirm", ADDRESS, "颜色"), "没有名为“颜色”的字段，可写：发文字号"),
    (("confirm", ADDRESS, "联系方式.颜色"), "没有名为“颜色”的栏，可写：联系人"),
    (("correct", ADDRESS, "成文日期", "五月"), "不是一个日期"),
    (("confirm", ADDRESS, "主办单位"), "没有这样的值"),
    (("deny", ADDRESS, "发文机关", "--value", "别的局"), "没有这样的值"),
])  # fmt: skip
def test_what_is_wrong_is_told(store, args, told):
    assert told in run(*args)
    assert store.reviewed() == []


def test_saying_it_again_is_not_kept_twice(store):
    run("confirm", ADDRESS, "标题", "--by", "何立")
    assert run("confirm", ADDRESS, "标题", "--by", "何立") == "与上一次复核相同，没有重复记录。\n"
    run("confirm", ADDRESS, "标题", "--by", "林若溪")
    assert [one.by for one in store.reviews(sha("one"))] == ["何立", "林若溪"]


def test_acts_that_another_process_kept_are_caught_up_with(store):
    run()
    store.add_review(sha("two"), act("theme", "科普惠民", "科普惠民", 2))
    assert "共 1 项待复核" in run()


def test_without_a_corpus_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "none"))
    assert "资料库还没有建立" in run()
