"""Store: the corpus folder on disk (design.md §4). Originals are append-only, all else is written atomically.

Records are truth; `cache/` holds a JSON twin of each, because parsing YAML costs 13 ms and JSON well under one.
A twin counts only while its stamp (inode, size, time of change) is that of the YAML file. Reading never creates
folders, so a viewer may run on a read-only corpus; a full disk surfaces as OSError, which ingest waits out.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex
import yaml

from gongwen import review as people
from gongwen import yamlfast, yamlio
from gongwen.disk import make_folder, replace_file, replace_files, require_local, sync_folder
from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.holdings import require_known
from gongwen.record import Reading, Record
from gongwen.review import Review, State
from gongwen.settings import Settings

_SHA = regex.compile(r"[0-9a-f]{64}")
_RECORD_ID = regex.compile(r"(?P<head>[0-9a-f]{16})-(?P<part>[1-9][0-9]{0,5})")
_FOLDERS = ("objects", "records", "texts", "reviews", "cache", "pictures", "inbox", "tmp", "owners")


def is_sha256(text: str) -> bool:
    """Sixty-four small hexadecimal digits: the only names that become paths."""
    return _SHA.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Packed:
    """A file's text and record as they will stand on the disk."""

    sha256: str
    text: bytes
    record: bytes
    twin: bytes


def pack(document: Document, reading: Reading) -> Packed:
    found = reading.to_json()
    return Packed(
        _checked(reading.sha256), _json(document.to_json()), yamlfast.dump(found).encode("utf-8"), _json(found)
    )


