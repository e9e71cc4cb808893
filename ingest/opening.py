"""A file with all that lies in it, for the commands that write nothing to a corpus."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.kinship import MAX_DEPTH
from ingest.reading import TREE_FILES
from ingest.sandbox import Limits, in_order, open_file, read_file
from ingest.spool import Member, Spool


@dataclass(frozen=True, slots=True)
class Tree:
    """What became of one file: `found` is its text, or why there is none. `inner` are the files that lie in it."""

    name: str
    found: Document | SourceError
    inner: tuple[Tree, ...] = ()


def open_many(paths: Iterable[Path], workers: int = 2) -> Iterator[Tree]:
    """Trees in the order given; names are the paths as given, below them the labels of members."""
    return in_order(open_tree, paths, workers)


def open_tree(path: Path) -> Tree:
    with tempfile.TemporaryDirectory(prefix="gongwen-") as folder:
        return _Opening(Path(folder)).open(path, path.name, str(path), 0)


class _Opening:
    """One file handed in: its limits count through all levels, and what was met once is not opened again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = TREE_FILES
        self._seen: set[str] = set()

    def open(self, path: Path, name: str, label: str, depth: int) -> Tree:
        try:
            if depth >= MAX_DEPTH:
                return Tree(label, read_file(path, name=name))
            found = open_file(path, Spool(self._folder, Limits()), name=name)
        except SourceError as error:
            return Tree(label, error)
        inner = tuple(self._member(one, depth + 1) for one in found.members)
        return Tree(label, found.document, inner)

    def _member(self, one: Member, depth: int) -> Tree:
        if one.path is None:
            return Tree(one.name, SourceError(one.reason))
        self._left -= 1
        if self._left < 0:
            return Tree(one.name, SourceError("zip_entries"))
        is_again = one.sha256 in self._seen
        self._seen.add(one.sha256)
        tree = self.open(one.path, one.name.rpartition("/")[2], one.name, MAX_DEPTH if is_again else depth)
        one.path.unlink()
        return tree
