"""The 7z container (7zFormat.txt of the LZMA SDK): its directory, and folders packed by one method that the standard
library knows. PPMd, other filters and encryption are named, not read."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongwen.errors import SourceError
from ingest import sevenaes

MAX_HEADER = 8 << 20
MAX_FILES = 20_000
_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2 = b"\0", b"\3\1\1", b"\x21", b"\4\1\x08", b"\4\2\2"
_X86 = b"\3\3\1\3"
_AES = b"\6\xf1\7\1"
_END, _HEADER, _PACK, _UNPACK, _SUB, _SIZE, _CRC, _FOLDER, _CODERS, _COUNTS = 0, 1, 6, 7, 8, 9, 10, 11, 12, 13
_STREAMS, _FILES, _EMPTY_STREAM, _EMPTY_FILE, _NAMES, _ATTRIBUTES, _ENCODED = 4, 5, 14, 15, 17, 21, 23
_REPARSE = 0x400


@dataclass(slots=True)
class Folder:
    """Files packed together; `files` are their sizes and checksums in order."""

    coders: list[tuple[bytes, bytes]] = field(default_factory=list)
    is_chain: bool = True
    packed: bytes = b""
    sizes: list[int] = field(default_factory=list)
    last: int = -1
    """Which coder gives the files."""
    crc: int | None = None
    files: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.sizes[self.last] if self.sizes else 0

    @property
    def is_alone(self) -> bool:
        """One file, whose checksum is the folder's."""
        return len(self.files) == 1 and self.crc is not None

    @property
    def refusal(self) -> str:
        """Why it cannot be unpacked here ('' when it can)."""
        if any(method == _AES for method, _ in self.coders):
            return "password"
        methods = [method for method, _ in self.coders]
        known = len(methods) == 1 and methods[0] in (_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2)
        return "" if self.is_chain and (known or self.is_filtered) else "needs_unpacker"

    def unlock(self, password: str) -> None:
        """Decrypt what is packed, once. A wrong password shows when it is unpacked."""
        at = next((at for at, (method, _) in enumerate(self.coders) if method == _AES), -1)
        if at < 0 or not self.is_chain:
            return
        size, self.sizes = self.size, [size for place, size in enumerate(self.sizes) if place != at]
        self.packed = sevenaes.decrypt(self.packed, self.coders[at][1], password)
        self.coders = [coder for place, coder in enumerate(self.coders) if place != at] or [(_COPY, b"")]
        self.sizes = self.sizes or [size]
        self.last = self.sizes.index(size)

    @property
    def is_filtered(self) -> bool:
        """LZMA2 behind the filter for programs, which some packers put before everything."""
        return sorted(method for method, _ in self.coders) == sorted((_X86, _LZMA2))


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, in the order of the directory; in that order folders hold their files. Without a folder it is empty."""

    name: str
    size: int
    folder: Folder | None
    is_folder: bool = False
    is_link: bool = False


def read_directory(data: bytes, password: str | None = None) -> list[Entry]:
    """SourceError `zip_bad` for a broken one, `password` when even the names are encrypted. With a password what is
    encrypted comes out of it; `wrong_password` when it does not open the names."""
    try:
        offset, size, crc = struct.unpack("<QQI", data[12:32])
        header = data[32 + offset : 32 + offset + size]
        if len(header) != size or zlib.crc32(header) != crc or size > MAX_HEADER:
            raise SourceError("zip_bad", "no directory at its place")
        for _ in range(4):  # a directory may be packed, and in theory again
            if header[:1] != bytes([_ENCODED]):
                break
            header = _packed_header(data, header, password)
        found = _entries(_Cursor(header), data) if header else []
    except (IndexError, ValueError, struct.error, OverflowError) as error:
        raise SourceError("zip_bad", f"{type(error).__name__}: {error}") from error
    for folder in {id(one.folder): one.folder for one in found if one.folder is not None and password}.values():
        folder.unlock(password or "")
    return found


def unpack_folder(folder: Folder) -> Iterator[bytes]:
    """The content of each of its files, one at a time. SourceError `member_damaged` where it ends early."""
    stream = _Unpacker(folder)
    for size, crc in folder.files:
        content = stream.read(size)
        if len(content) != size or (crc is not None and zlib.crc32(content) != crc):
            raise SourceError("member_damaged", f"{len(content)} of {size} bytes")
        yield content


def _packed_header(data: bytes, header: bytes, password: str | None) -> bytes:
    folders = _streams(_Cursor(header, 1), data)
    if not folders:
        raise SourceError("zip_bad", "an empty directory")
    folder = folders[0]
    was_locked = folder.refusal == "password" and password is not None
    if was_locked:
        folder.unlock(password or "")
    if folder.refusal:
        raise SourceError(folder.refusal, "the directory")
    if folder.size > MAX_HEADER:
        raise SourceError("zip_entries", f"a directory of {folder.size} bytes")
    folder.files = [(folder.size, folder.crc)]
    try:
        return next(unpack_folder(folder))
    except SourceError as error:
        raise SourceError("wrong_password", "of the directory") if was_locked else error from error


class _Cursor:
    """Reads the directory's numbers and bit fields."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._at = at

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise ValueError("the directory ends early")
        self._at += count
        return found

    def number(self) -> int:
        """Leading ones of the first byte say how many bytes follow."""
        first = self.byte()
        value = 0
        for place in range(8):
            mask = 0x80 >> place
            if not first & mask:
                return value + ((first & (mask - 1)) << 8 * place)
            value |= self.byte() << 8 * place
        return value

    def count(self) -> int:
        found = self.number()
        if found > MAX_FILES:
            raise SourceError("zip_entries", f"{found} entries")
        return found

    def bits(self, count: int) -> list[bool]:
        raw = self.take((count + 7) // 8)
        return [bool(raw[at // 8] & 0x80 >> at % 8) for at in range(count)]

    def crcs(self, count: int) -> list[int | None]:
        known = [True] * count if self.byte() else self.bits(count)
        return [struct.unpack("<I", self.take(4))[0] if one else None for one in known]


def _streams(cursor: _Cursor, data: bytes) -> list[Folder]:
    folders: list[Folder] = []
    packs: list[bytes] = []
    kind = cursor.byte()
    if kind == _PACK:
        packs = _packs(cursor, data)
        kind = cursor.byte()
    if kind == _UNPACK:
        folders = _folders(cursor, packs)
        kind = cursor.byte()
    for folder in folders:
        folder.files = [(folder.size, folder.crc)]
    if kind == _SUB:
        _substreams(cursor, folders)
        kind = cursor.byte()
    if kind != _END:
        raise ValueError(f"property {kind} among streams")
    return folders


def _packs(cursor: _Cursor, data: bytes) -> list[bytes]:
    at = 32 + cursor.number()
    count = cursor.count()
    found: list[bytes] = []
    while (kind := cursor.byte()) != _END:
        if kind == _SIZE:
            for _ in range(count):
                size = cursor.number()
                found.append(data[at : at + size])
                at += size
        elif kind == _CRC:
            cursor.crcs(count)
        else:
            raise ValueError(f"property {kind} among packs")
    return found


def _folders(cursor: _Cursor, packs: list[bytes]) -> list[Folder]:
    if cursor.byte() != _FOLDER:
        raise ValueError("no folders")
    count = cursor.count()
    if cursor.byte():
        raise ValueError("folders elsewhere")
    waiting = iter(packs)
    folders = [_folder(cursor, waiting) for _ in range(count)]
    if cursor.byte() != _CODERS:
        raise ValueError("no sizes")
    for folder in folders:
        folder.sizes = [cursor.number() for _ in folder.coders]
    while (kind := cursor.byte()) != _END:
        if kind != _CRC:
            raise ValueError(f"property {kind} among folders")
        for folder, crc in zip(folders, cursor.crcs(count), strict=True):
            folder.crc = crc
    return folders


def _folder(cursor: _Cursor, packs: Iterator[bytes]) -> Folder:
    folder = Folder()
    inputs = outputs = 0
    for _ in range(min(cursor.count(), 32)):
        flags = cursor.byte()
        method = cursor.take(flags & 15)
        ins, outs = (cursor.count(), cursor.count()) if flags & 16 else (1, 1)
        folder.coders.append((method, cursor.take(cursor.count()) if flags & 32 else b""))
        folder.is_chain &= ins == outs == 1
        inputs, outputs = inputs + ins, outputs + outs
    bound = {(cursor.number(), cursor.number())[1] for _ in range(outputs - 1)}
    folder.last = next((at for at in range(outputs) if at not in bound), -1) if folder.is_chain else -1
    count = inputs - (outputs - 1)
    for _ in range(count if count > 1 else 0):
        cursor.number()
    taken = [next(packs, b"") for _ in range(count)]
    folder.packed = taken[0] if taken else b""
    return folder


def _substreams(cursor: _Cursor, folders: list[Folder]) -> None:
    counts = [1] * len(folders)
    kind = cursor.byte()
    if kind == _COUNTS:
        counts = [cursor.count() for _ in folders]
        kind = cursor.byte()
    if sum(counts) > MAX_FILES:
        raise SourceError("zip_entries", f"{sum(counts)} files")
    for folder, count in zip(folders, counts, strict=True):
        sizes = [cursor.number() for _ in range(count - 1)] if kind == _SIZE else []
        if count and sum(sizes) > folder.size:
            raise ValueError("files larger than their folder")
        if count and len(sizes) != count - 1:
            raise ValueError("files without sizes")
        crc = folder.crc if count == 1 else None
        folder.files = [(size, crc) for size in (*sizes, folder.size - sum(sizes))] if count else []
    if kind == _SIZE:
        kind = cursor.byte()
    if kind == _CRC:
        unknown = [one for one in folders if not one.is_alone]
        crcs = iter(cursor.crcs(sum(len(one.files) for one in unknown)))
        for folder in unknown:
            folder.files = [(size, next(crcs)) for size, _ in folder.files]
        kind = cursor.byte()
    if kind != _END:
        raise ValueError(f"property {kind} among files of folders")


def _entries(cursor: _Cursor, data: bytes) -> list[Entry]:
    if cursor.byte() != _HEADER:
        raise ValueError("no header")
    kind = cursor.byte()
    folders: list[Folder] = []
    if kind == _STREAMS:
        folders = _streams(cursor, data)
        kind = cursor.byte()
    if kind == _END:
        return []
    if kind != _FILES:
        raise ValueError(f"property {kind} in the header")
    count = cursor.count()
    names, attributes = [""] * count, [0] * count
    empty, empty_files = [False] * count, [False] * count
    while (kind := cursor.byte()) != _END:
        part = _Cursor(cursor.take(cursor.number()))
        if kind == _NAMES:
            names = _names(part, count)
        elif kind == _EMPTY_STREAM:
            empty = part.bits(count)
        elif kind == _EMPTY_FILE:
            marked = iter(part.bits(sum(empty)))
            empty_files = [one and next(marked) for one in empty]
        elif kind == _ATTRIBUTES:
            known = [True] * count if part.byte() else part.bits(count)
            part.byte()
            attributes = [struct.unpack("<I", part.take(4))[0] if one else 0 for one in known]
    files = iter([(folder, size) for folder in folders for size, _ in folder.files])
    return [
        _entry(name, None if is_empty else next(files, None), bits, is_folder=is_empty and not is_file)
        for name, bits, is_empty, is_file in zip(names, attributes, empty, empty_files, strict=True)
    ]


def _entry(name: str, found: tuple[Folder, int] | None, attributes: int, *, is_folder: bool) -> Entry:
    """Attributes are of Windows; the upper half, when bit 15 says so, are of Unix."""
    mode = attributes >> 16 if attributes & 0x8000 else 0
    is_link = bool(attributes & _REPARSE) or mode & 0o170000 not in (0, 0o100000, 0o040000)
    if found is None:
        return Entry(name, 0, None, is_folder, is_link)
    return Entry(name, found[1], found[0], False, is_link)


def _names(part: _Cursor, count: int) -> list[str]:
    if part.byte():
        raise ValueError("names elsewhere")
    names: list[str] = []
    for _ in range(count):
        raw = bytearray()
        while (unit := part.take(2)) != b"\0\0":
            raw += unit
        names.append(raw.decode("utf-16-le", "replace"))
    return names


class _Unpacker:
    """A folder's bytes, so many at a time."""

    def __init__(self, folder: Folder) -> None:
        method, options = next(one for one in folder.coders if one[0] != _X86)
        before = [{"id": lzma.FILTER_X86}] if folder.is_filtered else []
        self._packed = folder.packed
        self._is_started = False
        self._copied = 0
        self._tail = b""
        self._decoder = _decoder(method, options, before)

    def read(self, size: int) -> bytes:
        """Fewer only at the end, or where the packed bytes make no sense."""
        if self._decoder is None:
            self._copied += size
            return self._packed[self._copied - size : self._copied]
        pieces: list[bytes] = []
        left = size
        try:
            while left > 0:
                piece = self._more(min(left, 1 << 20))
                if not piece:
                    break
                pieces.append(piece)
                left -= len(piece)
        except (lzma.LZMAError, OSError, EOFError, zlib.error) as error:
            raise SourceError("member_damaged", str(error)) from error
        return b"".join(pieces)

    def _more(self, size: int) -> bytes:
        fresh = b"" if self._is_started else self._packed
        self._is_started = True
        if isinstance(self._decoder, lzma.LZMADecompressor | bz2.BZ2Decompressor):
            return b"" if self._decoder.eof else self._decoder.decompress(fresh, size)
        assert self._decoder is not None
        found = self._decoder.decompress(fresh or self._tail, size)
        self._tail = self._decoder.unconsumed_tail
        return bytes(found)


def _decoder(
    method: bytes, options: bytes, before: list[dict[str, int]]
) -> lzma.LZMADecompressor | bz2.BZ2Decompressor | zlib._Decompress | None:
    """None for what is only stored."""
    if method == _LZMA:
        if len(options) < 5:
            raise SourceError("member_damaged", "no properties")
        rest, lc = divmod(options[0], 9)
        pb, lp = divmod(rest, 5)
        dictionary = max(4096, struct.unpack("<I", options[1:5])[0])
        wanted = {"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}
        return _raw(wanted)
    if method == _LZMA2:
        bits = options[0] if options else 0
        if bits > 40:
            raise SourceError("member_damaged", "no properties")
        dictionary = 0xFFFFFFFF if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)
        return _raw(*before, {"id": lzma.FILTER_LZMA2, "dict_size": dictionary})
    if method == _BZIP2:
        return bz2.BZ2Decompressor()
    return zlib.decompressobj(-15) if method == _DEFLATE else None


def _raw(*wanted: dict[str, int]) -> lzma.LZMADecompressor:
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=list(wanted))
    except (lzma.LZMAError, ValueError) as error:
        raise SourceError("member_damaged", str(error)) from error
