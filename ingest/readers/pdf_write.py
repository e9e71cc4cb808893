"""Laid out pages to a Document: text, blocks, one run a printed line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gongwen.boxes import is_spread
from gongwen.document import Block, Box, Cell, Document, PageSize, Run, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.layout.shapes import begins_anew
from ingest.readers.pdf_damage import damage
from ingest.readers.pdf_flow import Paragraph, flow, glue, needed, take_margins
from ingest.readers.pdf_model import Grid, GridCell, Line, Page, RawPage, Sheet
from ingest.readers.pdf_page import lay_page
from ingest.readers.pdf_scan import MAX_SCANS, is_scan, what_is_wrong
from ingest.source import OcrWanted, Source

_NEAR = 0.2
"""Ems by which the usual widths of characters may miss: no more than the white around a Han character."""

Look = Callable[[Sequence[int]], Iterable[tuple[RawPage, int]]]
"""Reads the pages of these numbers by OCR; with each, how many of its lines were found and not read."""


def write(
    raw_pages: Iterable[RawPage], source: Source, reader: str, look: Look | None = None, *, is_whole: bool | None = None
) -> Document:
    """SourceError `no_text_needs_ocr` when there are only pictures, or the text is not what is printed; `no_text` when
    nothing is drawn at all, `parse_error` when the file is damaged too. With `look`, pages that are pictures of text
    are read by OCR, or OcrWanted says that there are some. `is_whole`: whether all of the file was there; None for a
    PDF, which is looked at here."""
    writer = _Writer()
    pages: list[Page] = []
    unmapped: list[int] = []
    scans: list[tuple[bool, int]] = []
    for raw in raw_pages:
        if look is not None and source.ocr != "none" and is_scan(raw):
            if source.ocr == "later":
                raise OcrWanted(f"page {raw.number}")
            # Where there are too many, those with a text layer of another program can spare OCR the best.
            scans.append((raw.covered, raw.number))
        unmapped.append(raw.unmapped)
        pages.append(lay_page(raw))
    if look is not None and scans:
        for raw, unread in look(sorted(number for _, number in sorted(scans)[:MAX_SCANS])):
            pages[raw.number - 1] = lay_page(raw)
            unmapped[raw.number - 1] = 0
            writer.note_ocr(unread)
        if len(scans) > MAX_SCANS:
            writer.reasons.append("ocr_pages")
    if is_whole is None:
        is_whole = source.media_type != "application/pdf" or not damage(source.data)
    _check_text(pages, sum(unmapped), is_whole)
    take_margins(pages)
    if not is_whole:
        writer.reasons.append("partly_damaged")
    if any(unmapped):
        writer.note_unmapped()
    return writer.document(pages, source, reader)


def _check_text(pages: Sequence[Page], unmapped: int, is_whole: bool) -> None:
    text = "".join(line.text for page in pages for line in _lines(page))
    signs = "".join(text.split())
    if not signs or all(page.blank for page in pages):
        is_unread = any(page.pictured for page in pages) and not any(page.sheet for page in pages)
        code = "no_text_needs_ocr" if is_unread else "no_text" if is_whole else "parse_error"
        raise SourceError(code, f"{len(pages)} pages without text")
    if wrong := what_is_wrong(text, unmapped):
        raise SourceError("no_text_needs_ocr", wrong)


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
        self._sheets: dict[int, Sheet] = {}
        self._warnings: list[str] = []
        self.reasons: list[str] = []

    def note_ocr(self, unread: int) -> None:
        """A page was read by OCR."""
        self._warnings.append("ocr_text")
        if unread:
            self._warnings.append("ocr_unread")

    def note_unmapped(self) -> None:
        """Fonts do not say what some of their signs are."""
        self._warnings.append("lost_characters")

    def document(self, pages: Sequence[Page], source: Source, reader: str) -> Document:
        self._sheets = {page.number: page.sheet for page in pages if page.sheet is not None}
        for piece in flow(pages):
            if isinstance(piece, Paragraph):
                self._paragraph(piece)
            else:
                self._table(piece)
        for page in pages:
            for line in page.margin:
                self._margin(line, page)
        reasons = self.reasons
        # A page with nothing at all on it lacks nothing; one with a picture may be a scan.
        if any(page.blank and page.pictured for page in pages):
            reasons.append("empty_page")
        return Document(
            source.sha256, self._builder.text(), tuple(self._blocks), reader, source.media_type,
            runs=tuple(self._runs),
            pages=tuple(_page_size(page) for page in pages),
            complete=not reasons, reasons=tuple(reasons), warnings=tuple(dict.fromkeys(self._warnings)),
        )  # fmt: skip

    def _line(self, line: Line, before: str = "") -> Span:
        if before:
            self._builder.add(before)
        span = self._builder.add(line.text)
        self._runs.append(self._run(span, line))
        return span

    def _run(self, span: Span, line: Line) -> Run:
        """With the line's place on the page as it is shown."""
        place = (line.x0, line.top, line.x1, line.bottom)
        sheet = self._sheets.get(line.page)
        if sheet is None:
            is_told = line.height > line.x1 - line.x0 or is_spread(line.text, line.edges, _NEAR * line.size)
            return Run(span, Box(line.page, *place), line.score, () if is_told else line.edges, line.weak)
        middle = (line.top + line.bottom) / 2
        axis = 0 if sheet.is_across else 1
        edges = tuple(sheet.shown(x, middle, x, middle)[axis] for x in line.edges)
        return Run(span, Box(line.page, *sheet.shown(*place)), line.score, edges, line.weak)

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


def _page_size(page: Page) -> PageSize:
    if page.sheet is None:
        return PageSize(page.number, round(page.width, 2), round(page.height, 2))
    return PageSize(page.number, round(page.sheet.width, 2), round(page.sheet.height, 2), page.sheet.angle)


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
