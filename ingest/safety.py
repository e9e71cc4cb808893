"""What every reader needs before it may trust a byte: zip checks, XML without DTDs, clean text.

Limits and their reasons: reliability.md §2 rows 3-5 and 12, §5. An ordinary 2,000 x 6 table packs 212:1, so the
ratio counts only above 20 MB.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import regex

from gongwen.errors import SourceError

if TYPE_CHECKING:
    from lxml import etree

MAX_ENTRIES = 5_000
MAX_DIRECTORY = 2 << 20
MAX_TOTAL = 300 << 20
MAX_XML_PART = 50 << 20
RATIO_FROM = 20 << 20
MAX_RATIO = 100


class SafeZip:
    """A zip in memory whose directory has passed all checks. Nothing is ever written to disk.

    `crc_errors` lists members whose checksum was wrong when they were read: some vendors write them so, and the
    reader decides whether that is a warning or the end.
    """

    def __init__(self, data: bytes) -> None:
        _check_directory_size(data)
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, struct.error, EOFError, NotImplementedError) as error:
            raise SourceError("zip_bad", str(error)) from error
        _check_members(members)
        _check_overlap(members, data)
        self._data = data
        self._members = {one.filename.replace("\\", "/"): one for one in members if not one.is_dir()}
        self._spelling = {name.casefold(): name for name in self._members}
        self.crc_errors: list[str] = []

    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def find(self, name: str) -> str | None:
        """The member of that name whatever its case (package part names do not tell case), or None."""
        return self._spelling.get(name.lstrip("/").casefold())

    def read(self, name: str) -> bytes:
        """A member's bytes; SourceError `zip_bad` when it holds more or less than its directory declares."""
        member = self._members[name]
        at = member.header_offset
        header = self._data[at : at + 30]
        if len(header) < 30 or header[:4] != b"PK\3\4":
            raise SourceError("zip_bad", f"no local header for {name!r}")
        start = at + 30 + sum(struct.unpack("<HH", header[26:30]))
        packed = self._data[start : start + member.compress_size]
        content = _unpack(packed, member)
        if len(content) != member.file_size:
            raise SourceError("zip_bad", f"{name!r} does not have its declared size")
        if zlib.crc32(content) != member.CRC:
            self.crc_errors.append(name)
        return content


def _unpack(packed: bytes, member: zipfile.ZipInfo) -> bytes:
    if member.compress_type == zipfile.ZIP_STORED:
        return packed
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise SourceError("zip_bad", f"compression method {member.compress_type}")
    try:
        # One byte more than declared is enough to see a lie.
        return zlib.decompressobj(-15).decompress(packed, member.file_size + 1)
    except zlib.error as error:
        raise SourceError("zip_bad", f"{member.filename!r}: {error}") from error


