"""Row 24 of reliability.md: stores that earlier programs wrote (make_old_store.py) open in today's, with a snapshot of
what was, and a store of a newer program is refused in words before anything of it changes."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongwen import holdings
from gongwen.cli.main import cli
from gongwen.manifest import hash_of
from gongwen.store import Store
from ingest import journal as module
from ingest.journal import Journal
from tests.ingest_kit import join, killer, spawn

STORES = Path(__file__).resolve().parents[1] / "golden" / "stores"
VERSIONS = sorted(int(path.name.split("-")[1].split(".")[0]) for path in STORES.glob("journal-*.tar.xz"))
EARLIER = [version for version in VERSIONS if version < len(module.MIGRATIONS)]


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in args], prog_name="gongwen")


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    with tarfile.open(STORES / f"journal-{request.param}.tar.xz") as tar:
        tar.extractall(tmp_path, filter="data")
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path / "corpus")


def arrivals(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT sha256, name FROM arrivals ORDER BY seq").fetchall()


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_there_is_a_store_of_every_earlier_version():
    assert list(range(1, len(module.MIGRATIONS))) == EARLIER


@pytest.mark.parametrize("old", EARLIER, indirect=True)
def test_an_older_store_opens_and_says_the_same(old: Store, request: pytest.FixtureRequest):
    was = version(old.journal)
    before, objects = arrivals(old.journal), {one: hash_of(old.object_path(one)) for one in old.objects()}
    assert len(before) == len(objects) == 3

    old.create()
    Journal(old.journal).close()

    assert version(old.journal) == len(module.MIGRATIONS)
    kept = old.root / holdings.SNAPSHOTS / f"0001-journal{was}" / "journal.db"
    assert (version(kept), arrivals(kept)) == (was, before)
    assert arrivals(old.journal) == before
    assert {one: hash_of(old.object_path(one)) for one in old.objects()} == objects


@pytest.mark.parametrize("old", [1, 4], indirect=True)
def test_its_papers_are_found_after_a_rebuild(old: Store):
    assert run("rebuild").exit_code == 0
    assert "3 份原件（可检索 3），全部一致。" in run("verify").stdout
    assert "年中工作现场会" in run("search", "年中工作现场会").stdout


@pytest.mark.parametrize("old", [1], indirect=True)
def test_killed_in_the_midst_of_an_upgrade_it_is_upgraded_the_next_time(old: Store, monkeypatch: pytest.MonkeyPatch):
    before = arrivals(old.journal)
    step = Journal._step
    for number in range(2, len(module.MIGRATIONS) + 1):

        def dying(self: Journal, at: int, dies: int = number) -> None:
            if at == dies:
                killer("now")("now")
            step(self, at)

        with monkeypatch.context() as patch:
            patch.setattr(Journal, "_step", dying)
            assert join(spawn(lambda: Journal(old.journal))) == -9
        assert version(old.journal) == number - 1
    Journal(old.journal).close()
    assert version(old.journal) == len(module.MIGRATIONS)
    assert arrivals(old.journal) == before
    kept = sorted((old.root / holdings.SNAPSHOTS).glob("[0-9]*"))
    assert len(kept) == 3
    assert all(arrivals(one / "journal.db") == before for one in kept)


@pytest.mark.parametrize("old", [4], indirect=True)
def test_a_newer_store_is_refused_in_words_and_left_alone(old: Store):
    with closing(sqlite3.connect(old.journal)) as db:
        db.execute("PRAGMA user_version = 99")
    before = old.journal.read_bytes()
    for command in (["ingest"], ["verify"], ["rebuild"], ["status"], ["backup", str(old.root.parent / "b")], ["serve"]):
        done = CliRunner().invoke(cli, command, prog_name="gongwen")
        assert done.exit_code != 0, command
        assert "更新版本的程序" in str(done.exception), command
    assert old.journal.read_bytes() == before
    assert not (old.root / holdings.SNAPSHOTS).exists()
