"""Backups of what is not derived (gongwen.holdings), taken while ingest and the site go on.

Databases first, then the files of people, then the originals that the copied journal knows: those are append-only, so
nothing it names is missing. Written in a folder with a passing name; the last step gives it its own, so a backup that
has a name is whole. Originals that an earlier backup in the same place holds are linked to it (copied, where links are
impossible), never to the corpus: one bad sector must not hit both. All hashes are computed from what is read now.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gongwen import VERSION, holdings
from gongwen.disk import free_mb, make_folder, sync_folder, unwritable
from gongwen.errors import StoreError
from gongwen.manifest import (
    Entry,
    Manifest,
    Step,
    backups,
    copy_file,
    hash_of,
    number_of,
    read_manifest,
    why_damaged,
    write_manifest,
)

_PART = ".part"
_GOING = ".going-"
_NO_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@dataclass(frozen=True, slots=True)
class Plan:
    """What to back up: the corpus, the office's own rules and settings file, where to. `named` tells which originals a
    copied journal knows. `settings` are noted in the list, for some come from the environment."""

    corpus: Path
    into: Path
    named: Callable[[Path], Iterable[str]]
    rules: Path | None = None
    settings_file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Path] = field(default_factory=dict)
    """Files that settings name (rules of access and retention), by the setting."""


@dataclass(slots=True)
class Made:
    """`linked` of the `objects` came from an earlier backup; `missing` could be had nowhere; `removed` by retention."""

    path: Path
    objects: int = 0
    linked: int = 0
    copied_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)


def nothing(point: str) -> None:
    """The default checkpoint; tests inject one that kills the process at a named point."""


def make_backup(plan: Plan, step: Step, *, keep: int | None = None, at: Callable[[str], None] = nothing) -> Made:
    """Raises StoreError in Chinese; then there is no new backup and the earlier ones are untouched."""
    _check_place(plan)
    try:
        with _alone(plan.into):
            for rest in (plan.into / _PART, *plan.into.glob(f"{_GOING}*")):
                shutil.rmtree(rest, ignore_errors=True)  # of those that were killed: we hold the lock
            made = _Maker(plan, step, at).make()
            at("backup:named")
            if keep is not None:
                made.removed = _thin(plan.into, keep, at)
            return made
    except OSError as error:
        shutil.rmtree(plan.into / _PART, ignore_errors=True)
        raise unwritable(plan.into, error) from error


class _Maker:
    def __init__(self, plan: Plan, step: Step, at: Callable[[str], None]) -> None:
        self._plan = plan
        self._step = step
        self._at = at
        self._part = plan.into / _PART
        self._earlier = list(reversed(backups(plan.into)))
        number = max(map(number_of, self._earlier), default=0) + 1
        self._made = Made(plan.into / time.strftime(f"gongwen-{number:04d}-%Y%m%d-%H%M%S"))
        self._manifest = Manifest(
            number, time.strftime("%Y-%m-%dT%H:%M:%S%z"), VERSION, str(plan.corpus), dict(plan.settings)
        )

    def make(self) -> Made:
        self._part.mkdir(mode=0o700)
        self._databases()
        self._at("backup:databases")
        for path in holdings.files(self._plan.corpus):
            self._file(path, path.relative_to(self._plan.corpus).as_posix())
        self._office()
        self._at("backup:files")
        self._objects(sorted(set(self._plan.named(self._part / "journal.db"))))
        self._at("backup:objects")
        write_manifest(self._manifest, self._part)
        os.sync()  # one wait for thousands of files, before the name says that they are there
        self._at("backup:synced")
        self._part.rename(self._made.path)
        sync_folder(self._plan.into)
        return self._made

    def _databases(self) -> None:
        for path in holdings.databases(self._plan.corpus):
            target = self._part / path.name
            holdings.copy_database(path, target)
            self._manifest.revisions[path.name] = holdings.revision(target)
            self._note(path.name, Entry(target.stat().st_size, hash_of(target)))

    def _office(self) -> None:
        rules, settings = self._plan.rules, self._plan.settings_file
        if rules is not None and rules.is_dir():
            for path in holdings.files_below(rules):
                self._file(path, f"office/rules/{path.relative_to(rules).as_posix()}")
        if settings is not None and settings.is_file():
            self._file(settings, "office/gongwen.yml")
        for name, path in self._plan.others.items():
            self._file(path, f"office/{name}{path.suffix[:8]}")

    def _file(self, source: Path, name: str) -> None:
        target = self._part / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # taken away since it was listed
            self._note(name, copy_file(source, target))

    def _objects(self, shas: list[str]) -> None:
        self._require_room(shas)
        for number, sha256 in enumerate(shas):
            self._step(number, len(shas))
            name = f"{holdings.OBJECTS}/{sha256[:2]}/{sha256}"
            target = self._part / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            entry = self._linked(name, sha256, target) or self._copied(self._plan.corpus / name, sha256, target)
            if entry is None:
                self._made.missing.append(sha256)
                continue
            self._note(name, entry)
            self._made.objects += 1
            self._at("backup:object")
        self._manifest.missing = self._made.missing

    def _linked(self, name: str, sha256: str, target: Path) -> Entry | None:
        """From the newest earlier backup that holds it whole."""
        for earlier in self._earlier:
            path = earlier / name
            if not path.is_file():
                continue
            entry = Entry(path.stat().st_size, sha256)
            if why_damaged(path, entry):
                continue
            try:
                os.link(path, target)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                return self._copied(path, sha256, target)
            self._made.linked += 1
            return entry
        return None

    def _copied(self, source: Path, sha256: str, target: Path) -> Entry | None:
        """None when the source is gone or is not what its name says."""
        try:
            entry = copy_file(source, target)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return None
        if entry.sha256 != sha256:
            target.unlink()
            return None
        with suppress(PermissionError):  # file systems without rights
            target.chmod(0o440)
        self._made.copied_bytes += entry.size
        return entry

    def _require_room(self, shas: list[str]) -> None:
        """Told before hours of copying, not after."""
        have = self._earlier[0] if self._earlier else None
        names = (f"{holdings.OBJECTS}/{sha256[:2]}/{sha256}" for sha256 in shas)
        sources = (self._plan.corpus / name for name in names if have is None or not (have / name).exists())
        need = sum(path.stat().st_size for path in sources if path.is_file())
        if need >> 20 > free_mb(self._part):
            raise StoreError(f"备份位置空间不足：还要 {need >> 20} MB，{self._plan.into} 只剩 {free_mb(self._part)} MB")

    def _note(self, name: str, entry: Entry) -> None:
        self._manifest.files[name] = entry


def _check_place(plan: Plan) -> None:
    corpus, into = plan.corpus.resolve(), plan.into.resolve()
    if not (corpus / "journal.db").exists():
        raise StoreError(f"资料库还没有建立，没有可备份的：{plan.corpus}")
    if into == corpus or corpus in into.parents:
        raise StoreError(f"备份不能放在资料库自己的文件夹里（{plan.into}）：请放到另一块磁盘或另一台机器上")
    holdings.require_known(plan.corpus)
    make_folder(plan.into, 0o700)


def _thin(into: Path, keep: int, at: Callable[[str], None]) -> list[Path]:
    """Remove the oldest beyond so many. Renamed first: what is half removed must not look like a backup."""
    gone = backups(into)[:-keep]
    for path in gone:
        going = path.with_name(f"{_GOING}{path.name}")
        path.rename(going)
        at("backup:going")
        shutil.rmtree(going, ignore_errors=True)
    return gone


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    with (into / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(f"{into} 里另一个备份正在进行，请等它完成") from error
        yield


def latest(folder: Path) -> Path | None:
    """The newest whole backup whose list can be read."""
    for path in reversed(backups(folder)):
        with suppress(StoreError):
            read_manifest(path)
            return path
    return None