def _check_directory_size(data: bytes) -> None:
    """Counts and sizes of the end record, before anything walks the directory."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise SourceError("zip_bad", "no end of central directory")
    count, size = struct.unpack("<HI", data[at + 10 : at + 16])
    locator = data[max(0, at - 20) : at]
    if locator[:4] == b"PK\6\7":
        wide = struct.unpack("<Q", locator[8:16])[0]
        record = data[wide : wide + 56]
        if record[:4] != b"PK\6\6" or len(record) < 56:
            raise SourceError("zip_bad", "no zip64 end record")
        count, size = struct.unpack("<QQ", record[32:48])
    if count > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise SourceError("zip_entries", f"{count} members, directory of {size} bytes")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_ENTRIES:
        raise SourceError("zip_entries", f"{len(members)} members")
    for one in members:
        if one.flag_bits & 1:
            raise SourceError("password", "a zip member is encrypted")
        if _leaves(one.orig_filename):
            raise SourceError("zip_path", repr(one.orig_filename))
        mode = one.external_attr >> 16
        if one.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise SourceError("zip_symlink", repr(one.filename))
    total = sum(one.file_size for one in members)
    if total > MAX_TOTAL:
        raise SourceError("zip_total", f"{total} bytes unpacked")
    for one in members:
        if one.file_size > RATIO_FROM and one.file_size > MAX_RATIO * max(1, one.compress_size):
            raise SourceError("zip_ratio", f"{one.filename!r}: {one.compress_size} to {one.file_size} bytes")
        if one.file_size > MAX_XML_PART and one.filename.lower().endswith((".xml", ".rels")):
            raise SourceError("zip_total", f"{one.filename!r}: {one.file_size} bytes")
    names = [one.filename.replace("\\", "/").casefold() for one in members]
    if len(set(names)) != len(names):
        raise SourceError("zip_duplicate", "two members of one name")


def _leaves(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or "\0" in path or ".." in path.split("/") or path[1:2] == ":"


def _check_overlap(members: list[zipfile.ZipInfo], data: bytes) -> None:
    last = 0
    for one in sorted(members, key=lambda member: member.header_offset):
        if one.header_offset < last:
            raise SourceError("zip_overlap", repr(one.filename))
        last = one.header_offset + 30 + len(one.orig_filename) + one.compress_size
    if last > len(data):
        raise SourceError("zip_bad", "a member reaches past the end")


_DECLARATION = regex.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_DTD = regex.compile(rb"<!(?:DOCTYPE|ENTITY)", regex.IGNORECASE)


def parse_xml(data: bytes, part: str = "") -> etree._Element:
    """The root of an XML part. A DOCTYPE or ENTITY declaration is refused before parsing; nothing is fetched;
    nesting beyond libxml2's own limit is a parse_error, not a shorter tree."""
    from lxml import etree

    data = _without_dtd(data, part)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("parse_error", f"{part}: {error}") from error
    if root is None:
        raise SourceError("parse_error", f"{part}: no root element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError("xml_dtd", part)
    return root


def stream_xml(data: bytes, names: tuple[str, ...], part: str = "") -> Iterator[etree._Element]:
    """Elements of these local names as they end, under the rules of `parse_xml`; each is emptied before the next, so
    a long part never stands in memory as a tree."""
    from lxml import etree

    events = etree.iterparse(
        BytesIO(_without_dtd(data, part)), events=("end",), tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in events:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("parse_error", f"{part}: {error}") from error


def _without_dtd(data: bytes, part: str) -> bytes:
    """UTF-8 or what the declaration says; SourceError `xml_dtd` for a DOCTYPE or ENTITY declaration."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        data = _utf16_to_utf8(data, part)
    if b"<!" in data and _DTD.search(data):
        raise SourceError("xml_dtd", part)
    return data


def _utf16_to_utf8(data: bytes, part: str) -> bytes:
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        raise SourceError("parse_error", f"{part}: not UTF-16") from error
    return _DECLARATION.sub("", text).encode("utf-8")


# Dropped: controls, zero width (soft hyphen, ZWSP to RLM, word joiner, BOM), bidi marks, noncharacters, tags.
# Line ends of every kind become \n. Private use characters stay: they stand for rare names (domain.md).
_FOREIGN = regex.compile(
    r"(?P<line>\r\n|[\r\x0b\x0c\x85\u2028\u2029])|(?P<lone>[\ud800-\udfff])"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]+"
)


def clean_text(text: str) -> str:
    """The text without what breaks storage or deceives the eye: NUL and controls, bidi overrides, zero width
    characters dropped; every line end \\n; a lone surrogate U+FFFD."""
    return _FOREIGN.sub(lambda match: _instead(match), text)


def _instead(match: regex.Match[str]) -> str:
    if match["line"] is not None:
        return "\n"
    return "\ufffd" if match["lone"] is not None else ""


def clean_with_map(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """`clean_text` with the way back: pieces (text offset, source offset, length) that stand unchanged, in order."""
    out: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    length = 0
    at = 0
    for match in _FOREIGN.finditer(text):
        kept = text[at : match.start()]
        if kept:
            pieces.append((length, at, len(kept)))
        put = _instead(match)
        out += (kept, put)
        length += len(kept) + len(put)
        at = match.end()
    if at < len(text):
        pieces.append((length, at, len(text) - at))
        out.append(text[at:])
    return "".join(out), pieces


def is_clean(text: str) -> bool:
    return _FOREIGN.search(text) is None


def scrub(text: str) -> str:
    """Same length, same offsets: whatever `clean_text` would drop becomes U+FFFD, a foreign line end \\n. For the
    border of the child process, where spans already point into the text."""
    if is_clean(text):
        return text
    return _FOREIGN.sub(lambda match: ("\n" if match["line"] is not None else "\ufffd") * len(match.group()), text)


def is_memory(error: BaseException | None) -> bool:
    """Whether memory ran out somewhere under this error: parsers wrap it, pdfminer with an empty message."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        one = queue.pop()
        if isinstance(one, MemoryError):
            return True
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            queue += [one.__cause__, one.__context__, *one.args]
    return False
