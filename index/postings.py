"""Posting lists of a segment: written in Whoosh's format, read as numpy arrays.

Behind the list of a pair of characters that stands in many documents follow its places, which stock Whoosh passes
over (a list is found by where it starts and ends): where the pair stands in the texts of the segment one after another.
Phrases are found by laying places over each other, several times faster than by looking into each text. Of rare
pairs nothing is kept: few texts are soon looked at, and most pairs are rare. The file begins with where each text
starts.
"""

from __future__ import annotations

import io
import mmap
import operator
import os
import pickle
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from index.gramlists import Codes, Lists
from index.termfile import TermFile, TermTable

BLOCK = 4096  # postings a block: numpy wants few and large ones; stock Whoosh reads any size

FIELDS = ("grams", "words")
WITH_PLACES = 64
"""Documents of the segment in which a pair must stand for its places to be kept."""

_PLAIN_BELOW = 80  # bytes: shorter blocks grow when compressed
_MAGIC = b"W3Bl"
_TERMINFO = struct.Struct("!BfIBBfII")  # the layout of whoosh.codec.whoosh3.W3TermInfo
_EXTENT = struct.Struct("!qi")
_COUNT = struct.Struct("!i")
_PLACES = struct.Struct("!IB")

Rows = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


class PostingWriter:
    """Puts sorted postings into the posting file, and a pointer to each list into the term file."""

    def __init__(self, terms: Path, posts: Path, starts: Codes) -> None:
        self._terms = TermFile(terms)
        self._path = posts
        self._pieces = [_COUNT.pack(len(starts)), starts.astype("<u4").tobytes()]
        self._at = sum(map(len, self._pieces))
        self._prefix = b""
        self._fields: dict[str, int] = {}

    def __enter__(self) -> PostingWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self._terms.close(self._fields)
            with self._path.open("wb") as file:
                file.writelines(self._pieces)

    def begin(self, name: str) -> None:
        self._fields[name] = FIELDS.index(name)
        self._prefix = struct.pack("!H", self._fields[name])

    def add_grams(self, lists: Lists) -> None:
        singles: dict[int, tuple[bytes, bytes]] = {}
        bounds, numbers, at = lists.bounds, lists.documents.data, lists.at
        for which, term in enumerate(lists.terms):
            start, end = bounds[which], bounds[which + 1]
            if end - start == 1:  # most terms of a segment
                first = numbers[start]
                if first not in singles:
                    singles[first] = _encoded([first], None)
                self._put(term, *singles[first])
                continue
            self._put(term, *_encoded(numbers[start:end].tolist(), None))
            if end - start >= WITH_PLACES and at[which + 1] - at[which] and _is_pair(term):
                self._append(_encoded_places(lists.places[at[which] : at[which + 1]]))

    def add_words(
        self, terms: Sequence[bytes], bounds: Sequence[int], documents: npt.NDArray[np.uint32], counts: Weights
    ) -> None:
        """Postings of terms[i] stand at bounds[i]..bounds[i + 1], documents ascending."""
        numbers, weights = documents.data, counts.data
        for which, term in enumerate(terms):
            start, end = bounds[which], bounds[which + 1]
            self._put(term, *_encoded(numbers[start:end].tolist(), weights[start:end].tolist()))

    def _put(self, term: bytes, encoded: bytes, facts: bytes) -> None:
        self._terms.add(self._prefix + term, facts + _EXTENT.pack(self._at, len(encoded)))
        self._append(encoded)

    def _append(self, encoded: bytes) -> None:
        self._pieces.append(encoded)
        self._at += len(encoded)


def _is_pair(term: bytes) -> bool:
    return len(term.decode()) == 2


def _encoded(documents: Sequence[int], weights: Sequence[float] | None) -> tuple[bytes, bytes]:
    """One term's posting list (a mark, then blocks of length, facts, ids as steps with weights) and what the term
    file says of it."""
    out = [_MAGIC]
    if weights is not None and all(one == 1.0 for one in weights):
        weights = None
    for start in range(0, len(documents), BLOCK):
        part = documents[start : start + BLOCK]
        some = None if weights is None else weights[start : start + BLOCK]
        block = pickle.dumps((_steps(part), _small(some), None), 4)
        packed = 0 if len(block) < _PLAIN_BELOW else 3
        block = zlib.compress(block, packed) if packed else block
        facts = pickle.dumps((len(part), part[-1], max(some) if some else 1.0, packed, 0, 0), 2)
        size = len(facts) + len(block)
        last = start + BLOCK >= len(documents)
        out.append(struct.pack("!i", -size if last else size) + facts + block)
    total = float(len(documents)) if weights is None else sum(weights)
    highest = 1.0 if weights is None else max(weights)
    info = _TERMINFO.pack(0, total, len(documents), 0, 0, highest, documents[0], documents[-1])
    return b"".join(out), info


