"""`units` of a record: whom each printed name stands for, and what an office may add."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from edge_kit import notice
from extract_kit import read_document

from extract.named import unknown_units
from extract.pipeline import extract
from gongwen.cli.main import cli
from gongwen.record import Reading, Record
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.store import Store
from index.aliases import load_aliases

OFFICE = ROOT / "corpus" / "sample-rules"
BODY = (
    "一、主要任务\n（一）科普进校园。组织讲课。（牵头单位：市教育局、科协，责任单位：团市委、科普部、云麓新区管委会、各县（区）科协）\n"
    "（二）科普进乡村。组织讲课。（牵头单位：市扶贫办，责任单位：云州科技馆、科技部）"
)


def read(text: str, book: Rulebook) -> Record:
    (record,) = extract(read_document(text), book)
    return record


@pytest.fixture(scope="module")
def ours() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="module")
def office() -> Rulebook:
    return load_rulebook(Settings(rules=OFFICE))


def test_every_printed_name_leads_to_its_unit(ours: Rulebook):
    units = read(notice(BODY), ours)["units"]
    assert {name: units[name] for name in ("市教育局", "科协", "团市委", "科普部", "市扶贫办", "科技部")} == {
        "市教育局": "云州市教育局",
        "科协": "云州市科学技术协会",
        "团市委": "共青团云州市委员会",
        "科普部": "云州市科学技术协会科普部",
        "市扶贫办": "云州市乡村振兴局",
        "科技部": "中华人民共和国科学技术部",
    }
    assert units["各县（区）科协"] == "各县（区）科协"
    assert units["云麓新区管委会"] == "云麓新区管委会"


def test_the_place_comes_from_the_letterhead_where_the_issuer_tells_none(ours: Rulebook):
    text = notice(BODY, head="海西省云州市科学技术协会文件", signed="云州科技馆\n2024年3月5日")
    assert read(text, ours)["units"]["市教育局"] == "云州市教育局"


def test_the_office_says_what_its_units_are_called(office: Rulebook):
    record = read(notice(BODY.replace("团市委", "市委宣传部")), office)
    assert record["units"]["云麓新区管委会"] == "云麓新区管理委员会"
    assert record["units"]["市委宣传部"] == "中共云州市委宣传部"


def test_what_neither_register_nor_genre_knows_is_told(ours: Rulebook, office: Rulebook):
    record = read(notice(BODY), ours)
    assert unknown_units(record, ours.register) == ["云麓新区管委会", "云州科技馆"]
    assert unknown_units(record, office.register) == []


def test_the_year_of_the_paper_decides_about_an_alias(tmp_path: Path):
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "own.yml").write_text(
        "- {name: 云州市科学教育中心, region: 云州市, aliases: [{name: 市科教馆, to: 2023}]}\n"
        "- {name: 云州科教博物馆, region: 云州市, aliases: [{name: 市科教馆, from: 2024}]}\n", "utf-8"
    )  # fmt: skip
    book = load_rulebook(Settings(rules=tmp_path))
    text = notice("一、主要任务\n（一）科普进校园。组织讲课。（牵头单位：市科教馆）")
    assert read(text, book)["units"]["市科教馆"] == "云州科教博物馆"
    before = text.replace("2024年3月", "2022年3月").replace("〔2024〕", "〔2022〕")
    assert read(before, book)["units"]["市科教馆"] == "云州市科学教育中心"


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(args), catch_exceptions=False)
    return result.exit_code, result.output


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: Rulebook) -> None:
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    store = Store(tmp_path / "corpus")
    store.create()
    for body in (BODY, BODY.replace("云麓新区管委会", "云州市科普学校")):
        document = read_document(notice(body))
        records = extract(document, ours)
        store.put_reading(Reading("样例.txt", document.sha256, "text/plain", True, [], records, "f"))


@pytest.mark.usefixtures("corpus")
def test_the_command_counts_unknown_names(monkeypatch: pytest.MonkeyPatch):
    code, out = run("units", "unknown")
    assert (code, out.splitlines()[0]) == (0, "2\t云州科技馆")
    assert set(out.splitlines()[1:]) == {"1\t云麓新区管委会", "1\t云州市科普学校"}
    assert json.loads(run("units", "unknown", "--limit", "1", "--json")[1]) == {"name": "云州科技馆", "documents": 2}
    monkeypatch.setenv("GONGWEN_RULES", str(OFFICE))
    assert run("units", "unknown") == (0, "1\t云州市科普学校\n")


def test_the_command_reads_files_and_says_which_were_not_read(tmp_path: Path):
    good, bad = tmp_path / "样例.txt", tmp_path / "空.txt"
    good.write_text(notice(BODY), "utf-8")
    bad.write_bytes(b"")
    assert run("units", "unknown", str(good)) == (0, "1\t云麓新区管委会\n1\t云州科技馆\n")
    code, out = run("units", "unknown", str(bad), str(good))
    assert code == 3
    assert "空.txt：文件是空的" in out
    assert "1\t云州科技馆" in out


def test_the_command_lists_units_with_former_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GONGWEN_RULES", str(OFFICE))
    former = "原云州市大数据发展局（至2024）、原市大数据发展局（至2024）"
    assert f"云州市数据局\t云州市\t市数据局、{former}\n" in run("units", "list")[1]
    units = {unit["name"]: unit for unit in map(json.loads, run("units", "list", "--json")[1].splitlines())}
    members = units["云州市全民科学素质工作领导小组"]["members"]
    assert {"name": "云州市社会科学界联合会", "from": "2022-05-24", "by": "云政办〔2022〕27号"} in members


def test_no_corpus_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "none"))
    result = CliRunner().invoke(cli, ["units", "unknown"])
    assert "资料库还没有建立" in str(result.exception)


def test_search_finds_what_a_unit_was_called():
    aliases = load_aliases(OFFICE)
    assert "云州市大数据发展局" in aliases("云州市数据局")
    assert "云州市数据局" in aliases("市大数据发展局")
    assert "云州市环境保护局" in aliases("云州市生态环境局")
    assert "云州市市场监督管理局" in aliases("云州市工商行政管理局")


def test_group_references_are_expanded_beside_what_is_printed(ours: Rulebook, office: Rulebook):
    """domain.md §12 F83: derived, by who belongs to the place or the group at the time"""
    record = read(notice(BODY), office)
    assert record["tasks"][0]["responsible"][-1] == "各县（区）科协"
    assert len(record["groups"]["各县（区）科协"]) == 6
    assert set(record["groups"]["各县（区）科协"]) <= {unit.name for unit in office.register.units} | {
        f"{place}科学技术协会" for place in office.register.places.under("云州市")
    }
    assert read(notice(BODY), ours)["groups"] == {}
