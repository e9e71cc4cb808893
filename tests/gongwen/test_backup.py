"""Backup and restore of a corpus: what is in it, what is found when it is damaged, what is refused."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from gongwen import backup as module
from gongwen import holdings
from gongwen.backup import Made, Plan, make_backup
from gongwen.errors import StoreError
from gongwen.manifest import NAME, SEAL, backups, check, hash_of, read_manifest
from gongwen.restore import restore
from gongwen.review import Review
from gongwen.saved import SCHEMA_REVISION, SavedSearches
from gongwen.store import Store
from ingest.journal import Journal, objects_named
from ingest.schema import MIGRATIONS
from tests.ingest_kit import problems, run_ingest, sha256_of, write_files


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Six papers, one judged by a person, one saved search, one folder that no module told of."""
    store = Store(tmp_path / "corpus")
    made = write_files(tmp_path / "papers", 6)
    run_ingest(store, tmp_path / "papers")
    (store.root / "fake-index.db").unlink()  # derived, but not under a name of ours
    store.add_review(next(iter(made.values())), Review("甲", "title", "甲", "乙", "何立", "2026-01-01"))
    SavedSearches(store.root / "saved.db").add("科普", "q=科普", "2026-01-01T00:00:00+08:00")
    (store.root / "drafts" / "2026").mkdir(parents=True)
    (store.root / "drafts" / "2026" / "方案.yml").write_text("title: 方案\n", encoding="utf-8")
    return store


@pytest.fixture
def plan(store: Store, tmp_path: Path) -> Plan:
    rules = tmp_path / "rules"
    (rules / "units").mkdir(parents=True)
    (rules / "units" / "office.yml").write_text("- name: 云州市科学技术协会\n", encoding="utf-8")
    (tmp_path / "gongwen.yml").write_text("office: 市科协\n", encoding="utf-8")
    return Plan(store.root, tmp_path / "backups", objects_named, rules, tmp_path / "gongwen.yml", {"port": "8000"})


def make(plan: Plan, **more: object) -> Made:
    return make_backup(plan, quiet, **more)


def held(root: Path) -> dict[str, str]:
    """Originals and files of people, by path, with their hashes."""
    paths = [*holdings.files(root), *holdings.files_below(root / "objects")]
    return {path.relative_to(root).as_posix(): hash_of(path) for path in paths}


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [(name, *row) for name in names for row in db.execute(f'SELECT * FROM "{name}"')]


def test_the_revisions_told_are_those_of_the_modules():
    assert {"journal.db": len(MIGRATIONS), "saved.db": SCHEMA_REVISION} == holdings.DATABASES


def test_lost_and_restored_all_hashes_and_rows_are_equal(store, plan, tmp_path):
    made = make(plan)
    assert (made.objects, made.missing) == (6, [])
    assert list(check(made.path, quiet)) == []
    before, journal, saved = held(store.root), rows(store.journal), rows(store.root / "saved.db")

    restored = restore(made.path, tmp_path / "elsewhere", quiet)

    again = held(tmp_path / "elsewhere")
    assert again == before
    assert "drafts/2026/方案.yml" in again
    assert len([path for path in again if path.startswith("reviews/")]) == 1
    assert rows(tmp_path / "elsewhere" / "journal.db") == journal
    assert rows(tmp_path / "elsewhere" / "saved.db") == saved
    assert (restored.rules / "units" / "office.yml").read_bytes() == (plan.rules / "units" / "office.yml").read_bytes()
    assert restored.settings_file.read_text("utf-8") == "office: 市科协\n"
    assert restored.manifest.settings == {"port": "8000"}
    assert not (tmp_path / "elsewhere" / holdings.RESTORING).exists()
    assert (tmp_path / "elsewhere" / "objects").stat().st_mode & 0o777 == 0o750


def test_what_is_derived_is_left_out_and_can_be_made_anew(store, plan, tmp_path):
    made = make(plan)
    tops = {path.split("/")[0] for path in read_manifest(made.path).files}
    assert tops == {"journal.db", "saved.db", "reviews", "drafts", "objects", "office"}
    restore(made.path, tmp_path / "elsewhere", quiet)
    again = Store(tmp_path / "elsewhere")
    again.create()
    with closing(Journal(again.journal)) as journal:
        journal.requeue([row.sha256 for row in journal.rows()], "test")
    run_ingest(again)
    assert problems(again) == []
    assert len(again.shas()) == 6


