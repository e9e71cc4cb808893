"""DOC (also under the name .wps), RTF and ODT: LibreOffice makes a DOCX of them, the DOCX reader reads it.

The records equal those of the same paper in DOCX (tests/ingest/test_office.py); antiword, catdoc and striprtf lose
tables or numbers (dependencies.md §3). What LibreOffice changes is told: dates that fields print become today's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import regex

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.readers.docx import DocxReader
from ingest.source import NeedsConversion, Reader, Source

HEAVY = ("lxml.etree", "ingest.readers.docx_story")

_FORMS = {
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
}

# Fields whose result is the day of the conversion, or lost by it. In a DOC the code stands in one or two bytes a
# character after the mark of its beginning, 0x13.
_CODE = rb"(?:DATE|TIME|SAVEDATE|PRINTDATE)"
_WIDE = b"(?:" + b"|".join(
    b"".join(bytes([char, 0]) for char in word) for word in (b"DATE", b"TIME", b"SAVEDATE", b"PRINTDATE")
) + b")"  # fmt: skip
_DATES = {
    "doc": regex.compile(rb"\x13\s*" + _CODE + rb"\b|\x13\x00(?:\s\x00)*" + _WIDE + rb"[ \\\x14]\x00", regex.IGNORECASE),
    "rtf": regex.compile(rb"\\fldinst[^a-zA-Z\x80-\xff]*(?:\\[a-z]+-?\d* ?|[{}\s])*" + _CODE + rb"\b|\\chdate|\\chdpl"
                         rb"|\\chdpa|\\chtime", regex.IGNORECASE),
    "odt": regex.compile(rb"<text:(?:date|time|print-date|print-time|modification-date|modification-time)\b"
                         rb'(?![^>]*text:fixed="true")'),
}  # fmt: skip


class OfficeReader:
    name: ClassVar[str] = "office"
    revision: ClassVar[int] = 100 + DocxReader.revision
    """Hundreds of its own; what the DOCX reader yields anew, this one does too."""

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in _FORMS else 0

    def read(self, source: Source) -> Document:
        form = _FORMS[source.media_type]
        content = _content(source.data) if form == "odt" else source.data
        if source.converted is None:
            raise NeedsConversion(form)
        document = DocxReader().read(replace(source, data=source.converted))
        warnings = ["converted", *document.warnings]
        if _DATES[form].search(content):
            warnings.append("date_field")
        reader = f"{self.name}/{self.revision}"
        return replace(document, reader=reader, warnings=tuple(dict.fromkeys(warnings)))


READER: Reader = OfficeReader()


def _content(data: bytes) -> bytes:
    """The main part of an ODT. SourceError `password` when it is encrypted."""
    from ingest.safety import SafeZip

    archive = SafeZip(data)
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise SourceError("password", "an encrypted ODT")
    main = archive.find("content.xml")
    if main is None:
        raise SourceError("zip_bad", "no content.xml")
    return archive.read(main)
