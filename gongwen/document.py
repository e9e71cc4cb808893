"""Document: one immutable text with blocks, pages and boxes. Readers make it, extraction points into it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gongwen.addresses import shifted
from gongwen.boxes import Place, Quad, quad, shares
from gongwen.text import Span

BlockKind = Literal["paragraph", "table", "meta", "header", "footer", "note", "picture"]

FLOW: frozenset[str] = frozenset({"paragraph", "table"})
"""Kinds that belong to the running text; the others stand beside it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page: page number from 1, points from the top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """A printed line (or part of one) and where it stands. Runs are in text order and do not overlap.

    `edges`: where each character begins and the last one ends, counted across the page, or down it where lines run
    up or down (PageSize.angle); empty where the usual widths of characters tell them. Of lines read by OCR: `score` is
    the recogniser's own trust from 0 to 1, `weak` the characters it was not sure of, as offsets in the line."""

    span: Span
    box: Box
    score: float | None = None
    edges: tuple[float, ...] = ()
    weak: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: row and column from 0; a merged cell stands once, at its top left, with its spans."""

    row: int
    column: int
    span: Span
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table or something beside the running text. Hints (level, centred, size) say what the
    format says: `level` is an outline level from 1 (0: none), `size` is in points. `page` is where it begins."""

    kind: BlockKind
    span: Span
    page: int | None = None
    level: int = 0
    centred: bool = False
    bold: bool = False
    size: float | None = None
    cells: tuple[Cell, ...] = ()
    key: str | None = None
    """For kind meta: the label of the pair (发文字号, ArticleTitle); the span is its value in the text."""
    gap: int = 0
    """Blank lines before it in the source; 0 also where the format does not tell."""
    place: str | None = None
    """Where a sheet holds it: 分工表!A3, of a table its top left cell. Rows and columns of `cells` count from there."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """`angle`: degrees, clockwise, by which the lines of a scan run askew on the page as it is shown."""

    number: int
    width: float
    height: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader yields. `text` never changes afterwards.

    `origin` maps back to the decoded source where layout repaired lines: triples (text offset, source offset,
    length), in order; empty where the format has no plain source text. `complete` is false when a page, a part or
    the rest was not read; `reasons` then says why (codes of gongwen.errors.REASONS). `warnings` are codes of
    things seen but harmless. `links` are (text, target) pairs, listed and never fetched. `doubts` are (code, span)
    pairs: what stands there is not to be relied on.
    """

    sha256: str
    text: str
    blocks: tuple[Block, ...]
    reader: str
    media_type: str
    runs: tuple[Run, ...] = ()
    pages: tuple[PageSize, ...] = ()
    origin: tuple[tuple[int, int, int], ...] = ()
    complete: bool = True
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, Span], ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _paged: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _placed: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _angles: Mapping[int, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(run.span.start for run in self.runs))
        paged = sorted((block.span.start, block.page) for block in self.blocks if block.page is not None)
        object.__setattr__(self, "_paged", tuple(paged))
        placed = sorted((block.span.start, at) for at, block in enumerate(self.blocks) if block.place is not None)
        object.__setattr__(self, "_placed", tuple(placed))
        object.__setattr__(self, "_angles", {page.number: page.angle for page in self.pages if page.angle})

    def flow(self) -> tuple[Block, ...]:
        """The blocks of the running text, without headers, footers, page metadata."""
        return tuple(block for block in self.blocks if block.kind in FLOW)

    def boxes(self, span: Span) -> tuple[Box, ...]:
        """Where a span is printed: one box a line; a part of a line is cut out by the edges of its characters, or in
        proportion to their widths."""
        return tuple(Box(one.page, *one.bounds) for one in self.quads(span))

    def quads(self, span: Span) -> tuple[Quad, ...]:
        """As `boxes`, each turned as its line is."""
        found: list[Quad] = []
        at = max(0, bisect_right(self._starts, span.start) - 1)
        while at < len(self.runs) and self.runs[at].span.start < span.end:
            run = self.runs[at]
            if run.span.overlaps(span):
                found.append(self._quad(run, max(span.start, run.span.start), min(span.end, run.span.end)))
            at += 1
        return tuple(found)

    def _quad(self, run: Run, start: int, end: int) -> Quad:
        box, angle = run.box, self._angles.get(run.box.page, 0.0)
        place = Place(box.x0, box.top, box.x1, box.bottom, angle)
        if not angle and _runs_down(run):
            return quad(box.page, place, 0.0, 1.0)
        if run.edges and not angle:
            left, right = run.edges[start - run.span.start], run.edges[end - run.span.start]
            return quad(box.page, Place(left, box.top, right, box.bottom), 0.0, 1.0)
        text = run.span.of(self.text)
        return quad(box.page, place, *shares(text, run.edges, start - run.span.start, end - run.span.start))

    def doubtful(self, span: Span, least: float) -> bool:
        """Whether a part of the span is on a line that OCR trusts less than that, or holds a weak character."""
        at = max(0, bisect_right(self._starts, span.start) - 1)
        for run in self.runs[at:]:
            if run.span.start >= span.end:
                return False
            if run.score is None or not run.span.overlaps(span):
                continue
            if run.score < least or any(span.start <= run.span.start + at < span.end for at in run.weak):
                return True
        return False

    def page_of(self, span: Span) -> int | None:
        boxes = self.boxes(span)
        if boxes:
            return boxes[0].page
        at = bisect_right(self._paged, (span.start, 1 << 30))
        return self._paged[at - 1][1] if at else None

    def cell_of(self, span: Span) -> str | None:
        """The sheet's cell that a span begins in (分工表!C7); None outside sheets."""
        at = bisect_right(self._placed, (span.start, 1 << 60)) - 1
        if at < 0:
            return None
        block = self.blocks[self._placed[at][1]]
        if block.place is None or span.start > block.span.end:
            return None
        held = bisect_right(block.cells, span.start, key=lambda cell: cell.span.start) - 1
        if held < 0:
            return block.place
        return shifted(block.place, block.cells[held].row, block.cells[held].column)

    def to_json(self) -> dict[str, Any]:
        return {
            "sha256": self.sha256,
            "media_type": self.media_type,
            "reader": self.reader,
            "complete": self.complete,
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "links": [list(pair) for pair in self.links],
            "doubts": [[code, span.start, span.end] for code, span in self.doubts],
            "text": self.text,
            "blocks": [_block_json(block) for block in self.blocks],
            "runs": [_run_json(run) for run in self.runs],
            "pages": [_page_json(page) for page in self.pages],
            "origin": [list(piece) for piece in self.origin],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """Inverse of to_json; raises ValueError when a span leaves the text (a child process is not trusted)."""
        text = str(data["text"])
        document = cls(
            sha256=str(data["sha256"]),
            text=text,
            blocks=tuple(_block(one) for one in data["blocks"]),
            reader=str(data["reader"]),
            media_type=str(data["media_type"]),
            runs=tuple(_run(*one) for one in data["runs"]),
            pages=tuple(PageSize(int(number), *map(float, rest)) for number, *rest in data["pages"]),
            origin=tuple((int(a), int(b), int(c)) for a, b, c in data["origin"]),
            complete=bool(data["complete"]),
            reasons=tuple(str(one) for one in data["reasons"]),
            warnings=tuple(str(one) for one in data["warnings"]),
            links=tuple((str(a), str(b)) for a, b in data["links"]),
            doubts=tuple((str(code), Span(int(start), int(end))) for code, start, end in data.get("doubts", ())),
        )
        _check_spans(text, document)
        return document


def _check_spans(text: str, document: Document) -> None:
    spans = [block.span for block in document.blocks]
    spans += [cell.span for block in document.blocks for cell in block.cells]
    spans += [run.span for run in document.runs]
    spans += [span for _, span in document.doubts]
    if any(span.end > len(text) for span in spans):
        raise ValueError("a span leaves the text")
    if any(run.edges and len(run.edges) != len(run.span) + 1 for run in document.runs):
        raise ValueError("edges do not fit their line")


def _runs_down(run: Run) -> bool:
    """A line that runs up or down a page whose other lines are level: nobody says which way, so its parts have no
    place of their own."""
    return not run.edges and len(run.span) >= _FEW and run.box.bottom - run.box.top > 2 * (run.box.x1 - run.box.x0)


_FEW = 4
"""Characters of a line that is told from a tall sign by its shape."""


def _page_json(page: PageSize) -> list[Any]:
    return [page.number, page.width, page.height, *([page.angle] if page.angle else [])]


def _run_json(run: Run) -> list[Any]:
    """Seven numbers; after them, where there are any, the score, the edges and the weak characters."""
    box = run.box
    out: list[Any] = [run.span.start, run.span.end, box.page]
    out += [round(v, 2) for v in (box.x0, box.top, box.x1, box.bottom)]
    if run.score is not None or run.edges:
        score = None if run.score is None else round(run.score, 3)
        out += [score, [round(edge, 1) for edge in run.edges], list(run.weak)]
    return out


def _run(
    start: Any, end: Any, page: Any, x0: Any, top: Any, x1: Any, bottom: Any, score: Any = None, edges: Any = (),
    weak: Any = (),
) -> Run:  # fmt: skip
    box = Box(int(page), float(x0), float(top), float(x1), float(bottom))
    found = tuple(float(edge) for edge in edges)
    offsets = tuple(int(at) for at in weak)
    return Run(Span(int(start), int(end)), box, None if score is None else float(score), found, offsets)


def _block_json(block: Block) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": block.kind, "span": [block.span.start, block.span.end]}
    for name in ("page", "level", "centred", "bold", "size", "key", "gap", "place"):
        value = getattr(block, name)
        if value not in (None, 0, False):
            out[name] = value
    if block.cells:
        out["cells"] = [[c.row, c.column, c.span.start, c.span.end, c.row_span, c.column_span] for c in block.cells]
    return out


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        kind=data["kind"],
        span=Span(*data["span"]),
        page=data.get("page"),
        level=int(data.get("level", 0)),
        centred=bool(data.get("centred", False)),
        bold=bool(data.get("bold", False)),
        size=data.get("size"),
        cells=tuple(Cell(r, c, Span(s, e), rs, cs) for r, c, s, e, rs, cs in data.get("cells", ())),
        key=data.get("key"),
        gap=int(data.get("gap", 0)),
        place=data.get("place"),
    )