def test_the_second_backup_takes_no_room_for_the_same_originals(store, plan, tmp_path):
    first = make(plan)
    write_files(tmp_path / "papers", 2, start=6)
    run_ingest(store, tmp_path / "papers")
    second = make(plan)
    assert (second.objects, second.linked) == (8, 6)
    one = places(first.path)["object"]
    assert one.samefile(second.path / one.relative_to(first.path))
    assert not any(one.samefile(store.object_path(sha256)) for sha256 in store.objects())
    assert list(check(second.path, quiet)) == []


def test_where_links_are_impossible_it_copies(store, plan, monkeypatch):
    make(plan)

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(module.os, "link", no_links)
    second = make(plan)
    assert (second.objects, second.linked) == (6, 0)
    assert list(check(second.path, quiet)) == []


def test_an_original_damaged_in_the_corpus_comes_from_the_backup_before(store, plan):
    make(plan)
    sha256 = next(iter(store.objects()))
    damage(store.object_path(sha256), "flipped")
    again = make(plan)
    assert again.missing == []
    assert hash_of(again.path / "objects" / sha256[:2] / sha256) == sha256


def test_an_original_damaged_everywhere_is_told_and_the_rest_is_kept(store, plan):
    first = make(plan)
    sha256 = next(iter(store.objects()))
    damage(store.object_path(sha256), "flipped")
    damage(first.path / "objects" / sha256[:2] / sha256, "flipped")
    again = make(plan)
    assert (again.missing, again.objects) == ([sha256], 5)
    assert [one.path for one in check(again.path, quiet)] == [f"objects/{sha256[:2]}/{sha256}"]


def damage(path: Path, how: str) -> None:
    path.chmod(0o640)
    content = path.read_bytes()
    if how == "flipped":
        path.write_bytes(content[:9] + bytes([content[9] ^ 4]) + content[10:])
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    if how in {"deleted", "linked"}:
        path.unlink()
    if how == "linked":
        path.symlink_to("/etc/passwd")


def places(backup: Path) -> dict[str, Path]:
    return {
        "object": next((backup / "objects").glob("*/*")), "journal": backup / "journal.db",
        "review": next((backup / "reviews").iterdir()), "list": backup / NAME, "seal": backup / SEAL,
    }  # fmt: skip


@pytest.mark.parametrize("how", ["flipped", "cut", "deleted", "linked"])
@pytest.mark.parametrize("what", ["object", "journal", "review", "list", "seal"])
def test_a_damaged_backup_is_found_and_not_restored(store, plan, tmp_path, what, how):
    made = make(plan)
    damage(places(made.path)[what], how)
    assert len(list(check(made.path, quiet))) == 1
    with pytest.raises(StoreError):
        restore(made.path, tmp_path / "elsewhere", quiet)
    assert not (tmp_path / "elsewhere").exists()


def test_what_was_put_into_a_backup_is_found(store, plan):
    made = make(plan)
    (made.path / "objects" / "more").write_text("x", encoding="utf-8")
    assert [one.path for one in check(made.path, quiet)] == ["objects/more"]


def test_what_is_whole_of_a_damaged_backup_can_be_had(store, plan, tmp_path):
    made = make(plan)
    bad = places(made.path)["object"]
    damage(bad, "flipped")
    restored = restore(made.path, tmp_path / "elsewhere", quiet, partly=True)
    assert [one.path for one in restored.damaged] == [bad.relative_to(made.path).as_posix()]
    lost = {bad.relative_to(made.path).as_posix()}
    assert held(tmp_path / "elsewhere").items() == {k: v for k, v in held(store.root).items() if k not in lost}.items()


def test_a_list_that_points_elsewhere_is_refused(store, plan, tmp_path):
    made = make(plan)
    found = json.loads((made.path / NAME).read_bytes())
    found["files"]["../../evil"] = [1, "0" * 64]
    content = json.dumps(found)
    (made.path / NAME).write_text(content, encoding="utf-8")
    (made.path / SEAL).write_text(sha256_of(content), encoding="utf-8")
    with pytest.raises(StoreError, match="越界"):
        restore(made.path, tmp_path / "elsewhere", quiet)


def test_nothing_is_ever_overwritten(store, plan, tmp_path):
    made = make(plan)
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "lost+found").mkdir()
    restore(made.path, target, quiet)
    with pytest.raises(StoreError, match="不是空的"):
        restore(made.path, target, quiet)
    with pytest.raises(StoreError, match="不是空的"):
        restore(made.path, store.root, quiet)


