"""PDF by PDFium: text, boxes, ruled tables. When PDFium fails on a file, pdf_second tries it by another parser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from gongwen.document import Document
from ingest.readers.pdf_model import RawPage
from ingest.source import Reader, Source

HEAVY = ("pypdfium2", "ingest.readers.pdf_pdfium", "ingest.readers.pdf_write")
"""What the nursery may load once for all children that follow."""


class PdfReader:
    name: ClassVar[str] = "pdf"
    revision: ClassVar[int] = 3

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/pdf" else 0

    def read(self, source: Source) -> Document:
        from ingest.readers.pdf_pdfium import pages
        from ingest.readers.pdf_write import write

        def read_scans(numbers: Sequence[int]) -> Iterator[tuple[RawPage, int]]:
            from ingest.readers.ocr_scan import look

            return look(source.data, numbers)

        return write(pages(source.data), source, f"{self.name}/{self.revision}", read_scans)


READER: Reader = PdfReader()
