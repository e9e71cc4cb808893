"""Mail as Outlook saves it (MSG), by olefile alone: property streams as [MS-OXMSG] §2 lays them out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.basket import Basket
from ingest.readers.letter import Body, decoded, letter
from ingest.source import Reader, Source

if TYPE_CHECKING:
    import olefile

_SUBJECT, _SENDER, _SENDER_MAIL, _SENDER_SMTP, _TO, _CC = 0x0037, 0x0C1A, 0x0C1F, 0x5D01, 0x0E04, 0x0E03
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_SENT, _RECEIVED = 0x0039, 0x0E06
_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT, _HIDDEN = 0x3707, 0x3704, 0x3001, 0x3701, 0x7FFE
_WIDE, _NARROW, _BINARY, _STORAGE, _TIME, _FLAG = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040, 0x000B
_MAX_DEPTH = 5
_MAX_ATTACHED = 2_000
_BAD = (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error)


class MsgReader:
    name: ClassVar[str] = "msg"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/vnd.ms-outlook" else 0

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        """SourceError `parse_error` when the compound file is broken."""
        import olefile

        try:
            with olefile.OleFileIO(source.data) as ole:
                message = _Message(_Files(ole), (), 0)
                bodies = list(_bodies(message, basket, ""))
                return letter(source, f"{self.name}/{self.revision}", message.headers(), bodies, basket.reasons())
        except _BAD as error:
            raise SourceError("parse_error", f"{type(error).__name__}: {error}") from error


class _Files:
    """Streams of the compound file by path, and what lies in each storage."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._ole = ole
        self._streams = {"/".join(path).lower(): path for path in ole.listdir(streams=True, storages=False)}
        self.storages = [tuple(path) for path in ole.listdir(streams=False, storages=True)]

    def read(self, folder: tuple[str, ...], name: str) -> bytes:
        """b"" for what is not there."""
        path = self._streams.get("/".join((*folder, name)).lower())
        return bytes(self._ole.openstream(path).read()) if path else b""

    def has(self, folder: tuple[str, ...], name: str) -> bool:
        return "/".join((*folder, name)).lower() in self._streams


class _Object:
    """A message, or an attachment of one: its properties."""

    head = 8

    def __init__(self, files: _Files, folder: tuple[str, ...]) -> None:
        self.files = files
        self.folder = folder

    def text(self, tag: int) -> str:
        wide = self.files.read(self.folder, _stream(tag, _WIDE))
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return decoded(self.files.read(self.folder, _stream(tag, _NARROW)), "").rstrip("\0")

    def binary(self, tag: int) -> bytes:
        return self.files.read(self.folder, _stream(tag, _BINARY))

    def fixed(self, tag: int, kind: int) -> int | None:
        """A number of the property stream."""
        found = self.files.read(self.folder, "__properties_version1.0")[self.head :]
        for at in range(0, len(found) - 15, 16):
            if struct.unpack("<HH", found[at : at + 4]) == (kind, tag):
                return int(struct.unpack("<Q", found[at + 8 : at + 16])[0])
        return None


class _Message(_Object):
    def __init__(self, files: _Files, folder: tuple[str, ...], depth: int) -> None:
        super().__init__(files, folder)
        self.depth = depth
        self.head = 24 if depth else 32

    def headers(self) -> list[tuple[str, str]]:
        sender, address = self.text(_SENDER), self.text(_SENDER_SMTP) or self.text(_SENDER_MAIL)
        if "@" in address and address != sender:
            sender = f"{sender} <{address}>".strip()
        sent = self.fixed(_SENT, _TIME) or self.fixed(_RECEIVED, _TIME)
        return [
            ("邮件主题", self.text(_SUBJECT)), ("发件人", sender), ("收件人", self.text(_TO)),
            ("邮件抄送", self.text(_CC)), ("发送时间", _moment(sent) if sent else ""),
        ]  # fmt: skip

    def body(self) -> Body | None:
        """The plain text, else the page; formatted text alone ([MS-OXRTFCP]) is not read."""
        text = self.text(_BODY)
        if text.strip():
            return Body(text.encode("utf-8", "replace"), "utf-8")
        page = self.binary(_HTML)
        if page:
            return Body(page, "", is_html=True)
        return None

    def attached(self) -> Iterator[_Object]:
        depth = len(self.folder)
        for path in self.files.storages:
            if len(path) == depth + 1 and path[:depth] == self.folder and path[-1].lower().startswith("__attach"):
                yield _Object(self.files, path)


def _bodies(message: _Message, basket: Basket, under: str) -> Iterator[Body]:
    """The text of a message and of those forwarded in it; attachments go into the basket."""
    body = message.body()
    if body is not None:
        yield body
    elif message.binary(_RTF):
        basket.leave(f"{under}正文.rtf", 0, "unsupported")
    for number, one in enumerate(message.attached()):
        if number >= _MAX_ATTACHED:
            basket.more += 1
            continue
        inside = (*one.folder, _stream(_CONTENT, _STORAGE))
        if inside in message.files.storages and message.files.has(inside, "__properties_version1.0"):
            if message.depth >= _MAX_DEPTH:
                basket.leave(under + _name(one), 0, "nesting")
                continue
            inner = _Message(message.files, inside, message.depth + 1)
            told = "\n".join(f"{label}：{value}" for label, value in inner.headers() if value)
            yield Body(told.encode("utf-8", "replace"), "utf-8")
            yield from _bodies(inner, basket, f"{under}{_name(one)}/")
        elif not one.fixed(_HIDDEN, _FLAG):
            basket.put(under + _name(one), one.binary(_CONTENT))


def _name(one: _Object) -> str:
    found = one.text(_NAME) or one.text(_SHORT_NAME) or one.text(_SHOWN_NAME)
    return found.replace("/", "／").replace("\\", "＼") or "附件"


def _stream(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04X}{kind:04X}"


def _moment(filetime: int) -> str:
    """Steps of 100 nanoseconds since 1601, UTC."""
    try:
        found = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=filetime // 10)
    except OverflowError:
        return ""
    return found.strftime("%Y-%m-%d %H:%M %z")


READER: Reader = MsgReader()
