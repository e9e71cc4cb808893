"""Numbers as OFD writes them (GB/T 33190-2016, 7.3): millimetres, arrays in one attribute, `g n d` for n times d.

Whatever is no number, infinite or off any sheet is brought to a finite place: the text that stands there stays."""

from __future__ import annotations

import math

from lxml import etree

from ingest.readers.plane import IDENTITY, Matrix, times

MM = 72 / 25.4
"""Points of a millimetre."""
FAR = 20_000.0
"""Beyond every sheet (MAX_PAGE_POINTS is 14,400 points): larger coordinates are cut to it."""

Box = tuple[float, float, float, float]


def number(text: str | None, default: float = 0.0) -> float:
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return max(-FAR, min(FAR, value)) if math.isfinite(value) else default


def box(text: str | None) -> Box | None:
    """ST_Box: x, y, width, height; None unless there are four of them."""
    parts = (text or "").split(None, 4)
    if len(parts) != 4:
        return None
    x, y, width, height = (number(part) for part in parts)
    return x, y, width, height


def matrix(text: str | None) -> Matrix:
    parts = (text or "").split(None, 6)
    if len(parts) != 6:
        return IDENTITY
    a, b, c, d, e, f = (number(part) for part in parts)
    return a, b, c, d, e, f


def steps(text: str | None, most: int) -> list[float]:
    """DeltaX or DeltaY (11.3): at most so many, however often `g` says to repeat; cut at what is no number."""
    found: list[float] = []
    waiting = iter((text or "").split(None, 3 * most + 1)[: 3 * most])
    for token in waiting:
        count = 1
        if token in ("g", "G"):
            count, token = int(number(next(waiting, ""))), next(waiting, "")
        value = number(token, math.nan)
        if math.isnan(value) or len(found) >= most:
            break
        found += [value] * max(0, min(count, most - len(found)))
    return found


def placed(item: etree._Element, outer: Matrix) -> Matrix:
    """From an object's own coordinates to those of the page: CTM, then its boundary's corner, then what it stands
    in (8.5)."""
    a, b, c, d, e, f = matrix(item.get("CTM"))
    corner = box(item.get("Boundary"))
    if corner is not None:
        e, f = e + corner[0], f + corner[1]
    return times((a, b, c, d, e, f), outer)


def at(place: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point of an object on the page, in points of the page and on it or near."""
    a, b, c, d, e, f = place
    return _near(a * x + c * y + e), _near(b * x + d * y + f)


def _near(value: float) -> float:
    return max(-FAR, min(FAR, value)) if math.isfinite(value) else 0.0
