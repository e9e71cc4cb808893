"""A document's text cut at every evidence boundary, so that a value and its place can point at each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gongwen.document import FLOW, Block, Cell, Document, rows
from gongwen.record import Record
from gongwen.text import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text from which the same values were read; `anchor` is set where a link may lead to."""

    text: str
    paths: tuple[str, ...] = ()
    anchor: str = ""

    @property
    def doubtful(self) -> bool:
        return any(path.startswith("issues/") for path in self.paths)


@dataclass(frozen=True, slots=True)
class MarkedCell:
    pieces: tuple[Piece, ...]
    row_span: int
    column_span: int
    head: bool


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """`page` is given only where a new page begins, with the name of the sheet where pages are sheets; `anchor` is
    where the outline leads."""

    kind: str
    anchor: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[MarkedCell, ...], ...] = ()
    level: int = 0
    centred: bool = False
    bold: bool = False
    key: str = ""
    page: int | None = None
    sheet: str = ""
    page_anchor: str = ""
    """Where a link to the page leads: its first block."""
    left: int = 0
    """Rows of a table that the page leaves out (web.long)."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """`flow` is the running text; `meta` pairs of a web page; `beside` headers, footers, notes and pictures.
    `places` says which anchor shows a path first."""

    flow: tuple[MarkedBlock, ...]
    meta: tuple[MarkedBlock, ...]
    beside: tuple[MarkedBlock, ...]
    places: Mapping[str, str]
    left: int = 0
    """Blocks that the page leaves out (web.long)."""


@dataclass(slots=True)
class _Marks:
    """Elementary spans in text order with the paths that hold over each, and the anchors given so far."""

    text: str
    starts: list[int]
    ends: list[int]
    paths: list[tuple[str, ...]]
    places: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def pieces(self, span: Span) -> tuple[Piece, ...]:
        out: list[Piece] = []
        at = span.start
        which = max(0, bisect_right(self.starts, at) - 1)
        while at < span.end and which < len(self.starts):
            start, end = max(self.starts[which], at), min(self.ends[which], span.end)
            if start >= span.end:
                break
            if end > start:
                if start > at:
                    out.append(Piece(self.text[at:start]))
                out.append(self._piece(start, end, self.paths[which]))
                at = end
            which += 1
        if at < span.end:
            out.append(Piece(self.text[at : span.end]))
        return tuple(out)

    def _piece(self, start: int, end: int, paths: tuple[str, ...]) -> Piece:
        self.count += 1
        anchor = f"e-{self.count}"
        for path in paths:
            self.places.setdefault(path, anchor)
        return Piece(self.text[start:end], paths, anchor)


def mark_text(document: Document, record: Record, text: str) -> MarkedText:
    """The record's own part of the document (all of it when the part is not known), with what evidence lies outside.
    `text` is the document's text or a masked one of the same length."""
    if len(text) != len(document.text):
        raise ValueError("a masked text must be as long as the text")
    spans = [(one.start, one.end, path) for path, found in record.evidence.items() for one in found]
    spans += [(one.span.start, one.span.end, f"issues/{at}") for at, one in enumerate(record.issues) if one.span]
    marks = _marks(text, spans)
    part = part_of(record, document)
    shown = [block for block in document.blocks if block.span.overlaps(part) or _holds_any(block, marks)]
    flow = tuple(_blocks([block for block in shown if block.kind in FLOW], marks))
    meta = tuple(_blocks([block for block in shown if block.kind == "meta"], marks))
    beside = tuple(_blocks([block for block in shown if block.kind not in FLOW and block.kind != "meta"], marks))
    return MarkedText(flow, meta, beside, marks.places)


def block_anchor(document: Document, offset: int) -> str:
    """The anchor of the block that stands at an offset; '' when none does."""
    for block in document.blocks:
        if block.span.start <= offset < block.span.end:
            return f"b-{block.span.start}"
    return ""


def _marks(text: str, spans: Iterable[tuple[int, int, str]]) -> _Marks:
    """Sweep over all boundaries once; spans may nest and cross."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for start, end, path in spans:
        if 0 <= start < end <= len(text):
            opens.setdefault(start, []).append(path)
            closes.setdefault(end, []).append(path)
    marks = _Marks(text, [], [], [])
    live: dict[str, int] = {}
    before = 0
    for at in sorted({*opens, *closes}):
        if live:
            marks.starts.append(before)
            marks.ends.append(at)
            marks.paths.append(tuple(sorted(live)))
        for path in closes.get(at, ()):
            live[path] -= 1
            if not live[path]:
                del live[path]
        for path in opens.get(at, ()):
            live[path] = live.get(path, 0) + 1
        before = at
    return marks


def part_of(record: Record, document: Document) -> Span:
    part = record["part"]
    if isinstance(part, dict) and "start" in part and "end" in part:
        return Span(int(part["start"]), int(part["end"]))
    return Span(0, len(document.text))


def _holds_any(block: Block, marks: _Marks) -> bool:
    which = bisect_right(marks.starts, block.span.end - 1) - 1
    return which >= 0 and marks.ends[which] > block.span.start and block.span.start < block.span.end


def _blocks(found: list[Block], marks: _Marks) -> Iterable[MarkedBlock]:
    page: int | None = None
    begun: set[int] = set()
    for block in found:
        turned = block.page if block.page is not None and block.page != page else None
        page = block.page if block.page is not None else page
        anchor = f"b-{block.span.start}"
        sheet = (block.place or "").rpartition("!")[0]
        if block.kind == "table":
            head = _page_anchor(turned, begun)
            yield MarkedBlock("table", anchor, rows=_rows(block, marks), page=turned, sheet=sheet, page_anchor=head)
            continue
        pieces = marks.pieces(block.span)
        if not any(piece.text.strip() for piece in pieces) and block.kind != "picture":
            continue
        yield MarkedBlock(
            block.kind, anchor, pieces, level=block.level, centred=block.centred, bold=block.bold,
            key=block.key or "", page=turned, sheet=sheet, page_anchor=_page_anchor(turned, begun),
        )  # fmt: skip


def _page_anchor(page: int | None, begun: set[int]) -> str:
    if page is None or page in begun:
        return ""
    begun.add(page)
    return f"page-{page}"


def _rows(block: Block, marks: _Marks) -> tuple[tuple[MarkedCell, ...], ...]:
    found = rows(block)
    headed = len(found) > 1 and len(found[0]) > 1
    return tuple(
        tuple(_cell(cell, marks, head=headed and at == 0) for cell in row) for at, row in enumerate(found)
    )


def _cell(cell: Cell, marks: _Marks, *, head: bool) -> MarkedCell:
    return MarkedCell(marks.pieces(cell.span), cell.row_span, cell.column_span, head)
