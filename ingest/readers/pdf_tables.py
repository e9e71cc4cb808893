"""Ruled lines to grids, characters into cells, tables joined over page ends.

The lines of one table cut the plane into small fields; fields with no line between them are one cell, so merged cells
and their spans come out by themselves. pdfplumber's finder was not used on this path: it would parse the page a
second time in Python, and its text would have to be matched with PDFium's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout.shapes import begins_anew
from ingest.readers.pdf_model import Edge, Grid, GridCell

SNAP = 3.0
"""Lines closer than this are one line: double borders, and borders drawn cell by cell."""
_MAX_FIELDS = 40_000
_MAX_EDGES = 3_000


def find_grids(edges: Sequence[Edge], page: int) -> list[Grid]:
    """Tables of two or more cells, from the top."""
    across = _merged([one for one in edges if not one.upright])
    upright = _merged([one for one in edges if one.upright])
    if not upright or len(across) < 2 or len(across) + len(upright) > _MAX_EDGES:
        return []
    grids = [_grid(group, page) for group in _groups(across, upright)]
    return sorted((one for one in grids if one is not None), key=lambda grid: (grid.top, grid.columns))


def _merged(edges: list[Edge]) -> list[Edge]:
    """Edges on one line as one edge; the line takes the mean place."""
    lines: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda one: one.at):
        if lines and edge.at - lines[-1][0].at <= SNAP:
            lines[-1].append(edge)
        else:
            lines.append([edge])
    out: list[Edge] = []
    for line in lines:
        at = sum(one.at for one in line) / len(line)
        start = end = None
        for one in sorted(line, key=lambda edge: edge.start):
            if start is None or end is None:
                start, end = one.start, one.end
            elif one.start <= end + SNAP:
                end = max(end, one.end)
            else:
                out.append(Edge(one.upright, at, start, end))
                start, end = one.start, one.end
        if start is not None and end is not None:
            out.append(Edge(line[0].upright, at, start, end))
    return [one for one in out if one.end - one.start > SNAP]


def _groups(across: list[Edge], upright: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Edges that hang together by crossing or touching."""
    parent = list(range(len(across) + len(upright)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for i, flat in enumerate(across):
        for j, tall in enumerate(upright, len(across)):
            if _touch(flat, tall):
                parent[root(j)] = root(i)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for i, edge in enumerate([*across, *upright]):
        groups.setdefault(root(i), ([], []))[edge.upright].append(edge)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _touch(flat: Edge, tall: Edge) -> bool:
    return (
        flat.start - SNAP <= tall.at <= flat.end + SNAP and tall.start - SNAP <= flat.at <= tall.end + SNAP
    )


def _grid(group: tuple[list[Edge], list[Edge]], page: int) -> Grid | None:
    across, upright = group
    # Tables open at their sides end where their lines end.
    xs = _steps([one.at for one in upright], [one.start for one in across], [one.end for one in across])
    ys = _steps([one.at for one in across], [one.start for one in upright], [one.end for one in upright])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MAX_FIELDS:
        return None
    cells = _Fields(xs, ys, across, upright).cells()
    if len(cells) < 2 or max(cell.column + cell.column_span for cell in cells) < 2:
        return None  # a frame, or boxes one below the other: text as any other
    return Grid(page, tuple(xs), ys[0], ys[-1], cells)


def _steps(lines: list[float], starts: list[float], ends: list[float]) -> list[float]:
    found = sorted(set(lines))
    if min(starts) < found[0] - 3 * SNAP:
        found.insert(0, min(starts))
    if max(ends) > found[-1] + 3 * SNAP:
        found.append(max(ends))
    return found


@dataclass(slots=True)
class _Fields:
    """The fields between the lines xs and ys; a wall is a piece of line between two of them."""

    xs: list[float]
    ys: list[float]
    across: list[Edge]
    upright: list[Edge]

    def cells(self) -> list[GridCell]:
        wide, high = len(self.xs) - 1, len(self.ys) - 1
        right = self._walls(self.upright, self.xs, self.ys)
        below = self._walls(self.across, self.ys, self.xs)
        seen = [[False] * wide for _ in range(high)]
        out: list[GridCell] = []
        for row in range(high):
            for column in range(wide):
                if seen[row][column]:
                    continue
                # As wide as no wall stands, then as deep as the whole width stays open.
                last = column
                while last + 1 < wide and not seen[row][last + 1] and (last + 1, row) not in right:
                    last += 1
                deep = row
                while deep + 1 < high and all(
                    (deep + 1, at) not in below and not seen[deep + 1][at] for at in range(column, last + 1)
                ):
                    deep += 1
                for i in range(row, deep + 1):
                    seen[i][column : last + 1] = [True] * (last + 1 - column)
                out.append(
                    GridCell(
                        row, column, deep + 1 - row, last + 1 - column,
                        self.xs[column], self.ys[row], self.xs[last + 1], self.ys[deep + 1],
                    )
                )  # fmt: skip
        return out

    @staticmethod
    def _walls(edges: list[Edge], places: list[float], steps: list[float]) -> set[tuple[int, int]]:
        """(line number, step) for each step along each line that an edge covers for the most part."""
        walls: set[tuple[int, int]] = set()
        for edge in edges:
            line = min(range(len(places)), key=lambda at: abs(places[at] - edge.at))
            for step in range(max(0, bisect_right(steps, edge.start) - 1), len(steps) - 1):
                if steps[step] > edge.end:
                    break
                covered = min(edge.end, steps[step + 1]) - max(edge.start, steps[step])
                if covered > 0.6 * (steps[step + 1] - steps[step]):
                    walls.add((line, step))
        return walls


class Locator:
    """Finds the cell a point lies in."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self._grids = grids

    def find(self, x: float, y: float) -> tuple[Grid, GridCell] | None:
        for grid in self._grids:
            if not (grid.columns[0] <= x <= grid.columns[-1] and grid.top <= y <= grid.bottom):
                continue
            for cell in grid.cells:
                if cell.x0 <= x <= cell.x1 and cell.top <= y <= cell.bottom:
                    return grid, cell
        return None


_SENTENCE_END = ("。", "；", "！", "？", ";", "：")


def join_grids(first: Grid, second: Grid) -> bool:
    """Let `first` go on with the table at the top of the next page; false when that is another table."""
    if len(first.columns) != len(second.columns):
        return False
    if any(abs(one - two) > 2 * SNAP for one, two in zip(first.columns, second.columns, strict=True)):
        return False
    dropped = _repeated_head(first, second)
    rest = [cell for cell in second.cells if cell.row >= dropped]
    base = first.height
    rest = _without_continued_groups(first, second, rest, dropped)
    if _is_cut(first, second, dropped):
        _rejoin(first, [cell for cell in rest if cell.row == dropped])
        rest = [cell for cell in rest if cell.row > dropped]
        base -= 1
    for cell in rest:
        cell.row += base - dropped
        first.cells.append(cell)
    return True


def _without_continued_groups(first: Grid, second: Grid, rest: list[GridCell], dropped: int) -> list[GridCell]:
    """Leading cells of the new page that are empty beside a row with text belong to the merged cell that the page
    end has cut: it grows by them."""
    above = first.last_row()
    if _is_cut(first, second, dropped) or not any(cell.words() for cell in second.row(dropped)):
        return rest
    for cell in second.row(dropped):
        before = above.get(cell.column)
        if cell.words() or before is None or before.column_span != cell.column_span or not before.words():
            break
        before.row_span += cell.row_span
        rest = [one for one in rest if one is not cell]
    return rest


def _repeated_head(first: Grid, second: Grid) -> int:
    """How many rows at the top of `second` say the same as those at the top of `first`."""
    rows = 0
    while rows < min(3, first.height, second.height):
        one = [(cell.column, cell.words()) for cell in first.row(rows)]
        two = [(cell.column, cell.words()) for cell in second.row(rows)]
        if one != two or not any(words for _, words in one):
            break
        rows += 1
    return rows if rows < second.height else 0


def _is_cut(first: Grid, second: Grid, dropped: int) -> bool:
    """Whether the first row of `second` is the rest of the last row of `first`: some of its cells are empty where the
    row before has text, each text goes on with one that had not ended, and either every text goes on with a line that
    was full, or the first cell is empty and so is another."""
    before = first.last_row()
    after = second.row(dropped)
    if not after or {cell.column for cell in after} != set(before):
        return False
    told = [cell for cell in after if cell.words()]
    silent = [cell for cell in after if not cell.words() and before[cell.column].words()]
    if not told or not silent:
        return False
    begun = [before[cell.column].words() for cell in told]
    if not all(words and not words.endswith(_SENTENCE_END) for words in begun):
        return False
    if all(_is_full(before[cell.column]) and not begins_anew(cell.words()) for cell in told):
        return True
    return not after[0].words() and len(silent) > 1


def _is_full(cell: GridCell) -> bool:
    """The last line of the cell has no room for two more characters beside its padding."""
    lines = [line for part in (cell, *cell.extra) for line in part.lines]
    return bool(lines) and cell.x1 - lines[-1].x1 < 2 * lines[-1].size + 2 * SNAP


def _rejoin(first: Grid, rest: list[GridCell]) -> None:
    before = first.last_row()
    for cell in rest:
        before[cell.column].row_span += cell.row_span - 1  # a merged group may go on below the cut row
        if cell.words():
            before[cell.column].extra.append(cell)
