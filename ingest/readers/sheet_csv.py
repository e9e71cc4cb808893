"""CSV: comma, semicolon or tab, whichever parts the rows alike; quoted cells may hold line ends (RFC 4180)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from gongwen.errors import SourceError
from ingest.layout.decode import decode
from ingest.readers.sheet_model import Book, SheetCell

DELIMITERS = ",;\t"
_SAMPLE_ROWS = 50
_MAX_CELL = 1_000_000
_SEPARATOR = "sep="
"""Excel's own first line that names the sign."""


def delimiter_of(text: str) -> str | None:
    """The sign that gives most of the first rows one same number of cells, two or more; None when no sign does."""
    if text[: len(_SEPARATOR)].lower() == _SEPARATOR and text[len(_SEPARATOR) : 5] in DELIMITERS:
        return text[len(_SEPARATOR) : 5] or None
    best: tuple[int, int, str] | None = None
    for sign in DELIMITERS:
        counts = Counter(len(row) for row in islice(_rows(text, sign), _SAMPLE_ROWS) if row)
        if not counts:
            continue
        width, times = max(counts.items(), key=lambda one: (one[1], one[0]))
        if width > 1 and times > 1 and 2 * times > sum(counts.values()):
            best = max(best or (0, 0, ""), (times, width, sign))
    return best[2] if best else None


def read_csv(data: bytes, name: str) -> Book:
    decoded = decode(data, name)
    book = Book()
    book.warnings |= dict.fromkeys(decoded.warnings)
    text = decoded.text.lstrip("\ufeff")
    sign = delimiter_of(text) or ","
    if text[: len(_SEPARATOR)].lower() == _SEPARATOR:
        text = text.partition("\n")[2]
    sheet = book.open("", hidden=False)
    assert sheet is not None
    try:
        for number, row in enumerate(_rows(text, sign)):
            for column, value in enumerate(row):
                if not book.put(sheet, SheetCell(number, column, _shown(value))):
                    return book
    except csv.Error as error:
        raise SourceError("parse_error", f"{name}: {error}") from error
    return book


def _shown(value: str) -> str:
    """="0772" and a leading apostrophe or tab keep programs from taking digits for numbers; they print as 0772."""
    if len(value) > 2 and value.startswith('="') and value.endswith('"'):
        return value[2:-1]
    return value[1:] if value[:1] in "'\t" and value[1:].isdecimal() else value


def _rows(text: str, sign: str) -> Iterator[list[str]]:
    csv.field_size_limit(_MAX_CELL)
    return csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=sign)
