"""A table under work: rows come and go, merged cells grow and shrink with them. Each place of the grid names its
cell, so that spans are counted from what stands and need no repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from draft.changes import Change
from draft.model import Item, Piece, Source, TableCell
from draft.workshop.sentence import Sentence
from gongwen.text import Span

MOST_COLUMNS = 40


@dataclass(slots=True, eq=False)
class GridCell:
    """Equal only to itself. `sentences`: one at least, so that an empty cell can be written in."""

    sentences: list[Sentence]
    is_head: bool = False

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.sentences)


@dataclass(slots=True)
class GridRow:
    """`places` has a cell for every column. `by` and `at`: who put the row in and when; '' for one that was there."""

    id: str
    places: list[GridCell]
    by: str = ""
    at: str = ""
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell as it is printed in the row where it begins."""

    cell: GridCell
    row_span: int
    column_span: int


@dataclass(slots=True)
class Grid:
    rows: list[GridRow] = field(default_factory=list)

    @classmethod
    def of(cls, line_id: str, item: Item, sentences: Sequence[Sentence]) -> Grid:
        """`sentences` are those of the item's pieces, in order; cells without any get an empty one of their own."""
        taken: dict[tuple[int, int], GridCell] = {}
        given = iter(sentences)
        for at, row in enumerate(item.rows):
            column = 0
            for cell in row:
                while (at, column) in taken:
                    column += 1
                held = [next(given) for _ in cell.pieces] or [_empty(f"{line_id}-e{at}x{column}")]
                made = GridCell(held, cell.is_head)
                for down in range(min(cell.row_span, len(item.rows) - at)):
                    for over in range(cell.column_span):
                        taken.setdefault((at + down, column + over), made)
        width = min(MOST_COLUMNS, max((column for _, column in taken), default=-1) + 1)
        return cls([
            GridRow(f"r{at}", [
                taken.get((at, column)) or GridCell([_empty(f"{line_id}-e{at}x{column}")]) for column in range(width)
            ])
            for at in range(len(item.rows))
        ])  # fmt: skip

    @property
    def live(self) -> list[GridRow]:
        return [one for one in self.rows if not one.is_removed]

    @property
    def columns(self) -> int:
        return max((len(one.places) for one in self.rows), default=0)

    def row(self, row_id: str) -> GridRow | None:
        return next((one for one in self.rows if one.id == row_id), None)

    def cells(self) -> Iterator[GridCell]:
        """Each cell of a row that stands once, in order of print."""
        for _, placed in self.printed():
            for one in placed:
                yield one.cell

    def sentences(self) -> Iterator[Sentence]:
        for cell in self.cells():
            yield from cell.sentences

    def heads(self) -> list[str]:
        """What the head says of each column, the lowest row of it counting."""
        told = [""] * self.columns
        for row in self.live:
            for at, cell in enumerate(row.places):
                if cell.is_head and cell.text.strip():
                    told[at] = cell.text.strip()
        return told

    def free(self, after: str) -> list[int]:
        """Columns that a row behind this one would have to itself: where a merged cell goes on, it covers it."""
        live = self.live
        at = next((at for at, one in enumerate(live) if one.id == after), None)
        if at is None or at + 1 >= len(live):
            return list(range(self.columns))
        above, below = live[at].places, live[at + 1].places
        return [column for column in range(self.columns) if above[column] is not below[column]]

    def add(self, row_id: str, after: str, texts: Sequence[str], line_id: str, by: str, at: str) -> None:
        """`texts` by column; those of columns that a merged cell covers are left out of account."""
        free = set(self.free(after))
        place = next(at for at, one in enumerate(self.rows) if one.id == after)
        places = []
        for column in range(self.columns):
            if column in free:
                text = texts[column] if column < len(texts) else ""
                places.append(GridCell([_typed(f"{line_id}-{row_id}x{column}", text, by, at)]))
            else:
                places.append(self.rows[place].places[column])
        self.rows.insert(place + 1, GridRow(row_id, places, by, at))

    def printed(self) -> Iterator[tuple[GridRow, list[Placed]]]:
        live = self.live
        seen: set[int] = set()
        for at, row in enumerate(live):
            placed = []
            for column, cell in enumerate(row.places):
                if id(cell) in seen:
                    continue
                seen.add(id(cell))
                over = _run([one is cell for one in row.places[column:]])
                down = _run([other.places[column] is cell for other in live[at:]])
                placed.append(Placed(cell, down, over))
            yield row, placed

    def item(self, item: Item) -> Item:
        """As the Word file takes it."""
        rows = [
            [TableCell(_pieces(one.cell), one.row_span, one.column_span, one.cell.is_head) for one in placed]
            for _, placed in self.printed()
        ]
        return Item(item.kind, [], item.level, rows)


def _run(same: Sequence[bool]) -> int:
    return next((at for at, one in enumerate(same) if not one), len(same))


def _pieces(cell: GridCell) -> tuple[Piece, ...]:
    """Empty cells that nobody has written in have no piece, as in the paper."""
    return tuple(one.piece() for one in cell.sentences if one.text or one.base.old)


def _empty(sentence_id: str) -> Sentence:
    return Sentence.of(sentence_id, Piece("", "", (), Source("", "", 0, 0)))


def _typed(sentence_id: str, text: str, by: str, at: str) -> Sentence:
    if not text:
        return _empty(sentence_id)
    change = Change(Span(0, 0), "", text, "added", "sentence", f"由{by}于{at[:16].replace('T', ' ')}填写")
    return Sentence.of(sentence_id, Piece("", text, (change,), Source("", "", 0, 0)))
