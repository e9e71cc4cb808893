"""Ends of lines: detection stops at the last large character, so that a colon at the right edge or a quote at the left
one is cut off. Ink that stands alone within an em of a line belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.readers.ocr_engine import Picture
from ingest.readers.pdf_model import Edge

Bounds = tuple[float, float, float, float]

_REACH = 0.9
"""How far beside a line it is looked for, in heights of the line (a little more than an em)."""
_APART = 0.6
_FREE = 0.15
_FULL = 0.75
"""Share of the height from which ink is a rule or a character of its own: detection does not miss those."""
_LEAST = 0.002
"""Share of a square of the line's height that a point of a colon covers at the least; less is a speck."""


def widened(grey: Picture, lines: Sequence[Bounds], rules: Sequence[Edge]) -> list[Bounds]:
    """Each line with the signs at its ends."""
    walls = [(one.at, one.start, one.at, one.end) for one in rules if one.upright]
    held = np.array([*lines, *walls], np.float64).reshape(-1, 4)
    return [_widened(grey, one, np.delete(held, at, axis=0)) for at, one in enumerate(lines)]


def _widened(grey: Picture, line: Bounds, others: NDArray[np.float64]) -> Bounds:
    x0, top, x1, bottom = line
    high = bottom - top
    beside = others[np.minimum(others[:, 3], bottom) - np.maximum(others[:, 1], top) > 0.2 * high]
    reach = _REACH * high
    right = min([x1 + reach, grey.shape[1], *(beside[beside[:, 2] > x1 + 1, 0] - 2)])
    left = max([x0 - reach, 0.0, *(beside[beside[:, 0] < x0 - 1, 2] + 2)])
    rows = slice(max(0, round(top)), round(bottom))
    cut = grey[rows, max(0, round(left)) : round(right)]
    if cut.shape[0] < 4 or cut.shape[1] < 4:
        return line
    level, _ = cv2.threshold(cut, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = np.asarray(cv2.medianBlur(grey[rows], 3) <= level, np.bool_)
    after = _sign(ink[:, round(x1) : round(right)], high)
    before = _sign(ink[:, max(0, round(left)) : round(x0)][:, ::-1], high)
    return x0 - before, top, x1 + after, bottom


def _sign(ink: NDArray[np.bool_], high: float) -> float:
    """How much wider a line becomes by the sign in this strip beside it, whose first column is next to the line."""
    columns = np.flatnonzero(ink.any(axis=0))
    if not len(columns) or columns[0] > _APART * high or ink.shape[1] - columns[-1] < _FREE * high:
        return 0.0
    inked = int(np.count_nonzero(ink))
    tall = int(np.ptp(np.flatnonzero(ink.any(axis=1)))) + 1
    if inked < _LEAST * high * high or (tall > _FULL * high and len(columns) < 0.3 * high):
        return 0.0
    return float(columns[-1]) + _FREE * high
