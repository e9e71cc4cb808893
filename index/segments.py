"""Whoosh segments: written in bulk, read as numpy arrays.

The files are Whoosh 2.7.4's own format (codec whoosh3), so that stock Whoosh opens the folder and finds the same;
what is ours is the way they are made (sorted arrays instead of one Python call a posting: search-engine.md §3) and
read (whole posting blocks instead of a matcher). Its table of contents is written for stock readers and never read
by us: it is a pickle, and which segments count is said by the entry store, whose commit is the only one.

Two fields: `grams` holds every character and every two neighbouring characters of the folded text (what can be
found), `words` the segmented words with their frequencies (what orders it).
"""

from __future__ import annotations

import mmap
import operator
import os
import pickle
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import whoosh
from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3Segment, W3TermsReader
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC

from index.engine import IndexBroken
from index.termfile import TermFile

WHOOSH_VERSION = "2.7.4"
INDEX_NAME = "MAIN"
_BLOCK = 4096  # postings a block: numpy wants few and large ones; stock Whoosh reads any size
_PLAIN_BELOW = 80  # bytes: shorter blocks grow when compressed
_MAGIC = b"W3Bl"
_SHIFT = np.uint64(21)  # a code point has 21 bits
_TERMINFO = struct.Struct("!BfIBBfII")  # the layout of whoosh.codec.whoosh3.W3TermInfo
_EXTENT = struct.Struct("!qi")

_T = TypeVar("_T", bound=np.generic)
Rows = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


def check_whoosh() -> str:
    """The version, which must be 2.7.4: the forks share the module name and serve deleted documents."""
    version = str(whoosh.versionstring())
    if version != WHOOSH_VERSION:
        raise IndexBroken(f"Whoosh 版本是 {version}，本系统只支持 {WHOOSH_VERSION}（请执行 pip install whoosh==2.7.4）")
    return version


def schema() -> fields.Schema:
    return fields.Schema(id=fields.ID(stored=True), grams=fields.ID(), words=fields.ID())


@dataclass(frozen=True, slots=True)
class SegmentFile:
    name: str
    size: int
    check: int

    @classmethod
    def of(cls, path: Path) -> SegmentFile:
        return cls(path.name, path.stat().st_size, _checksum(path))

    def verify(self, folder: Path) -> None:
        """FileNotFoundError passes: another process may have merged the segment away just now."""
        path = folder / self.name
        if path.stat().st_size != self.size or _checksum(path) != self.check:
            raise IndexBroken(f"index file {path.name} is damaged")


def _checksum(path: Path) -> int:
    check = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            check = zlib.crc32(piece, check)
    return check


class SegmentBuilder:
    """Gathers entries in memory (about 25 kB each) and writes them as one segment."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self._ids: list[str] = []
        self._grams: list[npt.NDArray[np.uint64]] = []
        self._vocabulary: dict[str, int] = {}
        self._words: list[npt.NDArray[np.uint32]] = []
        self._counts: list[npt.NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self.serials)

    def add(self, serial: int, entry_id: str, folded: str, words: Counter[str]) -> None:
        self.serials.append(serial)
        self._ids.append(entry_id)
        self._grams.append(_gram_keys(folded))
        number = self._vocabulary
        self._words.append(np.fromiter((number.setdefault(one, len(number)) for one in words), np.uint32, len(words)))
        self._counts.append(np.fromiter(words.values(), np.float32, len(words)))

    def write(self, folder: Path) -> tuple[str, list[SegmentFile]]:
        """The new segment's id and its files, which are on the disk when this returns."""
        codec = W3Codec(blocklimit=_BLOCK)
        storage = FileStorage(str(folder))
        segment = W3Segment(codec, INDEX_NAME, doccount=len(self))
        self._write_documents(codec, storage, segment)
        name = segment.segment_id()
        postings = _Postings(folder / f"{name}{W3Codec.TERMS_EXT}", folder / f"{name}{W3Codec.POSTS_EXT}")
        postings.field("grams", *self._gram_postings())
        postings.field("words", *self._word_postings())
        postings.close()
        files = sorted(folder.glob(f"{name}.*"))
        for path in files:
            _sync(path)
        return segment.segid, [SegmentFile.of(path) for path in files]

    def _write_documents(self, codec: W3Codec, storage: FileStorage, segment: W3Segment) -> None:
        documents = codec.per_document_writer(storage, segment)
        kind = schema()["id"]
        for at, entry_id in enumerate(self._ids):
            documents.start_doc(at)
            documents.add_field("id", kind, entry_id, 0)
            documents.finish_doc()
        documents.close()
        Path(documents._cols._tempstorage.folder).rmdir()

    def _gram_postings(self) -> tuple[list[bytes], Rows, npt.NDArray[np.uint32], Weights | None]:
        keys, documents = _flat(self._grams)
        order = np.argsort(keys, kind="stable")
        keys, documents = keys[order], documents[order]
        starts = np.flatnonzero(np.diff(keys, prepend=np.uint64(0))) if len(keys) else np.zeros(0, np.int64)
        terms = [_gram(int(key)).encode() for key in keys[starts].tolist()]
        return terms, np.append(starts, len(keys)).astype(np.int64), documents, None

    def _word_postings(self) -> tuple[list[bytes], Rows, npt.NDArray[np.uint32], Weights | None]:
        terms = [word.encode() for word in self._vocabulary]
        by_bytes = sorted(range(len(terms)), key=terms.__getitem__)
        rank = np.empty(len(terms), np.uint32)
        rank[by_bytes] = np.arange(len(terms), dtype=np.uint32)
        numbers, documents = _flat(self._words)
        keys = rank[numbers]
        order = np.argsort(keys, kind="stable")
        counts = np.concatenate(self._counts)[order] if self._counts else np.zeros(0, np.float32)
        starts = np.searchsorted(keys[order], np.arange(len(terms) + 1)).astype(np.int64)
        return [terms[at] for at in by_bytes], starts, documents[order], counts


