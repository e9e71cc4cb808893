"""XLSX by its XML: values in their number formats, merged ranges, hidden parts (ECMA-376 Part 1 §18).

calamine gives neither number formats nor hidden rows, and reserves a place for each cell of the used range; openpyxl
is 15 times slower (dependencies.md §4).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import regex

from gongwen.addresses import parse_address
from ingest.readers.docx_package import Package, R
from ingest.readers.sheet_model import MAX_COLUMNS, PLAIN, Book, Ranges, Sheet, SheetCell, Style
from ingest.readers.sheet_numbers import BUILT_IN, number_text, string_text
from ingest.safety import stream_xml

if TYPE_CHECKING:
    from lxml import etree

_MERGED = regex.compile(rb'mergeCell\s[^<>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_ESCAPED = regex.compile(r"_x([0-9A-Fa-f]{4})_")
_ON = ("1", "true")
_EPOCH = datetime(1899, 12, 30)


def read_xlsx(package: Package) -> Book:
    book = Book()
    reading = _Reading(package, book)
    root = package.xml(package.main)
    relations = package.relationships(package.main)
    if any(one.kind == "vbaProject" for one in relations.values()):
        book.warnings["macros"] = None
    for one in [] if root is None else root.iterfind("{*}sheets/{*}sheet"):
        relation = relations.get(one.get(f"{R}id", ""))
        if relation is None:
            book.reasons["parse_error"] = None
            continue
        if relation.external or relation.kind != "worksheet":
            continue  # charts, dialogs
        sheet = book.open(one.get("name", ""), hidden=one.get("state", "visible") != "visible")
        if sheet is None:
            break
        reading.sheet(relation.target, sheet)
    return book


class _Reading:
    def __init__(self, package: Package, book: Book) -> None:
        self._package = package
        self._book = book
        root = package.xml(package.main)
        properties = None if root is None else root.find("{*}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in _ON
        self._strings = self._shared()
        self._styles = self._cell_styles()

    def _shared(self) -> list[str]:
        part = self._package.related(self._package.main, "sharedStrings")
        content = None if part is None else self._package.content(part)
        if content is None:
            return []
        return [_rich(one) for one in stream_xml(content, ("si",), part or "")]

    def _cell_styles(self) -> list[Style]:
        part = self._package.related(self._package.main, "styles")
        root = None if part is None else self._package.xml(part)
        if root is None:
            return []
        codes = dict(BUILT_IN)
        for one in root.iterfind("{*}numFmts/{*}numFmt"):
            codes[_int(one.get("numFmtId"))] = one.get("formatCode", "General")
        fonts = [_font(one) for one in root.iterfind("{*}fonts/{*}font")]
        found: list[Style] = []
        for one in root.iterfind("{*}cellXfs/{*}xf"):
            font = _int(one.get("fontId"))
            bold, size = fonts[font] if font < len(fonts) else (False, None)
            alignment = one.find("{*}alignment")
            centred = alignment is not None and alignment.get("horizontal") in ("center", "centerContinuous")
            found.append(Style(codes.get(_int(one.get("numFmtId")), "General"), centred, bold, size))
        return found

    def sheet(self, part: str, sheet: Sheet) -> None:
        content = self._package.content(part)
        if content is None:
            self._book.reasons["parse_error"] = None
            return
        merged: Ranges = {}
        hidden_columns: set[int] = set()
        number = -1
        for one in stream_xml(content, ("col", "row", "mergeCell"), part):
            tag = one.tag.rpartition("}")[2]
            if tag == "col" and one.get("hidden") in _ON:
                first, last = _int(one.get("min")), min(_int(one.get("max")), MAX_COLUMNS)
                hidden_columns |= set(range(first - 1, last))
            elif tag == "row":
                number = _int(one.get("r"), number + 2) - 1
                if not self._row(one, number, sheet, hidden_columns):
                    merged = _merged_in(content)
                    break
            elif tag == "mergeCell":
                merged |= _range(one.get("ref", ""))
        sheet.cells.sort(key=lambda cell: (cell.row, cell.column))
        self._book.merge(sheet, merged)

    def _row(self, row: etree._Element, number: int, sheet: Sheet, hidden_columns: set[int]) -> bool:
        """False when no more may be read."""
        column = -1
        hidden = row.get("hidden") in _ON
        for cell in row.iterchildren("{*}c"):
            found = parse_address(cell.get("r", ""))
            column = found[1] if found is not None else column + 1
            style_number = _int(cell.get("s"))
            style = self._styles[style_number] if style_number < len(self._styles) else PLAIN
            text = self._text(cell, style)
            if not text:
                continue
            if hidden or column in hidden_columns:
                self._book.warnings["hidden_cells"] = None
            placed = SheetCell(number, column, text, centred=style.centred, bold=style.bold, size=style.size)
            if not self._book.put(sheet, placed):
                return False
        return True

    def _text(self, cell: etree._Element, style: Style) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return "" if inline is None else string_text(_rich(inline), style.code)
        held = {one.tag.rpartition("}")[2]: one.text for one in cell}
        value = held.get("v")
        if value is None or not value.strip():
            if "f" in held and kind != "str":
                self._book.reasons["formula_uncalculated"] = None
            return ""
        if kind == "s":
            at = _int(value, -1)
            return string_text(self._strings[at], style.code) if 0 <= at < len(self._strings) else ""
        if kind in ("str", "e"):
            return _unescaped(value)
        if kind == "b":
            return "TRUE" if value.strip() in _ON else "FALSE"
        number = _serial(value) if kind == "d" else _float(value)
        return value if number is None else number_text(number, style.code, from_1904=self._from_1904)


def _merged_in(content: bytes) -> Ranges:
    """Merged ranges stand behind the rows: looked up where these are not read to their end."""
    merged: Ranges = {}
    for match in _MERGED.finditer(content):
        merged |= _range(match[1].decode("ascii"))
    return merged


def _range(reference: str) -> Ranges:
    first, _, last = reference.partition(":")
    start, end = parse_address(first), parse_address(last)
    return {start: end} if start is not None and end is not None else {}


def _rich(element: etree._Element) -> str:
    """The runs of a string without its phonetic guides (rPh)."""
    texts = [one.text or "" for one in element.iterfind("{*}t")]
    texts += [one.text or "" for one in element.iterfind("{*}r/{*}t")]
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _font(element: etree._Element) -> tuple[bool, float | None]:
    bold = element.find("{*}b")
    size = element.find("{*}sz")
    return bold is not None and bold.get("val", "1") in _ON, None if size is None else _float(size.get("val", ""))


def _int(text: str | None, other: int = 0) -> int:
    """Never below nought: what is no number or a negative one is `other`."""
    if text is None or not (text.isascii() and text.strip().isdecimal()) or len(text) > 9:
        return other
    return int(text)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _serial(text: str) -> float | None:
    """Days of an ISO date (strict files)."""
    try:
        return (datetime.fromisoformat(text.strip().rstrip("Z")) - _EPOCH).total_seconds() / 86_400
    except (ValueError, TypeError, OverflowError):
        return None
