"""Ingest, rebuild and verify keep the catalogue in step beside the index."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from catalogue_kit import RULES, SAMPLE, new_store, open_over, read_text, sample
from click.testing import CliRunner

from gongwen.cli.main import cli
from gongwen.labels import ROLES as WORDS
from gongwen.record import Issue
from gongwen.review import Review
from gongwen.settings import Settings
from index.catalogue.overview import count_doubts
from index.catalogue.tables import ROLES
from index.derived import open_derived
from ingest.journal import Arrival, Journal

FILES = ("2020-云科协字26号-年中工作推进会.txt", "2024-云科协字7号-科普云州行方案.md")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("GONGWEN_RULES", str(RULES))
    monkeypatch.setenv("GONGWEN_NETWORK_DISK", "true")
    return lambda *args: CliRunner().invoke(cli, list(args), catch_exceptions=False)


def test_what_ingest_takes_in_is_listed_at_once_and_verified(run, tmp_path):
    inbox = tmp_path / "files"
    inbox.mkdir()
    for name in FILES:
        shutil.copy(SAMPLE / name, inbox / name)
    assert run("ingest", str(inbox)).exit_code == 0
    assert "健康科普进社区" in run("tasks", "--year", "2024").stdout
    assert run("verify").exit_code == 0
    _spoil(tmp_path / "corpus" / "catalog.db")
    done = run("verify")
    assert done.exit_code == 3
    assert "事项目录中缺少该文件，请运行 rebuild" in done.stdout
    assert "事项目录中有多余的文件" in done.stdout
    assert run("rebuild", "--index-only").exit_code == 0
    assert run("verify").exit_code == 0


def _spoil(path: Path) -> None:
    """As a restored older copy would be: one paper missing, one too many."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE papers SET id = '0123456789abcdef-1' WHERE pk = (SELECT min(pk) FROM papers)")
    connection.close()


def test_index_and_catalogue_are_fed_as_one(tmp_path):
    store = new_store(tmp_path / "corpus", [])
    derived = open_derived(Settings(corpus=store.root, rules=RULES, network_disk=True))
    document, reading = sample()[3]
    derived.update(iter([reading]), {document.sha256: document})
    ids = {record.id for record in reading.documents}
    assert derived.index.ids() == derived.catalogue.ids() == ids
    derived.delete(document.sha256)
    assert derived.index.ids() == derived.catalogue.ids() == frozenset()
    derived.close()


def test_what_a_person_has_settled_is_no_doubt_any_more(tmp_path):
    reading = read_text(
        "关于开展科普活动的通知\n云科协字〔2024〕5号\n各县（区）科协：\n请做好工作。\n云州市科学技术协会\n2024年5月6日"
    )
    record = reading.documents[0]
    record.issues[:] = [Issue("date_conflict", "issue_date", "日期矛盾"), Issue("odd", "tasks/2/lead", "不明")]
    store = new_store(tmp_path / "corpus", [reading])
    catalogue = open_over(store)
    assert {one.field: one.count for one in catalogue.ask(count_doubts)} == {"issue_date": 1, "tasks": 1}
    store.add_review(reading.sha256, Review(
        record["title"], "issue_date", record["issue_date"], record["issue_date"], "何立", "2024-06-01T08:00:00+08:00"
    ))  # fmt: skip
    catalogue.refresh([reading.sha256])
    assert {one.field: one.count for one in catalogue.ask(count_doubts)} == {"tasks": 1}
    catalogue.close()


def test_every_role_has_a_word():
    assert set(WORDS) == set(ROLES)
    assert len(set(WORDS.values())) == len(WORDS)


def test_the_journal_tells_what_came_in_last(tmp_path):
    journal = Journal(tmp_path / "journal.db")
    for name, at in (("甲", "a"), ("乙", "b"), ("丙", "a")):
        journal.accept(at * 64, 3, Arrival(at * 64, f"{name}.txt", "cli", "何立", "2024-05-08T09:30:00+08:00"))
    assert [one.name for one in journal.latest(5)] == ["丙.txt", "乙.txt"]
    assert [one.name for one in journal.latest(1)] == ["丙.txt"]
    journal.close()
