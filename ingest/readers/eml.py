"""Mail as EML: header and body are its text, each attachment becomes a file of its own."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from ingest.basket import Basket
from ingest.mime import MAX_PARTS, Leaf, body_of, file_name, header, is_cut, leaves, parse, payload, written
from ingest.readers.letter import HEADERS, Body, letter
from ingest.source import Reader, Source

INLINE = 64 << 10
"""Pictures inside a mail's text from this size on are taken out (a photographed paper); smaller ones are logos."""


class EmlReader:
    name: ClassVar[str] = "eml"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "message/rfc822" else 0

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        message, is_whole = parse(source.data)
        bodies: list[Body] = []
        reasons = [] if is_whole else ["nesting"]
        for number, leaf in enumerate(leaves(message) if is_whole else ()):
            if number >= MAX_PARTS:
                basket.more += 1
            elif is_body(leaf):
                bodies.append(body_of(leaf))
                reasons += ["member_damaged"] if is_broken(leaf) else []
            else:
                _take(leaf, basket)
        reasons += ["partly_damaged"] if is_cut(message) else []
        told = [(label, written(value) if name == "date" else value)
                for name, label in HEADERS if (value := header(message, name))]  # fmt: skip
        return letter(source, f"{self.name}/{self.revision}", told, bodies, (*reasons, *basket.reasons()))


def is_body(leaf: Leaf) -> bool:
    """A part that should have parts and has none has lost its boundary: what stands there is shown as it is."""
    if is_broken(leaf):
        return True
    return leaf.kind in ("text/plain", "text/html") and not leaf.is_attached and not leaf.name


def is_broken(leaf: Leaf) -> bool:
    return leaf.kind.startswith("multipart/")


def _take(leaf: Leaf, basket: Basket) -> None:
    if leaf.kind == "message/rfc822":
        _take_message(leaf, basket)
        return
    content = payload(leaf.part)
    is_shown = leaf.kind.startswith("image/") and not leaf.is_attached
    if is_shown and len(content) < INLINE:
        return
    if not leaf.name and not leaf.is_attached and not is_shown:
        return  # signatures, receipts, calendars: parts for programs
    basket.put(leaf.name or f"附件.{leaf.kind.rpartition('/')[2]}", content)


def _take_message(leaf: Leaf, basket: Basket) -> None:
    """A forwarded mail. The parser keeps no copy of its bytes: it is written again, always in the same way."""
    inner = leaf.part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    if message is None or isinstance(message, str):
        return
    subject = header(message, "subject")[:80].replace("/", "／")
    name = file_name(leaf.part) or f"{subject or '转发的邮件'}.eml"
    try:
        content = message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        basket.leave(name, 0, "member_damaged")
        return
    basket.put(name, content)


READER: Reader = EmlReader()
