"""Whoosh segments, written in bulk.

The files are Whoosh 2.7.4's own format (codec whoosh3), so that stock Whoosh opens the folder and finds the same;
what is ours is the way they are made (sorted arrays instead of one Python call a posting: search-engine.md §3) and
read (`postings.py`). Its table of contents is written for stock readers and never read
by us: it is a pickle, and which segments count is said by the entry store, whose commit is the only one.

Two fields: `grams` holds every character and every two neighbouring characters of the folded text (what can be
found), `words` the segmented words with their frequencies (what orders it).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import whoosh
from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from gongwen.errors import SettingsError
from index.folder import IndexFile, sync
from index.gramlists import Codes, codes_of, gram_lists, starts_of
from index.postings import BLOCK, PostingWriter, Weights

WHOOSH_VERSION = "2.7.4"
INDEX_NAME = "MAIN"

_T = TypeVar("_T", bound=np.generic)


def check_whoosh() -> str:
    """The version, which must be 2.7.4: the forks share the module name and serve deleted documents."""
    version = str(whoosh.versionstring())
    if version != WHOOSH_VERSION:
        raise SettingsError(
            f"Whoosh 版本是 {version}，本系统只支持 {WHOOSH_VERSION}（请执行 pip install whoosh=={WHOOSH_VERSION}）"
        )
    return version


def schema() -> fields.Schema:
    return fields.Schema(id=fields.ID(stored=True), grams=fields.ID(), words=fields.ID())


class SegmentBuilder:
    """Gathers entries in memory (about 25 kB each) and writes them as one segment."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self._ids: list[str] = []
        self._codes: list[Codes] = []
        self._vocabulary: dict[str, int] = {}
        self._words: list[npt.NDArray[np.uint32]] = []
        self._counts: list[npt.NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self.serials)

    def add(self, serial: int, entry_id: str, folded: str, words: Counter[str]) -> None:
        self.serials.append(serial)
        self._ids.append(entry_id)
        self._codes.append(codes_of(folded))
        number = self._vocabulary
        self._words.append(np.fromiter((number.setdefault(one, len(number)) for one in words), np.uint32, len(words)))
        self._counts.append(np.fromiter(words.values(), np.float32, len(words)))

    def write(self, folder: Path) -> tuple[str, list[IndexFile]]:
        """The new segment's id and its files, which are on the disk when this returns."""
        codec = W3Codec(blocklimit=BLOCK)
        storage = FileStorage(str(folder))
        segment = W3Segment(codec, INDEX_NAME, doccount=len(self))
        self._write_documents(codec, storage, segment)
        name = segment.segment_id()
        terms, posts = folder / f"{name}{W3Codec.TERMS_EXT}", folder / f"{name}{W3Codec.POSTS_EXT}"
        with PostingWriter(terms, posts, starts_of(self._codes)) as postings:
            postings.begin("grams")
            for lists in gram_lists(self._codes):
                postings.add_grams(lists)
            postings.begin("words")
            postings.add_words(*self._word_postings())
        files = sorted(folder.glob(f"{name}.*"))
        for path in files:
            sync(path)
        return segment.segid, [IndexFile.of(path) for path in files]

    def _write_documents(self, codec: W3Codec, storage: FileStorage, segment: W3Segment) -> None:
        documents = codec.per_document_writer(storage, segment)
        kind = schema()["id"]
        for at, entry_id in enumerate(self._ids):
            documents.start_doc(at)
            documents.add_field("id", kind, entry_id, 0)
            documents.finish_doc()
        documents.close()
        Path(documents._cols._tempstorage.folder).rmdir()

    def _word_postings(self) -> tuple[list[bytes], list[int], npt.NDArray[np.uint32], Weights]:
        terms = [word.encode() for word in self._vocabulary]
        by_bytes = sorted(range(len(terms)), key=terms.__getitem__)
        rank = np.empty(len(terms), np.uint32)
        rank[by_bytes] = np.arange(len(terms), dtype=np.uint32)
        numbers, documents = _flat(self._words)
        keys = rank[numbers]
        order = np.argsort(keys, kind="stable")
        counts = np.concatenate(self._counts)[order] if self._counts else np.zeros(0, np.float32)
        starts = np.searchsorted(keys[order], np.arange(len(terms) + 1))
        return [terms[at] for at in by_bytes], starts.tolist(), documents[order], counts


def _flat(lists: Sequence[npt.NDArray[_T]]) -> tuple[npt.NDArray[_T], npt.NDArray[np.uint32]]:
    sizes = [len(one) for one in lists]
    return np.concatenate(lists), np.repeat(np.arange(len(lists), dtype=np.uint32), sizes)


def write_contents(folder: Path, segments: Iterable[tuple[str, int, set[int]]], generation: int) -> None:
    """The table of contents for stock Whoosh: (segment id, documents, deleted document numbers). Earlier ones go."""
    codec = W3Codec()
    found = [W3Segment(codec, INDEX_NAME, count, segid, gone or None) for segid, count, gone in segments]
    (folder / f"_{INDEX_NAME}_{generation}.toc").unlink(missing_ok=True)  # of a writer that died before its commit
    TOC(schema(), found, generation).write(FileStorage(str(folder)), INDEX_NAME)
    for path in folder.glob(f"_{INDEX_NAME}_*.toc*"):
        if path.name != f"_{INDEX_NAME}_{generation}.toc":
            path.unlink(missing_ok=True)
