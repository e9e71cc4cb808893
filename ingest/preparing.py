"""What is changed in the copy of a file that LibreOffice gets, so that it changes less.

It prints today's date for a date field, or nothing. A field that it does not know keeps what it printed last; the DOCX
reader still sees by its code that it is a date.
"""

from __future__ import annotations

import io
import struct

import regex

RTF_FIELD = rb"\\fldinst\b(?:\\(?:\*|[a-z]+-?\d*)|[{}\s])*+"
"""What stands before the code of a field in an RTF."""

_RTF_DATES = regex.compile(RTF_FIELD + rb"\K(?=(?:DATE|TIME|SAVEDATE|PRINTDATE)\b)", regex.IGNORECASE)
KEPT = b"KEPT"
"""Set before the code of a date field in an RTF."""

# [MS-DOC] 2.5.6 FibRgFcLcb97: where the table of the fields of the main text is; 2.9.90: kinds of fields.
_FIELDS_AT = 0x11A
_WORD_97 = 0xC1
_FIELD_BEGINS = 0x13
_DOC_DATES = frozenset({22, 23, 31, 32})
_UNKNOWN = 2


def prepared(data: bytes, form: str) -> bytes:
    if form == "rtf":
        return _closed(_RTF_DATES.sub(KEPT, data))
    if form == "doc":
        try:
            return _with_dates(data)
        except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error):
            return data  # odd inside: whether it can be read at all is for LibreOffice to say
    return data


def _closed(rtf: bytes) -> bytes:
    """With an empty paragraph at its end: LibreOffice takes the last one out of its list level."""
    whole = rtf.rstrip(b"\0\r\n\t ")
    return whole[:-1] + rb"\pard\plain\par}" if whole.endswith(b"}") else rtf


def _with_dates(doc: bytes) -> bytes:
    """With the date fields of the main text marked as fields of no known kind."""
    import olefile

    copy = io.BytesIO(doc)
    with olefile.OleFileIO(copy, write_mode=True) as ole:
        head = ole.openstream("WordDocument").read(_FIELDS_AT + 8)
        version, flags = struct.unpack_from("<H6xH", head, 2)
        start, size = struct.unpack_from("<II", head, _FIELDS_AT)
        name = "1Table" if flags & 0x200 else "0Table"
        if version < _WORD_97 or size < 10 or not ole.exists(name):
            return doc
        table = bytearray(ole.openstream(name).read())
        count = (size - 4) // 6
        first = start + 4 * (count + 1)
        if first + 2 * count > len(table):
            return doc
        for at in range(first, first + 2 * count, 2):
            if table[at] & 0x1F == _FIELD_BEGINS and table[at + 1] in _DOC_DATES:
                table[at + 1] = _UNKNOWN
        ole.write_stream(name, bytes(table))
        return copy.getvalue()
