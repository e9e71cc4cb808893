"""What papers travel in: a mail with attachments, a page saved with all it shows, an archive. Written by hand, for the
libraries draw boundaries by lot and change their folding of lines from one version to the next."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping

Files = Iterable[tuple[str, bytes]]

_LINE = 76
_BOUNDARY = "----=_Gongwen_0001"
_DAY = (2024 - 1980) << 9 | 1 << 5 | 1
"""1 January 2024 as DOS counts days."""


def mail(head: Mapping[str, str], text: str, files: Files) -> bytes:
    """`head`: from, to, subject, date. Text in GB18030 under the name of GB2312, as Chinese mail programs send it."""
    lines = [
        f"From: {_address(head['from'])}", f"To: {_address(head['to'])}", f"Subject: {_word(head['subject'])}",
        f"Date: {head['date']}", "Message-ID: <1@yunzhou.example>", "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"', "",
        f"--{_BOUNDARY}", "Content-Type: text/plain; charset=gb2312", "Content-Transfer-Encoding: base64", "",
        *_wrapped(text.encode("gb18030")),
    ]  # fmt: skip
    for name, content in files:
        lines += [
            f"--{_BOUNDARY}", f'Content-Type: application/octet-stream; name="{_word(name)}"',
            "Content-Transfer-Encoding: base64", f'Content-Disposition: attachment; filename="{_word(name)}"', "",
            *_wrapped(content),
        ]  # fmt: skip
    return _joined([*lines, f"--{_BOUNDARY}--", ""])


def web_archive(page: str, address: str) -> bytes:
    """As browsers save a page: MHT."""
    return _joined([
        "From: <Saved by Blink>", f"Snapshot-Content-Location: {address}", "Subject: =?utf-8?B?572R6aG1?=",
        "Date: Thu, 30 Apr 2026 09:00:00 +0800", "MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="text/html"; boundary="{_BOUNDARY}"', "",
        f"--{_BOUNDARY}", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64",
        f"Content-Location: {address}", "", *_wrapped(page.encode()),
        f"--{_BOUNDARY}", "Content-Type: text/css", f"Content-Location: {address}.css", "", "p { line-height: 2 }",
        f"--{_BOUNDARY}--", "",
    ])  # fmt: skip


def archive(files: Files) -> bytes:
    """ZIP with names in GB18030 and no sign of it, as Windows packs them."""
    out, directory, count = b"", b"", 0
    for name, content in files:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed, label = packer.compress(content) + packer.flush(), name.encode("gb18030")
        sizes = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
        common = struct.pack("<HHHH", 0, 8, 0, _DAY) + sizes + struct.pack("<H", len(label))
        directory += struct.pack("<IHH", 0x02014B50, 20, 20) + common
        directory += struct.pack("<HHHHII", 0, 0, 0, 0, 0, len(out)) + label
        out += struct.pack("<IH", 0x04034B50, 20) + common + struct.pack("<H", 0) + label + packed
        count += 1
    return out + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(out), 0)


def _address(text: str) -> str:
    """`何立 <a@b>`: the name encoded, the address as it stands."""
    name, sign, rest = text.partition(" <")
    return f"{_word(name)}{sign}{rest}"


def _word(text: str) -> str:
    return text if text.isascii() else f"=?GB2312?B?{b64encode(text.encode('gb18030')).decode()}?="


def _wrapped(content: bytes) -> list[str]:
    text = b64encode(content).decode()
    return [text[at : at + _LINE] for at in range(0, len(text), _LINE)]


def _joined(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode()
