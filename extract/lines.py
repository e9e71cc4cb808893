"""Lines: the paragraphs and tables of a Document as extraction reads them: printed, width-folded and tight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from gongwen.document import Block, Cell, Document
from gongwen.text import Span, fold_tight, fold_width
from gongwen.values.dates import parse_day

_ORNAMENT = regex.compile(r"[\p{Pd}\p{Pc}\p{So}\p{Sm}─━═*.·\s]+(?<!★)")
"""A ruled line or an ornament typed as characters."""
_DATE_TAIL = regex.compile(r"(?:[\d一二三四五六七八九十]{1,3}月)?[\d一二三四五六七八九十]{1,3}日")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph or table. `folded` has the length of the span, so offsets into it are offsets into the span;
    `tight` is the folded text without white space."""

    span: Span
    folded: str
    tight: str
    block: Block

    @property
    def is_table(self) -> bool:
        return self.block.kind == "table"

    @property
    def indent(self) -> int:
        """White space before the first character of the block, in characters."""
        return self.span.start - self.block.span.start

    def at(self, start: int, end: int) -> Span:
        """Span in the document of folded[start:end]."""
        return Span(self.span.start + start, self.span.start + end)

    def ends(self, *marks: str) -> bool:
        return self.tight.endswith(marks)

    def starts(self, *marks: str) -> bool:
        return self.tight.startswith(marks)


def lines_of(document: Document, blocks: Iterable[Block]) -> tuple[Line, ...]:
    """Non-empty blocks as lines; a paragraph's span is without the white space around it. A date that is broken over
    two is one line."""
    out: list[Line] = []
    for block in blocks:
        line = line_of(document, block)
        if not line.tight or _ORNAMENT.fullmatch(line.tight):
            continue
        if out and _is_broken_date(document, out[-1], line):
            line = _line(document, out[-1].block, Span(out.pop().span.start, line.span.end))
        out.append(line)
    return tuple(out)


def _is_broken_date(document: Document, upper: Line, lower: Line) -> bool:
    if upper.is_table or lower.is_table or not _DATE_TAIL.fullmatch(lower.tight):
        return False
    between = Span(upper.span.end, lower.span.start)
    return (
        upper.tight.endswith(("年", "月")) and between.start <= between.end and not between.of(document.text).strip()
        and parse_day(upper.tight + lower.tight) is not None
    )  # fmt: skip


def line_of(document: Document, block: Block) -> Line:
    return _line(document, block, trim(document.text, block.span))


def _line(document: Document, block: Block, span: Span) -> Line:
    folded = fold_width(span.of(document.text))
    tight = "".join(folded.split()) if block.kind != "table" else fold_tight(folded).text
    return Line(span, folded, tight, block)


def trim(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    raw = span.of(text)
    left = len(raw) - len(raw.lstrip())
    right = len(raw.rstrip())
    return Span(span.start + left, span.start + max(left, right))


@dataclass(frozen=True, slots=True)
class CellText:
    """A table cell with its trimmed span and folded text."""

    cell: Cell
    span: Span
    folded: str
    tight: str


def cell_text(document: Document, cell: Cell) -> CellText:
    span = trim(document.text, cell.span)
    folded = fold_width(span.of(document.text))
    return CellText(cell, span, folded, "".join(folded.split()))


def join(lines: Sequence[Line]) -> str:
    return "\n".join(line.folded for line in lines)