class TextBuilder:
    """Puts a Document's text together piece by piece: blocks end with a line break, table cells are parted by
    tabs, rows by line breaks. `add` returns the span of what was added; `origin` keeps the way back to the source."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.origin: list[tuple[int, int, int]] = []

    def __len__(self) -> int:
        return self._length

    def add(self, text: str, source: int | None = None) -> Span:
        """Append text; `source` is its offset in the decoded source when it stands there unchanged."""
        span = Span(self._length, self._length + len(text))
        if source is not None and text:
            last = self.origin[-1] if self.origin else None
            if last and last[0] + last[2] == span.start and last[1] + last[2] == source:
                self.origin[-1] = (last[0], last[1], last[2] + len(text))
            else:
                self.origin.append((span.start, source, len(text)))
        self._pieces.append(text)
        self._length = span.end
        return span

    def text(self) -> str:
        return "".join(self._pieces)


def rows(block: Block) -> list[list[Cell]]:
    """Cells of a table by printed row, columns in order; merged cells stand in their first row only."""
    found: dict[int, list[Cell]] = {}
    for cell in block.cells:
        found.setdefault(cell.row, []).append(cell)
    return [sorted(found[row], key=lambda cell: cell.column) for row in sorted(found)]


def grid(block: Block) -> list[list[Cell | None]]:
    """The table as a full grid: a merged cell is repeated in every place it covers; holes are None."""
    height = max((cell.row + cell.row_span for cell in block.cells), default=0)
    width = max((cell.column + cell.column_span for cell in block.cells), default=0)
    out: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in block.cells:
        for row in range(cell.row, min(height, cell.row + cell.row_span)):
            for column in range(cell.column, min(width, cell.column + cell.column_span)):
                out[row][column] = cell
    return out
