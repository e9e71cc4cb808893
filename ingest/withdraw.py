"""Withdrawal: a paper that must not be here any more leaves the corpus with all that was derived of it.

With a file go the mails and archives that it lies in (their originals hold it; what else lay in them stays as files of
its own), what lies in it and came in no other way, copies opened from it, and drafts that were made from it. First a
mark is written, by which the same bytes are refused when they come again, alone or in a container; what a crash leaves
undone is done by the next call, from the mark."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from gongwen.disk import make_folder, replace_file, sync_folder
from gongwen.errors import StoreError
from gongwen.store import Store, is_sha256
from ingest.journal import Journal, now

MARKS = "withdrawn"
SEALED = "sealed"
DRAFTS = "drafts"
FOLLOWUPS = "followups"
Fate = Literal["seal", "destroy"]

log = logging.getLogger(__name__)


class Derived(Protocol):
    """What was derived of files: gongwen.cli.sinks.Sinks is one."""

    def delete(self, sha256: str, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a file is not here, and whether all of it has gone. It says nothing of what stood in it."""

    sha256: str
    at: str
    by: str
    why: str
    fate: str
    is_done: bool = False


def is_withdrawn(store: Store, sha256: str) -> bool:
    return (store.root / MARKS / f"{sha256}.json").exists()


def marks(store: Store) -> list[Mark]:
    found = sorted((store.root / MARKS).glob("*.json"))
    return [_read(path) for path in found if is_sha256(path.stem)]


def going_with(journal: Journal, sha256: str) -> list[str]:
    """The file and those that go with it, the file first."""
    found: dict[str, None] = {}
    waiting = [sha256]
    while waiting:
        one = waiting.pop(0)
        if one in found:
            continue
        found[one] = None
        waiting += [each.parent for each in journal.kin.containers(one)]
        waiting += [*journal.openings.copies(one), *journal.openings.originals(one)]
    for inner in _only_in(journal, sha256):
        found[inner] = None
    return list(found)


def _only_in(journal: Journal, sha256: str) -> Iterator[str]:
    """What lies in a file and came in no other way."""
    for one in journal.kin.members(sha256):
        if one.sha256 is None or one.sha256 == sha256:
            continue
        came = journal.arrivals(one.sha256)
        lies_in = {each.parent for each in journal.kin.containers(one.sha256)}
        if all(each.via == "member" for each in came) and lies_in == {sha256}:
            yield one.sha256
            yield from _only_in(journal, one.sha256)


def withdraw(
    store: Store, journal: Journal, derived: Derived, sha256: str, *, by: str, why: str, fate: Fate,
    note: Callable[[str], None],
) -> list[str]:  # fmt: skip
    """Gives what has gone. `note` puts it into the trail, before anything goes. Raises StoreError."""
    files = going_with(journal, sha256)
    for one in files:
        row = journal.row(one)
        if row is not None and row.owner is not None:
            raise StoreError(f"文件正在读取，请稍后再撤出：{one[:16]}")
    make_folder(store.root / MARKS, 0o750)
    for one in files:
        note(one)
        _write(store, Mark(one, now(), by, why, fate))
    for one in files:
        _carry_out(store, journal, derived, one, fate)
    return files


def finish(store: Store, journal: Journal, derived: Derived) -> int:
    """Carry out what a crash left undone. Gives how many files that were."""
    open_marks = [one for one in marks(store) if not one.is_done]
    for one in open_marks:
        _carry_out(store, journal, derived, one.sha256, "destroy" if one.fate == "destroy" else "seal")
    return len(open_marks)


def _carry_out(store: Store, journal: Journal, derived: Derived, sha256: str, fate: Fate) -> None:
    store.forget(sha256)  # from here on no page finds it
    folder = store.picture_folder(sha256)
    if folder.is_dir():
        folder.rmdir()
    derived.delete(sha256)
    for draft in drafts_of(store, sha256):
        shutil.rmtree(draft)
    _remove(store, store.review_path(sha256), f"{sha256}.yml", fate)
    _remove(store, store.root / FOLLOWUPS / f"{sha256}.yml", f"{sha256}.followups.yml", fate)
    _remove(store, store.object_path(sha256), sha256, fate)
    journal.withdraw(sha256)
    mark = _read(store.root / MARKS / f"{sha256}.json")
    _write(store, Mark(mark.sha256, mark.at, mark.by, mark.why, mark.fate, is_done=True))


def drafts_of(store: Store, sha256: str) -> list[Path]:
    """Drafts in work that name a paper of this file: what they carry on was written there."""
    head = sha256[:16].encode("ascii")
    found = (store.root / DRAFTS).glob("*/")
    return [one for one in found if any(head in file.read_bytes() for file in one.rglob("*") if file.is_file())]


def vacuum(path: Path) -> None:
    """Write a database anew, so that rows that were deleted are not left in its free pages."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=60.0, isolation_level=None)) as db:
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(store: Store, path: Path, name: str, fate: Fate) -> None:
    if not path.exists():
        return
    if fate == "seal":
        make_folder(store.root / SEALED, 0o700)
        path.chmod(0o400)
        path.rename(store.root / SEALED / name)
        sync_folder(store.root / SEALED)
    else:
        path.unlink()
    sync_folder(path.parent)


def _write(store: Store, mark: Mark) -> None:
    told = {"sha256": mark.sha256, "at": mark.at, "by": mark.by, "why": mark.why, "fate": mark.fate,
            "done": mark.is_done}  # fmt: skip
    text = json.dumps(told, ensure_ascii=False).encode("utf-8")
    replace_file(store.root / MARKS / f"{mark.sha256}.json", text, tmp=store.tmp)


def _read(path: Path) -> Mark:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        return Mark(path.stem, str(found["at"]), str(found["by"]), str(found["why"]), str(found["fate"]),
                    bool(found["done"]))  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"撤出标记已损坏：{path}") from error
