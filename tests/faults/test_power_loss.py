"""Row 19 of reliability.md: a power cut at any moment loses no file that was acknowledged.

Every step that matters to a disk is noted while files are taken in: a file's bytes forced to the disk, a rename, a
folder forced to the disk, the commit of the journal, the removal from the inbox. The notes are then cut after each of
them. Of what lies before the cut only what was forced counts as being there, and whatever was removed is gone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gongwen.store import Store
from ingest.journal import Journal
from ingest.walk import walk
from tests.faults.test_kill import INBOX
from tests.ingest_kit import make_ingest, write_files

Note = tuple[str, str, str]


class Disk:
    """What would be there after a power cut. A new name lasts once its folder was forced, the bytes once the file was;
    a removed name is gone at once, the worst that may happen."""

    def __init__(self, there: set[str]) -> None:
        self.lasting = set(there)
        self.forced: set[str] = set()
        self.waiting: dict[str, str] = {}

    def take(self, note: Note) -> None:
        what, path, more = note
        if what == "force file":
            self.forced.add(path)
        elif what == "rename":
            self.lasting.discard(path)
            if path in self.forced:
                self.waiting[more] = str(Path(more).parent)
        elif what == "force folder":
            done = [name for name, folder in self.waiting.items() if folder == path]
            self.lasting.update(done)
            for name in done:
                del self.waiting[name]
        elif what == "remove":
            self.lasting.discard(path)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[Note]:
    found: list[Note] = []
    fsync, rename, unlink = os.fsync, os.rename, os.unlink

    def told_fsync(number: int) -> None:
        fsync(number)
        path = Path(f"/proc/self/fd/{number}").readlink()
        found.append(("force folder" if path.is_dir() else "force file", str(path), ""))

    def told_rename(source: str, target: str, **more: object) -> None:
        rename(source, target, **more)
        found.append(("rename", str(source), str(target)))

    def told_unlink(path: str, **more: object) -> None:
        unlink(path, **more)
        found.append(("remove", str(path), ""))

    monkeypatch.setattr(os, "fsync", told_fsync)
    monkeypatch.setattr(os, "rename", told_rename)
    monkeypatch.setattr(os, "unlink", told_unlink)
    return found


def noting(notes: list[Note]) -> Callable[[str], None]:
    def at(point: str) -> None:
        if point == "accept:committed":
            notes.append(("commit", "", ""))

    return at


def test_cut_after_each_step_no_acknowledged_file_is_lost(tmp_path: Path, notes: list[Note]):
    store = Store(tmp_path / "corpus")
    store.create()
    made = write_files(store.inbox, 40)
    inbox = {str(store.inbox / name): sha256 for name, sha256 in made.items()}
    notes.clear()

    with make_ingest(store, options=INBOX, at=noting(notes)) as ingest:
        assert ingest.run(walk([store.inbox], store)).exit_code == 0

    assert sum(what == "commit" for what, _, _ in notes) == 40
    disk, committed, cuts = Disk(set(inbox)), 0, 0
    objects = {str(store.object_path(sha256)): sha256 for sha256 in made.values()}
    for note in notes:
        disk.take(note)
        committed += note[0] == "commit"
        left = {sha256 for path, sha256 in inbox.items() if path in disk.lasting}
        kept = {sha256 for path, sha256 in objects.items() if path in disk.lasting}
        assert left | kept == set(made.values()), note
        assert len(kept) >= committed, note  # what the journal says is there is there
        cuts += 1
    assert (len(kept), left) == (40, set())
    print(f"power cuts: {cuts} places, acknowledged files lost 0")


def test_the_model_sees_a_file_that_was_never_forced():
    """Else the test above could not fail."""
    disk = Disk({"/inbox/a"})
    for note in (
        ("rename", "/tmp/1", "/objects/ab/1"), ("force folder", "/objects/ab", ""), ("remove", "/inbox/a", ""),
    ):  # fmt: skip
        disk.take(note)
    assert disk.lasting == set()


def test_a_commit_of_the_journal_waits_for_the_disk(tmp_path: Path):
    """In WAL mode only synchronous=FULL forces the log at each commit."""
    with closing(Journal(tmp_path / "journal.db")) as journal:
        assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
