"""A table copied from a page: one cell a line, its rows parted by blank lines. The first column may be merged, so that
only the first row of a group begins with its cell. Told by a header of short lines that are known heads."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from ingest.layout.lines import Line
from ingest.layout.shapes import is_date, is_heading
from ingest.layout.stacked import TYPES, known_head

Parts = list[tuple[int, int]]

_NARROWEST = 3
_WIDEST = 12
_CELL = 16
"""Characters of a header cell at most."""
_KNOWN = 2
"""Heads that must be known: fewer are words of a list."""
_ROWS = 2
"""Rows below the header from which it is a table."""
_SERIAL = regex.compile(r"\d{1,3}[.、．]?")
_OPEN = "、，,；;"


def find_parted(lines: Sequence[Line], at: int) -> tuple[list[list[Parts]], int]:
    """Rows and the number of lines they took; no rows when no such table begins here."""
    width = _header(lines, at)
    if width == 0:
        return [], 0
    heads = [line.text for line in lines[at : at + width]]
    rows = [[_cell(line) for line in lines[at : at + width]]]
    end = at + width
    while (size := _group(lines, end)) > 0:
        group = lines[end : end + size]
        row = None if [line.text for line in group] == heads else _row(group, heads)
        if row is None and [line.text for line in group] != heads:
            break
        rows += [row] if row is not None else []
        end += size
    return (rows, end - at) if len(rows) > _ROWS else ([], 0)


def _header(lines: Sequence[Line], at: int) -> int:
    """How many lines are heads; 0: no header begins here."""
    end = at
    while end < len(lines) and end - at <= _WIDEST and _may_be_head(lines[end]) and (end == at or not lines[end].gap):
        end += 1
    width = end - at
    if not _NARROWEST <= width <= _WIDEST or end >= len(lines) or not lines[end].gap:
        return 0
    known = sum(1 for line in lines[at:end] if known_head(line.text))
    return width if known >= _KNOWN and 2 * known >= width else 0


def _may_be_head(line: Line) -> bool:
    if not 0 < len(line.text) <= _CELL or "\t" in line.lead + line.text:
        return False
    return not is_heading(line.text) and line.text[-1] not in "。；：:，," and not is_date(line.text)


def _group(lines: Sequence[Line], at: int) -> int:
    """How many lines stand together from `at` on."""
    end = at
    while end < len(lines) and end - at < 2 * _WIDEST and lines[end].text and (end == at or not lines[end].gap):
        end += 1
    return end - at


def _cell(line: Line) -> Parts:
    return [(line.start, line.end)]


def _row(group: Sequence[Line], heads: Sequence[str]) -> list[Parts] | None:
    """The group as a row; a line behind 、 goes on with the cell above. None where it is none."""
    width = len(heads)
    cells: list[Parts] = []
    words: list[str] = []
    for line in group:
        if "\t" in line.lead + line.text:
            return None
        if words and words[-1][-1] in _OPEN and len(group) > width:
            cells[-1] += _cell(line)
            words[-1] += line.text
        else:
            cells.append(_cell(line))
            words.append(line.text)
    if len(cells) == width and _fits(words, heads):
        return cells
    if len(cells) != width - 1 or width == _NARROWEST or is_date(words[-1]):
        return None
    if _SERIAL.fullmatch(words[0]):
        return [*cells, []]
    return [[], *cells] if _fits(["", *words], heads) else None


def _fits(words: Sequence[str], heads: Sequence[str]) -> bool:
    """Cells of numbers, times and names look like that."""
    for word, head in zip(words, heads, strict=True):
        kind = TYPES.get(known_head(head))
        if word and kind is not None and kind.fullmatch(word) is None:
            return False
    return True
