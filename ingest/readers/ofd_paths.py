"""Path objects: the ruled lines of tables (GB/T 33190-2016, 9), and characters that were turned into outlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex
from lxml import etree

from ingest.readers.ofd_package import text_of
from ingest.readers.ofd_units import at, number, placed
from ingest.readers.pdf_model import Edge
from ingest.readers.plane import THIN, Matrix, ruled, sliver

TOKEN = regex.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""Numbers that follow an operator; the last two are where it ends (9.3.1)."""
_MOST = 400_000
"""Characters of one path: a table drawn as one path has some thousands."""

_SLIM = 4.0
"""A filled area so many times longer than thick is a rule."""

_LETTER_POINTS = 16
_LETTER_SIZES = (8.0, 100.0)
_LETTERS_IN_ROW = 4
"""So many outlines of one height side by side are a word: letterheads are drawn so when the fonts may not be
embedded. A logo has fewer, a rule has fewer points."""

Points = list[tuple[float, float]]
Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class Drawing:
    """What paths of a page add up to."""

    edges: list[Edge] = field(default_factory=list)
    outlines: list[Bounds] = field(default_factory=list)
    others: int = 0

    def add(self, item: etree._Element, outer: Matrix, inks: tuple[str | None, str | None]) -> None:
        """`inks`: colours of line and area that the object's drawing parameters name, should it name none."""
        stroked = _is_on(item.get("Stroke"), True) and _shows(item, "StrokeColor", inks[0])
        filled = _is_on(item.get("Fill"), False) and _shows(item, "FillColor", inks[1])
        told = text_of(item, "AbbreviatedData") or ""
        if not (stroked or filled):
            return
        parts = list(_subpaths(told, placed(item, outer))) if len(told) <= _MOST else []
        found = [edge for points in parts for edge in _edges(points, stroked)]
        self.edges += found
        self.others += not found
        if filled and not found and sum(map(len, parts)) >= _LETTER_POINTS:
            self.outlines.append(_bounds([point for points in parts for point in points]))

    def has_letters(self) -> bool:
        """Whether outlines stand in a row as characters of a word do."""
        low, high = _LETTER_SIZES
        sized = [one for one in self.outlines if low <= one[3] - one[1] <= high and one[2] - one[0] <= 2 * high]
        sized.sort(key=lambda one: one[1] + one[3])
        rows: list[list[Bounds]] = []
        for one in sized:
            if rows and one[1] + one[3] - rows[-1][-1][1] - rows[-1][-1][3] <= 0.5 * (one[3] - one[1]):
                rows[-1].append(one)
            else:
                rows.append([one])
        return any(_are_letters(row) for row in rows)


def _are_letters(row: Sequence[Bounds]) -> bool:
    """Side by side and of one size: not a figure drawn in layers."""
    tallest = max(one[3] - one[1] for one in row)
    beside = sorted(one for one in row if one[3] - one[1] > 0.5 * tallest)
    apart = sum(two[0] > one[2] - 0.2 * tallest for one, two in pairwise(beside))
    return apart >= _LETTERS_IN_ROW - 1


def _is_on(text: str | None, default: bool) -> bool:
    return default if text is None else text.strip().lower() in ("true", "1")


def _shows(item: etree._Element, name: str, otherwise: str | None) -> bool:
    """Neither white nor transparent; black where no colour is named."""
    colour = item.find(f"{{*}}{name}")
    value = otherwise if colour is None else colour.get("Value")
    alpha = item.get("Alpha", "255") if colour is None else colour.get("Alpha", item.get("Alpha", "255"))
    if number(alpha, 255.0) <= 0:
        return False
    parts = [_part(one) for one in (value or "0").split()[:4]]
    return len(parts) == 4 or not parts or min(parts) < 250  # four are CMYK, where white is zero ink


def _part(text: str) -> float:
    """A channel: decimal, or hexadecimal after a sign (8.3.1)."""
    if not text.startswith("#"):
        return number(text)
    try:
        return float(int(text[1:], 16))
    except ValueError:
        return 0.0


def _subpaths(told: str, place: Matrix) -> Iterator[Points]:
    """Points in which a figure's pieces begin and end; curves count as their ends."""
    points: Points = []
    wanted = 0
    numbers: list[float] = []
    for token in TOKEN.findall(told):
        if token in TAKES:
            if token in "SM" and points:
                yield points
                points = []
            if token == "C" and points:
                points.append(points[0])
            wanted, numbers = TAKES[token], []
            continue
        numbers.append(number(token))
        if wanted and len(numbers) == wanted:
            x, y = at(place, numbers[-2], numbers[-1])
            points.append((round(x, 3), round(y, 3)))
            numbers = []
    if points:
        yield points


def _edges(points: Points, stroked: bool) -> Iterator[Edge]:
    if stroked:
        for start, end in pairwise(points):
            yield from ruled(*start, *end)
        return
    left, top, right, bottom = _bounds(points)
    # A larger area is shading; a dot, or nearly one, is a corner or a module of a printed code.
    thick, long = sorted((right - left, bottom - top))
    if thick <= THIN and long >= _SLIM * thick:
        yield from sliver(left, top, right, bottom)


def _bounds(points: Points) -> Bounds:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
