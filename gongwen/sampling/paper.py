"""What the manuscripts become and the writers print: blocks of one file, and the gold records of its documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# In the order in which a hand-made gold file is read; `activities` and the rest follow where they have values.
GOLD_KEYS: tuple[tuple[str, Any], ...] = (
    ("document_number", None), ("title", None), ("doc_type", None), ("issuers", []), ("addressees", []),
    ("issue_date", None), ("publish_date", None), ("print_date", None), ("theme", None), ("activity_time", None),
    ("locations", []), ("hosts", []), ("organizers", []), ("co_organizers", []), ("contacts", []), ("citations", []),
    ("deadlines", []), ("tasks", []), ("leading_group", []), ("annexes", []), ("enclosures", []),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """`marker` is the number of a heading or list entry: a word processor may make it itself."""

    kind: str
    text: str
    marker: str = ""
    tail: str = ""

    @property
    def printed(self) -> str:
        head = f"{self.marker}{self.text}"
        return f"{head}。{self.tail}" if self.tail else head


@dataclass(frozen=True, slots=True)
class Table:
    """An empty cell of the first column belongs to the cell above it (merged) where `merged` says so."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    merged: bool = False

    def shares(self) -> list[float]:
        """The part of the width that each column gets: by its longest cell, short columns unbroken."""
        widths = [max(_width(row[place]) for row in (self.header, *self.rows)) for place in range(len(self.header))]
        weights = [max(width, 3.5) if width <= 7 else 7 + (min(width, 40) - 7) ** 0.6 for width in widths]
        return [weight / sum(weights) for weight in weights]


@dataclass(frozen=True, slots=True)
class Roster:
    """(role, name, post); the role stands only in the first of its rows."""

    rows: tuple[tuple[str, str, str], ...]


Block = Line | Table | Roster


@dataclass(slots=True)
class Paper:
    blocks: list[Block] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)  # gold, one a document of the file
    meta: dict[str, str] = field(default_factory=dict)  # what only a web page says: 索引号, 主题分类

    @property
    def gold(self) -> dict[str, Any]:
        """The first document's record, the others as its `parts`."""
        first = _ordered(self.documents[0])
        if len(self.documents) > 1:
            first["parts"] = [_ordered(one) for one in self.documents[1:]]
        return first


def _ordered(values: dict[str, Any]) -> dict[str, Any]:
    record = {key: values.get(key, [] if empty == [] else empty) for key, empty in GOLD_KEYS}
    record.update({key: value for key, value in values.items() if key not in record and value})
    return record


def _width(text: str) -> float:
    """In Han characters: Latin letters and digits are half as wide."""
    return sum(0.55 if char < "\u2000" else 1.0 for char in text)


def spaced(name: str) -> str:
    """A name of two characters is printed with a gap, so that it is as wide as one of three."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 else name
