"""Tables of a draft: ruled, head repeated on each page, small type; wide ones on pages turned sideways."""

from __future__ import annotations

from docx.document import Document as WordFile
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from draft.gb9704.marks import write_piece
from draft.gb9704.measures import FANGSONG, HEITI, SIZES, TYPE_AREA_MM
from draft.gb9704.word import element, set_widths, shape
from draft.model import Item, TableCell

WIDE = 5
"""Columns from which a table is printed on landscape pages."""
_LINE = 360


def columns_of(item: Item) -> int:
    return max((sum(cell.column_span for cell in row) for row in item.rows), default=0)


def write_table(word: WordFile, item: Item, *, landscape: bool) -> None:
    columns = columns_of(item)
    placed = _placed(item, columns)
    table = word.add_table(rows=len(item.rows), cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    size = SIZES["小四"] if columns <= 6 else SIZES["五号"]
    widths = _widths(placed, columns, TYPE_AREA_MM[1] if landscape else TYPE_AREA_MM[0])
    for row, column, cell in placed:
        bottom = min(len(item.rows), row + cell.row_span) - 1
        right = min(columns, column + cell.column_span) - 1
        box = table.cell(row, column)
        if (bottom, right) != (row, column):
            box = box.merge(table.cell(bottom, right))
        box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        centred = cell.is_head or len(cell.text) <= 6
        align = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        line = shape(box.paragraphs[0], align=align, line_twips=_LINE, size=size)
        for extra in box.paragraphs[1:]:
            extra._element.getparent().remove(extra._element)
        for piece in cell.pieces:
            write_piece(word, line, piece, HEITI if cell.is_head else FANGSONG, size)
    for row_at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if row_at == 0:
            properties.append(element("w:tblHeader"))
    set_widths(table, widths)


def _placed(item: Item, columns: int) -> list[tuple[int, int, TableCell]]:
    """(row, column, cell): cells lie in the first free column of their row, as merged ones leave it."""
    taken: set[tuple[int, int]] = set()
    found = []
    for at, row in enumerate(item.rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            if column >= columns:
                break
            found.append((at, column, cell))
            taken |= {(at + down, column + over) for down in range(cell.row_span) for over in range(cell.column_span)}
    return found


def _widths(placed: list[tuple[int, int, TableCell]], columns: int, whole: float) -> list[float]:
    """Millimetres by how much stands in each column, none narrower than a third of its even share."""
    weight = [1.0] * columns
    for _, column, cell in placed:
        if cell.column_span == 1:
            weight[column] = max(weight[column], min(120.0, len(cell.text)) ** 0.7)
    even = whole / columns
    shares = [max(even / 3, whole * one / sum(weight)) for one in weight]
    return [whole * one / sum(shares) for one in shares]
