"""OFD as an office's printer driver makes it: a letterhead in a template, lines cut at each change of font, steps in
the short form, tables drawn as paths over page ends, page numbers in the foreground."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from gongwen.sampling.paper import Block, Paper, Roster, Table
from gongwen.sampling.writers.ofd_book import A4, BODY, HEAD, LATIN, Book, Leaf, width
from gongwen.sampling.writers.pdf import BODY as BODY_SHAPE
from gongwen.sampling.writers.pdf import LEADING, SHAPES
from gongwen.sampling.writers.plain import roster_lines

LEFT, RIGHT, TOP, BOTTOM = 79.0, 521.0, 90.0, 752.0
_RED = "208 0 0"
_CELL, _CELL_LEADING, _PADDING = 10.5, 15.0, 6.0
_WORD = regex.compile(r"[!-~]+|.", regex.DOTALL)
_ASCII = regex.compile(r"[!-~]+|[^!-~]+")
_NEVER_FIRST = frozenset("、，。；：？！）》”’〕】」…")
_NEVER_LAST = frozenset("（《“‘〔【「")


def write(paper: Paper) -> bytes:
    book = Book(str(paper.documents[0].get("title") or ""))
    press = _Press(book, any(getattr(block, "kind", "") == "mast_suffix" for block in paper.blocks))
    before: Block | None = None
    for block in paper.blocks:
        press.block(block, before)
        before = block
    return book.data()


def broken(text: str, measure: float, size: float, indent: float = 0.0) -> list[str]:
    """Lines of a paragraph: words stay whole where a line holds them, closing marks begin no line and opening ones
    end none."""
    lines: list[str] = []
    line, room = "", measure - indent
    most = max(1, int(measure / (0.5 * size)))
    for word in (whole[at : at + most] for whole in _WORD.findall(text) for at in range(0, len(whole), most)):
        wide = sum(width(char) for char in word) * size
        if line and wide > room and word not in _NEVER_FIRST:
            kept = line.rstrip("".join(_NEVER_LAST))
            lines.append(kept)
            line = line[len(kept) :]
            room = measure - sum(width(char) for char in line) * size
        line, room = line + word, room - wide
    return [*lines, line]


class _Press:
    def __init__(self, book: Book, joint: bool) -> None:
        self.book, self.joint = book, joint
        self.head: Leaf | None = book.template()
        self.turn()
        self.page.templates.append((self.head.number, "Background"))

    def turn(self) -> None:
        """The next page, its number in the foreground."""
        self.page = self.book.page()
        count = len(self.book.pages)
        text = f"— {count} —"
        x = RIGHT - 14 - sum(width(char) for char in text) * 12 if count % 2 else LEFT + 14
        self.page.text(text, x, A4[1] - 74, 12, layer="Foreground")
        self.top = TOP

    def block(self, block: Block, before: Block | None) -> None:
        if isinstance(block, Table):
            self.table(block)
            return
        if isinstance(block, Roster):
            for line in roster_lines(block):
                self.paragraph(line, "flush")
            return
        if block.kind == "break":
            self.turn()
            return
        text = block.printed
        if block.kind == "annexes":
            text = f"附件：{text}" if getattr(before, "kind", "") != "annexes" else f"　　　{text}"
        self.paragraph(f"（{text}）" if block.kind == "note" else text, block.kind)
        if block.kind == "number" and getattr(before, "kind", "").startswith("mast"):
            (self.head or self.page).rule(LEFT, self.top - 12, RIGHT, self.top - 12, colour=_RED, thick=1.5)
            self.top += 20
        if not block.kind.startswith("mast") and block.kind != "number":
            self.head = None  # what follows is of this page only

    def paragraph(self, text: str, kind: str) -> None:
        named = "mast_joint" if self.joint and kind.startswith("mast") else kind
        size, alignment, indent, above, below = SHAPES.get(named, BODY_SHAPE)
        leading = max(float(LEADING), size * 1.4)
        self.top += above
        lines = broken(text, RIGHT - LEFT, size, indent)
        for at, line in enumerate(lines):
            if self.top + leading > BOTTOM:
                self.turn()
            shift = indent if at == 0 else 0
            room = RIGHT - LEFT - shift - sum(width(char) for char in line) * size
            x = LEFT + shift + (room / 2 if alignment == 1 else room if alignment == 2 else 0)
            spread = alignment == 4 and at < len(lines) - 1
            self.line(line, x, size, kind, room / max(1, len(line) - 1) if spread else 0.0)
            self.top += leading
        self.top += below

    def line(self, text: str, x: float, size: float, kind: str, spread: float) -> None:
        """Printed in pieces: Latin letters are of another font. The letterhead goes to its template."""
        leaf = self.head if kind.startswith("mast") and self.head is not None else self.page
        font = HEAD if kind.startswith("mast") or kind == "title" else BODY
        more = ' Weight="700"' if kind.startswith("mast") else ""
        _print(leaf, text, (x, self.top), size, font, spread, more)

    def table(self, table: Table) -> None:
        edges = [LEFT]
        for share in table.shares():
            edges.append(edges[-1] + (RIGHT - LEFT) * share)
        start = self.top
        self.row(table.header, edges, heads=True)
        for row in table.rows:
            if self.top + _height(row, edges) > BOTTOM:
                self.close(edges, start)
                self.turn()
                start = self.top
                self.row(table.header, edges, heads=True)
            self.row(row, edges, heads=bool(row[0]) or not table.merged)
        self.close(edges, start)
        self.top += 8

    def row(self, row: Sequence[str], edges: Sequence[float], *, heads: bool) -> None:
        """`heads`: the first cell is one of its own, with a rule above it."""
        self.page.rule(edges[0] if heads else edges[1], self.top, edges[-1], self.top)
        for place, text in enumerate(row):
            for at, line in enumerate(_cell_lines(text, edges, place)):
                spot = (edges[place] + _PADDING, self.top + _PADDING / 2 + at * _CELL_LEADING)
                _print(self.page, line, spot, _CELL, BODY, 0.0, "")
        self.top += _height(row, edges)

    def close(self, edges: Sequence[float], start: float) -> None:
        self.page.rule(edges[0], self.top, edges[-1], self.top)
        for x in edges:
            self.page.rule(x, start, x, self.top)


def _cell_lines(text: str, edges: Sequence[float], place: int) -> list[str]:
    measure = edges[place + 1] - edges[place] - 2 * _PADDING
    return [line for part in text.split("\n") for line in broken(part, measure, _CELL) if line]


def _height(row: Sequence[str], edges: Sequence[float]) -> float:
    most = max(len(_cell_lines(text, edges, place)) for place, text in enumerate(row))
    return most * _CELL_LEADING + _PADDING


def _print(leaf: Leaf, text: str, spot: tuple[float, float], size: float, font: int, spread: float, more: str) -> None:
    x, top = spot
    for piece in _ASCII.findall(text):
        steps = [width(char) * size + spread for char in piece]
        if piece.strip():
            leaf.text(piece, x, top, size, steps=steps[:-1], font=LATIN if piece[0] < "\u2000" else font, more=more)
        x += sum(steps)
