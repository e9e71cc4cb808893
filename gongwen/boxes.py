"""Where the characters of a printed line stand on its page, also of lines that run askew (scans), down or backwards.

A line's box is level with the page; where the line is not, the line itself is a rectangle turned inside the box, and
a part of the line is cut out of that."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[float, float]


class Quad(NamedTuple):
    """A part of a printed line on a page, points from the top left corner of the page: its upper left corner as it is
    read, then clockwise."""

    page: int
    points: tuple[Point, Point, Point, Point]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)


class Place(NamedTuple):
    """The box of a line: left, top, right, bottom, and degrees, clockwise, by which the line runs askew in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    angle: float = 0.0


def quad(page: int, place: Place, start: float, end: float) -> Quad:
    """The part of a line from one share of its length to another, 0 to 1."""
    length, height = _sides(place)
    middle = ((place.x0 + place.x1) / 2, (place.top + place.bottom) / 2)
    cos, sin = math.cos(math.radians(place.angle)), math.sin(math.radians(place.angle))

    def corner(share: float, side: float) -> Point:
        along, across = (share - 0.5) * length, side * height / 2
        return middle[0] + along * cos - across * sin, middle[1] + along * sin + across * cos

    return Quad(page, (corner(start, -1), corner(end, -1), corner(end, 1), corner(start, 1)))


def quarters(angle: float) -> int:
    """Quarter turns, clockwise, that are nearest to an angle."""
    return round(angle / 90) % 4


def upright(point: Point, page: tuple[float, float], turn: int) -> Point:
    """A point of a page whose lines run so many quarter turns askew, on that page set upright."""
    (x, y), (wide, high) = point, page
    return ((x, y), (y, wide - x), (wide - x, high - y), (high - y, x))[turn % 4]


def shares(text: str, edges: Sequence[float], start: int, end: int) -> tuple[float, float]:
    """Where a part of a line's text begins and ends, in shares of its length: by the edges of its characters along the
    line, else in proportion to their usual widths."""
    if edges:
        whole = edges[-1] - edges[0]
        if whole:
            return (edges[start] - edges[0]) / whole, (edges[end] - edges[0]) / whole
    ems = spread(text)
    return ems[start] / max(1.0, ems[-1]), ems[end] / max(1.0, ems[-1])


def spread(text: str) -> list[float]:
    """Where each character of a line begins, and where the last one ends, when each has its usual width: a Han
    character that of two digits."""
    out = [0.0]
    for char in text:
        out.append(out[-1] + (2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0))
    return out


def is_spread(text: str, edges: Sequence[float], room: float) -> bool:
    """Whether the usual widths tell all edges to within `room`, so that they need not be kept."""
    if not edges:
        return True
    ems = spread(text)
    scale = (edges[-1] - edges[0]) / max(1.0, ems[-1])
    return all(abs(edges[0] + em * scale - edge) <= room for em, edge in zip(ems, edges, strict=True))


def _sides(place: Place) -> tuple[float, float]:
    """Length and height of the line that a box is drawn around; of one at half a right angle they cannot be told, and
    the box counts."""
    wide, high = place.x1 - place.x0, place.bottom - place.top
    cos, sin = abs(math.cos(math.radians(place.angle))), abs(math.sin(math.radians(place.angle)))
    apart = cos * cos - sin * sin
    if abs(apart) < 0.3:
        return wide, high
    length, height = (wide * cos - high * sin) / apart, (high * cos - wide * sin) / apart
    return max(length, 0.1), max(height, 0.1)
