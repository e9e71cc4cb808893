"""Which files a person means: arguments are files or folders, folders are walked in order of name."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from gongwen.store import Store
from ingest.names import is_left_over, shown

_FRESH_SECONDS = 2.0
_SETTLE_SECONDS = 0.3
_DOCUMENT_SUFFIXES = frozenset({
    ".pdf", ".ofd", ".doc", ".docx", ".wps", ".rtf", ".txt", ".md", ".html", ".htm", ".xml",
    ".xls", ".xlsx", ".et", ".ods", ".csv", ".pptx",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in. `name` is its path below the folder named by the person, cleaned for show. `seen` is
    (size, time of change) when it was found; None when it could not be looked at."""

    path: Path
    name: str
    seen: tuple[int, int] | None = None
    is_regular: bool = True

    @property
    def is_fresh(self) -> bool:
        """Changed a moment ago (or, by a wrong clock, in the future): somebody may still be writing it."""
        return self.seen is not None and time.time() - self.seen[1] / 1e9 < _FRESH_SECONDS


def walk(paths: Iterable[Path], store: Store | None = None, *, settle: bool = True) -> Iterator[Found]:
    """The files meant by paths, sorted within a folder. Hidden files, Office lock files, what systems leave in
    folders and gold files are skipped, links are found but not followed, a corpus is not walked into itself. With
    `settle`, files changed a moment ago come last, after a short wait: one that still grows then shows it."""
    own = store.root.resolve() if store is not None and store.root.exists() else None
    fresh: list[Found] = []
    for path in paths:
        for found in _below(path, own):
            if settle and found.is_fresh:
                fresh.append(found)
            else:
                yield found
    if any(one.is_regular for one in fresh):
        time.sleep(_SETTLE_SECONDS)  # once a run: a file that still grows has changed by then
    yield from fresh


def is_unchanged(found: Found) -> bool:
    """Whether a file is as it was when it was found."""
    return found.seen is not None and _look(found.path)[0] == found.seen


def _below(path: Path, own: Path | None) -> Iterator[Found]:
    if path.is_dir() and not _is_named_as_document(path):
        yield from _in_folder(path, "", own, path)
        return
    yield _found(path, path.name)


def _in_folder(folder: Path, prefix: str, own: Path | None, top: Path) -> Iterator[Found]:
    if own is not None and folder != top and folder.resolve() == own:
        return
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError:
        yield Found(folder, shown(prefix.rstrip("/") or folder.name))
        return
    for name in names:
        path = folder / name
        if is_left_over(name) or name.endswith(".gold.yaml"):
            continue
        if not path.is_symlink() and path.is_dir() and not _is_named_as_document(path):
            yield from _in_folder(path, f"{prefix}{name}/", own, top)
        else:
            yield _found(path, prefix + name)


def _found(path: Path, name: str) -> Found:
    seen, is_regular = _look(path)
    return Found(path, shown(name), seen, is_regular)


def _look(path: Path) -> tuple[tuple[int, int] | None, bool]:
    try:
        state = path.lstat()
    except OSError:
        return None, False
    return (state.st_size, state.st_mtime_ns), S_ISREG(state.st_mode)


def _is_named_as_document(folder: Path) -> bool:
    return folder.suffix.lower() in _DOCUMENT_SUFFIXES
