"""A picture of a page to a RawPage: what follows (tables, order, paragraphs, margins) is the PDF reader's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
import regex
from numpy.typing import NDArray

from ingest.readers.ocr_edges import widened
from ingest.readers.ocr_engine import Engine, Picture, Reading
from ingest.readers.ocr_repairs import repaired
from ingest.readers.ocr_sheet import Matrix, bounds, cut_out, find_rules, make_ready
from ingest.readers.pdf_model import Char, Edge, RawLine, RawPage, Sheet

_MM = 72 / 25.4
_HAN = regex.compile(r"\p{Han}")
_WIDE = regex.compile(r"[\p{Han}\u3000-\u303f\uff00-\uff5e“”‘’—…]")
_SAME_SIZE = 0.1
"""Sizes that OCR tells of lines of one type differ by so much."""
_SAME_PLACE = 0.5
_UNREAD = Reading("", 0.0, ())


@dataclass(slots=True)
class _Strip:
    """A line found: its bounds in dots of the upright sheet, then what was read there."""

    x0: float
    top: float
    x1: float
    bottom: float
    reading: Reading = _UNREAD
    chars: list[Char] = field(default_factory=list)

    def overlap(self, other: _Strip) -> float:
        """Share of the smaller one that both cover."""
        wide = min(self.x1, other.x1) - max(self.x0, other.x0)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        if wide <= 0 or high <= 0:
            return 0.0
        return wide * high / max(1.0, min(one.area for one in (self, other)))

    @property
    def place(self) -> tuple[float, float, float, float]:
        return self.x0, self.top, self.x1, self.bottom

    @property
    def area(self) -> float:
        return (self.x1 - self.x0) * (self.bottom - self.top)


def read_page(engine: Engine, picture: Picture, number: int, width: float, height: float) -> tuple[RawPage, int]:
    """What is printed on a picture of a page of so many points, and how many lines were found but not read."""
    scale = width / picture.shape[1]
    sheet = make_ready(engine, picture, _MM / scale)
    found = [_Strip(*one) for one in bounds(sheet.boxes)]
    rules = [one for one in find_rules(sheet.grey, _MM / scale) if not any(_is_stroke(one, strip) for strip in found)]
    places = widened(sheet.grey, [one.place for one in _cut_at(rules, found)], rules)
    strips = _read(engine, sheet.grey, [_Strip(*one) for one in places])
    if sheet.red is not None:
        red = _read(engine, sheet.red, [_Strip(*one) for one in bounds(engine.find_lines(sheet.red))])
        strips = _merged(strips, red)
    read = [strip for strip in strips if strip.chars]
    high, wide = sheet.grey.shape
    raw = RawPage(number, wide * scale, high * scale, sheet=_placed(sheet.back, scale, width, height))
    raw.lines = _lines(read, scale)
    raw.edges = [Edge(one.upright, one.at * scale, one.start * scale, one.end * scale) for one in rules]
    return raw, len(strips) - len(read)


def _placed(back: Matrix, scale: float, width: float, height: float) -> Sheet:
    a, b, c, d, e, f = (float(value) for value in back.ravel())
    return Sheet((a, b, c * scale, d, e, f * scale), width, height)


def _is_stroke(rule: Edge, strip: _Strip) -> bool:
    """The rule is a stroke of a character as large as those of letterheads."""
    room = 0.1 * (strip.bottom - strip.top)
    x0, x1 = (rule.at, rule.at) if rule.upright else (rule.start, rule.end)
    top, bottom = (rule.start, rule.end) if rule.upright else (rule.at, rule.at)
    return strip.x0 - room < x0 and x1 < strip.x1 + room and strip.top - room < top and bottom < strip.bottom + room


def _cut_at(rules: Sequence[Edge], strips: Sequence[_Strip]) -> list[_Strip]:
    """Lines that run through an upright rule are lines of two cells: cut there."""
    walls = sorted((one for one in rules if one.upright), key=lambda one: one.at)
    out: list[_Strip] = []
    for strip in strips:
        room = 0.4 * (strip.bottom - strip.top)
        left = strip.x0
        for wall in walls:
            passes = wall.start < strip.top + 0.3 * room and wall.end > strip.bottom - 0.3 * room
            if passes and left + room < wall.at < strip.x1 - room:
                out.append(_Strip(left, strip.top, wall.at - 2, strip.bottom))
                left = wall.at + 2
        out.append(_Strip(left, strip.top, strip.x1, strip.bottom))
    return out


def _read(engine: Engine, grey: Picture, strips: list[_Strip]) -> list[_Strip]:
    cuts = [cut_out(grey, one.x0, one.top, one.x1, one.bottom) for one in strips]
    for strip, cut, reading in zip(strips, cuts, engine.read_lines(cuts), strict=True):
        strip.reading = reading
        strip.chars = _characters(strip, cut)
    return strips


def _characters(strip: _Strip, cut: Picture) -> list[Char]:
    """A box each: its sides half-way to its neighbours, its top and bottom those of the ink of the line."""
    if not strip.reading.text.strip():
        return []
    text, middles = repaired(strip.reading.text, strip.reading.weak), strip.reading.middles
    left, upper, right, lower = _inked(cut)
    x0, wide = strip.x0, strip.x1 - strip.x0
    centres = [x0 + one * wide for one in middles]
    steps = [two - one for one, two in pairwise(centres)]
    usual = sorted(steps)[len(steps) // 2] if steps else right - left
    sides = [(one + two) / 2 for one, two in pairwise(centres)]
    starts = [x0 + left, *sides]
    ends = [*sides, x0 + right]
    out: list[Char] = []
    for at, (char, start, end, centre) in enumerate(zip(text, starts, ends, centres, strict=True)):
        # Beside a gap a character is no wider than the others.
        start, end = max(start, centre - usual), min(end, centre + usual)
        place = (min(start, end), strip.top + upper, max(start, end), strip.top + lower)
        out.append(Char(char, *place, weak=at in strip.reading.weak))
    return _with_gaps(out, cut, strip.x0)


def _with_gaps(chars: list[Char], cut: Picture, x0: float) -> list[Char]:
    """With the blanks that recognition leaves out: between two characters the paper is bare for so much of an em."""
    # Not blurred: that takes the thin stroke of 一 away. A speck in a gap hides it, which is the lesser harm.
    bare = np.asarray(~_ink(cut).any(axis=0), np.bool_)
    size = (chars[0].bottom - chars[0].top) / 0.92
    out = chars[:1]
    for char in chars[1:]:
        last = out[-1]
        middles = ((last.x0 + last.x1) / 2 - x0, (char.x0 + char.x1) / 2 - x0)
        start, end = _longest(bare, max(0, round(middles[0])), max(0, round(middles[1])))
        if end - start >= _gap(last.text, char.text) * size and last.text.strip() and char.text.strip():
            out[-1] = last._replace(x1=x0 + start)
            char = char._replace(x0=x0 + end)
            out.append(Char(" ", x0 + start, char.top, x0 + end, char.bottom, made=True))
        out.append(char)
    return out


def _gap(one: str, two: str) -> float:
    """Ems of bare paper from which there is a blank: digits stand close, punctuation is half bare."""
    if one.isascii() and two.isascii() and one.isalnum() and two.isalnum():
        return 0.38
    return 0.65 if one.isalnum() and two.isalnum() else 1.2


def _longest(bare: NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """The longest run of bare columns between two."""
    best = (start, start)
    at = start
    for column in range(start, min(end, len(bare))):
        if not bare[column]:
            at = column + 1
        elif column + 1 - at > best[1] - best[0]:
            best = (at, column + 1)
    return best


def _ink(cut: Picture) -> NDArray[np.bool_]:
    level, _ = cv2.threshold(cut, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return np.asarray(cut <= level)


def _inked(cut: Picture) -> tuple[float, float, float, float]:
    """Bounds of the ink in a picture of a line."""
    ink = _ink(cv2.medianBlur(cut, 3))
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(columns) or not len(rows):
        return 0.0, 0.0, float(cut.shape[1]), float(cut.shape[0])
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _merged(black: list[_Strip], red: list[_Strip]) -> list[_Strip]:
    """Red lines where nothing black was read; of two readings of one place the surer and longer one stays."""
    kept = list(black)
    for strip in red:
        if not strip.chars or strip.reading.score < 0.5:
            continue  # the rim of a seal that its shape did not give away
        rivals = [one for one in kept if one.overlap(strip) > _SAME_PLACE]
        if all(_weight(one) < _weight(strip) for one in rivals):
            kept = [one for one in kept if one not in rivals]
            kept.append(strip)
    return kept


def _weight(strip: _Strip) -> float:
    return strip.reading.score * len(strip.reading.text)


def _lines(strips: Sequence[_Strip], scale: float) -> list[RawLine]:
    """From the top, in points."""
    sizes = _sizes(strips)
    ordered = sorted(zip(strips, sizes, strict=True), key=lambda one: (one[0].chars[0].top, one[0].chars[0].x0))
    return [
        RawLine(
            [c._replace(x0=c.x0 * scale, top=c.top * scale, x1=c.x1 * scale, bottom=c.bottom * scale)
             for c in strip.chars],
            round(size * scale, 1), score=round(strip.reading.score, 3),
        )
        for strip, size in ordered
    ]  # fmt: skip


def _sizes(strips: Sequence[_Strip]) -> list[float]:
    """The size of type of each line: lines whose measures nearly agree have the same."""
    measured = [_size(strip) for strip in strips]
    out = list(measured)
    waiting = set(range(len(strips)))
    while waiting:
        # The size that the most characters have, then the next one.
        weights = {
            at: sum(len(strips[i].chars) for i in waiting if abs(measured[i] / measured[at] - 1) < _SAME_SIZE)
            for at in waiting
        }
        best = max(sorted(waiting), key=lambda at: weights[at])
        near = [at for at in waiting if abs(measured[at] / measured[best] - 1) < _SAME_SIZE]
        middle = sorted(near, key=lambda at: measured[at])[len(near) // 2]
        for at in near:
            out[at] = measured[middle]
        waiting -= set(near)
    return out


def _size(strip: _Strip) -> float:
    """The step from one Han character to the next, or what the height of the ink tells."""
    height = (strip.chars[0].bottom - strip.chars[0].top) / 0.92
    steps = [
        (two.x0 + two.x1 - one.x0 - one.x1) / 2
        for one, two in pairwise(strip.chars)
        if _HAN.match(one.text) and _HAN.match(two.text)
    ]
    if len(steps) >= 4:
        # Each place is known to a sixth of an em only, the mean of many is not so coarse.
        usual = sorted(steps)[len(steps) // 2]
        near = [step for step in steps if abs(step - usual) < 0.3 * usual]
        # Spaced type is wider than it is high.
        return max(1.0, min(sum(near) / max(1, len(near)), 1.25 * height))
    if len(strip.chars) < 4:
        return max(1.0, height)
    ems = sum(1.0 if _WIDE.match(char.text) else 0.5 for char in strip.chars)
    # What a seal or a rule has left at a line makes it higher, not wider.
    return max(1.0, min(height, 1.15 * (strip.chars[-1].x1 - strip.chars[0].x0) / ems))
