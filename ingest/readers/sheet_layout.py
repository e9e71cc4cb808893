"""A sheet as people lay it out: title lines above a table, the table, notes below it.

A sheet has one grid for all of that. Rows of one text are lines of text above and below a table and group titles
inside it; what is told apart here is told by shape only, as for tables of plain text (ingest.layout.tables).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import regex

from ingest.readers.sheet_model import Sheet, SheetCell

MAX_AREA = 2_000_000
"""Places of one table, which extraction walks over."""
_DENSE = 6
"""Empty cells are listed while there are at most so many places a filled one (a blank form of 10 columns has 8 to 10
a row, besides its head); a sparse sheet is listed by its filled cells."""
_SMALL = 2_000
_LONG = 24
_LABEL = regex.compile(r"\A[^：:]{1,14}[：:]")
_BANNER = regex.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_ANNEX = regex.compile(r"附[件表图]?\s*\d{0,2}\s*[:：]?")


@dataclass(slots=True)
class Lines:
    """A row of text outside tables."""

    cells: list[SheetCell]


@dataclass(slots=True)
class Grid:
    """Cells by their places in the sheet, empty ones with them where the table is dense."""

    row: int
    column: int
    cells: list[SheetCell] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[SheetCell]
    covered: int
    """Columns that cells from above reach into."""
    gap: bool
    """Whether an empty row stands above."""

    @property
    def is_text(self) -> bool:
        if self.covered:
            return False
        return len(self.cells) == 1 or self.has_labels or self.has_annex_mark

    @property
    def has_labels(self) -> bool:
        """填报单位：… | 填报时间：, values in cells of their own or not."""
        told = False
        for one in self.cells:
            if not told and not _LABEL.match(one.text):
                return False
            told = one.text.endswith(("：", ":"))
        return True

    @property
    def has_annex_mark(self) -> bool:
        """附件1 beside the title."""
        return len(self.cells) == 2 and any(_ANNEX.fullmatch(one.text) for one in self.cells)


def pieces(sheet: Sheet) -> Iterator[Lines | Grid]:
    table: list[_Row] = []
    held: list[_Row] = []  # texts of which the next row says whether they stand in the table
    for row in _rows(sheet):
        if row.is_text:
            if table:
                held.append(row)
            else:
                yield Lines(row.cells)
            continue
        if held and _starts_anew(held):
            yield _grid(table)
            for one in held:
                yield Lines(one.cells)
            table = []
        else:
            table += held
        held = []
        table.append(row)
    cut = _notes_from(table, held)
    if table:
        yield _grid([*table, *held[:cut]])
    for one in held[cut:]:
        yield Lines(one.cells)


def _rows(sheet: Sheet) -> list[_Row]:
    rows: list[_Row] = []
    reach: list[SheetCell] = []  # merged cells that reach further down
    for cell in sheet.cells:
        if not rows or rows[-1].number != cell.row:
            reach = [one for one in reach if one.last_row >= cell.row]
            covered = sum(one.column_span for one in reach)
            gap = bool(rows) and cell.row > max(rows[-1].number, *(one.last_row for one in rows[-1].cells)) + 1
            rows.append(_Row(cell.row, [], covered, gap and not covered))
        rows[-1].cells.append(cell)
        if cell.row_span > 1:
            reach.append(cell)
    return rows


def _starts_anew(held: Sequence[_Row]) -> bool:
    """Texts behind an empty row, with an annex mark or labels, or two and more are the head of a further table, unless
    they are numbered as groups of this one."""
    texts = [row.cells[0].text for row in held]
    if any(_BANNER.match(text) for text in texts):
        return False
    marked = any(row.has_labels or _ANNEX.fullmatch(text) for row, text in zip(held, texts, strict=True))
    return held[0].gap or marked or len(held) > 1


def _notes_from(table: Sequence[_Row], held: Sequence[_Row]) -> int:
    """Which of the last texts are notes: 合计 and the numbers of a blank form still are rows."""
    columns = [one.column for row in table for one in row.cells]
    width = max(columns, default=0) - min(columns, default=0) + 1
    for at, row in enumerate(held):
        first = row.cells[0]
        wide = first.column_span > 1 and 2 * first.column_span >= width
        told = len(first.text) >= _LONG or "。" in first.text or row.has_labels
        if row.gap or wide or told:
            return at
    return len(held)


def _grid(rows: Sequence[_Row]) -> Grid:
    cells = [one for row in rows for one in row.cells]
    top, left = rows[0].number, min(one.column for one in cells)
    right = max(one.last_column for one in cells)
    height, width = rows[-1].number - top + 1, right - left + 1
    area = height * width
    if area <= _SMALL or area <= _DENSE * len(cells):
        cells = _with_empty(rows, cells, left, right)
    return Grid(top, left, cells)


def _with_empty(rows: Sequence[_Row], cells: Sequence[SheetCell], left: int, right: int) -> list[SheetCell]:
    taken: dict[int, set[int]] = {}
    for one in cells:
        for number in range(one.row, one.last_row + 1):
            taken.setdefault(number, set()).update(range(one.column, one.last_column + 1))
    out: list[SheetCell] = []
    for row in rows:
        held = taken.get(row.number, set())
        empty = [SheetCell(row.number, column, "") for column in range(left, right + 1) if column not in held]
        out += sorted([*row.cells, *empty], key=lambda one: one.column)
    return out


def cut_to_area(grid: Grid) -> Grid | None:
    """The table down to where it has MAX_AREA places; None when all of it stands."""
    width = max(one.last_column for one in grid.cells) - grid.column + 1
    last = grid.row + max(1, MAX_AREA // width)
    if max(one.last_row for one in grid.cells) < last:
        return None
    kept = [one for one in grid.cells if one.row < last]
    for one in kept:
        one.row_span = min(one.row_span, last - one.row)
    return Grid(grid.row, grid.column, kept)