class Store:
    """The corpus under `root`. Reads give None for what is not there (also for a malformed sha256, since those
    come from addresses people type); writes raise ValueError for it."""

    def __init__(self, root: Path, *, network_disk: bool = False) -> None:
        self.root = root
        self._network_disk = network_disk

    # --- folders ------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Make what is missing and check that the corpus may live here. Raises StoreError in Chinese."""
        if not self._network_disk:
            require_local(self.root)
        make_folder(self.root)
        self._require_rights(self.root)
        require_known(self.root)  # before anything is made in it: a restore goes on only where it left off
        for name in _FOLDERS:
            make_folder(self.root / name)
            self._require_rights(self.root / name)

    @staticmethod
    def _require_rights(folder: Path) -> None:
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            raise StoreError(f"没有读写资料库文件夹的权限：{folder}")

    @property
    def exists(self) -> bool:
        return (self.root / "objects").is_dir()

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def owners(self) -> Path:
        return self.root / "owners"

    @property
    def journal(self) -> Path:
        return self.root / "journal.db"

    @property
    def editions(self) -> Path:
        return self.root / "editions.db"

    # --- originals ----------------------------------------------------------------------------------------

    def object_path(self, sha256: str) -> Path:
        """Where the original stands or would stand. Raises ValueError when it is not a sha256."""
        return self.root / "objects" / _checked(sha256)[:2] / sha256

    def has_object(self, sha256: str) -> bool:
        return is_sha256(sha256) and self.object_path(sha256).is_file()

    def put_object(self, temp: Path, sha256: str) -> None:
        """Move a written and synced file into objects/; the bytes are safe when this returns. An object that is
        there already stays and the new copy goes."""
        self.put_objects([(temp, sha256)])

    def put_objects(self, found: Sequence[tuple[Path, str]]) -> None:
        """As `put_object` for each, with one wait for the disk a folder. After an error some may be there."""
        folders: dict[Path, None] = {}
        for temp, sha256 in found:
            target = self.object_path(sha256)
            with _told(target):
                if make_folder(target.parent):
                    folders[target.parent.parent] = None
                if target.is_file():
                    temp.unlink()
                else:
                    temp.chmod(0o440)
                    temp.rename(target)
                folders[target.parent] = None
        for folder in folders:
            sync_folder(folder)

    def objects(self) -> Iterator[str]:
        """Every original, sorted."""
        for folder in sorted((self.root / "objects").glob("[0-9a-f][0-9a-f]")):
            yield from sorted(name for name in _names(folder) if is_sha256(name) and name[:2] == folder.name)

    def object_count(self) -> int:
        """How many files stand in objects/: six times as quick as naming them."""
        return sum(len(_names(folder)) for folder in (self.root / "objects").glob("[0-9a-f][0-9a-f]"))

    # --- records ------------------------------------------------------------------------------------------

    def record_path(self, sha256: str) -> Path:
        return self.root / "records" / f"{_checked(sha256)}.yml"

    def put_reading(self, reading: Reading) -> None:
        """Write records/<sha256>.yml and its twin; a reader sees the old file or the new one, never a part."""
        path = self.record_path(reading.sha256)
        found = reading.to_json()
        with _told(path):
            state = replace_file(path, yamlfast.dump(found).encode("utf-8"), tmp=self.tmp)
            self._put_twin(reading.sha256, _stamp(state), _json(found))

    def put_records(self, packed: Sequence[Packed]) -> None:
        """As `put_reading` for each, with fewer waits for the disk. After an error some may be written."""
        with _told(self.root / "records"):
            states = replace_files([(self.record_path(one.sha256), one.record) for one in packed], tmp=self.tmp)
            for one, state in zip(packed, states, strict=True):
                self._put_twin(one.sha256, _stamp(state), one.twin)

    def reading(self, sha256: str) -> Reading | None:
        """Raises StoreError when the record file is damaged: `rebuild` writes it anew."""
        if not is_sha256(sha256):
            return None
        path = self.record_path(sha256)
        try:
            stamp = _stamp(path.stat())  # before reading: a twin of an older file is stale, never wrong
            found = self._twin(sha256, stamp)
            if found is None:
                found = yamlio.load_data(path.read_text(encoding="utf-8"))
                self._put_twin(sha256, stamp, _json(found))
            return Reading.from_json(found)
        except FileNotFoundError:
            return None
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreError(f"记录文件已损坏，请运行 rebuild：{path}（{type(error).__name__}）") from error

    def shas(self) -> list[str]:
        """The files that have a record, sorted."""
        names = _names(self.root / "records")
        return sorted(name[:-4] for name in names if name.endswith(".yml") and is_sha256(name[:-4]))

    def readings(self) -> Iterator[Reading]:
        """All records, one file at a time, sorted by sha256."""
        for sha256 in self.shas():
            found = self.reading(sha256)
            if found is not None:
                yield found

    def find(self, address: str) -> tuple[Reading, Record] | None:
        """The record with this id (`0123456789abcdef-1`) and the Reading it stands in."""
        match = _RECORD_ID.fullmatch(address)
        if match is None:
            return None
        for sha256 in self._with_head(match["head"]):
            found = self.reading(sha256)
            for record in found.documents if found else ():
                if found and record.id == address:
                    return found, record
        return None

    # --- texts --------------------------------------------------------------------------------------------

    def text_path(self, sha256: str) -> Path:
        return self.root / "texts" / f"{_checked(sha256)}.json"

    def put_text(self, document: Document) -> None:
        path = self.text_path(document.sha256)
        with _told(path):
            replace_file(path, _json(document.to_json()), tmp=self.tmp)

    def put_texts(self, packed: Sequence[Packed]) -> None:
        """As `put_text` for each, with fewer waits for the disk. After an error some may be written."""
        with _told(self.root / "texts"):
            replace_files([(self.text_path(one.sha256), one.text) for one in packed], tmp=self.tmp)

    def text(self, sha256: str) -> Document | None:
        if not is_sha256(sha256):
            return None
        path = self.text_path(sha256)
        try:
            return Document.from_json(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"正文文件已损坏，请运行 rebuild：{path}（{type(error).__name__}）") from error

    def picture_folder(self, sha256: str) -> Path:
        """Where pictures of its pages are kept (ingest.pictures)."""
        return self.root / "pictures" / _checked(sha256)[:2] / sha256

    def forget(self, sha256: str) -> None:
        """Remove what was derived of a file (record, twin, text, pictures); the original and people's reviews stay."""
        for path in (self.record_path(sha256), self._twin_path(sha256), self.text_path(sha256)):
            with _told(path):
                path.unlink(missing_ok=True)
        folder = self.picture_folder(sha256)
        for name in _names(folder):
            with _told(folder / name):
                (folder / name).unlink(missing_ok=True)

    # --- reviews ------------------------------------------------------------------------------------------

    def review_path(self, sha256: str) -> Path:
        return self.root / "reviews" / f"{_checked(sha256)}.yml"

    def add_review(self, sha256: str, review: Review) -> None:
        """Append one act."""
        self.append_reviews(sha256, lambda before: [review])

    def append_reviews(self, sha256: str, make: Callable[[list[Review]], Sequence[Review]]) -> list[Review]:
        """Append what `make` makes of the acts that are there already; it may refuse by raising. Nobody else appends
        meanwhile, so two people who review at once both stay. Written as a new file with the old text in front: a
        crash leaves the old file or the new one."""
        path = self.review_path(sha256)
        with _told(path), _locked(path.parent / ".lock"):
            added = list(make(self.reviews(sha256)))
            if added:
                before = path.read_bytes() if path.exists() else b""
                if before and not before.endswith(b"\n"):
                    before += b"\n"
                text = yamlio.dump([one.to_json() for one in added]).encode("utf-8")
                replace_file(path, before + text, tmp=self.tmp)
        return added

    def stamps(self, sha256: str) -> tuple[str, str]:
        """Of a file's record and of its reviews: another stamp, other content ('' when there is none)."""
        return _stamp_of(self.record_path(sha256)), _stamp_of(self.review_path(sha256))

    def reviewed(self) -> list[str]:
        """The files that people spoke of, sorted."""
        names = _names(self.root / "reviews")
        return sorted(name[:-4] for name in names if name.endswith(".yml") and is_sha256(name[:-4]))

    def reviews(self, sha256: str) -> list[Review]:
        if not is_sha256(sha256):
            return []
        path = self.review_path(sha256)
        try:
            found = yamlio.load_data(path.read_text(encoding="utf-8"))
            return [Review.from_json(one) for one in found or ()]
        except FileNotFoundError:
            return []
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
            raise StoreError(f"复核文件已损坏，请从备份恢复：{path}（{type(error).__name__}）") from error

    def effective(self, sha256: str) -> list[tuple[Record, dict[str, State]]]:
        """Each record of the file with people's words in place, and the state of the fields they reviewed."""
        found = self.reading(sha256)
        if found is None:
            return []
        return [(one.record, one.states) for one in people.resolve_all(found.documents, self.reviews(sha256))]

    # --- private ------------------------------------------------------------------------------------------

    def _with_head(self, head: str) -> list[str]:
        """The sha256 that begin so: from objects/ab (a small folder), else from all records."""
        found = [name for name in _names(self.root / "objects" / head[:2]) if name.startswith(head) and is_sha256(name)]
        return sorted(found) or [sha256 for sha256 in self.shas() if sha256.startswith(head)]

    def _twin_path(self, sha256: str) -> Path:
        return self.root / "cache" / f"{_checked(sha256)}.json"

    def _twin(self, sha256: str, stamp: list[int]) -> dict[str, Any] | None:
        try:
            found = json.loads(self._twin_path(sha256).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return found["reading"] if isinstance(found, dict) and found.get("stamp") == stamp else None

    def _put_twin(self, sha256: str, stamp: list[int], found: bytes) -> None:
        """Best effort: a viewer without write access, or a full disk, goes without a twin."""
        try:
            twin = b'{"stamp":%s,"reading":%s}' % (_json(stamp), found)
            replace_file(self._twin_path(sha256), twin, tmp=self.tmp, durable=False)
        except OSError as error:
            if error.errno not in _NO_TWIN:
                raise


def open_store(settings: Settings) -> Store:
    """The corpus that the settings name; nothing is made or checked before `create`."""
    return Store(settings.corpus, network_disk=settings.network_disk)


_NO_TWIN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOENT})


def _checked(sha256: str) -> str:
    if not is_sha256(sha256):
        raise ValueError(f"not a sha256: {sha256[:80]!r}")
    return sha256


def _names(folder: Path) -> list[str]:
    """The names in a folder; none when it is not there."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _json(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _stamp(state: os.stat_result) -> list[int]:
    return [state.st_ino, state.st_size, state.st_mtime_ns]


def _stamp_of(path: Path) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116  (twenty thousand of these when a site starts)
    except FileNotFoundError:
        return ""
    return ".".join(map(str, _stamp(found)))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Missing rights become a sentence; a full disk stays an OSError for ingest to wait out."""
    try:
        yield
    except PermissionError as error:
        raise StoreError(f"没有写入权限：{path}") from error
    except FileNotFoundError as error:
        raise StoreError(f"资料库文件夹不完整，请先运行 ingest 或 doctor：{error.filename}") from error
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StoreError(f"磁盘是只读的：{path}") from error
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
