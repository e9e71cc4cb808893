"""A picture of a page made ready to be read: black ink and red ink apart, upright, level, its ruled lines found.

Red goes a way of its own because a seal stands over the signature and its date: what is red is lifted off what is
black, and read by itself where it is no seal (the letterhead, GB/T 9704 7.2.4, is printed in red).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.readers.ocr_engine import Engine, Picture, Quads
from ingest.readers.pdf_model import Edge

_RED = 50
"""How far red stands above green and blue in red ink, faded and JPEG-pressed; paper yellowed by age stays below 30."""
_DARK = 110
"""Red values below this are black ink under the red."""
_FEW = 0.0004
"""Share of the page from which red ink is more than specks: one character of a letterhead."""
_MUCH = 0.25
"""Share from which red is the ground and not the ink: a poster, a photo by lamplight."""
_SEAL_MM = (22.0, 60.0)
"""Round seals measure 30 to 58 mm (国发〔1999〕25号); on sheets scanned to another scale a little less."""
_SURE = 0.75
_TILT = 0.15
"""Degrees from which a page is straightened: a line of 150 mm then climbs 0.4 mm."""
_RULE_MM = 7.0

Matrix = NDArray[np.float64]


@dataclass(slots=True)
class Sheet:
    """The page upright: black ink, red ink (None: none), the lines of print on it and the way back to the picture."""

    grey: Picture
    red: Picture | None
    boxes: Quads
    back: Matrix
    """2 x 3: points of the sheet to points of the picture."""


def make_ready(engine: Engine, picture: Picture, dots_per_mm: float) -> Sheet:
    """`picture` is RGB or grey, as it was scanned."""
    grey, red = _inks(picture)
    boxes = engine.find_lines(grey)
    quarters = 0
    if _is_lying(boxes):
        quarters = 1
        grey = _turned(grey, 1)
        boxes = engine.find_lines(grey)
    if len(boxes) and _is_upside_down(engine, grey, boxes):
        quarters += 2
        grey = _turned(grey, 2)
        boxes = _rolled(boxes, grey.shape)
    back = _turning_back(quarters, picture.shape)
    red = None if red is None else _without_seals(_turned(red, quarters), dots_per_mm)
    tilt = _tilt(boxes)
    if abs(tilt) >= _TILT:
        level = cv2.getRotationMatrix2D((grey.shape[1] / 2, grey.shape[0] / 2), tilt, 1.0)
        grey = _warped(grey, level)
        red = None if red is None else _warped(red, level)
        boxes = boxes @ level[:, :2].T + level[:, 2]
        back = _chained(back, cv2.invertAffineTransform(level))
    return Sheet(grey, red, boxes, back)


def _inks(picture: Picture) -> tuple[Picture, Picture | None]:
    """Black ink on white, and red ink as black on white."""
    if picture.ndim == 2:
        return picture, None
    red, green, blue = (picture[:, :, at].astype(np.int16) for at in range(3))
    excess = red - np.maximum(green, blue)
    inked = excess > _RED
    grey = picture[:, :, 0].copy()
    share = np.count_nonzero(inked) / inked.size
    if share > _MUCH:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8), None
    if share < _FEW:
        return grey, None
    # The rim of red ink is paler than the ink; lifted off with it, or ghosts of its strokes stay.
    rim = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    grey[rim & (grey > _DARK)] = 255
    shade = np.clip(255 - 2.0 * np.clip(excess - 15, 0, None), 0, 255)
    return grey, shade.astype(np.uint8)


def _turned(picture: Picture, quarters: int) -> Picture:
    """Turned counterclockwise."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _turning_back(quarters: int, shape: tuple[int, ...]) -> Matrix:
    """From points of a picture turned counterclockwise to points of the picture as it was."""
    high, wide = shape[:2]
    return np.array(
        (
            ((1, 0, 0), (0, 1, 0)),
            ((0, -1, wide), (1, 0, 0)),
            ((-1, 0, wide), (0, -1, high)),
            ((0, 1, 0), (-1, 0, high)),
        )[quarters % 4],
        np.float64,
    )


def _chained(second: Matrix, first: Matrix) -> Matrix:
    """First `first`, then `second`."""
    return np.asarray(np.vstack([second, (0, 0, 1)])[:2] @ np.vstack([first, (0, 0, 1)]), np.float64)


def _rolled(boxes: Quads, shape: tuple[int, ...]) -> Quads:
    """Boxes of a picture on its turned half: the corner that was at the bottom right is at the top left now."""
    return np.roll(np.array((shape[1], shape[0])) - boxes, 2, axis=1)[::-1]


