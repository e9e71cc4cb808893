"""Blank forms among the annexes (回执, 统计表): for others to fill in, so they hold no facts (domain.md §12 B29)."""

from __future__ import annotations

import regex

from extract.builder import Builder, Value
from extract.lines import Line, cell_text
from extract.regions import RegionText, Running
from gongwen.document import Document, grid
from gongwen.text import close_gaps

_EMPTY = 0.6
"""Share of a form's cells below its heads, or of its labels, that stand empty."""
_LABEL = regex.compile(r"\p{Han}[\p{Han}（）/]{1,15}：(?P<value>[^：]*?)(?=\s*\p{Han}[\p{Han}（）/]{1,15}：|$)")


def read_forms(builder: Builder, running: Running) -> None:
    """`forms`: the titles of annexes that are blank forms."""
    for region in running.regions:
        titles = region.region.title
        if region.region.kind == "body" or not titles or not _is_blank(builder.document, running, region):
            continue
        spans = [running.lines[at].span for at in titles]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        builder.extend("forms", [Value(text, spans, "forms/blank", 0.7)])


def _is_blank(document: Document, running: Running, region: RegionText) -> bool:
    lines = [running.lines[at] for at in region.body]
    filled = empty = 0
    for line in lines:
        found = _cells(document, line) if line.is_table else _labels(line)
        filled += sum(found)
        empty += len(found) - sum(found)
    return empty >= 2 and empty >= _EMPTY * (filled + empty) and not _is_text(lines)


def _cells(document: Document, line: Line) -> list[bool]:
    """Of each cell below the first row and beside the first column: whether something stands in it. A sheet keeps no
    rows in which nothing stands, so heads alone are a form."""
    rows = grid(line.block)
    if len(rows) == 1:
        return [False] * len(rows[0])
    cells = {id(cell): cell for row in rows[1:] for cell in row[1:] if cell is not None}
    return [bool(cell_text(document, cell).tight) for cell in cells.values()]


def _labels(line: Line) -> list[bool]:
    return [bool(match["value"].strip(" _")) for match in _LABEL.finditer(line.folded)]


def _is_text(lines: list[Line]) -> bool:
    """Sentences beside the form: an annex that explains itself is read as text."""
    return sum(len(line.tight) > 60 and line.ends("。") for line in lines) > 2
