"""Made-up mails and archives, and a basket that keeps what is put into it."""

import io
import json
import struct
import tarfile
import zipfile
import zlib
from email.message import EmailMessage

from ingest.basket import Basket
from ingest.source import Source

PAPER = (
    "云州市科学技术协会文件\n云科协字〔2024〕{}号\n关于开展科普活动的通知\n各县科协：\n请认真开展。\n"
    "云州市科学技术协会\n2024年8月1日\n"
)


def paper(number: int = 1) -> bytes:
    return PAPER.format(number).encode()


class Kept(Basket):
    """Frames come back as `files`: (name, bytes), in order."""

    def __init__(self, **limits: int) -> None:
        self.files: list[tuple[str, bytes]] = []
        super().__init__(self._keep, **({"most": 2_000, "total": 300 << 20} | limits))

    def _keep(self, kind: bytes, payload: bytes) -> None:
        if kind == b"C":
            told = json.loads(payload)
            self.told = told
            if not told["reason"]:
                self.files.append((told["name"], b""))
            return
        name, before = self.files.pop()
        self.files.append((name, before + payload))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.files]

    @property
    def left(self) -> dict[str, str]:
        """What was not taken out, and why."""
        return {one.name: one.reason for one in self.listed if one.reason}


def unpack(reader, data: bytes, media_type: str, name: str = "a", **limits: int):
    """(Document, basket)."""
    basket = Kept(**limits)
    return reader.unpack(Source.of(name, data, media_type), basket), basket


def zipped(members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Members are (name or ZipInfo, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def renamed(data: bytes, before: str, after: bytes) -> bytes:
    """A zip whose member has another name of the same length, in bytes, without the sign of UTF-8."""
    old = before.encode()
    assert len(old) == len(after)
    found = bytearray(data.replace(old, after))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + flags + 1] &= ~0x08 & 0xFF
            at = found.find(mark, at + 4)
    return bytes(found)


def encrypted(data: bytes, *names: str) -> bytes:
    """A zip whose members of these names claim to be encrypted."""
    found = bytearray(data)
    for mark, flags, size, start in ((b"PK\3\4", 6, 26, 30), (b"PK\1\2", 8, 28, 46)):
        at = found.find(mark)
        while at >= 0:
            length = struct.unpack("<H", found[at + size : at + size + 2])[0]
            if found[at + start : at + start + length].decode() in names:
                found[at + flags] |= 1
            at = found.find(mark, at + 4)
    return bytes(found)


def tarred(members, mode: str = "w") -> bytes:
    """Members are (name or TarInfo, content)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def overlapping(count: int) -> bytes:
    """Many directory entries for one member."""
    content = paper()
    packed = zlib.compress(content, 9)[2:-4]
    name, check = b"a.txt", zlib.crc32(content)
    local = struct.pack("<IHHHHHIIIHH", 0x4034B50, 20, 0, 8, 0, 0, check, len(packed), len(content), len(name), 0)
    local += name + packed
    entry = struct.pack(
        "<I6H3I5H2I", 0x2014B50, 20, 20, 0, 8, 0, 0, check, len(packed), len(content), len(name), 0, 0, 0, 0, 0, 0
    )
    entries = (entry + name) * count
    return local + entries + struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, count, count, len(entries), len(local), 0)


def mail(text: str = "各位好：\n请查收附件。\n", attached=(), subject: str = "报送总结的通知", **headers: str) -> bytes:
    """`attached` are (name, bytes)."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = headers.get("sender", "何立 <heli@example.com>")
    message["To"] = "云州市科协 <kexie@example.com>"
    message["Date"] = "Mon, 06 May 2024 09:30:00 +0800"
    message.set_content(text)
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


# --- compound files ---------------------------------------------------------------------------------------

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(tree: dict) -> bytes:
    """An OLE compound file ([MS-CFB], version 3): names to bytes or to further folders. Streams are stored in whole
    sectors, padded beyond the size from which they need no mini stream."""
    entries: list[dict] = [{"name": "Root Entry", "kind": 5, "tree": tree}]
    at = 0
    while at < len(entries):
        inner = entries[at].get("tree", {})
        entries[at]["children"] = []
        for name, content in inner.items():
            entries[at]["children"].append(len(entries))
            kind = {"kind": 1, "tree": content} if isinstance(content, dict) else {"kind": 2, "content": content}
            entries.append({"name": name} | kind)
        at += 1
    mini, minifat, sectors, fat = bytearray(), [], [], []

    def chain(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[start : start + 512].ljust(512, b"\0") for start in range(0, len(content), 512)]
        for number, piece in enumerate(pieces):
            sectors.append(piece)
            fat.append(first + number + 1 if number + 1 < len(pieces) else _END)
        return first if pieces else _END

    for one in entries:
        content = one.get("content")
        one["size"] = len(content or b"")
        one["start"] = _END
        if content and len(content) >= 4096:
            one["start"] = chain(content)
        elif content:
            one["start"] = len(mini) // 64
            count = -(-len(content) // 64)
            minifat += [one["start"] + step for step in range(1, count)] + [_END]
            mini += content.ljust(64 * count, b"\0")
    entries[0]["size"], entries[0]["start"] = len(mini), chain(bytes(mini))
    first_mini = chain(struct.pack(f"<{len(minifat)}I", *minifat)) if minifat else _END
    mini_sectors = -(-4 * len(minifat) // 512)
    directory = b"".join(_entry(entries, number) for number in range(len(entries)))
    first_directory = chain(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    count = 1
    while len(sectors) + count > 128 * count:
        count += 1
    fats = list(range(len(sectors), len(sectors) + count))
    table = [*fat, *[_FAT] * count]
    table += [_FREE] * (128 * count - len(table))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, count,
        first_directory, 0, 4096, first_mini, mini_sectors, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", *fats, *[_FREE] * (109 - len(fats)))
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _entry(entries: list[dict], number: int) -> bytes:
    """Siblings hang to the right of each other: a tree without balance is a tree."""
    one = entries[number]
    right = _FREE
    for other in entries:
        siblings = other["children"]
        if number in siblings and siblings.index(number) + 1 < len(siblings):
            right = siblings[siblings.index(number) + 1]
    name = one["name"].encode("utf-16-le") + b"\0\0"
    child = one["children"][0] if one["children"] else _FREE
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name), one["kind"], 1, _FREE, right, child, b"", 0, 0, 0, one["start"],
        one["size"],
    )  # fmt: skip


def outlook(
    subject: str, body: str, attached=(), *, inner: dict | None = None, depth: int = 0,
    sender: tuple[str, str] = ("何立", "heli@example.com"), to: str = "云州市科协",
) -> dict:  # fmt: skip
    """A message as a tree for `compound`; `attached` are (name, bytes), `inner` a forwarded message."""
    sent = (133_594_326_000_000_000).to_bytes(8, "little")
    tree = {
        "__properties_version1.0": bytes(24 if depth else 32) + struct.pack("<HHI", 0x40, 0x39, 6) + sent,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": sender[0].encode("utf-16-le"),
        "__substg1.0_0C1F001F": sender[1].encode("utf-16-le"),
        "__substg1.0_0E04001F": to.encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    for number, (name, content) in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8), "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": content,
        }  # fmt: skip
    if inner is not None:
        tree["__attach_version1.0_#000000FF"] = {
            "__properties_version1.0": bytes(8), "__substg1.0_3001001F": "转发".encode("utf-16-le"),
            "__substg1.0_3701000D": inner,
        }  # fmt: skip
    return tree
