"""Workbooks and CSV: each sheet as its title lines, its table and its notes.

The page of a block is the number of its sheet, and `place` says where in the sheet it begins, for a sheet has no pages
of its own. Hidden sheets (lists for drop-downs, working copies) stand beside the running text; hidden rows and columns
stay in their table. Both are warned of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gongwen.addresses import address
from gongwen.document import Block, BlockKind, Cell, Document, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest import budget
from ingest.source import Reader, Source

if TYPE_CHECKING:
    from ingest.readers.sheet_layout import Grid, Lines
    from ingest.readers.sheet_model import Book, Sheet, SheetCell

HEAVY = ("lxml.etree", "ingest.readers.sheet_xlsx", "ingest.readers.sheet_layout")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLS = "application/vnd.ms-excel"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_CSV = "text/csv"


class SheetReader:
    name: ClassVar[str] = "sheets"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in (_XLSX, _XLS, _ODS, _CSV) else 0

    def read(self, source: Source) -> Document:
        book = _book(source)
        budget.announce(len(book.sheets))
        writing = _Writing(book)
        for number, sheet in enumerate(book.sheets, 1):
            writing.sheet(number, sheet)
            budget.page_done()
        text = writing.builder.text()
        if not text.strip():
            raise SourceError("formula_uncalculated" if "formula_uncalculated" in book.reasons else "no_text")
        return Document(
            source.sha256, text, tuple(writing.blocks), f"{self.name}/{self.revision}", source.media_type,
            complete=not book.reasons, reasons=tuple(book.reasons), warnings=(*source.warnings, *book.warnings),
        )  # fmt: skip


READER: Reader = SheetReader()


def _book(source: Source) -> Book:
    if source.media_type == _XLSX:
        from ingest.readers.docx_package import Package
        from ingest.readers.sheet_xlsx import read_xlsx

        return read_xlsx(Package(source.data))
    if source.media_type == _XLS:
        from ingest.readers.sheet_xls import read_xls

        return read_xls(source.data)
    if source.media_type == _ODS:
        from ingest.readers.sheet_ods import read_ods

        return read_ods(source.data)
    from ingest.readers.sheet_csv import read_csv

    return read_csv(source.data, source.name)


class _Writing:
    """The text of a book in the making."""

    def __init__(self, book: Book) -> None:
        self.builder = TextBuilder()
        self.blocks: list[Block] = []
        self._book = book
        self._page = 0
        self._name = ""

    def sheet(self, number: int, sheet: Sheet) -> None:
        from ingest.readers.sheet_layout import Lines, cut_to_area, pieces

        self._page, self._name = number, sheet.name
        for piece in pieces(sheet):
            if isinstance(piece, Lines):
                self._lines(piece, "note" if sheet.hidden else "paragraph")
                continue
            cut = cut_to_area(piece)
            if cut is not None:
                self._book.reasons["sheet_size"] = None
            self._table(cut or piece, "note" if sheet.hidden else "table")

    def _place(self, row: int, column: int) -> str:
        return f"{self._name}!{address(row, column)}" if self._name else address(row, column)

    def _lines(self, lines: Lines, kind: BlockKind) -> None:
        """A cell's lines are paragraphs; cells beside each other are parted by a gap."""
        first = lines.cells[0]
        texts = first.text.split("\n") if len(lines.cells) == 1 else [_beside(lines.cells)]
        for text in texts:
            span = self.builder.add(text)
            self.builder.add("\n")
            self.blocks.append(
                Block(
                    kind, span, page=self._page, centred=first.centred, bold=first.bold, size=first.size,
                    place=self._place(first.row, first.column),
                )
            )  # fmt: skip

    def _table(self, grid: Grid, kind: BlockKind) -> None:
        start = len(self.builder)
        cells: list[Cell] = []
        before = grid.row
        for at, one in enumerate(grid.cells):
            if at:
                self.builder.add("\t" if one.row == before else "\n")
            before = one.row
            span = self.builder.add(one.text)
            cells.append(Cell(one.row - grid.row, one.column - grid.column, span, one.row_span, one.column_span))
        span = Span(start, len(self.builder))
        self.builder.add("\n")
        place = self._place(grid.row, grid.column)
        self.blocks.append(Block(kind, span, page=self._page, cells=tuple(cells), place=place))


def _beside(cells: list[SheetCell]) -> str:
    """填报单位： and its value in the next cell belong together."""
    text = ""
    for one in cells:
        gap = "" if not text or text.endswith(("：", ":")) else "　　"
        text += gap + one.text.replace("\n", " ")
    return text