def _steps(documents: Sequence[int]) -> bytes | tuple[int, ...]:
    """Whoosh reads any sequence of numbers; bytes are one, and numpy takes them without a loop."""
    steps = (documents[0], *map(operator.sub, documents[1:], documents))
    return bytes(steps) if max(steps) < 256 else steps


def _small(weights: Sequence[float] | None) -> bytes | tuple[float, ...] | None:
    if weights is None:
        return None
    return bytes(map(int, weights)) if max(weights) < 256 else tuple(weights)


def _array(numbers: bytes | tuple[float, ...]) -> npt.NDArray[np.float64] | npt.NDArray[np.uint8]:
    return np.frombuffer(numbers, np.uint8) if isinstance(numbers, bytes) else np.array(numbers, np.float64)


def _encoded_places(places: Codes) -> bytes:
    steps = np.diff(places, prepend=np.uint32(0))
    width = 2 if int(steps[1:].max(initial=0)) < 2**16 and int(steps[0]) < 2**16 else 4
    return _PLACES.pack(len(steps), width) + steps.astype(f"<u{width}").tobytes()


class SegmentReader:
    """Safe for threads: all it reads is mapped, and nothing it keeps changes."""

    def __init__(self, folder: Path, name: str) -> None:
        self._posts = _mapped(folder / f"{name}.pst")
        self._terms = TermTable(_mapped(folder / f"{name}.trm"))
        count = _COUNT.unpack_from(self._posts)[0]
        self._starts = np.frombuffer(self._posts, "<u4", count, _COUNT.size)

    def frequency(self, field: str, term: str) -> int:
        """In how many documents of the segment it stands, dead ones included."""
        found = self._found(field, term)
        return 0 if found is None else found[0]

    def postings(self, field: str, term: str) -> tuple[Rows, Weights]:
        """Document numbers inside the segment, ascending, and their frequencies."""
        found = self._found(field, term)
        numbers, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        if found is None:
            return numbers[0], weights[0]
        at, more = found[1] + len(_MAGIC), True
        while more:
            size = _COUNT.unpack_from(self._posts, at)[0]
            at, more, size = at + _COUNT.size, size > 0, abs(size)
            steps, some = _decoded(self._posts[at : at + size])
            numbers.append(np.cumsum(_array(steps), dtype=np.int64))
            weights.append(np.ones(len(steps), np.float32) if some is None else _array(some).astype(np.float32))
            at += size
        return np.concatenate(numbers), np.concatenate(weights)

    def phrase(self, pairs: Sequence[tuple[int, str]]) -> Rows | None:
        """Documents in which the pairs stand at these distances, ascending. None: of one of them no places are kept,
        it stands in few documents."""
        found = [(at, self._found("grams", pair)) for at, pair in pairs]
        if any(one is None for _, one in found):
            return np.zeros(0, np.int64)
        known = sorted((one, at) for at, one in found if one is not None)
        if known[0][0][0] < WITH_PLACES:
            return None
        starts: Rows | None = None
        for (_, offset, length), at in known:
            places = self._places(offset + length) - at
            starts = places if starts is None else starts[_among(places, starts)]
            if not len(starts):
                break
        assert starts is not None
        return np.unique(np.searchsorted(self._starts, starts, side="right") - 1)

    def _places(self, at: int) -> Rows:
        count, width = _PLACES.unpack_from(self._posts, at)
        steps = np.frombuffer(self._posts, f"<u{width}", count, at + _PLACES.size)
        return np.cumsum(steps, dtype=np.int64)

    def _found(self, field: str, term: str) -> tuple[int, int, int] | None:
        """Documents, and where the posting list stands and how long it is."""
        value = self._terms.get(struct.pack("!H", FIELDS.index(field)) + term.encode())
        if value is None:
            return None
        offset, length = _EXTENT.unpack_from(value, _TERMINFO.size)
        return int(_TERMINFO.unpack_from(value)[2]), int(offset), int(length)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:  # of papers without any text there are no postings
            return mmap.mmap(-1, 1)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _decoded(block: bytes) -> tuple[bytes | tuple[int, ...], bytes | tuple[float, ...] | None]:
    """Steps of document numbers, and weights unless all are 1."""
    stream = io.BytesIO(block)
    packed = pickle.load(stream)[3]
    rest = block[stream.tell() :]
    steps, weights, _ = pickle.loads(zlib.decompress(rest) if packed else rest)
    return steps, weights


def _among(own: Rows, wanted: Rows) -> npt.NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(own, wanted), len(own) - 1)
    return np.asarray(own[at] == wanted)
