"""Tables by the names of their columns: header row found, repeated headers dropped, merged cells spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extract.lines import CellText, cell_text
from gongwen.document import Block, Cell, Document, grid
from gongwen.values.vocab import words as vocabulary

_ASIDE = regex.compile(r"（[^（）]*）|[：:]")
_DOERS = regex.compile(rf"(?:{'|'.join(vocabulary('table_heads', 'doers'))})$")
MORE = "+"
"""Marks a second column of one meaning: 配合单位 | 协助单位."""
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
    printed = _texts(document, cells[:4])  # most tables are none of those asked for: their heads tell
    candidates = [(at, row) for at, row in enumerate(printed)]
    candidates += [(at + 1, _two_rows(upper, lower)) for at, (upper, lower) in enumerate(pairwise(printed))]
    heads = [(at, row, *_header(row, words)) for at, row in candidates]
    chosen = max((head for head in heads if all(name in head[2] for name in need)), key=_known, default=None)
    if chosen is None:
        return None
    at, row, columns, unread = chosen
    headers = [_printed(row), *(_printed(one) for one in printed[: at + 1])]
    rows: list[dict[str, CellText]] = []
    merged: set[str] = set()
    group: CellText | None = None
    for line in _texts(document, cells[at + 1 :]):
        if _printed(line) in headers:
            continue
        if (banner := _group_row(line)) is not None or _is_banner(line):
            group = banner or group
            continue
        found = {name: cell for name, column in columns.items() if column < len(line) and (cell := line[column])}
        if not any(cell.tight for cell in found.values()):
            continue
        merged |= {name for name, cell in found.items() if cell.cell.row_span > 1 or not cell.tight}
        merged |= {name for name in columns if name not in found}
        rows.append({"group": group, **found} if group is not None else found)
    return Table(columns, rows, unread, frozenset(merged))


def _texts(document: Document, rows: Sequence[Sequence[Cell | None]]) -> list[list[CellText | None]]:
    """A merged cell has one text, wherever it reaches."""
    found: dict[int, CellText] = {}
    for cell in (cell for row in rows for cell in row if cell is not None):
        if id(cell) not in found:
            found[id(cell)] = cell_text(document, cell)
    return [[found[id(cell)] if cell is not None else None for cell in row] for row in rows]


def _known(head: tuple[int, Sequence[CellText | None], Mapping[str, int], tuple[str, ...]]) -> int:
    """Of a header in two rows the lower one alone may name who does it, both together name more."""
    return len(head[2])


def _printed(row: Sequence[CellText | None]) -> list[str]:
    return [cell.tight if cell else "" for cell in row]


def _two_rows(upper: Sequence[CellText | None], lower: Sequence[CellText | None]) -> list[CellText | None]:
    """Heads over two rows (责任分工 above 牵头单位 | 责任单位): the lower one where it says something."""
    return [below if below is not None and below.tight else above for above, below in zip(upper, lower, strict=False)]


def _header(
    row: Sequence[CellText | None], words: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    unread = []
    for column, cell in enumerate(row):
        if cell is None or not cell.tight or (column and row[column - 1] is cell):
            continue
        bare = _ASIDE.sub("", cell.tight)
        name = next((name for name, known in words.items() if bare in known), None)
        if name is None and (stem := _stem(bare)) != bare:
            name = next((name for name, known in words.items() if stem in known), None)
        if name is None:
            name = next(
                (name for name, known in words.items() if len(bare) <= 10 and bare.endswith(tuple(known))), None
            )
        if name is not None and name in columns:
            name = _SECOND.get(name, f"{name}{MORE}")
        if name is None or name in columns:
            unread.append(cell.tight)
        else:
            columns[name] = column
    return columns, tuple(unread)


def _stem(head: str) -> str:
    """牵头司局 → 牵头."""
    return _DOERS.sub("", head)


def _group_row(row: Sequence[CellText | None]) -> CellText | None:
    """A row that says nothing but `一、实施…行动`, in its first cell or over the whole width."""
    filled = list({id(cell): cell for cell in row if cell is not None and cell.tight}.values())
    if (
        len(filled) == 1
        and len(row) > 1
        and regex.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）", filled[0].tight)
    ):
        return filled[0]
    return None


def _is_banner(row: Sequence[CellText | None]) -> bool:
    """One cell over the whole width: a group title, not a row of its own."""
    return len(row) > 1 and row[0] is not None and all(cell is row[0] for cell in row)
