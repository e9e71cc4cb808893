"""A Word table that a converter wrote as one cell a line: each cell led by a tab, rows parted by blank lines
(domain.md §12 B25-B28). Blank lines inside a row and cells of several lines occur, so the grid is found by the
number of columns: rows of the header's width cost nothing, every other reading costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from ingest.layout.joins import Wrap, continues
from ingest.layout.lines import Line
from ingest.layout.shapes import begins_anew, is_heading, is_prose, is_roster, is_title_end

Parts = list[tuple[int, int]]

_MAX_COLUMNS = 15
_SHORT = 10
_NO_BLANK = 1
_SURE = 0.7
"""Share of rows that must have the width of the header."""

_HEADER_LENGTH = 16
_WHOLE = 3
"""Rows with all their cells, the header with them, from which blank lines are believed to part rows."""


@dataclass(slots=True)
class _Token:
    parts: Parts = field(default_factory=list)
    words: str = ""
    gap: bool = False
    bare: bool = False


def find_flat(lines: Sequence[Line], at: int) -> tuple[list[list[Parts]], int]:
    """Rows and the number of lines looked at; no rows when no such table begins here."""
    bare = _begins_row(lines, at) and _is_header(lines[at].text)
    if not bare and not _begins_cell(lines[at]):
        return [], 0
    tokens, taken = _tokens(lines, at)
    if bare and sum(1 for token in tokens if token.bare) < 2:
        return [], 0  # a caption right above the table, not its first cell
    if len(tokens) < 4 or (at and is_roster(lines[at - 1].text, within=True)):
        return [], taken
    width = _width(tokens)
    if width is None:
        return [], taken
    if (parted := _parted(tokens, width)) is not None:
        return [[token.parts for token in row] for row in _without_repeats(parted)], taken
    rows = _rows(tokens, width)
    if sum(1 for size, _ in rows if size == width) < _SURE * len(rows):
        return [], taken
    return [[token.parts for token in row] for row in _without_repeats([row for _, row in rows])], taken


def _begins_cell(line: Line) -> bool:
    return line.lead.startswith("\t") and "\t" not in line.text


def _begins_row(lines: Sequence[Line], at: int) -> bool:
    """The first cell of a row without a tab, as some converters write it: set off, with a tabbed cell right below."""
    line = lines[at]
    if not line.text or line.lead or "\t" in line.text or at + 1 >= len(lines):
        return False
    return _begins_cell(lines[at + 1]) and not lines[at + 1].gap


def _tokens(lines: Sequence[Line], at: int) -> tuple[list[_Token], int]:
    tokens: list[_Token] = []
    end = at
    while end < len(lines):
        line = lines[end]
        if _begins_cell(line):
            for _ in range(line.lead.count("\t") - 1):
                tokens.append(_Token(gap=line.gap > 0))
            gap = line.gap > 0 if line.lead.count("\t") == 1 else False
            tokens.append(_Token([(line.start, line.end)] if line.text else [], line.text, gap))
        elif tokens and _goes_on(lines, end, tokens[-1].words):
            token = tokens[-1]
            token.parts.append((line.start, line.end))
            token.words += line.text
        elif (end == at or line.gap) and _begins_row(lines, end):
            tokens.append(_Token([(line.start, line.end)], line.text, True, bare=True))
        else:
            break
        end += 1
    return tokens, end - at


def _goes_on(lines: Sequence[Line], at: int, words: str) -> bool:
    """A further line of the cell before it (its `words` so far): not set off, and cells follow (or the cell had no
    words yet)."""
    line = lines[at]
    if line.lead or "\t" in line.text or not line.text:
        return False
    before = lines[at - 1]
    follows = any(_begins_cell(later) for later in lines[at + 1 : at + 6])
    if line.gap or line.turned:
        return follows and (_is_cut(words, line) or continues(before.text, before, line, Wrap()))
    return follows or not before.text or before.text[-1] in "，、"


def _is_cut(words: str, line: Line) -> bool:
    """A cell cut inside a word by a page end or a blank line; a row's first cell, which may stand there as well, is no
    sentence and begins with no end of one."""
    if not words or words[-1] in "。！？；：…!?;:" or begins_anew(line.text):
        return False
    return is_prose(line.text) or (line.turned and is_heading(words) and not is_title_end(words))


def _width(tokens: Sequence[_Token]) -> int | None:
    """Columns of the header: the cells before the first blank line, else those before the first serial number, if
    serial numbers come back at that distance. Paragraphs that merely begin with a tab have no such header."""
    head = next((index for index, token in enumerate(tokens) if index and token.gap), len(tokens))
    if head == len(tokens):
        serial = [index for index, token in enumerate(tokens) if regex.fullmatch(r"\d{1,3}", token.words)]
        if len(serial) < 2 or serial[0] != serial[1] - serial[0]:
            return None
        head = serial[0]
    if not 2 <= head <= _MAX_COLUMNS or not all(_is_header(token.words) for token in tokens[:head]):
        return None
    return head


def _is_header(words: str) -> bool:
    return 0 < len(words) <= _HEADER_LENGTH and not is_heading(words) and words[-1] not in "。；：:"


def _parted(tokens: Sequence[_Token], width: int) -> list[list[_Token]] | None:
    """The rows as blank lines part them, where each of them then has all cells, or all but the one of a merged column:
    its first, or its last where the first holds a serial number. None where blank lines part something else."""
    starts = [at for at, token in enumerate(tokens) if at == 0 or token.gap]
    found = [list(tokens[start:end]) for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]
    whole = sum(1 for row in found if len(row) == width)
    if len(found) < 4 or whole < _WHOLE or any(not width - 1 <= len(row) <= width for row in found):
        return None
    if whole == len(found) or width < 3:
        return None
    return [_filled(row, width) for row in found]


def _filled(row: list[_Token], width: int) -> list[_Token]:
    if len(row) == width:
        return row
    return [*row, _Token()] if regex.fullmatch(r"\d{1,3}", row[0].words) else [_Token(), *row]


def _rows(tokens: Sequence[_Token], width: int) -> list[tuple[int, list[_Token]]]:
    """The cheapest way to cut the cells into rows: how many cells each has, and the row filled up to the width."""
    cost = [0.0] + [float("inf")] * len(tokens)
    came = [0] * (len(tokens) + 1)
    for end in range(1, len(tokens) + 1):
        for size in range(1, min(width, end) + 1):
            start = end - size
            price = cost[start] + (0 if size == width else _SHORT + width - size)
            price += 0 if start == 0 or tokens[start].gap else _NO_BLANK if size == width else 2 * _SHORT
            if price < cost[end]:
                cost[end], came[end] = price, start
    rows: list[tuple[int, list[_Token]]] = []
    end = len(tokens)
    while end:
        row = list(tokens[came[end] : end])
        missing = [_Token() for _ in range(width - len(row))]
        # One cell short: the merged first column was left out; shorter still: the row breaks off.
        rows.append((len(row), missing + row if len(missing) == 1 else row + missing))
        end = came[end]
    return rows[::-1]


def _without_repeats(rows: list[list[_Token]]) -> list[list[_Token]]:
    head = [token.words for token in rows[0]]
    return rows[:1] + [row for row in rows[1:] if [token.words for token in row] != head]
