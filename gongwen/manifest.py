"""The list of a backup: every file with its size and SHA-256, and the list's own.

A backup is a folder of plain files; `sha256sum -c` on a list made from `files` would do. `check` finds whatever was
changed, cut, lost or added since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import regex

from gongwen.errors import StoreError

FORMAT = 1
NAME = "manifest.json"
SEAL = "manifest.sha256"
_BACKUP = regex.compile(r"gongwen-(?P<number>\d{4,})-\d{8}-\d{6}")
_CHUNK = 1 << 20

Step = Callable[[int, int], None]
"""Told how far something is: (done, of)."""


@dataclass(frozen=True, slots=True)
class Entry:
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """`files` by path inside the backup. `missing` are originals that were damaged or gone when it was made, and in
    no earlier backup either. `revisions` of the databases."""

    number: int
    made_at: str
    program: str
    corpus: str
    settings: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    files: dict[str, Entry] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT, "number": self.number, "made_at": self.made_at, "program": self.program,
            "corpus": self.corpus, "settings": self.settings, "revisions": self.revisions, "missing": self.missing,
            "files": {path: [one.size, one.sha256] for path, one in sorted(self.files.items())},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Damage:
    """`path` inside the backup ('' for the whole); `message` in Chinese."""

    path: str
    message: str


def backups(folder: Path) -> list[Path]:
    """The finished backups in a folder, oldest first by number: clocks jump, numbers do not."""
    try:
        found = [path for path in folder.iterdir() if path.is_dir() and number_of(path)]
    except FileNotFoundError:
        return []
    return sorted(found, key=number_of)


def number_of(path: Path) -> int:
    match = _BACKUP.fullmatch(path.name)
    return int(match["number"]) if match else 0


def write_manifest(manifest: Manifest, folder: Path) -> None:
    content = json.dumps(manifest.to_json(), ensure_ascii=False, indent=0, separators=(",", ":")).encode("utf-8")
    (folder / NAME).write_bytes(content)
    (folder / SEAL).write_text(f"{hashlib.sha256(content).hexdigest()}  {NAME}\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreError when it is no backup, or its list is not what was written."""
    try:
        content = (folder / NAME).read_bytes()
        seal = (folder / SEAL).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(f"不是备份：{folder}（没有 {Path(error.filename).name}）") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"备份的清单无法读取：{folder}（{error}）") from error
    if seal.split(" ")[0] != hashlib.sha256(content).hexdigest():
        raise StoreError(f"备份的清单已损坏或被改动：{folder / NAME}")
    found = json.loads(content)
    if int(found["format"]) > FORMAT:
        raise StoreError(f"备份由更新版本的程序（{found['program']}）做成，请用该版本恢复：{folder}")
    return _manifest(found)


def check(folder: Path, step: Step) -> Iterator[Damage]:
    """Every file against the list, and whether there are others."""
    try:
        manifest = read_manifest(folder)
    except StoreError as error:
        yield Damage("", str(error))
        return
    for at, (path, entry) in enumerate(manifest.files.items()):
        step(at, len(manifest.files))
        told = why_damaged(folder / path, entry)
        if told:
            yield Damage(path, told)
    for path in sorted(_paths(folder) - manifest.files.keys() - {NAME, SEAL}):
        yield Damage(path, "清单里没有这个文件")
    for sha256 in manifest.missing:
        yield Damage(f"objects/{sha256[:2]}/{sha256}", "备份时原件已缺失或损坏")


def why_damaged(path: Path, entry: Entry) -> str:
    """'' when it is what the list says."""
    try:
        if path.is_symlink() or not path.is_file():
            return "缺失" if not path.is_symlink() and not path.exists() else "不是普通文件"
        if path.stat().st_size != entry.size:
            return f"大小不符（应为 {entry.size}，实为 {path.stat().st_size}）"
        return "" if hash_of(path) == entry.sha256 else "内容与校验值不符"
    except OSError as error:
        return f"无法读取（{error.strerror}）"


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def copy_file(source: Path, target: Path) -> Entry:
    """Gives what was written, by the bytes that went through."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("xb") as write:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            write.write(chunk)
    return Entry(size, digest.hexdigest())


def _manifest(found: Mapping[str, Any]) -> Manifest:
    files = {str(path): Entry(int(size), str(sha256)) for path, (size, sha256) in found["files"].items()}
    for path in files:
        if not path or path.startswith("/") or ".." in PurePosixPath(path).parts or "\0" in path:
            raise StoreError(f"备份的清单里有越界的路径：{path!r}")
    return Manifest(
        int(found["number"]), str(found["made_at"]), str(found["program"]), str(found["corpus"]),
        dict(found["settings"]), dict(found["revisions"]), files, list(found["missing"]),
    )  # fmt: skip


def _paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
