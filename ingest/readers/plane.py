"""Matrices and ruled lines: what the pages of PDF and OFD have in common."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.pdf_model import Edge

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

THIN = 3.0
"""A filled area no thicker than this is a line: how word processors draw borders."""


def times(one: Matrix, two: Matrix) -> Matrix:
    """First `one`, then `two`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def ruled(x0: float, y0: float, x1: float, y1: float) -> Iterator[Edge]:
    """A drawn line as an edge when it runs along an axis."""
    if abs(y1 - y0) <= 1 < abs(x1 - x0):
        yield Edge(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
    elif abs(x1 - x0) <= 1 < abs(y1 - y0):
        yield Edge(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def sliver(x0: float, top: float, x1: float, bottom: float) -> Iterator[Edge]:
    """A thin filled area as an edge along its longer side."""
    if x1 - x0 >= bottom - top and x1 - x0 > 1:
        yield Edge(False, (top + bottom) / 2, x0, x1)
    elif bottom - top > 1:
        yield Edge(True, (x0 + x1) / 2, top, bottom)
