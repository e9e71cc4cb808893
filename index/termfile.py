"""Whoosh 2.7.4's term file (an ordered hash table on disk), written at once and read without Whoosh.

The stock writer makes five Python calls and an MD5 a term; a segment has hundreds of thousands of terms. This writes
the same format with CRC32 as its hash, which the format knows, and the tables as arrays. The stock reader takes thirty
calls a term, and a phrase asks for sixteen in every segment.
"""

from __future__ import annotations

import mmap
import pickle
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

_MAGIC = b"HSH3"
_CRC32 = 1
_BUCKETS = 256
_LENGTHS = struct.Struct("!ii")
_SIZE = struct.Struct("!i")
_BUCKET = struct.Struct("!qi")
_ENTRY = struct.Struct("!Iq")
_SLOT = np.dtype([("hash", ">u4"), ("position", ">i8")])


class TermFile:
    """Keys (field number and term, ascending) with their values."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pieces: list[bytes] = [_MAGIC + struct.pack("!bii", _CRC32, 0, 0)]
        self._at = len(self._pieces[0])
        self._positions: list[int] = []
        self._hashes: list[int] = []

    def add(self, key: bytes, value: bytes) -> None:
        piece = _LENGTHS.pack(len(key), len(value)) + key + value
        self._positions.append(self._at)
        self._hashes.append(zlib.crc32(key))
        self._pieces.append(piece)
        self._at += len(piece)

    def close(self, fields: dict[str, int]) -> None:
        hashes, positions = np.array(self._hashes, np.uint32), np.array(self._positions, np.int64)
        tables, directory, at = [], [], self._at
        for bucket in range(_BUCKETS):
            inside = (hashes & (_BUCKETS - 1)) == bucket
            table = _table(hashes[inside], positions[inside])
            directory.append(_BUCKET.pack(at, len(table)))
            tables.append(table.tobytes())
            at += len(tables[-1])
        extras = pickle.dumps({"fieldmap": fields, "indextype": "q", "indexlen": len(positions)}, 2)
        extras += positions.astype(">i8").tobytes()
        with self._path.open("wb") as file:
            file.writelines((*self._pieces, *tables, *directory, extras, _SIZE.pack(len(extras))))


class TermTable:
    """A term file for looking up; safe for threads."""

    def __init__(self, mapped: mmap.mmap) -> None:
        self._mapped = mapped
        (size,) = _SIZE.unpack_from(mapped, len(mapped) - _SIZE.size)
        directory = len(mapped) - _SIZE.size - size - _BUCKETS * _BUCKET.size
        self._buckets = [_BUCKET.unpack_from(mapped, directory + at * _BUCKET.size) for at in range(_BUCKETS)]

    def get(self, key: bytes) -> bytes | None:
        """The value of the key."""
        wanted = zlib.crc32(key)
        table, slots = self._buckets[wanted & (_BUCKETS - 1)]
        slot = (wanted >> 8) % slots if slots else 0
        for _ in range(slots):
            found, position = _ENTRY.unpack_from(self._mapped, table + slot * _ENTRY.size)
            if not position:
                return None
            if found == wanted:
                sizes = _LENGTHS.unpack_from(self._mapped, position)
                start = position + _LENGTHS.size
                middle = start + sizes[0]
                if self._mapped[start:middle] == key:
                    return self._mapped[middle : middle + sizes[1]]
            slot = (slot + 1) % slots
        return None


def _table(hashes: npt.NDArray[np.uint32], positions: npt.NDArray[np.int64]) -> npt.NDArray[np.void]:
    """Open addressing, half full: every entry stands at its slot or at the next free one after it."""
    count = len(hashes)
    table = np.zeros(2 * count, _SLOT)
    if not count:
        return table
    slots = ((hashes >> np.uint32(8)) % np.uint32(2 * count)).astype(np.int64)
    order = np.argsort(slots, kind="stable")
    steps = np.arange(count)
    places = np.maximum.accumulate(slots[order] - steps) + steps
    over = places >= 2 * count
    used = np.zeros(2 * count, np.bool_)
    used[places[~over]] = True
    places[over] = np.flatnonzero(~used)[: int(over.sum())]  # past the end: the first free ones from the start
    table["hash"][places] = hashes[order]
    table["position"][places] = positions[order]
    return table
