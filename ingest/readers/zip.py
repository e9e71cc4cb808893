"""ZIP archives: each member becomes a file of its own; the archive's text is the list of their names."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.basket import Basket
from ingest.readers.listing import listed_document
from ingest.source import Reader, Source
from ingest.zipdir import Entry, overlapping, unpack_entry, walk_zip


class ZipReader:
    name: ClassVar[str] = "zip"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/zip" else 0

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        """SourceError `password` when all there is to read is encrypted, `zip_bad`, `no_text` for an empty one."""
        entries = [one for one in walk_zip(source.data) if not one.is_folder]
        hidden = overlapping(entries)
        warnings: list[str] = []
        for at, entry in enumerate(entries):
            if not entry.is_regular:
                warnings.append("member_skipped")
            elif basket.wants(entry.name):
                warnings += _take(source.data, entry, basket, is_hidden=at in hidden)
        return listed_document(source, f"{self.name}/{self.revision}", basket, warnings)


def _take(data: bytes, entry: Entry, basket: Basket, *, is_hidden: bool) -> list[str]:
    """One member into the basket; warnings."""
    reason = "password" if entry.is_encrypted else "zip_overlap" if is_hidden else basket.refusal(entry.size)
    if reason:
        basket.leave(entry.name, entry.size, reason)
        return []
    try:
        content, is_sound = unpack_entry(data, entry)
    except SourceError as error:
        basket.leave(entry.name, entry.size, error.code)
        return []
    basket.put(entry.name, content)
    return [] if is_sound else ["crc"]


READER: Reader = ZipReader()
