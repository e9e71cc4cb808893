"""tasks, people, deadlines and cites on the command line, over the sample's text papers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import vobject
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "index" / "catalogue"))

from catalogue_kit import RULES, new_store, sample

from gongwen.cli.main import cli
from gongwen.errors import SettingsError, StoreError


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    store = new_store(tmp_path_factory.mktemp("lists") / "corpus")
    return store.root


@pytest.fixture
def run(corpus, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(corpus))
    monkeypatch.setenv("GONGWEN_RULES", str(RULES))
    monkeypatch.setenv("GONGWEN_NETWORK_DISK", "true")
    return lambda *args: CliRunner().invoke(cli, list(args), catch_exceptions=False)


def rows(done) -> list[dict]:
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_tasks_by_unit_role_and_year(run):
    """Exactly those whose lead prints the unit, by any of its names."""
    found = rows(run("tasks", "--unit", "市科协", "--role", "lead", "--year", "2020", "--json"))
    assert found
    assert all({"市科协", "云州市科学技术协会"} & set(one["lead"]) for one in found)
    told = {
        (record["document_number"], task["title"]) for _, reading in sample() for record in reading.documents
        for task in record["tasks"] if "市科协" in task["lead"] and "〔2020〕" in str(record["document_number"])
    }  # fmt: skip
    assert {(one["paper"]["number"], one["title"]) for one in found} == told
    assert rows(run("tasks", "--unit", "云州市科学技术协会", "--role", "牵头", "--year", "2020", "--json")) == found


def test_members_of_groups_count_when_they_are_asked_for(run):
    plain = rows(run("tasks", "--unit", "东山区科协", "--json"))
    derived = rows(run("tasks", "--unit", "东山区科协", "--derived", "--json"))
    assert 0 < len(plain) < len(derived)
    assert any("各县（区）科协" in one["responsible"] for one in derived)


def test_tasks_between_days(run):
    found = rows(run("tasks", "--from", "2020-10", "--to", "2020-10", "--json"))
    assert found
    assert all(not one["end"] or one["end"] >= "2020-10-01" for one in found)
    assert all(not one["start"] or one["start"] <= "2020-10-31" for one in found)


def test_lines_say_what_who_when_and_where(run):
    done = run("tasks", "--unit", "市科协", "--role", "lead", "--year", "2020", "--limit", "1")
    first, second = done.stdout.splitlines()
    assert "牵头" in first
    paper = "《关于印发〈2020年云州市全民科学素质工作要点〉的通知》（云全科组办发〔2020〕2号"
    assert second.startswith(f"    云州市全民科学素质工作领导小组办公室{paper}")
    assert "列出前 1 项" in done.stderr


def test_people_by_name_unit_and_role(run):
    done = run("people", "周明远")
    assert "同名者可能不是同一人" in done.stderr
    found = rows(run("people", "周明远", "--role", "小组成员", "--json"))
    assert {one["role"] for one in found} == {"member"}
    mine = rows(run("people", "--unit", "市科协", "--role", "member", "--year", "2024", "--json"))
    assert {one["unit"] for one in mine} >= {"云州市科学技术协会"}
    assert all(one["unit"].startswith("云州市科学技术协会") for one in mine)


def test_deadlines_by_day_and_as_a_calendar(run, tmp_path):
    found = rows(run("deadlines", "--year", "2024", "--json"))
    assert [one["start"] for one in found] == sorted(one["start"] for one in found)
    assert {one["start"][:4] for one in found} == {"2024"}
    assert {one["kind"] for one in found} == {"duty", "commitment"}
    promised = rows(run("deadlines", "--year", "2024", "--kind", "承诺", "--json"))
    assert {one["kind"] for one in promised} == {"commitment"}
    done = run("deadlines", "--year", "2024", "--unit", "东山区科协", "--ics", str(tmp_path / "a.ics"))
    assert done.exit_code == 0
    events = vobject.readOne((tmp_path / "a.ics").read_text(encoding="utf-8")).vevent_list
    assert 0 < len(events) < len(found)
    assert "每月25日" in run("deadlines", "--year", "2024").stdout


def test_cites_by_state_and_of_a_paper(run):
    found = rows(run("cites", "--state", "已收", "--json"))
    assert [one["document_number"] for one in found] == ["云科协函〔2023〕9号", "云全科组办发〔2020〕2号"]
    address = found[0]["targets"][0]["id"]
    both = rows(run("cites", address, "--json"))
    assert [one["paper"]["id"] for one in both if one["direction"] == "cited_by"] == [found[0]["paper"]["id"]]
    told = run("cites", address).stdout
    assert "被引用（1）" in told
    missing = rows(run("cites", "--missing", "--json"))
    assert missing[0]["papers"] >= missing[-1]["papers"]
    assert missing[0]["title"] == "全民科学素质行动规划纲要（2021—2035年）"


@pytest.mark.parametrize(("args", "error"), [
    (("tasks", "--unit", "没有的局"), "没有名为“没有的局”的单位"), (("deadlines", "--from", "2024-02-31"), "无法识别"),
    (("people", "查无此人"), "没有名叫“查无此人”的人"),
])  # fmt: skip
def test_what_is_not_there_is_told(run, args, error):
    with pytest.raises(SettingsError, match=error):
        run(*args)


def test_an_unknown_address_is_told(run):
    with pytest.raises(StoreError, match="没有编号为"):
        run("cites", "0" * 16 + "-9")


@pytest.mark.parametrize("name", ["tasks", "people", "deadlines", "cites"])
def test_an_empty_corpus_is_told(name, tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "nothing"))
    with pytest.raises(StoreError, match="还没有公文"):
        CliRunner().invoke(cli, [name], catch_exceptions=False)
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("name", ["tasks", "people", "deadlines", "cites"])
def test_help_is_in_chinese(run, name):
    told = run(name, "--help").stdout
    assert "--unit" in told
    assert "输出一行 JSON" in told