def _flat(lists: Sequence[npt.NDArray[_T]]) -> tuple[npt.NDArray[_T], npt.NDArray[np.uint32]]:
    sizes = [len(one) for one in lists]
    return np.concatenate(lists), np.repeat(np.arange(len(lists), dtype=np.uint32), sizes)


def _gram_keys(folded: str) -> npt.NDArray[np.uint64]:
    """Single characters and pairs as sorted numbers, in the order of their UTF-8; nothing spans a line break."""
    codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.uint64)
    if not len(codes):
        return np.zeros(0, np.uint64)
    inside = codes != 10
    single = codes << _SHIFT
    pairs = (single[:-1] | codes[1:])[inside[:-1] & inside[1:]]
    return np.unique(np.concatenate([single[inside], pairs]))


def _gram(key: int) -> str:
    second = key & ((1 << int(_SHIFT)) - 1)
    return chr(key >> int(_SHIFT)) + (chr(second) if second else "")


class _Postings:
    """Puts sorted postings into the posting file, and a pointer to each list into the term file."""

    def __init__(self, terms: Path, posts: Path) -> None:
        self._terms = TermFile(terms)
        self._path = posts
        self._pieces: list[bytes] = []
        self._at = 0
        self._fields: dict[str, int] = {}

    def field(
        self, name: str, terms: list[bytes], starts: Rows, documents: npt.NDArray[np.uint32], counts: Weights | None
    ) -> None:
        """Postings of terms[i] stand at starts[i]..starts[i + 1], documents ascending; no counts: all are 1."""
        self._fields[name] = len(self._fields)
        prefix = struct.pack("!H", self._fields[name])
        bounds, numbers = starts.tolist(), documents.data
        weights = (np.ones(1, np.float32) if counts is None else counts).data
        singles: dict[int, tuple[bytes, bytes]] = {}
        for at, term in enumerate(terms):
            start, end = bounds[at], bounds[at + 1]
            first = numbers[start]
            if end - start == 1 and (counts is None or weights[start] == 1.0):  # most terms of a segment
                if first not in singles:
                    singles[first] = _encoded([first], None)
                encoded, facts = singles[first]
            else:
                some = None if counts is None else counts[start:end].tolist()
                encoded, facts = _encoded(numbers[start:end].tolist(), some)
            self._terms.add(prefix + term, facts + _EXTENT.pack(self._at, len(encoded)))
            self._pieces.append(encoded)
            self._at += len(encoded)

    def close(self) -> None:
        self._terms.close(self._fields)
        with self._path.open("wb") as file:
            file.writelines(self._pieces)


