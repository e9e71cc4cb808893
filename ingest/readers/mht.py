"""Web archives (MHT, MHTML): the page itself, by the reader of pages. Its pictures and frames stay where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.mime import Leaf, charset_of, is_cut, leaves, parse, payload
from ingest.readers.html import READER as HTML_READER
from ingest.readers.letter import decoded
from ingest.source import Reader, Source


class MhtReader:
    name: ClassVar[str] = "mht"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/x-mimearchive" else 0

    def read(self, source: Source) -> Document:
        message, _ = parse(source.data)
        pages = [leaf for leaf in leaves(message) if leaf.kind in ("text/html", "application/xhtml+xml")]
        if not pages:
            raise SourceError("no_text", "an archive without a page")
        read = HTML_READER.read(replace(source, data=_page(_main(pages, str(message.get_param("start") or "")))))
        reader = f"{self.name}/{self.revision}+{read.reader}"
        reasons = (*read.reasons, *(("partly_damaged",) if is_cut(message) else ()))
        return replace(read, reader=reader, media_type=source.media_type, complete=not reasons, reasons=reasons)


def _main(pages: list[Leaf], start: str) -> Leaf:
    """The part that the archive names, else its first page with words; frame sets have none."""
    named = [leaf for leaf in pages if start and str(leaf.part.get("content-id", "")).strip() == start]
    full = [leaf for leaf in pages if b"<frameset" not in payload(leaf.part)[:65_536].lower()]
    return (named or full or pages)[0]


def _page(leaf: Leaf) -> bytes:
    """The page in UTF-8 when its part names a charset; else as it is, for the page may name one."""
    content, charset = payload(leaf.part), charset_of(leaf.part)
    return decoded(content, charset).encode("utf-8-sig", "replace") if charset else content


READER: Reader = MhtReader()
