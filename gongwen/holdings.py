"""Holdings: what of a corpus is not derived, so that it is backed up, restored and kept before an upgrade.

This is the one place. What stands neither in DERIVED nor in PASSING is held, also when nobody named it here: a module
that forgets to say what it keeps loses nothing. A database is named here with the revision that this program writes, so
that one of a newer program is refused before anything is touched.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import regex

from gongwen.disk import make_folder, sync_folder
from gongwen.errors import StoreError

DATABASES: dict[str, int] = {
    # file under the corpus: PRAGMA user_version of this program (tests compare it with the module that owns it)
    "journal.db": 5,
    "saved.db": 1,
}
OBJECTS = "objects"
DERIVED = frozenset({
    "records", "texts", "cache", "pictures", "index", "catalog.db", "editions.db", "doubts.db", "sights",
})  # fmt: skip
"""`rebuild` makes them anew from the originals, the reviews and the rules."""
PASSING = frozenset({"inbox", "tmp", "owners", "snapshots", "office", "site.key"})
"""Of a moment (files that were not taken yet, locks), made anew by itself (the key), or a copy already."""
PRIVATE = frozenset({"users.db", "trail", "sealed"})
"""For the service's own user alone, not for its group either."""
RESTORING = ".restoring"
"""Stands in a folder while a backup is being restored into it."""

SNAPSHOTS = "snapshots"
_KEPT = 3
_SNAPSHOT = regex.compile(r"(?P<number>\d{4,})-.*")
_SIDE = ("-wal", "-shm", "-journal", ".lock")


def databases(root: Path) -> list[Path]:
    """The databases that are held, sorted; snapshots beside them are none."""
    return [path for path in _held(root) if path.is_file() and path.name.endswith(".db")]


def files(root: Path) -> Iterator[Path]:
    """Every other file that is held, but for the originals. Those of folders too; no links, nothing hidden."""
    for path in _held(root):
        if path.is_dir() and path.name != OBJECTS:
            yield from files_below(path)
        elif path.is_file() and not path.name.endswith(".db"):
            yield path


def files_below(folder: Path) -> Iterator[Path]:
    """Regular files, sorted, without links and hidden ones (locks, what other programs keep beside)."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith(".lock") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path


def revision(database: Path) -> int:
    """PRAGMA user_version. Raises StoreError when it is no database."""
    try:
        with closing(_reading(database)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise StoreError(f"数据库无法读取，请从备份恢复：{database}（{error}）") from error


def require_known(root: Path) -> None:
    """Raises StoreError when a newer program wrote one of the databases: nothing must be read or written then."""
    if (root / RESTORING).exists():
        raise StoreError(f"从备份恢复到 {root} 的工作没有完成，请再运行一次 restore")
    for name, known in DATABASES.items():
        path = root / name
        if path.exists() and revision(path) > known:
            raise StoreError(newer(path, revision(path), known))


def newer(path: Path, found: int, known: int) -> str:
    return f"{path} 由更新版本的程序写成（{found} > {known}），请升级程序后再用"


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy as one file, while others write the source. Checked before this returns."""
    try:
        with closing(_reading(source)) as db, closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # the copy says WAL; a backup is one file
            sound = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise StoreError(f"磁盘空间不足，没有写成 {target}") from error
        raise StoreError(f"数据库无法复制：{source}（{error}）") from error
    if sound != "ok":
        raise StoreError(f"数据库已损坏，请从以前的备份恢复：{source}（{sound}）")
    target.chmod(0o640)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def snapshot(root: Path) -> Path | None:
    """All databases as they are, in CORPUS/snapshots/NUMBER-…/: before an upgrade. The three newest stay. None when
    there is nothing to keep."""
    found = databases(root)
    if not found:
        return None
    folder = root / SNAPSHOTS
    make_folder(folder)
    with _alone(folder / ".lock"):
        earlier = sorted(path for path in folder.iterdir() if _SNAPSHOT.fullmatch(path.name))
        number = max((int(path.name.split("-")[0]) for path in earlier), default=0) + 1
        label = "_".join(f"{path.stem}{revision(path)}" for path in found)
        part = folder / ".part"
        shutil.rmtree(part, ignore_errors=True)  # of one that was killed: we hold the lock
        make_folder(part)
        for path in found:
            copy_database(path, part / path.name)
        sync_folder(part)
        target = folder / f"{number:04d}-{label}"
        part.rename(target)
        sync_folder(folder)
        for old in earlier[: max(0, len(earlier) + 1 - _KEPT)]:
            shutil.rmtree(old, ignore_errors=True)
    return target


def _held(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        name = path.name
        if name in DERIVED or name in PASSING or name.startswith(".") or path.is_symlink():
            continue
        if name.endswith(_SIDE) or any(name.startswith(f"{one}-") for one in DERIVED) or ".db.v" in name:
            continue
        yield path


def _reading(path: Path) -> sqlite3.Connection:
    """Read-only, unless a process that was killed left a log that SQLite must put right before anyone can read."""
    db = _opened(path, "ro")
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
        return _opened(path, "rw")
    except BaseException:
        db.close()
        raise
    return db


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=60.0, isolation_level=None)



@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
