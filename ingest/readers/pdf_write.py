"""Laid out pages to a Document: text, blocks, one run a printed line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from gongwen.document import Block, Box, Cell, Document, PageSize, Run, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.layout.shapes import begins_anew
from ingest.readers.pdf_flow import Paragraph, flow, glue, needed, take_margins
from ingest.readers.pdf_model import Grid, GridCell, Line, Page, RawPage
from ingest.readers.pdf_page import lay_page
from ingest.source import Source

_READABLE = regex.compile(
    r"[\p{Han}\u3000-\u303f\uff00-\uffef\x21-\x7e\u2010-\u2027\u2030-\u203b\u2e80-\u2fdf①-⒛㈠-㈩·°±×÷■-◿★☆]"
)
_HAN = regex.compile(r"\p{Han}")
_TAIL = 64 * 1024
_BAD_SHARE = 0.3
_FEW_LETTERS = 0.5


def write(raw_pages: Iterable[RawPage], source: Source, reader: str) -> Document:
    """SourceError `no_text_needs_ocr` when no page has text, or the text is not what is printed."""
    pages: list[Page] = []
    unmapped = 0
    for raw in raw_pages:
        unmapped += raw.unmapped
        pages.append(lay_page(raw))
    _check_text(pages, unmapped)
    take_margins(pages)
    return _Writer().document(pages, source, reader)


def _check_text(pages: Sequence[Page], unmapped: int) -> None:
    text = "".join(line.text for page in pages for line in _lines(page))
    signs = "".join(text.split())
    if not signs or all(page.blank for page in pages):
        code = "no_text_needs_ocr" if any(page.pictured for page in pages) or pages else "no_text"
        raise SourceError(code, f"{len(pages)} pages without text")
    if unmapped > _BAD_SHARE * len(signs) or text.count("(cid:") * 8 > _BAD_SHARE * len(signs):
        raise SourceError("no_text_needs_ocr", "the fonts do not say which characters they show")
    if len(_READABLE.findall(signs)) < (1 - _BAD_SHARE) * len(signs):
        raise SourceError("no_text_needs_ocr", "most of the text layer is not readable")
    # ASCII noise: a text layer without Han characters whose signs are mostly not letters or digits.
    letters = sum(char.isalnum() for char in signs)
    if len(signs) >= 100 and not _HAN.search(signs) and letters < _FEW_LETTERS * len(signs):
        raise SourceError("no_text_needs_ocr", "the text layer is noise")


def _lines(page: Page) -> Iterable[Line]:
    for piece in page.pieces:
        if isinstance(piece, Line):
            yield piece
        else:
            for cell in piece.cells:
                yield from cell.lines
    yield from page.margin


class _Writer:
    def __init__(self) -> None:
        self._builder = TextBuilder()
        self._blocks: list[Block] = []
        self._runs: list[Run] = []

    def document(self, pages: Sequence[Page], source: Source, reader: str) -> Document:
        for piece in flow(pages):
            if isinstance(piece, Paragraph):
                self._paragraph(piece)
            else:
                self._table(piece)
        for page in pages:
            for line in page.margin:
                self._margin(line, page)
        reasons: list[str] = []
        # A page with nothing at all on it lacks nothing; one with a picture may be a scan.
        if any(page.blank and page.pictured for page in pages):
            reasons.append("empty_page")
        # Readers rebuild a file that was cut off from what is left of it, without a word.
        if source.media_type == "application/pdf" and b"%%EOF" not in source.data[-_TAIL:]:
            reasons.append("parse_error")
        return Document(
            source.sha256, self._builder.text(), tuple(self._blocks), reader, source.media_type,
            runs=tuple(self._runs),
            pages=tuple(PageSize(one.number, round(one.width, 2), round(one.height, 2)) for one in pages),
            complete=not reasons, reasons=tuple(reasons),
        )  # fmt: skip

    def _line(self, line: Line, before: str = "") -> Span:
        if before:
            self._builder.add(before)
        span = self._builder.add(line.text)
        self._runs.append(Run(span, Box(line.page, line.x0, line.top, line.x1, line.bottom)))
        return span

    def _paragraph(self, paragraph: Paragraph) -> None:
        start = len(self._builder)
        last = ""
        for line in paragraph.lines:
            self._line(line, glue(last, line.text))
            last = line.text
        first = paragraph.lines[0]
        span = Span(start, len(self._builder))
        self._blocks.append(
            Block("paragraph", span, page=first.page, centred=paragraph.centred, bold=first.bold, size=first.size)
        )
        self._builder.add("\n")

    def _margin(self, line: Line, page: Page) -> None:
        span = self._line(line)
        is_head = line.bottom < page.height / 2
        self._blocks.append(Block("header" if is_head else "footer", span, page=page.number, size=line.size))
        self._builder.add("\n")

    def _table(self, grid: Grid) -> None:
        start = len(self._builder)
        padding = _padding(grid)
        cells: list[Cell] = []
        last: int | None = None
        for cell in sorted(grid.cells, key=lambda one: (one.row, one.column)):
            if last is not None:
                self._builder.add("\t" if cell.row == last else "\n")
            last = cell.row
            begun = len(self._builder)
            self._cell(cell, padding)
            span = Span(begun, len(self._builder))
            cells.append(Cell(cell.row, cell.column, span, cell.row_span, cell.column_span))
        self._blocks.append(Block("table", Span(start, len(self._builder)), page=grid.page, cells=tuple(cells)))
        self._builder.add("\n")

    def _cell(self, cell: GridCell, padding: float) -> None:
        before: tuple[Line, GridCell] | None = None
        for part in (cell, *cell.extra):
            for line in part.lines:
                between = "" if before is None else _between(before[0], line, before[1], padding)
                self._line(line, between)
                before = (line, part)


def _padding(grid: Grid) -> float:
    """The room between a cell's side and its text, as most cells have it."""
    found = sorted(line.x0 - cell.x0 for cell in grid.cells for line in cell.lines)
    return max(0.0, min(found[len(found) // 4], 12.0)) if found else 5.4


def _between(last: Line, line: Line, cell: GridCell, padding: float) -> str:
    """Nothing where the line before was full and its sentence goes on, else a line break."""
    em = max(last.size, 6.0)
    if last.text.endswith(("、", "，")):
        return ""
    if begins_anew(line.text) and last.text.endswith(("。", "；", ";", "：", "！", "）")):
        return "\n"
    if cell.x1 - padding - last.x1 > (1.3 + needed(line.text)) * em:
        return "\n"
    return glue(last.text, line.text)
