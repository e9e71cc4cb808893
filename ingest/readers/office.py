"""DOC (also under the name .wps), RTF and ODT: LibreOffice makes a DOCX of them, the DOCX reader reads it.

The records equal those of the same paper in DOCX (tests/ingest/test_office.py); antiword, catdoc and striprtf lose
tables or numbers (dependencies.md §3). What LibreOffice changes or leaves out is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import regex

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.preparing import RTF_FIELD
from ingest.readers.docx import DocxReader
from ingest.source import NeedsConversion, Reader, Source

HEAVY = ("lxml.etree", "ingest.readers.docx_story")

_FORMS = {
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
}


def _field(*names: bytes) -> dict[str, bytes]:
    """How a field with one of these codes begins in a DOC (one or two bytes a character, after 0x13) and in an RTF."""
    one = b"|".join(names)
    two = b"|".join(b"".join(bytes([char, 0]) for char in name) for name in names)
    wide = rb"\x13\x00(?:\s\x00)*(?:" + two + rb")[ \\\x14]\x00"
    return {
        "doc": rb"\x13\s*(?:" + one + rb")\b|" + wide,
        "rtf": RTF_FIELD + rb"(?:" + one + rb")\b",
    }


def _patterns(field: dict[str, bytes], doc: bytes, rtf: bytes, odt: bytes) -> dict[str, regex.Pattern[bytes]]:
    found = {"doc": field["doc"] + doc, "rtf": field["rtf"] + rtf, "odt": odt}
    return {form: regex.compile(pattern, regex.IGNORECASE) for form, pattern in found.items()}


_LOST = {
    # What was printed last is kept (ingest.preparing), but in an ODT: there it becomes the day of the conversion.
    "date_field": _patterns(
        _field(b"DATE", b"TIME", b"SAVEDATE", b"PRINTDATE"),
        b"", rb"|\\chdate\b|\\chdp[la]\b|\\chtime\b",
        rb"<text:(?:date|time|print-date|print-time|modification-date|modification-time)\b"
        rb'(?![^>]*text:fixed="true")',
    ),
    # Only their picture arrives; signs set one over another by a formula do not.
    "embedded_object": _patterns(
        _field(b"EQ", b"EMBED"),
        b"|" + b"\\0".join(bytes([char]) for char in b"ObjectPool"), rb"|\\objemb\b|\\objlink\b", rb"<draw:object\b",
    ),
}  # fmt: skip
"""What LibreOffice does not keep, and how the source shows that it is there."""

_MAX_DEPTH = 1_000
"""Open groups of an RTF: Word writes a few dozen; LibreOffice took 1 GB for 200,000."""
_RTF_SIGN = regex.compile(rb"\\[{}\\]|\\bin(\d+) ?|[{}]")


class OfficeReader:
    name: ClassVar[str] = "office"
    revision: ClassVar[int] = 100 + DocxReader.revision
    """Hundreds of its own; what the DOCX reader yields anew, this one does too."""

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in _FORMS else 0

    def read(self, source: Source) -> Document:
        form = _FORMS[source.media_type]
        content = _content(source.data) if form == "odt" else source.data
        is_cut = form == "rtf" and _open_groups(content) > 0
        if source.converted is None:
            raise NeedsConversion(form)
        document = DocxReader().read(replace(source, data=source.converted))
        lost = [code for code, patterns in _LOST.items() if patterns[form].search(content)]
        warnings = ["converted", *document.warnings, *lost]
        reader = f"{self.name}/{self.revision}"
        reasons = (*document.reasons, "partly_damaged") if is_cut else document.reasons
        told = tuple(dict.fromkeys(warnings))
        return replace(document, reader=reader, warnings=told, complete=not reasons, reasons=reasons)


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


def _open_groups(data: bytes) -> int:
    """Groups that an RTF leaves open: one that was cut off does. SourceError `parse_error` for what LibreOffice would
    run away with: groups without end, binary data longer than the file."""
    depth = at = 0
    while match := _RTF_SIGN.search(data, at):
        at = match.end()
        if match[1] is not None:
            at += int(match[1][:12])
            if at > len(data):
                raise SourceError("parse_error", "binary data past the end")
        elif match[0] == b"{":
            depth += 1
            if depth > _MAX_DEPTH:
                raise SourceError("parse_error", f"more than {_MAX_DEPTH} open groups")
        elif match[0] == b"}":
            depth -= 1
    return depth
