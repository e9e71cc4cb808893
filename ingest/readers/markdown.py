"""Markdown: the plain reader with every sign taken for Markdown."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from ingest.readers.plain import document
from ingest.source import Reader, Source


class MarkdownReader:
    name: ClassVar[str] = "markdown"
    revision: ClassVar[int] = 3

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "text/markdown" else 0

    def read(self, source: Source) -> Document:
        return document(source, f"{self.name}/{self.revision}", markdown=True)


READER: Reader = MarkdownReader()
