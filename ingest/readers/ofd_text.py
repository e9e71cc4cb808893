"""Text objects to characters with boxes (GB/T 33190-2016, 11): every glyph has its place, no font is needed.

How wide a glyph is the font knows; here its width is the step to the next one, or what glyphs of its kind measure.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongwen.errors import SourceError
from ingest.readers.ofd_package import children, local
from ingest.readers.ofd_units import FAR, Box, at, number, placed, steps
from ingest.readers.pdf_model import Char
from ingest.readers.plane import Matrix

_SIZE = 5.64
"""Millimetres (16 points, GB/T 9704 5.2.2) where an object names no size, which the standard demands."""
_ASCENT, _DESCENT = 0.88, 0.12
"""Of the em, above and below the base line: what CJK faces have."""
_NARROW = {**dict.fromkeys("iljtfI.,;:'|!()[]", 0.31), **dict.fromkeys("mwMW@%", 0.86)}
_CAPITAL, _SMALL = 0.68, 0.5


MAX_CHARS = 200_000
"""On one page; a page of dense print has 3,000."""


@dataclass(slots=True)
class Segment:
    """The characters of one TextCode. `level` is the height of its base line, in points as all else."""

    chars: list[Char]
    size: float
    level: float
    bold: bool = False
    slanted: bool = False
    across: bool = True
    """Runs from left to right on one base line."""
    turn: int = 0
    """Quarter turns, clockwise, of the direction in which it is read."""
    aside: bool = False
    hidden: int = 0
    """Glyphs that stand for no character or for another one."""
    key: tuple[str, int, int] = field(default=("", 0, 0))

    @property
    def x0(self) -> float:
        return min(char.x0 for char in self.chars)

    @property
    def x1(self) -> float:
        return max(char.x1 for char in self.chars)


Spot = tuple[float, float, float]
"""Where a glyph stands on its base line and how wide it is, in the object's own coordinates."""


def segments(item: etree._Element, outer: Matrix, bold: bool) -> Iterator[Segment]:
    """What a TextObject prints, one TextCode after another."""
    place = placed(item, outer)
    size, _ = measure(item)
    glyphs = _glyphs(item)
    for _, text, spots in codes(item):
        yield _segment(text, spots, place, size, bold, glyphs)


def measure(item: etree._Element) -> tuple[float, float]:
    """Size of type and how much wider than usual it is."""
    return abs(number(item.get("Size"), _SIZE)) or _SIZE, abs(number(item.get("HScale"), 1.0)) or 1.0


def codes(item: etree._Element) -> Iterator[tuple[etree._Element, str, list[Spot]]]:
    """The TextCodes of a TextObject that say something, with where their characters stand; a place that one does not
    give is that of the one before it."""
    down = round(number(item.get("ReadDirection"))) % 180 == 90
    x = y = 0.0
    for code in children(item, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        text = _text(code)
        if not text:
            continue
        if len(text) > MAX_CHARS:
            raise SourceError("too_much_text", f"{len(text)} characters in one place")
        yield code, text, _spots(code, text, (x, y), measure(item), down)


def _text(code: etree._Element) -> str:
    """Offsets count characters, so nothing inside is touched; lines breaks around it are the XML's."""
    text = code.text or ""
    return text.strip() if "\n" in text or "\r" in text else text


def _glyphs(item: etree._Element) -> bool:
    """Whether the object names glyphs of its font beside or instead of characters (11.4.2)."""
    return any(local(child) == "CGTransform" for child in item)


def _spots(
    code: etree._Element, text: str, start: tuple[float, float], measure: tuple[float, float], down: bool
) -> list[tuple[float, float, float]]:
    """Where each character stands: x, y, width. Fewer steps than characters: the last one goes on."""
    across, along = (steps(code.get(name), len(text) - 1) for name in ("DeltaX", "DeltaY"))
    (x, y), (size, wide) = start, measure
    out: list[tuple[float, float, float]] = []
    for place, char in enumerate(text):
        em = _em(char)
        usual = em * size * wide
        step = _nth(across, place)
        width = usual
        # A step shorter than the glyph is that of punctuation set tight; letters are as wide as their font says.
        if step is not None and step > 0 and (step < usual or (em < 1 and step <= size)):
            width = step
        out.append((x, y, width))
        rise = _nth(along, place)
        if step is None and rise is None:
            step, rise = (0.0, size) if down else (usual, 0.0)
        x, y = x + (step or 0.0), y + (rise or 0.0)
    return out


def _nth(given: list[float], place: int) -> float | None:
    return (given[place] if place < len(given) else given[-1]) if given else None


def _em(char: str) -> float:
    """Width of a glyph in ems."""
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in _NARROW:
        return _NARROW[char]
    return _CAPITAL if char.isupper() else _SMALL


def _segment(
    text: str, spots: list[tuple[float, float, float]], place: Matrix, size: float, bold: bool, glyphs: bool
) -> Segment:
    a, b, c, d, _, _ = place
    hidden = 0
    if glyphs:
        hidden = sum(map(_says_nothing, text))
        text = "".join("\ufffd" if _says_nothing(char) else char for char in text)
    chars = [Char(char, *bounds) for char, bounds in zip(text, _boxes(spots, place, size), strict=True)]
    level = at(place, spots[0][0], spots[0][1])[1]
    last = at(place, spots[-1][0], spots[-1][1])[1]
    height = min(1000.0, max(1.0, size * math.hypot(c, d)))
    angle = math.degrees(math.atan2(b, a))
    upright = abs(b) <= abs(a) and a > 0
    key = (text, round(chars[0].x0), round(level))
    return Segment(
        chars, round(height, 1), level, bold, slanted=5 < angle % 90 < 85,
        across=upright and abs(last - level) < 0.5 * height, turn=round(angle / 90) % 4,
        hidden=hidden, key=key,
    )  # fmt: skip


def _boxes(spots: list[tuple[float, float, float]], place: Matrix, size: float) -> Iterator[Box]:
    """Left, top, right, bottom of each glyph on the page."""
    a, b, c, d, e, f = place
    far = max(max(abs(x) + width, abs(y) + size) for x, y, width in spots)
    # Nearly all text is upright and near: the straight way, thrice as fast.
    if b == c == 0 and a > 0 and d > 0 and max(a, d) * far + max(abs(e), abs(f)) < FAR:
        for x, y, width in spots:
            left, base = a * x + e, d * y + f
            yield left, base - _ASCENT * size * d, left + a * width, base + _DESCENT * size * d
        return
    for x, y, width in spots:
        x0, y0 = at(place, x, y - _ASCENT * size)
        x1, y1 = at(place, x + width, y + _DESCENT * size)
        yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _says_nothing(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd"