def test_the_oldest_go_and_numbers_stay_in_order_when_the_clock_jumps(store, plan, monkeypatch):
    stamps = iter(["20270101-000000", "20251231-000000", "20260101-000000", "20260101-000000"])
    monkeypatch.setattr(time, "strftime", lambda shape, *_: shape.replace("%Y%m%d-%H%M%S", next(stamps))
                        if "%H%M%S" in shape else "now")  # fmt: skip
    made = [make(plan, keep=3) for _ in range(4)]
    assert made[-1].removed == [made[0].path]
    assert backups(plan.into) == [one.path for one in made[1:]]
    assert [one for path in backups(plan.into) for one in check(path, quiet)] == []


def test_places_that_are_no_place_for_a_backup(store, plan, tmp_path):
    for into in (store.root, store.root / "backups"):
        with pytest.raises(StoreError, match="不能放在资料库自己的文件夹里"):
            make(Plan(store.root, into, objects_named))
    with pytest.raises(StoreError, match="没有可备份的"):
        make(Plan(tmp_path / "none", tmp_path / "backups", objects_named))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="不是文件夹"):
        make(Plan(store.root, tmp_path / "file", objects_named))


def test_too_little_room_is_told_before_copying(store, plan, monkeypatch):
    monkeypatch.setattr(module, "free_mb", lambda path: -1)
    with pytest.raises(StoreError, match="空间不足"):
        make(plan)
    assert backups(plan.into) == []


def test_a_second_backup_at_the_same_time_is_refused(store, plan):
    plan.into.mkdir()
    with (plan.into / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="正在进行"):
            make(plan)
    assert make(plan).objects == 6


def test_a_broken_database_ends_the_backup_and_says_where_to_go(store, plan):
    make(plan)
    with (store.root / "saved.db").open("rb+") as file:
        file.write(b"not a database")
    with pytest.raises(StoreError, match=r"saved\.db"):
        make(plan)
    assert len(backups(plan.into)) == 1


def test_a_newer_program_s_corpus_and_backup_are_refused_in_words(store, plan, tmp_path):
    made = make(plan)
    with closing(sqlite3.connect(store.root / "saved.db")) as db:
        db.execute("PRAGMA user_version = 99")
    for work in (store.create, lambda: make(plan)):
        with pytest.raises(StoreError, match="更新版本的程序"):
            work()
    found = json.loads((made.path / NAME).read_bytes())
    found["revisions"]["journal.db"] = 99
    content = json.dumps(found)
    (made.path / NAME).write_text(content, encoding="utf-8")
    (made.path / SEAL).write_text(sha256_of(content), encoding="utf-8")
    with pytest.raises(StoreError, match="更新版本的程序"):
        restore(made.path, tmp_path / "elsewhere", quiet)
    (made.path / NAME).write_text(content.replace('"format": 1', '"format": 2'), encoding="utf-8")
    (made.path / SEAL).write_text(sha256_of(content.replace('"format": 1', '"format": 2')), encoding="utf-8")
    with pytest.raises(StoreError, match="更新版本的程序"):
        read_manifest(made.path)


def test_three_snapshots_of_all_databases_are_kept(store):
    made = [holdings.snapshot(store.root) for _ in range(5)]
    kept = sorted(path for path in (store.root / "snapshots").iterdir() if path.is_dir())
    assert kept == made[2:]
    assert kept[-1].name == f"0005-journal{len(MIGRATIONS)}_saved{SCHEMA_REVISION}"
    assert rows(kept[-1] / "journal.db") == rows(store.journal)


def test_a_corpus_whose_restore_was_cut_is_refused_untouched_and_restored_by_another_try(plan: Plan, tmp_path: Path):
    backup = make(plan).path
    target = tmp_path / "restored"
    (target / holdings.RESTORING / "objects").mkdir(parents=True)
    with pytest.raises(StoreError, match="没有完成"):
        Store(target).create()
    assert [path.name for path in target.iterdir()] == [holdings.RESTORING]
    restore(backup, target, quiet)
    assert set(Store(target).objects()) == set(Store(plan.corpus).objects())


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_database_that_a_killed_process_left_is_put_right(tmp_path: Path, mode: str):
    """Copied in the midst of a transaction, with the log that must be rolled back before anyone can read."""
    going, left = tmp_path / "going.db", tmp_path / "left.db"
    with closing(sqlite3.connect(going, isolation_level=None)) as db:
        db.executescript(f"PRAGMA journal_mode = {mode}; CREATE TABLE one(a); PRAGMA user_version = 3;")
        db.executescript("PRAGMA cache_size = 2; BEGIN; PRAGMA user_version = 4;")
        db.executemany("INSERT INTO one VALUES (?)", [("甲" * 3000,)] * 50)
        for path in tmp_path.glob("going.db*"):
            if not path.name.endswith("-shm"):
                left.with_name(path.name.replace("going", "left")).write_bytes(path.read_bytes())
    assert holdings.revision(left) == 3
