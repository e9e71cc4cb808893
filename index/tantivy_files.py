"""Tantivy folders under the entry store's one commit.

Tantivy commits by replacing its own `meta.json`, and removes files as soon as that no longer names them. Two commits
are one too many: a crash between them would leave an index that names entries which the entry store lacks. So a
writer works in a folder of its own (`work/`) on hard links of what counts; what it made is linked beside the
entry store, under names that never change, and counts once the entry store's commit names it. Readers open a view,
a folder of links that is gone again as soon as tantivy holds its files.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from index.engine import IndexBroken
from index.folder import IndexFile, sync
from index.tantivy_documents import prepare, schema

_META = "meta.json"
_KEPT = "t-"  # before the names of files that count
_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_TRIES = 20


@contextmanager
def opened(folder: Path, files: Iterable[IndexFile]) -> Iterator[tantivy.Index]:
    """The index that these files are, for reading; an empty one when there are none. FileNotFoundError: a writer has
    taken some of them away."""
    names = [file.name for file in files]
    if not names:
        yield prepare(tantivy.Index(schema()))
        return
    view = Path(tempfile.mkdtemp(prefix="gongwen-index-"))
    try:
        for name in names:
            (folder / name).stat()
            (view / _inner(name)).symlink_to((folder / name).resolve())
        yield prepare(_open(view))
    finally:
        _remove(view)


def _remove(view: Path) -> None:
    """tantivy's threads may put a lock file there while the folder is emptied."""
    for _ in range(_TRIES):
        shutil.rmtree(view, ignore_errors=True)
        if not view.exists():
            return
        time.sleep(0.01)


class Workspace:
    """Where the one writer works, from what counts now to what is to count."""

    def __init__(self, folder: Path, files: Iterable[IndexFile]) -> None:
        self._folder = folder
        self._path = folder / "work"
        self._known = {file.name: file for file in files}
        shutil.rmtree(self._path, ignore_errors=True)
        self._path.mkdir(mode=0o700)
        for name in self._known:
            if _inner(name) != _META:
                os.link(folder / name, self._path / name.removeprefix(_KEPT))
            else:
                shutil.copyfile(folder / name, self._path / _META)

    def index(self) -> tantivy.Index:
        return prepare(_open(self._path) if self._known else tantivy.Index(schema(), str(self._path)))

    def publish(self) -> tuple[IndexFile, ...]:
        """The files of tantivy's last commit, linked into the folder and on the disk. Merges may go on meanwhile."""
        for _ in range(_TRIES):
            try:
                found = self._linked()
            except FileNotFoundError:  # merged away since its list was read
                continue
            sync(self._folder)
            self._known = {file.name: file for file in found}
            return tuple(found)
        raise IndexBroken("tantivy's files change without end")

    def _linked(self) -> list[IndexFile]:
        meta = (self._path / _META).read_bytes()
        found = [self._kept(name) for name in _named(meta)]
        path = self._folder / f"{_KEPT}{secrets.token_hex(8)}.{_META}"
        path.write_bytes(meta)
        sync(path)
        return [*found, IndexFile.of(path)]

    def _kept(self, name: str) -> IndexFile:
        kept = _KEPT + name
        if kept in self._known:
            return self._known[kept]
        target = self._folder / kept
        if not target.exists():
            os.link(self._path / name, target)
        sync(target)
        return IndexFile.of(target)

    def close(self) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def sweep(folder: Path, files: Iterable[IndexFile]) -> None:
    """Remove what does not count: of writers that died, and merged away."""
    names = {file.name for file in files}
    for path in folder.glob(f"{_KEPT}*"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _named(meta: bytes) -> Iterator[str]:
    """Files of the segments that the list names."""
    for segment in json.loads(meta)["segments"]:
        stem = str(segment["segment_id"]).replace("-", "")
        yield from (f"{stem}.{part}" for part in _PARTS)
        if segment["deletes"]:
            yield f"{stem}.{segment['deletes']['opstamp']}.del"


def _inner(name: str) -> str:
    """A kept name as tantivy knows it."""
    return _META if name.endswith(f".{_META}") else name.removeprefix(_KEPT)


def _open(path: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(path))
    except (ValueError, OSError) as error:
        raise IndexBroken(f"tantivy cannot open its files: {error}") from error
