"""From a decoded text to blocks: artefacts off, lines apart, furniture out, tables and paragraphs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from gongwen.document import Block, Cell, TextBuilder
from gongwen.text import Span
from ingest.layout.artefacts import strip_artefacts
from ingest.layout.attributes import Pair, pair_block
from ingest.layout.head import REACH, UNDER_TITLE, find_meta, is_furniture
from ingest.layout.joins import Wrap, continues, find_wrap, glue, short
from ingest.layout.lines import Line, body_indent, page_tops, split_lines
from ingest.layout.longlines import cut_long
from ingest.layout.numbers import without_page_numbers
from ingest.layout.pieces import Piece, compose, exact
from ingest.layout.shapes import is_heading, is_roster
from ingest.layout.tables import Grid, Parts, Tables
from ingest.safety import clean_with_map

_CENTRED_BY = 6
"""Columns beyond the body: the first line of an ordinary paragraph is led by four."""

_CENTRED_LENGTH = 40
TAIL = 25
"""Lines from the end within which furniture of a web page is dropped."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a Document, its blocks, and the way back to the decoded source."""

    text: str
    blocks: tuple[Block, ...]
    origin: tuple[Piece, ...]
    links: tuple[tuple[str, str], ...]


def lay_out(source: str, *, markdown: bool | None = None) -> Layout:
    """`markdown` None: Markdown signs go only where the text is seen to use them."""
    cleaned, first = clean_with_map(source)
    bare = strip_artefacts(cleaned, markdown=markdown)
    writer = _Writer(bare.text)
    lines = [_marked(line, bare.marks, bare.text) for line in cut_long(_printed(bare.text, source), bare.text)]
    _write(writer, without_page_numbers(lines))
    text = writer.out.text()
    origin = compose(compose(writer.out.origin, bare.pieces), first)
    return Layout(text, tuple(writer.blocks), exact(origin, text, source), tuple(dict.fromkeys(bare.links)))


def _printed(text: str, source: str) -> list[Line]:
    return split_lines(text, page_tops(source))


def _marked(line: Line, marks: dict[int, tuple[int, bool]], text: str) -> Line:
    level, bold = marks.get(line.start - len(line.lead), (0, False))
    return replace(line, level=level, bold=bold) if level or bold else line


def _write(writer: _Writer, lines: list[Line]) -> None:
    wrap, body, tables = find_wrap(lines), body_indent(lines), Tables(lines, writer.source)
    roster = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if at < REACH and (meta := find_meta(lines, at, under_title=0 < at <= UNDER_TITLE)) is not None:
            for pair in meta[0]:
                writer.pair(pair)
            at += meta[1]
            continue
        if (at < TAIL or at >= len(lines) - TAIL) and is_furniture(line.text):
            at += 1
            continue
        roster = is_roster(line.text, within=roster)
        if not roster and (grid := tables.find(at)) is not None:
            writer.table(grid)
            at += grid.taken
            continue
        if line.text:
            last = at + 1 if roster else _last(lines, at, wrap, tables)
            look = _look(line, body, roster or last > at + 1)
            writer.paragraph([(one.start, one.end) for one in lines[at:last]], look)
            at = last
        else:
            at += 1


def _look(line: Line, body: int, flush: bool) -> Block:
    centred = not flush and len(line.text) <= _CENTRED_LENGTH and line.indent >= body + _CENTRED_BY
    return Block("paragraph", Span(0, 0), level=line.level, bold=line.bold, centred=centred, gap=line.gap)


def _last(lines: Sequence[Line], at: int, wrap: Wrap, tables: Tables) -> int:
    """The line after the last one of the paragraph that begins with line `at`."""
    words = lines[at].text
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not continues(words, lines[end - 1], line, wrap) or is_furniture(line.text) or tables.find(end) is not None:
            break
        words = short(words + line.text)
        end += 1
    return end


class _Writer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out = TextBuilder()
        self.blocks: list[Block] = []

    def paragraph(self, parts: Parts, like: Block) -> None:
        span = self._joined(parts)
        self.blocks.append(replace(like, span=span))
        self.out.add("\n")

    def pair(self, pair: Pair) -> None:
        label, value = self.source[slice(*pair.label)], self.source[slice(*pair.value)]
        self.out.add(label, pair.label[0])
        if label and value and not label.endswith(("：", ":")):
            self.out.add("\t")
        self.blocks.append(pair_block(pair.key, self.out.add(value, pair.value[0]), value))
        self.out.add("\n")

    def table(self, grid: Grid) -> None:
        start = len(self.out)
        cells: list[Cell] = []
        width = max(len(printed) for printed in grid.rows)
        for row, printed in enumerate(grid.rows):
            for column, parts in enumerate(printed):
                if column:
                    self.out.add("\t")
                span = self._joined(parts, in_cell=True)
                cells.append(Cell(row, column, span, column_span=width if len(printed) == 1 else 1))
            self.out.add("\n")
        self.blocks.append(Block("table", Span(start, len(self.out) - 1), cells=tuple(cells)))

    def _joined(self, parts: Parts, *, in_cell: bool = False) -> Span:
        start = len(self.out)
        before = ""
        for first, last in parts:
            words = self.source[first:last]
            if before:
                self.out.add("\n" if in_cell and _parted(before, words) else glue(before, words))
            self.out.add(words, first)
            before = words
        return Span(start, len(self.out))


_UNIT_END = "局委会协部办院校所站馆厅处室团府司组队中心区县市镇乡村人"


def _parted(before: str, after: str) -> bool:
    """Two lines of a cell that are two things (units, items), not one broken by the narrow column."""
    if before[-1] in "。；;！？" or is_heading(after):
        return True
    named = regex.sub(r"[（(]\p{Han}{1,6}[）)]$", "", before)
    return named[-1:] in (*_UNIT_END,) and after[-1] in _UNIT_END and min(len(named), len(after)) >= 3
