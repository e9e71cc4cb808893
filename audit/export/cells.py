"""Cells of plain text that no program takes for formulas (reliability.md §2 no. 29)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.child import _WorkbookChild

_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫−")
"""What a spreadsheet may take for the beginning of a formula, in every width."""

_MOST = 32_767
"""Characters that a cell of XLSX holds."""


def harmless(text: str) -> str:
    """For CSV: what begins as a formula gets a ' in front."""
    shown = printable(text)
    starts = text[:1] in _STARTS or shown.lstrip()[:1] in _STARTS
    return f"'{shown}" if starts else shown


def printable(text: str) -> str:
    """Without control characters, which neither format can hold, and lone surrogates; gaps and lines stay."""
    return "".join(char if char.isprintable() or char in "\n\u3000\xa0" else " " for char in text)


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a BOM, by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[harmless(text) for text in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def text_cell(sheet: _WorkbookChild, text: str) -> Cell:
    """Text for good: openpyxl would make a formula of what begins with =."""
    cell: Cell = WriteOnlyCell(sheet, value=printable(text)[:_MOST])
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def head_cell(sheet: _WorkbookChild, text: str) -> Cell:
    cell = text_cell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF1F5")
    return cell


def linked_cell(sheet: _WorkbookChild, text: str, url: str) -> Cell:
    """A link only where the address is one of the web: a paper must not make a cell open anything else."""
    cell = text_cell(sheet, text)
    if url.startswith(("http://", "https://")):
        cell.hyperlink = url
        cell.font = Font(color="1B4B8A", underline="single")
    return cell