def _sides(boxes: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Widths and heights."""
    wide = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    high = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    return np.asarray(wide), np.asarray(high)


def _is_lying(boxes: Quads) -> bool:
    """The page is turned by a quarter: nearly all of its longer lines are tall."""
    wide, high = _sides(boxes)
    tall = int(np.count_nonzero(high > 1.5 * wide))
    return bool(len(boxes)) and tall > 0.6 * max(1, tall + int(np.count_nonzero(wide > 1.5 * high)))


def _is_upside_down(engine: Engine, grey: Picture, boxes: Quads) -> bool:
    """Recognition is .99 sure of upright lines and .5 of lines on their heads; the longest few tell."""
    wide, _ = _sides(boxes)
    longest = boxes[np.argsort(-wide)[:4]]
    cuts = [cut_out(grey, *_bounds(quad)) for quad in longest]
    score = _mean(engine, cuts)
    return score < _SURE and _mean(engine, [_turned(cut, 2) for cut in cuts]) > score


def _mean(engine: Engine, cuts: list[Picture]) -> float:
    return float(np.mean([one.score for one in engine.read_lines(cuts)]))


def _tilt(boxes: Quads) -> float:
    """Degrees by which the lines fall to the right: the middle of what the longer lines say."""
    wide, high = _sides(boxes)
    long = boxes[wide > 6 * np.maximum(high, 1)]
    if len(long) < 2:
        return 0.0
    slopes = [math.degrees(math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0])) for quad in long]
    slopes += [math.degrees(math.atan2(quad[2][1] - quad[3][1], quad[2][0] - quad[3][0])) for quad in long]
    return float(np.median(slopes))


def _warped(picture: Picture, matrix: Matrix) -> Picture:
    size = (picture.shape[1], picture.shape[0])
    out = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(out, np.uint8)


def _without_seals(red: Picture, dots_per_mm: float) -> Picture | None:
    """Red ink without what is as large and as round as a seal, and without rules; None when nothing is left."""
    ink = (red < 160).astype(np.uint8)
    near = max(3, round(1.5 * dots_per_mm))
    hanging = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(hanging, connectivity=8)
    out = red.copy()
    for label in range(1, count):
        left, top, wide, high = (int(value) for value in stats[label][:4])
        if _is_seal(wide / dots_per_mm, high / dots_per_mm, top / red.shape[0]):
            out[top : top + high, left : left + wide] = 255
        elif high < 2.5 * dots_per_mm and wide > 12 * high:
            out[labels == label] = 255
    return out if np.count_nonzero(out < 160) > _FEW * out.size else None


def _is_seal(wide: float, high: float, place: float) -> bool:
    """Round, or a row of seals that touch, below the part of the page where letterheads stand."""
    least, most = _SEAL_MM
    if not least < min(wide, high) < most:
        return False
    return max(wide, high) < min(most, 1.3 * min(wide, high)) or (place > 0.35 and high < most)


def _bounds(quad: NDArray[np.float64]) -> tuple[float, float, float, float]:
    x0, top = quad.min(axis=0)
    x1, bottom = quad.max(axis=0)
    return float(x0), float(top), float(x1), float(bottom)


def bounds(boxes: Quads) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each."""
    return [_bounds(quad) for quad in boxes]


def cut_out(grey: Picture, x0: float, top: float, x1: float, bottom: float) -> Picture:
    """A part of the picture, at least 2 x 2."""
    high, wide = grey.shape
    left, upper = min(max(0, math.floor(x0)), wide - 2), min(max(0, math.floor(top)), high - 2)
    right, lower = max(left + 2, math.ceil(x1)), max(upper + 2, math.ceil(bottom))
    return np.ascontiguousarray(grey[upper:lower, left:right])


def find_rules(grey: Picture, dots_per_mm: float) -> list[Edge]:
    """Ruled lines in dots: strokes longer than any of a character."""
    ink = cv2.adaptiveThreshold(
        255 - grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 2 * round(2 * dots_per_mm) + 1, -12
    )
    length = max(20, round(_RULE_MM * dots_per_mm))
    return [*_strokes(ink, length, upright=False), *_strokes(ink, length, upright=True)]


def _strokes(ink: Picture, length: int, *, upright: bool) -> list[Edge]:
    # A scanned line wavers by a dot: thickened across, then whatever has the length along.
    across = (3, 1) if upright else (1, 3)
    along = (1, length) if upright else (length, 1)
    thick = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, across))
    found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, along))
    count, _, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    out: list[Edge] = []
    for left, top, wide, high in (tuple(int(v) for v in stats[label][:4]) for label in range(1, count)):
        thin, far = (wide, high) if upright else (high, wide)
        if thin * 8 > far:
            continue  # a picture or a blot
        at, start = (left + wide / 2, top) if upright else (top + high / 2, left)
        out.append(Edge(upright, at, float(start), float(start + far)))
    return out
