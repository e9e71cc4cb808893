"""ODS by its XML: cells hold what they print (ODF 1.3 part 3 §9). Empty rows and columns are counted, not unrolled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gongwen.errors import SourceError
from ingest.readers.sheet_model import MAX_COLUMNS, MAX_ROWS, Book, Ranges, Sheet, SheetCell
from ingest.safety import SafeZip, parse_xml

if TYPE_CHECKING:
    from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LISTS = ("script-lc.xml", "script-lb.xml")  # of libraries that may be empty
_UNSEEN = ("collapse", "filter")
_GROUPS = frozenset(f"{_TABLE}table-{name}" for name in ("row-group", "header-rows", "rows"))
_COLUMN_GROUPS = frozenset(f"{_TABLE}table-{name}" for name in ("column-group", "header-columns", "columns"))


def read_ods(data: bytes) -> Book:
    archive = SafeZip(data)
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise SourceError("password", "encrypted ODS")
    part = archive.find("content.xml")
    if part is None:
        raise SourceError("zip_bad", "no content.xml")
    content = archive.read(part)
    if part in archive.crc_errors:
        raise SourceError("parse_error", f"{part}: checksum does not fit")
    root = parse_xml(content, part)
    book = Book()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith(_LISTS) for name in archive.names()):
        book.warnings["macros"] = None
    hidden = _hidden_styles(root)
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        sheet = book.open(table.get(f"{_TABLE}name", ""), hidden=table.get(f"{_TABLE}style-name", "") in hidden)
        if sheet is None:
            break
        _read_table(table, sheet, book)
    return book


def _hidden_styles(root: etree._Element) -> set[str]:
    return {
        style.get(f"{_STYLE}name", "")
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
        if any(one.get(f"{_TABLE}display") == "false" for one in style.iterfind(f"{_STYLE}table-properties"))
    }


def _read_table(table: etree._Element, sheet: Sheet, book: Book) -> None:
    unseen = _hidden_columns(table)
    merged: Ranges = {}
    at = 0
    for row in _inside(table, f"{_TABLE}table-row", _GROUPS):
        times = _count(row, "number-rows-repeated")
        hidden = row.get(f"{_TABLE}visibility") in _UNSEEN
        # A row with text repeated a million times is cut off by the book's allowance.
        for number in range(at, min(at + times, MAX_ROWS)):
            filled, going_on = _row(row, number, sheet, book, merged, unseen=unseen, hidden=hidden)
            if not going_on:
                book.merge(sheet, merged)
                return
            if not filled:
                break
        at += times
    book.merge(sheet, merged)


def _row(
    row: etree._Element, number: int, sheet: Sheet, book: Book, merged: Ranges,
    *, unseen: set[int], hidden: bool,
) -> tuple[bool, bool]:  # fmt: skip
    """Whether it holds text, and whether more may be read."""
    filled = False
    column = 0
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        times = _count(cell, "number-columns-repeated")
        text = _printed(cell, book)
        for place in range(column, min(column + times, MAX_COLUMNS)) if text else ():
            filled = True
            if hidden or place in unseen:
                book.warnings["hidden_cells"] = None
            if not book.put(sheet, SheetCell(number, place, text)):
                return True, False
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if text and (down > 1 or across > 1):
            merged[number, column] = (number + down - 1, column + across - 1)
        column += times
    return filled, True


def _hidden_columns(table: etree._Element) -> set[int]:
    unseen: set[int] = set()
    at = 0
    for one in _inside(table, f"{_TABLE}table-column", _COLUMN_GROUPS):
        times = _count(one, "number-columns-repeated")
        if one.get(f"{_TABLE}visibility") in _UNSEEN:
            unseen |= set(range(at, min(at + times, MAX_COLUMNS)))
        at += times
    return unseen


def _inside(element: etree._Element, tag: str, groups: frozenset[str]) -> Iterator[etree._Element]:
    for one in element:
        if one.tag == tag:
            yield one
        elif one.tag in groups:
            yield from _inside(one, tag, groups)


def _printed(cell: etree._Element, book: Book) -> str:
    """The paragraphs of a cell; its value where a program wrote no text."""
    lines = [_line(one) for one in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
    if lines:
        return "\n".join(lines)
    for name in ("string-value", "date-value", "time-value", "boolean-value", "value"):
        value = cell.get(f"{_OFFICE}{name}")
        if value:
            return value
    if cell.get(f"{_TABLE}formula"):
        book.reasons["formula_uncalculated"] = None
    return ""


def _line(element: etree._Element) -> str:
    out = [element.text or ""]
    for one in element:
        if one.tag == f"{_TEXT}s":
            out.append(" " * min(_int(one.get(f"{_TEXT}c")), 64))
        elif one.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            out.append(" " if one.tag == f"{_TEXT}tab" else "\n")
        elif one.tag in (f"{_TEXT}span", f"{_TEXT}a"):
            out.append(_line(one))
        elif one.tag == f"{_TEXT}ruby":
            out += [_line(base) for base in one.iterchildren(f"{_TEXT}ruby-base")]
        out.append(one.tail or "")
    return "".join(out)


def _count(element: etree._Element, name: str) -> int:
    return _int(element.get(f"{_TABLE}{name}"))


def _int(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else 1
