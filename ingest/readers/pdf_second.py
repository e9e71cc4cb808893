"""The second try at a PDF: it gets what PDFium called damaged, and in a child of its own what made PDFium abort."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from ingest.source import Reader, Source

HEAVY = ("pdfplumber", "ingest.readers.pdf_plumber", "ingest.readers.pdf_write")


class SecondPdfReader:
    name: ClassVar[str] = "pdf-second"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 40 if source.media_type == "application/pdf" else 0

    def read(self, source: Source) -> Document:
        from ingest.readers.pdf_plumber import pages
        from ingest.readers.pdf_write import write

        return write(pages(source.data), source, f"{self.name}/{self.revision}")


READER: Reader = SecondPdfReader()
