"""A workbook between its format and the Document: filled cells with what they print, and what one file may hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.safety import clean_text

MAX_CELLS = 60_000
MAX_CHARACTERS = 1_500_000
"""Of one file: 5,000 rows of 12. More would not pass extraction in its time, nor the answer its 16 MB."""
MAX_COLUMNS = 256
MAX_ROWS = 100_000
"""Places further out are not read: one cell at XFD1048576 would make a grid of 17 milliards."""
MAX_SHEETS = 200

Ranges = dict[tuple[int, int], tuple[int, int]]
"""Merged ranges: last place by first."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell prints: number format, alignment, font."""

    code: str = "General"
    centred: bool = False
    bold: bool = False
    size: float | None = None


PLAIN = Style()


@dataclass(slots=True)
class SheetCell:
    """Row and column from 0. Only cells with text are held."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    centred: bool = False
    bold: bool = False
    size: float | None = None

    @property
    def last_row(self) -> int:
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        return self.column + self.column_span - 1


@dataclass(slots=True)
class Sheet:
    """`cells` in order of rows and columns."""

    name: str
    hidden: bool = False
    cells: list[SheetCell] = field(default_factory=list)

    def merge(self, ranges: Ranges) -> bool:
        """Spread cells over merged ranges (first to last place), no further than the sheet is filled. What stands
        under a merged cell is not printed and goes; True when there was such. Ranges that overlap are not ranges."""
        bottom = max((one.row for one in self.cells), default=0)
        right = max((one.column for one in self.cells), default=0)
        taken: dict[int, int] = {}  # by column, the last row that a cell from above or the left reaches to
        kept: list[SheetCell] = []
        for one in self.cells:
            if taken.get(one.column, -1) >= one.row:
                continue
            kept.append(one)
            last = ranges.get((one.row, one.column))
            if last is None:
                continue
            across = range(one.column, max(one.column, min(last[1], right)) + 1)
            if all(taken.get(column, -1) < one.row for column in across):
                one.row_span = max(1, min(last[0], bottom) - one.row + 1)
                one.column_span = len(across)
                taken |= dict.fromkeys(across, one.last_row)
        covered = len(kept) < len(self.cells)
        self.cells = kept
        return covered


class Book:
    """Sheets as they are read, within the limits; `reasons` and `warnings` are codes of gongwen.errors."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.reasons: dict[str, None] = {}
        self.warnings: dict[str, None] = {}
        self._cells = MAX_CELLS
        self._characters = MAX_CHARACTERS

    @property
    def is_full(self) -> bool:
        return self._cells <= 0 or self._characters <= 0

    def merge(self, sheet: Sheet, ranges: Ranges) -> None:
        if sheet.merge(ranges):
            self.warnings["hidden_cells"] = None

    def open(self, name: str, *, hidden: bool) -> Sheet | None:
        """The next sheet; None when there are too many."""
        if len(self.sheets) >= MAX_SHEETS or self.is_full:
            self.reasons["sheet_size"] = None
            return None
        self.sheets.append(Sheet(clean_text(name).strip()[:64], hidden))
        if hidden:
            self.warnings["hidden_cells"] = None
        return self.sheets[-1]

    def put(self, sheet: Sheet, cell: SheetCell) -> bool:
        """False when the file's allowance is used up; a cell without text or out of range is left out."""
        cell.text = tidy(cell.text)
        if not cell.text:
            return True
        if cell.row >= MAX_ROWS or cell.column >= MAX_COLUMNS:
            self.reasons["sheet_size"] = None
            return cell.row < MAX_ROWS
        self._cells -= 1
        self._characters -= len(cell.text)
        if self.is_full:
            self.reasons["sheet_size"] = None
            return False
        sheet.cells.append(cell)
        return True


def tidy(text: str) -> str:
    """Lines of a cell without the white space around them; no tabs, which part cells."""
    if text.isalnum():
        return text
    if not text or text.isspace():
        return ""
    lines = (line.strip() for line in clean_text(text).replace("\t", " ").split("\n"))
    return "\n".join(line for line in lines if line)
