"""A table copied from a page: one cell a line, no tabs. Its rows are told by their serial numbers, which stand at the
same distance again and again, with a header of as many short lines above the first of them; or by a header of known
heads, whose typed columns (numbers, times) every row must fit. Columns set with blanks are told by known heads too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import regex

from gongwen.values.vocab import vocab
from ingest.layout.lines import Line
from ingest.layout.shapes import is_heading, is_prose

Parts = list[tuple[int, int]]

_WIDEST = 12
_NARROWEST = 3
_CELL = 16
"""Characters of a header cell at most."""
_ROW_LINES = 40
"""Lines of a row at most, many-lined cells included."""
_SURE = 0.5
"""Share of rows that must have just as many lines as the header has cells."""
_GROUP = regex.compile(r"[一二三四五六七八九十]{1,3}、")
_PIECE = regex.compile(r"\S+(?:[ \u3000]\S+)*")
_PHONE = regex.compile(r"[\d\-—－转、，；/（）() ]{3,40}|[/无—-]")
_MERGED = ("role", "post")
"""Heads of a first column of roles, each of which stands once for several names."""
TYPES = {
    "name": regex.compile(r"\p{Han}(?:[ \u3000]{0,4}\p{Han}){1,3}|\p{Han}{1,8}(?:[·•・]\p{Han}{1,8}){1,3}"),
    "phones": _PHONE, "mobile": _PHONE, "fax": _PHONE, "email": regex.compile(r"\S+@\S+|[/无—-]"),
    "number": regex.compile(r"\d{1,3}"),
    "time": regex.compile(
        r"(?:\d|[一二三四五六七八九十]+月|全年|常年|每|持续|长期|第|[上下]半年|年内|年底|即日|立即).{0,24}"
    ),
}  # fmt: skip
"""What the cells of a typed column look like, by the meaning of its head."""
_SERIAL = regex.compile(r"(\d{1,3})[.、．]?")


def find_stacked(lines: Sequence[Line], at: int) -> tuple[list[list[Parts]], int]:
    """Rows and the number of lines they took; no rows when no such table begins here."""
    first = _first_serial(lines, at)
    if first is None:
        return [], 0
    width = first - at
    serials = _serials(lines, first, width)
    heads = [line.text for line in lines[at:first]]
    sizes = [len(_without_heads(lines[before:after], heads)) for before, after in pairwise(serials)]
    if not sizes or sizes.count(width) < _SURE * len(sizes) or len(lines) < serials[-1] + width:
        return [], 0
    ends = [*serials[1:], _last_end(lines, serials[-1], width)]
    cells = [
        _cells(_without_heads(lines[start:end], heads), width) for start, end in zip(serials, ends, strict=True)
    ]
    if any(row is None for row in cells):
        return [], 0
    head = [[(line.start, line.end)] for line in lines[at:first]]
    return [head, *(row for row in cells if row is not None)], ends[-1] - at


def find_headed(lines: Sequence[Line], at: int) -> tuple[list[list[Parts]], int]:
    """As `find_stacked`, for tables without serial numbers: three known heads or more, one a line."""
    width = 0
    while width < _WIDEST and at + width < len(lines) and _head(lines[at + width]):
        width += 1
    heads = [_head(lines[at + place]) for place in range(width)]
    typed = {place: kind for place, head in enumerate(heads) if (kind := TYPES.get(head))}
    if width < _NARROWEST or not typed:
        return [], 0
    merged = heads[0] in _MERGED and heads[1] == "name"
    rows = [[[(line.start, line.end)] for line in lines[at : at + width]]]
    end = at + width
    while True:
        group = end < len(lines) and _GROUP.match(lines[end].text) is not None
        first = end + 1 if group else end
        row = lines[first : first + width]
        if _fits(row, width, typed):
            cells: list[Parts] = [[(line.start, line.end)] for line in row]
        elif merged and _fits(row[:-1], width - 1, {place - 1: kind for place, kind in typed.items() if place}):
            cells = [[], *([(line.start, line.end)] for line in row[:-1])]  # its first cell is the one above
        else:
            break
        if group:
            rows.append([[(lines[end].start, lines[end].end)]])
        rows.append(cells)
        end = first + sum(1 for cell in cells if cell)
    return (rows, end - at) if sum(len(row) == width for row in rows) > 2 else ([], 0)


def _fits(row: Sequence[Line], width: int, typed: Mapping[int, regex.Pattern[str]]) -> bool:
    """Whether so many lines may be a row: no headings but in front, and what is typed has its type."""
    if len(row) < width or any("\t" in line.text + line.lead or line.text[-1:] in "：:" for line in row):
        return False
    return all(kind.fullmatch(row[place].text) for place, kind in typed.items())


def find_columns(lines: Sequence[Line], at: int) -> tuple[list[list[Parts]], int]:
    """A table set with blanks: known heads on one line, wide gaps between the cells of each row. Cells missing at a
    row's end are empty."""
    heads = _cut(lines[at])
    words = [lines[at].text[start - lines[at].start : end - lines[at].start] for start, end in heads]
    if len(heads) < _NARROWEST or not all(map(known_head, words)):
        return [], 0
    rows = [[[cell] for cell in heads]]
    end = at + 1
    while end < len(lines) and "\t" not in lines[end].text and 1 < len(cells := _cut(lines[end])) <= len(heads):
        if len(cells) < len(heads) - 1:
            break
        rows.append([[cell] for cell in cells] + [[] for _ in range(len(heads) - len(cells))])
        end += 1
    return (rows, end - at) if len(rows) > 1 else ([], 0)


