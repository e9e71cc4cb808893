"""Rows of plain text as XLSX and CSV that no program takes for formulas (reliability.md §2 no. 29)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import _WorkbookChild

_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫−")
"""What a spreadsheet may take for the beginning of a formula, in every width."""

_MOST = 32_767
"""Characters that a cell of XLSX holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; `is_link`: the cell's text is an address."""

    name: str
    width: int
    is_link: bool = False


def csv_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a BOM, by which Excel knows it. A cell that begins as a formula gets a ' in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([one.name for one in columns])
    writer.writerows([[harmless(text) for text in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def harmless(text: str) -> str:
    shown = printable(text)
    starts = text[:1] in _STARTS or shown.lstrip()[:1] in _STARTS
    return f"'{shown}" if starts else shown


def printable(text: str) -> str:
    """Without control characters, which neither format can hold, and lone surrogates; gaps and lines stay."""
    return "".join(char if char.isprintable() or char in "\n\u3000\xa0" else " " for char in text)


def xlsx_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str, notes: Sequence[str]) -> bytes:
    """One sheet of rows with a header that stays, every cell text; `notes` say on a second sheet what this is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    head = [_cell(sheet, one.name) for one in columns]
    for cell in head:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EEF1F5")
    sheet.append(head)
    count = 1
    for row in rows:
        sheet.append([_linked(sheet, text) if one.is_link else _cell(sheet, text)
                      for one, text in zip(columns, row, strict=True)])  # fmt: skip
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    told = book.create_sheet("说明")
    told.column_dimensions["A"].width = 100
    for note in notes:
        told.append([_cell(told, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: _WorkbookChild, text: str) -> Cell:
    """Text for good: openpyxl would make a formula of what begins with =."""
    cell: Cell = WriteOnlyCell(sheet, value=printable(text)[:_MOST])
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _linked(sheet: _WorkbookChild, text: str) -> Cell:
    cell = _cell(sheet, text)
    if text.startswith(("http://", "https://")):
        cell.hyperlink = text
        cell.font = Font(color="1B4B8A", underline="single")
    return cell
