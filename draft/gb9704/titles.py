"""Titles of several lines: as even as they can be, and no word is cut by a turn of the line (GB/T 9704 7.3.1). Nothing
is put into the text: the lines are made narrower from both sides until they turn between words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

import regex
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from draft.gb9704.measures import SIZES, TYPE_AREA_MM
from index.analysis import segmenter

_MM_PER_POINT = 25.4 / 72
_SHORTEST = 0.4
"""The last line, as a share of the longest."""
_SAFE = 0.6
"""Room for a typeface that is a little wider or narrower than ours."""
_QUOTED = regex.compile("“[^“”]{1,12}”")
_NOT_FIRST = frozenset("》”）、，。：；〉’")
_NOT_LAST = frozenset("《“（〈‘")


def even_lines(paragraph: Paragraph, text: str, *, across: float = TYPE_AREA_MM[0]) -> None:
    """Of a centred title in 二号, in an area so many millimetres wide."""
    size = SIZES["二号"]
    whole = across / (size * _MM_PER_POINT)
    chars = narrower(" ".join(text.split()), int(whole))
    if chars is not None and chars < whole:
        inset = Pt((whole - chars) / 2 * size)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = inset


def narrower(text: str, most: int) -> float | None:
    """Han widths a line, half a character from where a line would turn elsewhere; None where one line is enough or no
    width turns between words."""
    whole = _width(text)
    if whole <= most:
        return None
    ends = set(_ends(text))
    quoted = {at for match in _QUOTED.finditer(text) for at in range(match.start() + 1, match.end())}
    return _fitting(text, most, ends - quoted) or _fitting(text, most, ends)


def _fitting(text: str, most: int, ends: set[int]) -> float | None:
    lines = ceil(_width(text) / most)
    found: list[tuple[float, float]] = []
    for chars in range(ceil(_width(text) / lines), most + 1):
        turns = list(_turns(text, chars))
        if len(turns) != lines - 1 or not all(one in ends for one in turns):
            continue
        widths = [_width(text[start:end]) for start, end in pairwise([0, *turns, len(text)])]
        longest = max(widths)
        room = min(width + _wide(text[turn]) - longest for width, turn in zip(widths, turns, strict=False))
        if widths[-1] >= _SHORTEST * longest and room > 0:
            found.append((room, longest + room / 2))
    safe = next((one for one in found if one[0] >= _SAFE), None) or max(found, default=None)
    return None if safe is None else safe[1]


def _width(text: str) -> float:
    return sum(map(_wide, text))


def _turns(text: str, chars: int) -> Iterator[int]:
    """Where lines of this width begin, but for the first."""
    width = 0.0
    for at, char in enumerate(text):
        width += _wide(char)
        if width > chars:
            yield at
            width = _wide(char)


def _ends(text: str) -> Iterator[int]:
    """Places between words; a figure and its 年 stay together, and so do brackets and what they hold on to."""
    at = 0
    for word in segmenter().plain(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        for place in {start, at}:
            if 0 < place < len(text) and not _holds(text[place - 1], text[place]):
                yield place


def _holds(before: str, after: str) -> bool:
    return after in _NOT_FIRST or before in _NOT_LAST or (before.isdigit() and after in "年月日届个号")


def _wide(char: str) -> float:
    return 0.55 if char.isascii() else 1.0
