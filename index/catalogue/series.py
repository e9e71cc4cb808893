"""Activities from year to year: which there are, and their years side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import deadlines, papers, stems

LEAST = 2
"""Papers that make a series."""

_MOST_PAPERS = 200


@dataclass(frozen=True, slots=True)
class SeriesName:
    """A series as a list names it: by its newest paper."""

    key: str
    name: str
    issuer: str
    papers: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class YearPaper:
    """One paper of a series with what is compared from year to year. `path` of the value is the record's."""

    paper: PaperRef
    type: str
    theme: str
    time: str
    start: str
    end: str
    hosts: tuple[str, ...]
    tasks: int
    deadlines: tuple[tuple[str, str, str], ...]
    """(path, day or text, what)."""


@dataclass(frozen=True, slots=True)
class Series:
    key: str
    name: str
    issuer: str
    papers: tuple[YearPaper, ...]

    @property
    def years(self) -> list[int]:
        """Every year from the first to the last, so that a gap is seen."""
        known = sorted({one.paper.year for one in self.papers if one.paper.year})
        return list(range(known[0], known[-1] + 1)) if known and known[-1] - known[0] <= 60 else known

    def of(self, year: int) -> list[YearPaper]:
        return [one for one in self.papers if one.paper.year == year]


def find_series(connection: Connection, text: str = "", *, offset: int = 0, limit: int = 50) -> Found[SeriesName]:
    """Series of at least LEAST papers whose titles or issuer hold the words; those with most years first."""
    words = text.split()[:8]
    where: list[ColumnElement[bool]] = [papers.c.is_main == 1]
    for word in words:
        where.append((papers.c.title + papers.c.issuer).contains(word, autoescape=True))
    chosen = (
        select(stems.c.issuer, stems.c.chief)
        .join(papers, (papers.c.issuer == stems.c.issuer) & (papers.c.stem == stems.c.stem))
        .where(*where)
        .distinct()
        .subquery()
    )
    year = func.nullif(papers.c.year, 0)
    years = func.count(year.distinct())
    wanted = (
        select(
            stems.c.issuer, stems.c.chief, func.count(), func.coalesce(func.min(year), 0),
            func.coalesce(func.max(year), 0), func.max(papers.c.date + " " + papers.c.name),
        )
        .join(papers, (papers.c.issuer == stems.c.issuer) & (papers.c.stem == stems.c.stem))
        .join(chosen, (chosen.c.issuer == stems.c.issuer) & (chosen.c.chief == stems.c.chief))
        .where(papers.c.is_main == 1)
        .group_by(stems.c.issuer, stems.c.chief)
        .having(func.count() >= LEAST)
    )  # fmt: skip
    total = int(connection.execute(select(func.count()).select_from(wanted.subquery())).scalar() or 0)
    rows = connection.execute(
        wanted.order_by(years.desc(), func.count().desc(), stems.c.issuer, stems.c.chief).offset(offset).limit(limit)
    )
    return Found(tuple(_named(connection, row) for row in rows), total)


def _named(connection: Connection, row: Any) -> SeriesName:
    issuer, chief, count, first, last, newest = row
    key = connection.execute(select(stems.c.key).where(stems.c.issuer == issuer, stems.c.stem == chief)).scalar()
    return SeriesName(str(key), newest.partition(" ")[2] or chief, issuer, count, first, last)


def series_by_key(connection: Connection, key: str) -> Series | None:
    """By the key of any of its stems; None when no paper has it any more."""
    found = connection.execute(select(stems.c.issuer, stems.c.chief).where(stems.c.key == key)).first()
    return _series(connection, found.issuer, found.chief) if found else None


def series_of_paper(connection: Connection, record_id: str) -> Series | None:
    """The series a paper (or what it is a copy of) belongs to; None for a paper that stands alone."""
    own = select(papers.c.identity).where(papers.c.id == record_id).scalar_subquery()
    found = connection.execute(
        select(stems.c.issuer, stems.c.chief)
        .join(papers, (papers.c.issuer == stems.c.issuer) & (papers.c.stem == stems.c.stem))
        .where(papers.c.identity == own, papers.c.is_main == 1)
    ).first()
    series = _series(connection, found.issuer, found.chief) if found else None
    return series if series and len(series.papers) >= LEAST else None


def _series(connection: Connection, issuer: str, chief: str) -> Series:
    inside = select(stems.c.stem).where(stems.c.issuer == issuer, stems.c.chief == chief)
    rows = connection.execute(
        select(papers, *REF)
        .where(papers.c.issuer == issuer, papers.c.stem.in_(inside), papers.c.is_main == 1)
        .order_by(papers.c.year, papers.c.date, papers.c.id)
        .limit(_MOST_PAPERS)
    ).all()
    due = _deadlines(connection, [row.pk for row in rows])
    years = tuple(_year(row, due.get(row.pk, ())) for row in rows)
    key = connection.execute(select(stems.c.key).where(stems.c.issuer == issuer, stems.c.stem == chief)).scalar()
    return Series(str(key), next((row.name for row in reversed(rows) if row.name), chief), issuer, years)


def _year(row: Any, due: tuple[tuple[str, str, str], ...]) -> YearPaper:
    return YearPaper(
        ref(row), row.type, row.theme, row.time, row.start, row.end, tuple(row.hosts), row.task_count, due
    )  # fmt: skip


def _deadlines(connection: Connection, keys: list[int]) -> dict[int, tuple[tuple[str, str, str], ...]]:
    out: dict[int, tuple[tuple[str, str, str], ...]] = {}
    wanted = select(deadlines).where(deadlines.c.paper.in_(keys)).order_by(deadlines.c.paper, deadlines.c.row)
    for row in connection.execute(wanted):
        one = (f"deadlines/{row.row}", row.date or row.text, row.action or row.text)
        out[row.paper] = (*out.get(row.paper, ()), one)
    return out
