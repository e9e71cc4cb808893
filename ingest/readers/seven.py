"""7z archives of the usual kinds (LZMA, LZMA2, Deflate, BZip2, stored): as ZIP."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.basket import Basket
from ingest.readers.listing import listed_document
from ingest.safety import MAX_RATIO, RATIO_FROM
from ingest.sevenzip import Entry, Folder, read_directory, unpack_folder
from ingest.source import Reader, Source


class SevenReader:
    name: ClassVar[str] = "7z"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/x-7z-compressed" else 0

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        """SourceError `password` when names or all files are encrypted, `zip_bad`, `no_text` for an empty one."""
        entries = [one for one in read_directory(source.data) if not one.is_folder]
        for _, group in groupby(entries, key=lambda one: id(one.folder)):
            _take_folder(list(group), basket)
        warnings = ["member_skipped"] if any(one.is_link for one in entries) else []
        return listed_document(source, f"{self.name}/{self.revision}", basket, warnings)


def _take_folder(entries: list[Entry], basket: Basket) -> None:
    """Files that are packed together come out in order, or none of those that follow."""
    folder = entries[0].folder
    contents = iter([b""] * len(entries)) if folder is None else unpack_folder(folder)
    reason = "" if folder is None else folder.refusal or _ratio(folder)
    for entry in entries:
        reason = reason or _refusal(entry, basket)
        try:
            content = b"" if reason else next(contents, b"")
        except SourceError as error:
            content, reason = b"", error.code
        if entry.is_link or not basket.wants(entry.name):
            continue
        if reason or not entry.size:
            basket.leave(entry.name, entry.size, reason or "empty")
        else:
            basket.put(entry.name, content)


def _refusal(entry: Entry, basket: Basket) -> str:
    """Why nothing more comes out of its folder."""
    found = basket.refusal(entry.size)
    return "" if found == "empty" else found


def _ratio(folder: Folder) -> str:
    is_bomb = folder.size > RATIO_FROM and folder.size > MAX_RATIO * max(1, len(folder.packed))
    return "zip_ratio" if is_bomb else ""


READER: Reader = SevenReader()
