"""Tables by the names of their columns: header row found, repeated headers dropped, merged cells spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from extract.lines import CellText, cell_text
from gongwen.document import Block, Cell, Document, grid

_SECOND = {"title": "detail"}
"""A second column of the same meaning: 工作任务 | 重点任务 is group and task."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: meaning → column number. `rows`: one mapping meaning → cell a data row; a merged or left-out cell
    of a column in `inherited` holds the cell above. `unread`: printed heads that no vocabulary knows."""

    columns: dict[str, int]
    rows: list[dict[str, CellText]]
    unread: tuple[str, ...]
    merged: frozenset[str]


def read_table(
    document: Document, block: Block, words: Mapping[str, Sequence[str]], need: tuple[str, ...]
) -> Table | None:
    """None when no row of the first four is a header with all `need`ed meanings."""
    cells = grid(block)
    texts: dict[Cell, CellText] = {cell: cell_text(document, cell) for cell in block.cells}
    heads = [_header([texts[cell] if cell else None for cell in row], words) for row in cells[:4]]
    at = next((at for at, (columns, _) in enumerate(heads) if all(name in columns for name in need)), None)
    if at is None:
        return None
    columns, unread = heads[at]
    header = [texts[cell].tight if cell else "" for cell in cells[at]]
    rows = []
    merged: set[str] = set()
    for number in range(at + 1, len(cells)):
        line = [texts[cell] if cell else None for cell in cells[number]]
        if [one.tight if one else "" for one in line] == header or _is_banner(line):
            continue
        found = {name: cell for name, column in columns.items() if column < len(line) and (cell := line[column])}
        merged |= {name for name, cell in found.items() if cell.cell.row_span > 1 or not cell.tight}
        merged |= {name for name in columns if name not in found}
        if any(cell.tight for cell in found.values()):
            rows.append(found)
    return Table(columns, rows, unread, frozenset(merged))


def _header(
    row: Sequence[CellText | None], words: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    unread = []
    for column, cell in enumerate(row):
        if cell is None or not cell.tight or (column and row[column - 1] is cell):
            continue
        bare = regex.sub(r"（[^（）]*）|[：:]", "", cell.tight)
        name = next((name for name, known in words.items() if bare in known), None)
        if name is None:
            name = next(
                (name for name, known in words.items() if len(bare) <= 10 and bare.endswith(tuple(known))), None
            )
        if name in _SECOND and name in columns:
            name = _SECOND[name]
        if name is None or name in columns:
            unread.append(cell.tight)
        else:
            columns[name] = column
    return columns, tuple(unread)


def _is_banner(row: Sequence[CellText | None]) -> bool:
    """One cell over the whole width: a group title, not a row of its own."""
    return len(row) > 1 and row[0] is not None and all(cell is row[0] for cell in row)
