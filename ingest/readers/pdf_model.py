"""What the PDF engines and the OFD reader hand over and what layout makes of it. Points from the top left corner of
the page."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple


class Char(NamedTuple):
    """One printed character. `made` marks a space the engine put in for a gap, `weak` one that OCR was not sure of."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    made: bool = False
    weak: bool = False


class Sheet(NamedTuple):
    """A sheet that was turned and straightened before it was read: the affine map (a, b, c, d, e, f) from its points
    to those of the page as it is shown, x' = ax + by + c, y' = dx + ey + f, and the size of that page."""

    matrix: tuple[float, float, float, float, float, float]
    width: float
    height: float

    @property
    def angle(self) -> float:
        """Degrees, clockwise, by which lines run askew on the page as it is shown."""
        angle = round(math.degrees(math.atan2(self.matrix[3], self.matrix[0])), 2)
        return angle if abs(angle) >= 0.01 else 0.0

    @property
    def is_across(self) -> bool:
        """Lines run across the page as it is shown, and not up or down."""
        return abs(self.matrix[0]) >= abs(self.matrix[3])

    def shown(self, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        a, b, c, d, e, f = self.matrix
        xs = [a * x + b * y + c for x in (x0, x1) for y in (top, bottom)]
        ys = [d * x + e * y + f for x in (x0, x1) for y in (top, bottom)]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(slots=True)
class RawLine:
    chars: list[Char]
    size: float
    bold: bool = False
    slanted: bool = False
    """Set at an angle, as watermarks are."""
    aside: bool = False
    """The format says that it is no part of the running text: an annotation, a head that pages share."""
    score: float | None = None
    """Of OCR: how sure the recogniser is, 0 to 1."""


class Edge(NamedTuple):
    """A ruled line: `at` is its fixed coordinate, `start`..`end` the other one."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class RawPage:
    number: int
    width: float
    height: float
    lines: list[RawLine] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    pictured: bool = False
    """Something other than text is printed on it."""
    unmapped: int = 0
    """Characters for which the font names no Unicode."""
    covered: bool = False
    """A picture lies over the whole page and its text: a scan with the text layer of the scanner's program."""
    sheet: Sheet | None = None
    """Of OCR: where the sheet as it was read lies on the page as it is shown."""


@dataclass(slots=True)
class Line:
    """A printed line, or the part of it in one table cell."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    score: float | None = None
    edges: tuple[float, ...] = ()
    """The left edge of each character and the right edge of the last."""
    weak: tuple[int, ...] = ()
    """Of OCR: the characters it was not sure of."""

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(slots=True)
class GridCell:
    row: int
    column: int
    row_span: int
    column_span: int
    x0: float
    top: float
    x1: float
    bottom: float
    lines: list[Line] = field(default_factory=list)
    extra: list[GridCell] = field(default_factory=list)
    """Cells of following pages that go on with this one."""

    def words(self) -> str:
        """All its characters without white space."""
        own = "".join("".join(line.text.split()) for line in self.lines)
        return own + "".join(one.words() for one in self.extra)


@dataclass(slots=True)
class Grid:
    """A ruled table on one page (or joined over several): `columns` are the x of its upright lines."""

    page: int
    columns: tuple[float, ...]
    top: float
    bottom: float
    cells: list[GridCell]

    @property
    def height(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    def last_row(self) -> dict[int, GridCell]:
        """Cells that reach the lower edge, by column."""
        height = self.height
        return {cell.column: cell for cell in self.cells if cell.row + cell.row_span == height}

    def row(self, at: int) -> list[GridCell]:
        return [cell for cell in self.cells if cell.row == at]


Piece = Line | Grid


@dataclass(slots=True)
class Page:
    """A page laid out: pieces in reading order."""

    number: int
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)
    """Watermarks and, later, page numbers and running heads."""
    blank: bool = False
    pictured: bool = False
    sheet: Sheet | None = None