def _cut(line: Line) -> list[tuple[int, int]]:
    """The pieces of a line between gaps of two blanks or more."""
    return [(line.start + match.start(), line.start + match.end()) for match in _PIECE.finditer(line.text)]


def _head(line: Line) -> str:
    return known_head(line.text) if len(line.text) <= _CELL and "\t" not in line.lead + line.text else ""


def known_head(text: str) -> str:
    """What a known head of a column means (phones, time, name), '' for other words."""
    bare = "".join(regex.sub(r"（[^（）]*）|\([^()]*\)|[：:]", "", text).split())
    return _heads().get(bare, "")


@cache
def _heads() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("tasks", "roster_columns", "contact_columns"):
        for meaning, heads in vocab(name).items():
            found.update(dict.fromkeys(map(str, heads), str(meaning)))
    return found


def _first_serial(lines: Sequence[Line], at: int) -> int | None:
    """The line of the number 1 below a header that begins at `at`."""
    for place in range(at, min(len(lines), at + _WIDEST + 1)):
        line = lines[place]
        if "\t" in line.lead or "\t" in line.text:
            return None
        if _number(line) == 1:
            return place if place - at >= _NARROWEST else None
        if not line.text or len(line.text) > _CELL or is_heading(line.text) or line.text[-1] in "。；：:":
            return None
    return None


def _number(line: Line) -> int | None:
    match = _SERIAL.fullmatch(line.text)
    return int(match[1]) if match else None


def _serials(lines: Sequence[Line], first: int, width: int) -> list[int]:
    """Lines of the numbers 1, 2, 3 …; a row has no fewer lines than the header has cells."""
    found = [first]
    while True:
        wanted = len(found) + 1
        near = range(found[-1] + width, min(len(lines), found[-1] + _ROW_LINES))
        place = next((one for one in near if _number(lines[one]) == wanted), None)
        if place is None:
            return found
        found.append(place)


def _last_end(lines: Sequence[Line], start: int, width: int) -> int:
    """The last row has no serial below it: its cells, and lines that go on without the gap between cells."""
    end = start + width
    gap = _cell_gap(lines, start, end)
    while end < len(lines) and gap and lines[end].gap < gap and end - start < _ROW_LINES:
        end += 1
    return end


def _cell_gap(lines: Sequence[Line], start: int, end: int) -> int:
    """Blank lines between cells."""
    return max((lines[at].gap for at in range(start + 1, end)), default=0)


def _without_heads(row: Sequence[Line], heads: Sequence[str]) -> Sequence[Line]:
    """The row without the header that a new page repeats in it."""
    for at in range(len(row) - len(heads) + 1):
        if [line.text for line in row[at : at + len(heads)]] == heads:
            return [*row[:at], *row[at + len(heads) :]]
    return row


def _cells(lines: Sequence[Line], width: int) -> list[Parts] | None:
    """The row's lines as `width` cells, or None: lines set off less than cells are, and lines after a comma or inside
    prose, go on with the cell before."""
    surplus = len(lines) - width
    gap = _cell_gap(lines, 0, len(lines))
    joined: set[int] = set()
    for test in (_is_close, _is_after_comma, _is_in_prose):
        for at in range(2, len(lines)):
            if len(joined) < surplus and at not in joined and test(lines, at, gap):
                joined.add(at)
    if len(joined) < surplus:
        return None
    row: list[Parts] = []
    for at in range(len(lines)):
        part = (lines[at].start, lines[at].end)
        if at in joined:
            row[-1].append(part)
        else:
            row.append([part])
    return row


def _is_close(lines: Sequence[Line], at: int, gap: int) -> bool:
    return gap > 0 and lines[at].gap == 0


def _is_after_comma(lines: Sequence[Line], at: int, gap: int) -> bool:
    return lines[at - 1].text[-1:] in "、，,；;" and bool(lines[at - 1].text)


def _is_in_prose(lines: Sequence[Line], at: int, gap: int) -> bool:
    return is_prose(lines[at].text) and is_prose(lines[at - 1].text)
