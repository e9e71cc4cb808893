"""A story of a DOCX (body, header, note) as paragraphs and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_package import Relationship, W, is_on, number, value
from ingest.readers.docx_runs import ALTERNATE, Inline, RunWalker, chosen
from ingest.readers.docx_styles import Look, Styles, paragraph_look

if TYPE_CHECKING:
    from lxml import etree

MAX_SPAN = 64
"""A cell claims at most so many columns: 100,000,000 were seen in a 34 kB file."""
MAX_COLUMNS = 512


@dataclass(slots=True)
class Paragraph:
    text: str
    level: int = 0
    centred: bool = False
    bold: bool = False
    size: float | None = None
    dates: tuple[str, ...] = ()
    """What date fields print in it."""


@dataclass(slots=True)
class GridCell:
    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    dates: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    cells: list[GridCell] = field(default_factory=list)


Piece = Paragraph | Table

_BLOCK_CONTAINERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_FOREIGN = frozenset({f"{W}altChunk", f"{W}subDoc"})
_DASHED = r"[—–―－─━-]{1,3}\s*\d{1,4}\s*[—–―－─━-]{1,3}"
_PAGE_ONLY = regex.compile(rf"\s*(?:{_DASHED}|第\s*\d{{1,4}}\s*页(?:\s*[,，/]?\s*共\s*\d{{1,4}}\s*页)?)\s*")
_PAGE_SIGNS = regex.compile(r"[\s\d\-—–－·/|第页共,，PageofOF]*")


class Story:
    """Reads one part. `side` marks headers and footers, where a bare number is a page number."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        relationships: Mapping[str, Relationship],
        *,
        side: bool = False,
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._runs = RunWalker(styles, relationships)
        self._side = side
        self._held = Inline()
        self.notes: list[tuple[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.has_foreign_part = False

    @property
    def has_hidden(self) -> bool:
        return self._runs.has_hidden

    def pieces(self, root: etree._Element) -> Iterator[Piece]:
        """What a body, cell, note or text box holds."""
        yield from self._inside(root)
        if self._held.pieces:  # the last mark was deleted and nothing follows to join
            held, self._held = self._held, Inline()
            yield from self._lines(held, Look(), "")

    def _inside(self, root: etree._Element) -> Iterator[Piece]:
        for child in root:
            yield from self._one(child)

    def _one(self, element: etree._Element) -> Iterator[Piece]:
        tag = element.tag
        if tag == f"{W}p":
            yield from self._paragraph(element)
        elif tag == f"{W}tbl":
            yield from self._table(element)
        elif tag in _BLOCK_CONTAINERS:
            yield from self._inside(element)
        elif tag == ALTERNATE:
            yield from self._inside(chosen(element))
        elif tag in _FOREIGN:
            self.has_foreign_part = True

    def _paragraph(self, element: etree._Element) -> Iterator[Piece]:
        properties = element.find(f"{W}pPr")
        style = None if properties is None else value(properties.find(f"{W}pStyle"))
        look = paragraph_look(properties).over(self._styles.paragraph(style))
        inline = self._runs.walk(element, look)
        self.notes += inline.notes
        self.links += inline.links
        if _mark_is_deleted(properties):
            # The next paragraph goes on where this one's remaining text ends.
            self._held.pieces += inline.pieces
            self._held.boxes += inline.boxes
            self._held.dates += inline.dates
            return
        inline.pieces = self._held.pieces + inline.pieces
        inline.boxes = self._held.boxes + inline.boxes
        inline.dates = self._held.dates + inline.dates
        self._held = Inline()
        label = self._label(look, style)
        yield from self._lines(inline, look, label)
        if not self._side:  # there it is a watermark
            yield from (Paragraph(art.strip(), centred=True) for art in inline.arts if art.strip())
        for box in inline.boxes:
            yield from self.pieces(box)

    def _label(self, look: Look, style: str | None) -> str:
        if look.list_id in (None, "0"):
            return ""
        level = look.list_level
        carrier = self._styles.carrier(style)
        if carrier is not None and self._styles.look(carrier).list_id == look.list_id:
            tied = self._numbering.level_of_style(look.list_id or "", carrier)
            level = tied if tied is not None else level
        return self._numbering.label(look.list_id or "", level or 0)

    def _lines(self, inline: Inline, look: Look, label: str) -> Iterator[Paragraph]:
        """A paragraph, or one a line where line breaks part it."""
        text = inline.text().lstrip("\n")
        if not text.strip() or self._is_page_number(text, inline):
            return
        own = inline.look()
        level = 0 if look.outline is None or look.outline > 8 else look.outline + 1
        for line in (label + text).split("\n"):
            if line.strip():
                dates = tuple(one for one in inline.dates if one and one in line)
                yield Paragraph(line.rstrip(), level, look.align == "center", bool(own.bold), own.size, dates)

    def _is_page_number(self, text: str, inline: Inline) -> bool:
        if _PAGE_ONLY.fullmatch(text):
            return True
        return (inline.counts_pages or self._side) and _PAGE_SIGNS.fullmatch(text) is not None

    def _table(self, element: etree._Element) -> Iterator[Piece]:
        rows = [list(_cells(row)) for row in _rows(element)]
        if len(rows) == 1 and len(rows[0]) == 1:
            yield from self.pieces(rows[0][0])  # a frame around text, not a table
            return
        grid = Table()
        open_cells: dict[int, GridCell] = {}
        for at, (row, cells) in enumerate(zip(_rows(element), rows, strict=True)):
            column = _capped(number(row.find(f"{W}trPr/{W}gridBefore")), least=0)
            for cell in cells:
                if column >= MAX_COLUMNS:
                    break
                column = self._cell(cell, at, column, grid, open_cells)
        if grid.cells:
            yield grid

    def _cell(self, cell: etree._Element, row: int, column: int, grid: Table, above: dict[int, GridCell]) -> int:
        """Put one cell into the grid; returns the column after it."""
        properties = cell.find(f"{W}tcPr")
        merged = across = None
        width = 1
        if properties is not None:
            width = _capped(number(properties.find(f"{W}gridSpan")))
            merged = _merge(properties.find(f"{W}vMerge"))
            across = _merge(properties.find(f"{W}hMerge"))
        head = above.get(column)
        if merged == "continue" and head is not None and head.row + head.row_span == row:
            head.row_span += 1
            return column + width
        if across == "continue" and grid.cells and grid.cells[-1].row == row:
            grid.cells[-1].column_span += width
            return column + width
        text, dates = self._cell_text(cell)
        placed = GridCell(row, column, text, 1, width, dates)
        grid.cells.append(placed)
        above.pop(column, None)
        if merged is not None:
            above[column] = placed
        return column + width

    def _cell_text(self, cell: etree._Element) -> tuple[str, tuple[str, ...]]:
        """Paragraphs by line breaks; an inner table row by row, its cells parted by blanks. And what date fields
        print."""
        lines: list[str] = []
        dates: list[str] = []
        for piece in self.pieces(cell):
            if isinstance(piece, Paragraph):
                lines.append(piece.text.replace("\t", " ").strip())
                dates += piece.dates
                continue
            rows: dict[int, list[str]] = {}
            for one in piece.cells:
                rows.setdefault(one.row, []).append(one.text)
                dates += one.dates
            lines += [" ".join(texts).strip() for texts in rows.values()]
        return "\n".join(line for line in lines if line), tuple(dates)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """Rows in order, through content controls; deleted and hidden ones left out."""
    for child in table:
        if child.tag == f"{W}tr":
            properties = child.find(f"{W}trPr")
            if properties is None or (
                properties.find(f"{W}del") is None and not is_on(properties.find(f"{W}hidden"))
            ):
                yield child
        elif child.tag in _BLOCK_CONTAINERS:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield child
        elif child.tag in _BLOCK_CONTAINERS:
            yield from _cells(child)


def _capped(count: int | None, least: int = 1) -> int:
    return least if count is None else max(least, min(count, MAX_SPAN))


def _merge(element: etree._Element | None) -> str | None:
    """"restart", "continue" (also when no value is given) or None."""
    if element is None:
        return None
    return "restart" if value(element) == "restart" else "continue"


def _mark_is_deleted(properties: etree._Element | None) -> bool:
    if properties is None:
        return False
    mark = properties.find(f"{W}rPr")
    return mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
