"""A paper as lists name it, and pages of lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row

from index.catalogue.tables import papers

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PaperRef:
    """What a list says of a paper and where it leads."""

    id: str
    title: str
    number: str
    date: str
    year: int
    issuers: tuple[str, ...]
    source: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


REF: tuple[ColumnElement[Any], ...] = tuple(
    papers.c[name].label(f"paper_{name}") for name in ("id", "title", "number", "date", "year", "issuers", "source")
)
"""Columns from which `ref` makes a PaperRef."""


def ref(row: Row[Any]) -> PaperRef:
    return PaperRef(
        row.paper_id, row.paper_title, row.paper_number, row.paper_date, row.paper_year, tuple(row.paper_issuers),
        row.paper_source,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found(Generic[_T]):
    """Part of a list. `total` counts all of it, at least that much when not `is_exact`."""

    rows: tuple[_T, ...]
    total: int
    is_exact: bool = True


def anchor(path: str) -> str:
    """Where the page of a paper shows the value of a path."""
    return "v-" + path.replace("/", "-")
