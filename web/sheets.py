"""Rows of plain text as XLSX and CSV that no program takes for formulas (reliability.md §2 no. 29)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from audit.export.cells import csv_of, harmless, head_cell, linked_cell, printable, text_cell

__all__ = ["Column", "csv_bytes", "harmless", "printable", "xlsx_bytes"]

@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; `is_link`: the cell's text is an address."""

    name: str
    width: int
    is_link: bool = False


def csv_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a BOM, by which Excel knows it. A cell that begins as a formula gets a ' in front."""
    return csv_of([one.name for one in columns], rows)


def xlsx_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str, notes: Sequence[str]) -> bytes:
    """One sheet of rows with a header that stays, every cell text; `notes` say on a second sheet what this is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.append([head_cell(sheet, one.name) for one in columns])
    count = 1
    for row in rows:
        sheet.append([linked_cell(sheet, text, text) if one.is_link else text_cell(sheet, text)
                      for one, text in zip(columns, row, strict=True)])  # fmt: skip
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    told = book.create_sheet("说明")
    told.column_dimensions["A"].width = 100
    for note in notes:
        told.append([text_cell(told, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
