"""Hostile packages and pictures of reliability.md §5 (nos. 17 to 38 and 49), a little smaller where the size is not the
point."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
import zlib

RT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{RT[:-1]}"'
)  # fmt: skip


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: str) -> str:
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{rows}</w:tbl>"


def row(properties: str = "", text: str = "x") -> str:
    return f"<w:tr><w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc></w:tr>"


def zipped(members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml'
    '.document.main+xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'


def relation(name: str, kind: str, target: str, mode: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{RT}{kind}" Target="{target}" {mode}/>'


def docx(body: str, head: str = "", relations: str = "", add=()) -> bytes:
    return zipped(
        [
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", RELATIONS % relation("r1", "officeDocument", "word/document.xml")),
            ("word/_rels/document.xml.rels", RELATIONS % relations),
            ("word/document.xml", f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"),
            *add,
        ]
    )


def two_of_one_name() -> bytes:
    """Readers differ in which of them they take."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return docx(paragraph("甲"), add=[("word/document.xml", f"<w:document {W}>{paragraph('乙')}</w:document>")])


def symlink_member() -> tuple[zipfile.ZipInfo, str]:
    member = zipfile.ZipInfo("word/l")
    member.create_system = 3
    member.external_attr = 0o120777 << 16
    return member, "/etc/passwd"


def overlapping_zip() -> bytes:
    """2,000 directory entries for one member: 144 kB to 41 GB."""
    size = 21 << 20
    packed = zlib.compress(bytes(size), 9)[2:-4]
    name, check = b"word/document.xml", zlib.crc32(bytes(size))
    local = struct.pack("<IHHHHHIIIHH", 0x4034B50, 20, 0, 8, 0, 0, check, len(packed), size, len(name), 0)
    local += name + packed
    entry = struct.pack(
        "<I6H3I5H2I", 0x2014B50, 20, 20, 0, 8, 0, 0, check, len(packed), size, len(name), 0, 0, 0, 0, 0, 0
    )
    entries = (entry + name) * 2000
    return local + entries + struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, 2000, 2000, len(entries), len(local), 0)


def overlapping_parts() -> bytes:
    """Two small members whose directory entries point into each other."""
    data = bytearray(zipped([("a.xml", "x" * 50), ("b.xml", "y" * 50)]))
    second = data.rfind(b"PK\1\2")
    data[second + 42 : second + 46] = struct.pack("<I", 5)
    return bytes(data)


def lying_size() -> bytes:
    data = bytearray(docx(paragraph("x" * 15_000_000)))
    entry = data.rfind(b"PK\1\2", 0, data.rfind(b"word/document.xml"))
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    return bytes(data)


def encrypted_docx() -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(docx(paragraph("x")))).encrypt("pw", out)
    return out.getvalue()


def big_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 20000, 20000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(2501 * 20000), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
