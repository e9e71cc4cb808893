"""Tables in plain text: rows of tabs, Markdown pipes, and Word tables flattened to one cell a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from ingest.layout.flat import find_flat
from ingest.layout.lines import Line
from ingest.layout.parted import find_parted
from ingest.layout.shapes import is_date, is_heading, is_label, is_prose, is_roster
from ingest.layout.stacked import find_columns, find_headed, find_stacked

Parts = list[tuple[int, int]]
"""A cell: the spans of its printed lines, in the text the lines stand in."""


_BANNER = 40
"""Characters of a group title at most."""
_LEFT_OUT = 2
"""Empty cells at the end of a row that may be left out."""
_FIRST_CELL = 20
"""Characters of a line at most that may begin the first cell of the row below it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells and how many lines they took. A row of one cell in a wider table spans its width."""

    rows: list[list[Parts]] = field(default_factory=list)
    taken: int = 0


class Tables:
    """Finds the tables of a text. Lines that were looked at in vain as a flattened table are not looked at again."""

    def __init__(self, lines: Sequence[Line], text: str) -> None:
        self._lines = lines
        self._text = text
        self._not_flat = 0

    def find(self, at: int) -> Grid | None:
        """The table that begins with line `at`, or None."""
        return _pipes(self._lines, at) or _tabs(self._lines, at, self._text) or self._flat(at) or self._stacked(at)

    def _flat(self, at: int) -> Grid | None:
        if at < self._not_flat:
            return None
        rows, taken = find_flat(self._lines, at)
        if rows:
            return Grid(rows, taken)
        self._not_flat = at + taken
        return None

    def _stacked(self, at: int) -> Grid | None:
        for find in (find_stacked, find_headed, find_parted, find_columns):
            rows, taken = find(self._lines, at)
            if rows:
                return Grid(rows, taken)
        return None


_PIPE_RULE = regex.compile(r"\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?")


def _pipes(lines: Sequence[Line], at: int) -> Grid | None:
    if "|" not in lines[at].text or at + 1 >= len(lines):
        return None
    rule = lines[at + 1]
    if "|" not in rule.text or not _PIPE_RULE.fullmatch(rule.text) or rule.gap:
        return None
    head = _pipe_cells(lines[at])
    rows = [head]
    end = at + 2
    while end < len(lines) and "|" in lines[end].text and not lines[end].gap:
        cells = _pipe_cells(lines[end])[: len(head)]
        rows.append(cells + [[] for _ in range(len(head) - len(cells))])
        end += 1
    return Grid(rows, end - at)


def _pipe_cells(line: Line) -> list[Parts]:
    body, start = line.text, line.start
    if body.startswith("|"):
        body, start = body[1:], start + 1
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    cells: list[Parts] = []
    for piece in regex.split(r"(?<!\\)\|", body):
        parts: Parts = []
        at = 0
        for one in (*regex.finditer(r"(?i)<br\s*/?>", piece), None):
            end = len(piece) if one is None else one.start()
            parts += _trim(piece, at, end, start)
            at = end if one is None else one.end()
        cells.append(parts)
        start += len(piece) + 1
    return cells


def _trim(piece: str, first: int, last: int, offset: int) -> Parts:
    body = piece[first:last]
    if not body.strip():
        return []
    lead = len(body) - len(body.lstrip())
    return [(offset + first + lead, offset + first + lead + len(body.strip()))]


def _tabs(lines: Sequence[Line], at: int, text: str) -> Grid | None:
    first = lines[at]
    if "\t" not in first.text or is_roster(first.text) or is_label(first.text.split("\t")[0]):
        return None
    width = len(_tab_cells(first, text))
    rows: list[list[Parts]] = []
    end = at
    while end < len(lines):
        taken = (_banner(lines, end, width, text) if rows else None) or _tab_row(lines, end, width, text)
        if taken is None and rows:
            taken = _wrapped_first(lines, end, width, text)
        if taken is None or (lines[end].gap > 3 and end > at):
            break
        row, count = taken
        if not rows or _words(row, text) != _words(rows[0], text):
            rows.append(row)
        end += count
    lone = width >= 3 and all(len(cell) <= 24 for cell in first.text.split("\t"))
    if not rows or (end - at < 2 and not lone):
        return None
    return None if _is_signature(lines, at, end) else Grid(rows, end - at)


def _banner(lines: Sequence[Line], at: int, width: int, text: str) -> tuple[list[Parts], int] | None:
    """A group title over the whole width: one cell, and a row of the table right below."""
    line = lines[at]
    if "\t" in line.text or "\t" in line.lead or not is_heading(line.text) or len(line.text) > _BANNER:
        return None
    if line.text[-1] in "。；：;:" or at + 1 >= len(lines) or line.gap > 1:
        return None
    return ([[(line.start, line.end)]], 1) if _tab_row(lines, at + 1, width, text) is not None else None


def _wrapped_first(lines: Sequence[Line], at: int, width: int, text: str) -> tuple[list[Parts], int] | None:
    """A row whose first cell was broken in two: its beginning alone on a line, the rest at the head of the row."""
    line = lines[at]
    if at + 1 >= len(lines) or "\t" in line.text + line.lead or lines[at + 1].gap or len(line.text) > _FIRST_CELL:
        return None
    if line.gap > 1 or is_heading(line.text) or line.text[-1] in "。；：;:，," or is_date(line.text):
        return None
    below = _tab_cells(lines[at + 1], text)
    if len(below) != width or not below[0] or text[below[0][0][0] : below[0][0][1]].isdigit():
        return None
    return [[(line.start, line.end), *below[0]], *below[1:]], 2


def _is_signature(lines: Sequence[Line], at: int, end: int) -> bool:
    """A few lines of names two by two, and the date below: joint issuers, not a table."""
    if end - at > 12 or end >= len(lines) or not is_date(lines[end].text):
        return False
    return all(len(word) <= 30 and not is_prose(word) for line in lines[at:end] for word in line.text.split("\t"))


def _tab_row(lines: Sequence[Line], at: int, width: int, text: str) -> tuple[list[Parts], int] | None:
    """One row, which a cell of several lines may spread over up to five printed lines."""
    row: list[Parts] = []
    for count in range(1, 6):
        if at + count > len(lines):
            break
        line = lines[at + count - 1]
        if is_roster(line.text) or (count > 1 and line.gap > 1 and not line.turned):
            return None
        cells = _tab_cells(line, text)
        if count == 1:
            row = cells
        else:
            row = [*row[:-1], row[-1] + cells[0], *cells[1:]]
        if len(row) == width:
            return row, count
        if len(row) > width or (len(cells) == 1 and count == 1):
            break
    return _short_row(lines[at], width, text)


def _short_row(line: Line, width: int, text: str) -> tuple[list[Parts], int] | None:
    """A row whose last cells are empty and were not written."""
    row = _tab_cells(line, text)
    if width < 4 or not width - _LEFT_OUT <= len(row) < width:
        return None
    return row + [[] for _ in range(width - len(row))], 1


def _tab_cells(line: Line, text: str) -> list[Parts]:
    """Cells of a line; blanks at its ends that hold tabs are empty cells."""
    start = line.start - len(line.lead.lstrip(" \u3000\u00a0"))
    end = line.end
    while end < len(text) and text[end] in "\t ":
        end += 1
    raw = text[start:end].rstrip(" ")
    cells: list[Parts] = []
    for piece in raw.split("\t"):
        cells.append(_trim(piece, 0, len(piece), start))
        start += len(piece) + 1
    return cells


def _words(row: list[Parts], text: str) -> list[str]:
    return ["".join(text[a:b] for a, b in cell) for cell in row]
