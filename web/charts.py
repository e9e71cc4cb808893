"""Bars as SVG, made on the server: for people who would rather look than read. Every chart stands beside a table of the
same figures, which is what a screen reader reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

COLUMN = 34
HEIGHT = 132
TOP = 16
BASE = 20
LEFT = 34
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a column; `css` names its colour in browse.css."""

    css: str
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    parts: tuple[Part, ...]
    url: str = ""

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    css: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One column as it is drawn: its pieces, its label below and its total above."""

    label: str
    total: int
    told: str
    url: str
    x: float
    middle: float
    top: float
    rects: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    width: int
    height: int
    columns: tuple[Drawn, ...]
    lines: tuple[tuple[float, int], ...]
    """(y, value) of the lines behind the columns."""
    legend: tuple[tuple[str, str], ...]
    """(css, name)."""


def bars(title: str, columns: Sequence[Column]) -> Chart:
    """Stacked columns from the left; nothing is drawn where all is zero."""
    step = _step(max((one.total for one in columns), default=0))
    most = max(step, max((one.total for one in columns), default=0))
    scale = (HEIGHT - TOP - BASE) / most
    floor = HEIGHT - BASE
    legend = {part.css: part.name for one in columns for part in one.parts}
    lines = tuple((round(floor - value * scale, 1), value) for value in range(0, most + 1, step))
    drawn = tuple(_draw(one, LEFT + at * COLUMN, floor, scale) for at, one in enumerate(columns))
    return Chart(title, LEFT + len(columns) * COLUMN + 4, HEIGHT, drawn, lines, tuple(legend.items()))


def _draw(column: Column, x: float, floor: float, scale: float) -> Drawn:
    rects: list[Rect] = []
    y = floor
    for part in column.parts:
        height = part.value * scale
        y -= height
        if part.value:
            rects.append(Rect(x + 6, round(y, 1), COLUMN - 12, round(height, 1), part.css))
    told = "，".join(f"{part.name}{part.value}" for part in column.parts if part.value)
    return Drawn(column.label, column.total, told, column.url, x, x + COLUMN / 2, round(y, 1), tuple(rects))


def _step(most: int) -> int:
    """Three to five lines, at round values."""
    size = 1
    while True:
        for step in _STEPS:
            if ceil(most / (step * size)) <= 4:
                return step * size
        size *= 10
