"""Colours, lines and paths of OFD as PDF writes them (GB/T 33190-2016, 8.3, 9, 10)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from lxml import etree

from ingest.pictures.pdf_book import num, nums
from ingest.readers.ofd_package import text_of
from ingest.readers.ofd_paths import TAKES, TOKEN
from ingest.readers.ofd_units import number
from ingest.readers.plane import IDENTITY, Matrix

_MOST_PATH = 4_000_000
"""Characters of the paths of a page together."""
_LINE_WIDTH = 0.353
_CAPS = {"round": 1, "square": 2}
_JOINS = {"round": 1, "bevel": 2}

Point = tuple[float, float]


def colour(item: etree._Element | None, spaces: Mapping[str, etree._Element]) -> tuple[tuple[float, ...], float] | None:
    """Channels from 0 to 1 (one grey, three RGB, four CMYK) and opacity; of a shading its first colour. None for what
    names no colour."""
    if item is None:
        return None
    value = item.get("Value")
    if value is None and item.get("Index") is not None:
        value = _of_palette(item, spaces)
    if value is None:
        inner = item.find(".//{*}Color")
        if inner is None or inner is item:
            return None
        found = colour(inner, spaces)
        return found and (found[0], found[1] * _share(item.get("Alpha")))
    channels = tuple(min(1.0, max(0.0, _channel(one) / 255)) for one in value.split()[:4])
    if len(channels) not in (1, 3, 4):
        channels = (0.0,)
    return channels, _share(item.get("Alpha"))


def _of_palette(item: etree._Element, spaces: Mapping[str, etree._Element]) -> str | None:
    space = spaces.get(item.get("ColorSpace", ""))
    found = [] if space is None else space.findall("{*}Palette/{*}CV")
    at = int(number(item.get("Index")))
    return found[at].text if 0 <= at < len(found) else None


def _share(alpha: str | None) -> float:
    return min(1.0, max(0.0, number(alpha, 255.0) / 255))


def _channel(text: str) -> float:
    if not text.startswith("#"):
        return number(text)
    try:
        return float(int(text[1:], 16))
    except ValueError:
        return 0.0


def ink(channels: tuple[float, ...], *, stroke: bool) -> str:
    """The operator that sets a colour."""
    sign = {1: "g", 3: "rg", 4: "k"}[len(channels)]
    return f"{nums(channels)} {sign.upper() if stroke else sign}"


def pen(say: Mapping[str, str]) -> str:
    """Width, ends, joins and dashes of a line, from the attributes of an object and of its drawing parameters."""
    width = abs(number(say.get("LineWidth"), _LINE_WIDTH))
    out = [f"{num(width)} w", f"{_CAPS.get(say.get('Cap', '').lower(), 0)} J",
           f"{_JOINS.get(say.get('Join', '').lower(), 0)} j"]  # fmt: skip
    dashes = [abs(number(one)) for one in say.get("DashPattern", "").split()[:16]]
    if any(dashes):
        out.append(f"[{nums(dashes)}] {num(number(say.get('DashOffset')))} d")
    if "MiterLimit" in say:
        out.append(f"{num(max(1.0, number(say['MiterLimit'])))} M")
    return " ".join(out)


class Paths:
    """Path data as PDF operators; counts what a page has of it."""

    def __init__(self) -> None:
        self._room = _MOST_PATH

    def told(self, item: etree._Element, place: Matrix = IDENTITY) -> str:
        """What AbbreviatedData draws; '' when there is nothing or too much."""
        data = text_of(item, "AbbreviatedData") or ""
        self._room -= len(data)
        return "" if self._room < 0 else " ".join(_operators(data, place))


def _operators(data: str, place: Matrix) -> Iterator[str]:
    here: Point = (0.0, 0.0)
    begun = False
    for sign, values in _steps(data):
        if sign in "SM":
            here, begun = (values[0], values[1]), True
            yield f"{_point(here, place)} m"
        elif not begun:
            continue
        elif sign == "C":
            yield "h"
        elif sign == "L":
            here = (values[0], values[1])
            yield f"{_point(here, place)} l"
        else:
            for one, two, end in _curves(here, sign, values):
                yield f"{_point(one, place)} {_point(two, place)} {_point(end, place)} c"
            here = (values[-2], values[-1])


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    sign = ""
    held: list[float] = []
    for token in TOKEN.findall(data):
        if token in TAKES:
            sign, held = token, []
            if token == "C":
                yield token, []
            continue
        held.append(number(token))
        if sign and len(held) == TAKES[sign]:
            yield sign, held
            held = []


def _point(point: Point, place: Matrix) -> str:
    a, b, c, d, e, f = place
    return f"{num(a * point[0] + c * point[1] + e)} {num(b * point[0] + d * point[1] + f)}"


def _curves(here: Point, sign: str, values: list[float]) -> Iterator[tuple[Point, Point, Point]]:
    """Cubic curves for one that is quadratic, cubic or a part of an ellipse."""
    end = (values[-2], values[-1])
    if sign == "B":
        yield (values[0], values[1]), (values[2], values[3]), end
    elif sign == "Q":
        x, y = values[0], values[1]
        yield (
            (here[0] + 2 / 3 * (x - here[0]), here[1] + 2 / 3 * (y - here[1])),
            (end[0] + 2 / 3 * (x - end[0]), end[1] + 2 / 3 * (y - end[1])), end,
        )  # fmt: skip
    else:
        yield from _arc(here, end, values)


def _arc(here: Point, end: Point, values: list[float]) -> Iterator[tuple[Point, Point, Point]]:
    """As in SVG (appendix B.2.4 there): radii, tilt, the larger part or not, clockwise or not."""
    rx, ry = abs(values[0]), abs(values[1])
    if not rx or not ry or here == end:
        yield here, end, end
        return
    tilt, large, clockwise = math.radians(values[2]), values[3] != 0, values[4] != 0
    cos, sin = math.cos(tilt), math.sin(tilt)
    dx, dy = (here[0] - end[0]) / 2, (here[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    grow = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    rest = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
    way = math.sqrt(max(0.0, rest / ((rx * y) ** 2 + (ry * x) ** 2))) * (1 if large != clockwise else -1)
    cx, cy = way * rx * y / ry, -way * ry * x / rx
    middle = (cos * cx - sin * cy + (here[0] + end[0]) / 2, sin * cx + cos * cy + (here[1] + end[1]) / 2)
    start = math.atan2((y - cy) / ry, (x - cx) / rx)
    sweep = math.atan2((-y - cy) / ry, (-x - cx) / rx) - start
    if clockwise and sweep < 0:
        sweep += 2 * math.pi
    elif not clockwise and sweep > 0:
        sweep -= 2 * math.pi
    pieces = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    step = sweep / pieces
    pull = 4 / 3 * math.tan(step / 4)

    def at(angle: float, pulled: float) -> Point:
        u = rx * (math.cos(angle) - pulled * math.sin(angle))
        v = ry * (math.sin(angle) + pulled * math.cos(angle))
        return middle[0] + cos * u - sin * v, middle[1] + sin * u + cos * v

    for piece in range(pieces):
        one, two = start + piece * step, start + (piece + 1) * step
        yield at(one, pull), at(two, -pull), at(two, 0.0)
