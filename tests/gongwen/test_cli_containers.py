"""Mails and archives from the command line: real readers, rules and index."""

import json

import pytest
from click.testing import CliRunner

from gongwen.cli.main import cli
from gongwen.store import Store
from tests.ingest.box_kit import encrypted, mail, paper, zipped
from tests.ingest_kit import age, problems


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    return Store(tmp_path / "corpus")


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    inner = zipped([("通知/二.txt", paper(2)), ("密.docx", "x")])
    (folder / "来信.eml").write_bytes(mail(attached=[("一.txt", paper(1)), ("材料.zip", encrypted(inner, "密.docx"))]))
    age(folder / "来信.eml")
    return folder


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def test_ingest_tells_each_file_below_its_container(corpus, papers):
    done = run("ingest", papers)
    assert done.stdout.splitlines() == [
        "来信.eml：新收", "  一.txt：新收", "  材料.zip：只读出一部分（其中有带密码的文件，没有取出）",
        "    通知/二.txt：新收",
        "    密.docx：文件有密码。请在收文情况页面输入密码（或运行 unlock），也可以放入无密码的版本。",
        "共 1 个文件：新收 1。其中的压缩包和邮件内含 4 个文件：新收 3，未读成 1。",
    ]  # fmt: skip
    assert done.exit_code == 3
    assert problems_of_index(corpus) == []
    assert "云科协字〔2024〕2号" in run("search", "文号:云科协字〔2024〕2号").stdout
    assert run("ingest", papers).stdout == "来信.eml：重复\n共 1 个文件：重复 1。\n"


def problems_of_index(corpus):
    return [one for one in problems(corpus) if one.code != "not_indexed"]


def test_json_lines_tell_the_depth(corpus, papers):
    done = run("ingest", papers, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["depth"], one["source"]) for one in found] == [
        (0, "来信.eml"), (1, "一.txt"), (1, "材料.zip"), (2, "通知/二.txt"), (2, "密.docx"),
    ]  # fmt: skip


def test_show_tells_where_a_paper_lay_and_what_lies_in_it(corpus, papers):
    run("ingest", papers)
    by_name = {one.source: one for one in corpus.readings()}
    letter, inner, paper_ = (by_name[name].documents[0].id for name in ("来信.eml", "材料.zip", "二.txt"))
    told = run("show", inner).stdout
    assert f"来自：《来信.eml》中的 材料.zip（编号 {letter}）" in told
    assert f"内含文件（2）\n  1. 通知/二.txt　编号 {paper_}\n  2. 密.docx　文件有密码\n" in told
    found = json.loads(run("show", "--json", paper_).stdout)
    assert found["containers"] == [{"name": "通知/二.txt", "container": "材料.zip", "id": inner, "reason": None}]
    assert found["children"] == []


def test_extract_keeps_one_line_a_file(papers):
    done = run("extract", "--json", "--text", papers / "来信.eml")
    assert done.exit_code == 3  # a member has a password
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["media_type"], found["complete"], len(found["documents"])) == ("message/rfc822", True, 1)
    one, box = found["children"]
    assert one["documents"][0]["document_number"] == "云科协字〔2024〕1号"
    assert one["text"].startswith("云州市科学技术协会文件")
    assert [(child["source"], child["reasons"]) for child in box["children"]] == [
        ("通知/二.txt", []), ("密.docx", ["password"]),
    ]  # fmt: skip
    for child in (one, box["children"][0]):
        for record in child["documents"]:
            for found in record["evidence"].values():
                assert all(child["text"][each["start"] : each["end"]] == each["quote"] for each in found)


def test_extract_of_a_plain_file_has_no_children(tmp_path):
    (tmp_path / "一.txt").write_bytes(paper(1))
    assert "children" not in json.loads(run("extract", "--json", tmp_path / "一.txt").stdout)


def test_extract_prints_what_lies_in_a_box(papers):
    done = run("extract", papers / "来信.eml")
    assert "来信.eml/材料.zip/通知/二.txt：" in done.stdout
    assert "来信.eml/材料.zip/密.docx：文件有密码" in done.stderr


def test_boxes_in_boxes_end(tmp_path):
    inner = zipped([("一.txt", paper(1))])
    for _ in range(10):
        inner = zipped([("套.zip", inner)])
    (tmp_path / "套.zip").write_bytes(inner)
    line = json.loads(run("extract", "--json", tmp_path / "套.zip").stdout)
    depth = 0
    while line.get("children"):
        line, depth = line["children"][0], depth + 1
    assert (depth, line["complete"], line["reasons"]) == (3, False, ["nesting"])
