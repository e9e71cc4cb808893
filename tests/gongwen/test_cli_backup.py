"""As an administrator does it: back up, lose the machine, restore, verify. With the real pipeline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongwen.cli.main import cli
from gongwen.manifest import hash_of
from gongwen.settings import ROOT
from gongwen.store import Store

PAPERS = ["2023-云科协字30号-年中工作现场会.txt", "2023-云科协字44号-科普日方案.md", "2023-云科协字3号-表扬决定.pdf",
          "2022-云科协字8号-科普云州行方案.txt"]  # fmt: skip


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in args], catch_exceptions=False, prog_name="gongwen")


def hits(word: str) -> list[str]:
    return sorted(one["id"] for one in json.loads(run("search", "--json", word).stdout)["hits"])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("GONGWEN_RULES", str(ROOT / "corpus" / "sample-rules"))
    assert run("ingest", *(ROOT / "corpus" / "sample" / name for name in PAPERS)).exit_code == 0
    return tmp_path


def test_a_lost_machine_comes_back(place: Path, monkeypatch: pytest.MonkeyPatch):
    store = Store(place / "corpus")
    before = {one: hash_of(store.object_path(one)) for one in store.objects()}
    found, records = hits("科普"), {one.sha256: one.to_json() for one in store.readings()}
    assert len(before) == 4 and found

    told = run("backup", place / "backups", "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["objects"] == 4
    assert "完好" in run("verify", "--backup", place / "backups").stdout
    shutil.rmtree(place / "corpus")
    monkeypatch.delenv("GONGWEN_RULES")

    done = run("restore", place / "backups", "--to", place / "new")
    assert done.exit_code == 0, done.output
    assert "4 份原件（可检索 4），全部一致。" in done.stdout
    monkeypatch.setenv("GONGWEN_CORPUS", str(place / "new"))
    monkeypatch.setenv("GONGWEN_RULES", str(place / "new" / "office" / "rules"))
    again = Store(place / "new")
    assert {one: hash_of(again.object_path(one)) for one in again.objects()} == before
    assert hits("科普") == found
    assert {one.sha256: one.to_json() for one in again.readings()} == records
    assert run("verify").exit_code == 0


def test_what_is_wrong_is_told_in_words(place: Path):
    assert run("backup", place / "backups").exit_code == 0
    paper = next((place / "backups").glob("gongwen-*/objects/*/*"))
    paper.chmod(0o640)
    paper.write_bytes(b"x" * paper.stat().st_size)
    told = run("verify", "--backup", place / "backups")
    assert told.exit_code == 3
    assert "内容与校验值不符" in told.stdout
    lines = [json.loads(line) for line in run("verify", "--backup", place / "backups", "--json").stdout.splitlines()]
    assert [one["path"] for one in lines] == [paper.relative_to(next((place / "backups").glob("gongwen-*"))).as_posix()]
    partly = run("restore", place / "backups", "--to", place / "new", "--partly", "--no-rebuild")
    assert partly.exit_code == 3
    assert "没有恢复" in partly.stderr
    assert "rebuild" in partly.stdout
    assert len(list(Store(place / "new").objects())) == 3


def test_what_limits_readers_comes_back_and_stays_closed(place: Path, monkeypatch: pytest.MonkeyPatch):
    """Rules of access and retention are no part of the corpus or the rules folder: lost, they would open what they
    close, or stop the site. What is for the service alone is not for its group after a restore either."""
    rules = {"access": "- name: 内部\n  disclosure: [不予公开]\n  roles: [admin]\n",
             "retention": "- name: 一般来函\n  years: 10\n  types: [函]\n"}  # fmt: skip
    for name, text in rules.items():
        (place / f"{name}.yml").write_text(text, encoding="utf-8")
        monkeypatch.setenv(f"GONGWEN_{name.upper()}", str(place / f"{name}.yml"))
    assert run("user", "add", "heli", "--role", "admin").exit_code == 0
    (place / "corpus" / "sealed").mkdir(mode=0o700)
    (place / "corpus" / "sealed" / "one").write_text("秘", encoding="utf-8")
    (place / "corpus" / "sights" / "0123456789abcdef").mkdir(parents=True)
    (place / "corpus" / "sights" / "0123456789abcdef" / "index.bin").write_bytes(b"an index of limited readers")
    assert run("backup", place / "backups").exit_code == 0
    assert run("restore", place / "backups", "--to", place / "new").exit_code == 0
    back = place / "new"
    assert {name: (back / "office" / f"{name}.yml").read_text(encoding="utf-8") for name in rules} == rules
    assert not (back / "sights").exists(), "an index is made anew and never restored"
    closed = ["users.db", "trail", "trail/trail.jsonl", "sealed", "sealed/one"]
    assert {name: (back / name).stat().st_mode & 0o077 for name in closed} == dict.fromkeys(closed, 0)
    assert (back / "journal.db").stat().st_mode & 0o007 == 0
