"""show and export over a corpus made by hand."""

import json

import pytest
from click.testing import CliRunner

from gongwen import yamlio
from gongwen.cli.export import safe_name, tree_name
from gongwen.cli.main import cli
from gongwen.errors import StoreError
from gongwen.record import Evidence, Issue, Reading, record_id
from gongwen.review import Review
from gongwen.store import Store
from tests.ingest_kit import document_of, record_of


def make_record(text, **values):
    record = record_of(document_of(text))
    record.values |= values
    return record


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    made = Store(tmp_path / "corpus")
    made.create()
    return made


@pytest.fixture
def notice(store):
    text = "关于开展科普日活动的通知\n云科协字〔2024〕12号"
    record = make_record(
        text, document_number="云科协字〔2024〕12号", number_parts={"agency": "云科协字", "year": 2024, "serial": 12},
        issuers=["云州市科学技术协会"], issue_date="2024-05-06",
        contacts=[{"name": "林若溪", "phones": ["0999-5550123"]}],
    )  # fmt: skip
    record.evidence["document_number"] = [Evidence(13, 25, "云科协字〔2024〕12号", "number", 0.9, 2, None)]
    record.issues.append(Issue("date_conflict", "issue_date", "成文日期与印发日期矛盾"))
    sha256 = document_of(text).sha256
    store.put_reading(Reading("通知.pdf", sha256, "application/pdf", False, ["empty_page"], [record], "f"))
    return record


def run(*args):
    return CliRunner().invoke(cli, list(args), catch_exceptions=False)


def test_show_reads_like_a_form(notice):
    out = run("show", notice.id).output
    assert out.startswith("关于开展科普日活动的通知\n")
    assert "发文字号：云科协字〔2024〕12号　〔第2页〕" in out
    assert "发文机关：云州市科学技术协会" in out
    assert "林若溪" in out
    assert "0999-5550123" in out
    assert "成文日期：成文日期与印发日期矛盾" in out
    assert "只读出一部分" in out


def test_show_puts_people_s_words_in_place(store, notice):
    at = "2024-06-01T08:00:00+08:00"
    review = Review("云科协字〔2024〕12号", "issue_date", "2024-05-06", "2024-05-08", "何立", at)
    store.add_review(store.shas()[0], review)
    assert "2024-05-08（已更正）" in run("show", notice.id).output
    found = json.loads(run("show", notice.id, "--json").output)
    assert (found["issue_date"], found["reviewed"]) == ("2024-05-08", {"issue_date": "corrected"})
    assert found["evidence"]["document_number"][0]["page"] == 2


def test_show_takes_the_hash_of_a_file(store, notice):
    assert run("show", store.shas()[0]).output == run("show", notice.id).output


@pytest.mark.parametrize("address", ["0123456789abcdef-1", "../x", "f" * 64])
def test_show_of_what_is_not_there(store, address):
    with pytest.raises(StoreError, match=r"没有编号为 .*先运行 search"):
        run("show", address)


def test_export_jsonl(store, notice, tmp_path):
    lines = run("export", "jsonl", "-").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [notice.id]
    result = run("export", "jsonl", str(tmp_path / "全部.jsonl"))
    assert result.exit_code == 0
    assert (tmp_path / "全部.jsonl").read_text(encoding="utf-8").splitlines() == lines
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_export_yaml_tree(store, notice, tmp_path):
    same = {key: notice[key] for key in ("title", "document_number", "issue_date")}
    twin = make_record("另一份", **same)
    undated = make_record("无日期的函", title="关于 a/b:c 的函\n第二行")
    for record in (twin, undated):
        sha256 = document_of("另一份" if record is twin else "无日期的函").sha256
        store.put_reading(Reading("x", sha256, "text/plain", True, [], [record], "f"))
    run("export", "yaml", str(tmp_path / "出"))
    names = sorted(str(path.relative_to(tmp_path / "出")) for path in (tmp_path / "出").rglob("*.yml"))
    stem = "2024/云科协字〔2024〕12号 关于开展科普日活动的通知"
    assert len(names) == 3
    assert f"{stem}.yml" in names
    assert any(name.startswith(f"{stem} ") for name in names)
    assert "无日期/关于 a_b_c 的函_第二行.yml" in names
    found = yamlio.load_data((tmp_path / "出" / f"{stem}.yml").read_text(encoding="utf-8"))
    assert found["document_number"] == "云科协字〔2024〕12号"


def test_names_are_safe_and_short():
    assert safe_name("../../etc/passwd") == "_.._etc_passwd"
    assert safe_name(" . ") == ""
    assert len(safe_name("长" * 500).encode()) <= 200
    assert safe_name("\ud800甲\x1b\u202e") == "_甲__"
    record = make_record("x", title=None)
    assert tree_name(record) == f"无日期/{record_id(document_of('x').sha256, 1)}.yml"
    record.values["number_parts"] = {"year": 2023}
    assert tree_name(record).startswith("2023/")


def test_export_without_a_corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="还没有建立"):
        run("export", "jsonl", "-")


def test_doctor_names_each_thing_once(store):
    result = run("doctor", "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    names = [one["name"] for one in found]
    assert {"组件 Whoosh", "组件 SQLite", "剩余空间", "文件系统", "规则", "中文字体"} <= set(names)
    assert len(names) == len(set(names))
    assert [one for one in names if any(char.isascii() and char.isalpha() for char in one.split(" ")[0])] == []
    assert result.exit_code == (0 if all(one["ok"] for one in found) else 3)


@pytest.mark.parametrize("where", ["没有/全部.jsonl", "文件.txt/全部.jsonl", "长" * 300])
def test_a_place_that_cannot_be_written_is_a_sentence(store, notice, tmp_path, where):
    (tmp_path / "文件.txt").write_text("x", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match=r"写不进 .*请换一个位置"):
        run("export", "jsonl", str(tmp_path / where))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("args", [("export", "yaml"), ("sample",), ("sample", "--count", "2")])
def test_a_folder_that_cannot_be_made_is_a_sentence(store, notice, tmp_path, args):
    (tmp_path / "文件.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match=r"写不进 .*上级路径不是文件夹，请换一个位置"):
        run(*args, str(tmp_path / "文件.txt" / "下级"))


@pytest.mark.parametrize("corpus", ["/proc/gongwen", "长" * 300])
def test_a_corpus_in_an_impossible_place_is_a_sentence(tmp_path, corpus):
    with pytest.raises(StoreError, match=r"写不进 .*请换一个位置"):
        Store(tmp_path / corpus).create()