def _encoded(documents: list[int], weights: list[float] | None) -> tuple[bytes, bytes]:
    """One term's posting list (a mark, then blocks of length, facts, ids as steps with weights) and what the term
    file says of it."""
    out = [_MAGIC]
    if weights is not None and all(one == 1.0 for one in weights):
        weights = None
    for start in range(0, len(documents), _BLOCK):
        part = documents[start : start + _BLOCK]
        some = None if weights is None else weights[start : start + _BLOCK]
        block = pickle.dumps((_steps(part), _small(some), None), 4)
        packed = 0 if len(block) < _PLAIN_BELOW else 3
        block = zlib.compress(block, packed) if packed else block
        facts = pickle.dumps((len(part), part[-1], max(some) if some else 1.0, packed, 0, 0), 2)
        size = len(facts) + len(block)
        last = start + _BLOCK >= len(documents)
        out.append(struct.pack("!i", -size if last else size) + facts + block)
    total = float(len(documents)) if weights is None else sum(weights)
    highest = 1.0 if weights is None else max(weights)
    info = _TERMINFO.pack(0, total, len(documents), 0, 0, highest, documents[0], documents[-1])
    return b"".join(out), info


def _steps(documents: list[int]) -> bytes | tuple[int, ...]:
    """Whoosh reads any sequence of numbers; bytes are one, and numpy takes them without a loop."""
    steps = (documents[0], *map(operator.sub, documents[1:], documents))
    return bytes(steps) if max(steps) < 256 else steps


def _small(weights: list[float] | None) -> bytes | tuple[float, ...] | None:
    if weights is None:
        return None
    return bytes(map(int, weights)) if max(weights) < 256 else tuple(weights)


def _array(numbers: bytes | tuple[float, ...]) -> npt.NDArray[np.float64] | npt.NDArray[np.uint8]:
    return np.frombuffer(numbers, np.uint8) if isinstance(numbers, bytes) else np.array(numbers, np.float64)


class _Mapped(BufferFile):  # type: ignore[misc]
    """A mapped file as Whoosh reads it, without copying it into memory."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            is_empty = os.fstat(file.fileno()).st_size == 0  # of papers without any text there are no postings
            mapped = b"" if is_empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._buf = mapped
        self._name = path.name
        self.file = mapped
        self.onclose = None
        self.is_real = False
        self.is_closed = False


class SegmentReader:
    """Posting lists of one segment. Whoosh's readers are not for two threads at once (one shared by threads gave
    silently wrong answers: search-engine.md §0), so each reads under its own lock."""

    def __init__(self, folder: Path, segid: str) -> None:
        name = f"{INDEX_NAME}_{segid}"
        terms = _Mapped(folder / f"{name}{W3Codec.TERMS_EXT}")
        posts = _Mapped(folder / f"{name}{W3Codec.POSTS_EXT}")
        self._terms = W3TermsReader(W3Codec(), terms, len(terms.file), posts)
        self._kinds = schema()
        self._lock = threading.Lock()

    def frequency(self, field: str, term: str) -> int:
        """In how many documents of the segment it stands, dead ones included."""
        key = (field, term.encode())
        with self._lock:
            return int(self._terms.doc_frequency(*key)) if key in self._terms else 0

    def postings(self, field: str, term: str) -> tuple[npt.NDArray[np.int64], Weights]:
        """Document numbers inside the segment, ascending, and their frequencies."""
        key = (field, term.encode())
        numbers = [np.zeros(0, np.int64)]
        weights = [np.zeros(0, np.float32)]
        with self._lock:
            blocks = self._terms.matcher(*key, self._kinds[field].format) if key in self._terms else None
            while blocks is not None and blocks.is_active():
                blocks._read_data()
                steps, some, _ = blocks._data
                numbers.append(np.cumsum(_array(steps), dtype=np.int64))
                weights.append(np.ones(len(steps), np.float32) if some is None else _array(some).astype(np.float32))
                blocks._next_block()
        return np.concatenate(numbers), np.concatenate(weights)


def write_contents(folder: Path, segments: Iterable[tuple[str, int, set[int]]], generation: int) -> None:
    """The table of contents for stock Whoosh: (segment id, documents, deleted document numbers). Earlier ones go."""
    codec = W3Codec()
    found = [W3Segment(codec, INDEX_NAME, count, segid, gone or None) for segid, count, gone in segments]
    (folder / f"_{INDEX_NAME}_{generation}.toc").unlink(missing_ok=True)  # of a writer that died before its commit
    TOC(schema(), found, generation).write(FileStorage(str(folder)), INDEX_NAME)
    for path in folder.glob(f"_{INDEX_NAME}_*.toc*"):
        if path.name != f"_{INDEX_NAME}_{generation}.toc":
            path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Whoosh calls fsync nowhere; power loss must not take what a commit counted on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    _sync(folder)
