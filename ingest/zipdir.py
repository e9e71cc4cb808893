"""The directory of a zip as people send it: tolerant, bounded, one entry at a time, nothing unpacked twice.

`ingest.safety.SafeZip` refuses a whole office file for one bad member; an archive of papers gives what is good of it.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from gongwen.errors import SourceError
from ingest.safety import MAX_RATIO, RATIO_FROM

MAX_WALKED = 20_000
"""Entries that are looked at: what lies behind is not counted."""
_END = b"PK\5\6"
_UTF8_FLAG = 0x800
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory. `offset` is where its local header begins in the data."""

    name: str
    method: int
    packed: int
    size: int
    crc: int
    offset: int
    is_encrypted: bool
    mode: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(("/", "\\")) or stat.S_IFMT(self.mode) == stat.S_IFDIR

    @property
    def is_regular(self) -> bool:
        return stat.S_IFMT(self.mode) in (0, stat.S_IFREG)


def walk_zip(data: bytes) -> Iterator[Entry]:
    """Entries in the order of the directory, at most MAX_WALKED; SourceError `zip_bad` when there is no directory."""
    at, shift = _directory(data)
    for _ in range(MAX_WALKED):
        head = data[at : at + 46]
        if len(head) < 46 or head[:4] != b"PK\1\2":
            return
        system, flags, method = head[5], *struct.unpack("<HH", head[8:12])
        crc, packed, size, name_size, extra_size, note_size = struct.unpack("<IIIHHH", head[16:34])
        mode, offset = struct.unpack("<II", head[38:46])
        name = data[at + 46 : at + 46 + name_size]
        extra = dict(_extra(data[at + 46 + name_size : at + 46 + name_size + extra_size]))
        size, packed, offset = _widened(extra.get(1, b""), size, packed, offset)
        at += 46 + name_size + extra_size + note_size
        yield Entry(
            _name(name, flags, extra.get(0x7075, b"")), method, packed, size, crc, offset + shift, bool(flags & 1),
            mode >> 16 if system == 3 else 0,
        )  # fmt: skip


def unpack_entry(data: bytes, entry: Entry) -> tuple[bytes, bool]:
    """A member's bytes, and whether its checksum holds. SourceError says why there are none."""
    head = data[entry.offset : entry.offset + 30]
    if len(head) < 30 or head[:4] != b"PK\3\4":
        raise SourceError("member_damaged", f"no local header for {entry.name!r}")
    if entry.size > RATIO_FROM and entry.size > MAX_RATIO * max(1, entry.packed):
        raise SourceError("zip_ratio", f"{entry.name!r}: {entry.packed} to {entry.size} bytes")
    start = entry.offset + 30 + sum(struct.unpack("<HH", head[26:30]))
    packed = data[start : start + entry.packed]
    if entry.method == _STORED:
        content = packed
    elif entry.method == _DEFLATED:
        try:
            content = zlib.decompressobj(-15).decompress(packed, entry.size + 1)
        except zlib.error as error:
            raise SourceError("member_damaged", f"{entry.name!r}: {error}") from error
    else:
        raise SourceError("needs_unpacker", f"compression method {entry.method}")
    if len(content) != entry.size:
        raise SourceError("member_damaged", f"{entry.name!r} does not have its declared size")
    return content, zlib.crc32(content) == entry.crc


def overlapping(entries: list[Entry]) -> set[int]:
    """Entries whose bytes lie in those of an earlier one, by their place in the list."""
    found: set[int] = set()
    end = 0
    for at in sorted(range(len(entries)), key=lambda number: entries[number].offset):
        entry = entries[at]
        if entry.is_folder:
            continue
        if entry.offset < end:
            found.add(at)
        else:
            end = entry.offset + 30 + entry.packed
    return found


def is_archive(data: bytes, *parts: str) -> bool:
    """Whether there is a directory and it names none of these (in small letters), which office files have."""
    try:
        return not any(entry.name.lower() in parts for entry in walk_zip(data))
    except SourceError:
        return False


def _directory(data: bytes) -> tuple[int, int]:
    """Where the directory begins, and by how much all offsets are shifted by what stands before the zip."""
    end = data.rfind(_END, max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        raise SourceError("zip_bad", "no end of central directory")
    size, offset = struct.unpack("<II", data[end + 12 : end + 20])
    locator = data[max(0, end - 20) : end]
    if locator[:4] == b"PK\6\7":
        wide = struct.unpack("<Q", locator[8:16])[0]
        record = data[wide : wide + 56]
        if record[:4] == b"PK\6\6" and len(record) == 56:
            size, offset = struct.unpack("<QQ", record[40:56])
            end = wide
    begin = end - size
    if begin < 0 or data[begin : begin + 4] not in (b"PK\1\2", _END, b"PK\6\6"):
        raise SourceError("zip_bad", "no central directory")
    return begin, begin - offset


def _extra(field: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(field):
        kind, size = struct.unpack("<HH", field[at : at + 4])
        yield kind, field[at + 4 : at + 4 + size]
        at += 4 + size


def _widened(wide: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The 64-bit values of those that do not fit into 32."""
    values = [value for (value,) in struct.iter_unpack("<Q", wide[: len(wide) // 8 * 8])]
    out = []
    for value in (size, packed, offset):
        out.append(values.pop(0) if value == 0xFFFFFFFF and values else value)
    return out[0], out[1], out[2]


def _name(raw: bytes, flags: int, unicode_path: bytes) -> str:
    """A member's name: marked UTF-8, the Unicode field, else UTF-8 or GB18030 whatever is said (Windows writes the
    code page of its language and says nothing)."""
    if len(unicode_path) > 5 and struct.unpack("<I", unicode_path[1:5])[0] == zlib.crc32(raw):
        raw = unicode_path[5:]
    codings = ("utf-8", "gb18030") if flags & _UTF8_FLAG or not raw.isascii() else ("ascii",)
    for coding in codings:
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")
