"""OFD (GB/T 33190-2016), the format of electronic official documents: zip and XML, laid out as a PDF is.

Pages go through the same layout as those of a PDF (pdf_page, pdf_flow, pdf_tables): both hand over characters with
boxes and ruled lines. easyofd is no choice, it brings PyMuPDF (AGPL) along (dependencies.md §3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.source import Reader, Source

HEAVY = ("lxml.etree", "ingest.readers.ofd_document", "ingest.readers.pdf_write")
"""What the nursery may load once for all children that follow."""


class OfdReader:
    name: ClassVar[str] = "ofd"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "application/ofd" else 0

    def read(self, source: Source) -> Document:
        from ingest.readers.ofd_document import Reading
        from ingest.readers.pdf_write import write

        reading = Reading(source.data)
        try:
            document = write(reading.pages(), source, f"{self.name}/{self.revision}")
        except SourceError as error:
            # Pages that could not be opened are why there is no text; no scan is missing.
            if error.code in ("no_text", "no_text_needs_ocr") and reading.failures:
                raise reading.failures[0] from error
            raise
        reasons = tuple(dict.fromkeys((*document.reasons, *reading.reasons)))
        links = tuple(dict.fromkeys(reading.links))
        return replace(document, complete=not reasons, reasons=reasons, warnings=reading.warnings, links=links)


READER: Reader = OfdReader()
