"""What an office looks at in the morning: what is doubted, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import issues, papers


@dataclass(frozen=True, slots=True)
class Doubts:
    """How many things of a field should be looked at, in how many papers."""

    field: str
    count: int
    papers: int


@dataclass(frozen=True, slots=True)
class Doubt:
    field: str
    message: str
    paper: PaperRef

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "message": self.message, "paper": self.paper.to_json()}


def count_doubts(connection: Connection) -> list[Doubts]:
    """By field, most first."""
    wanted = (
        select(issues.c.field, func.count(), func.count(issues.c.paper.distinct()))
        .join(papers, papers.c.pk == issues.c.paper)
        .where(papers.c.is_main == 1)
        .group_by(issues.c.field)
        .order_by(func.count().desc(), issues.c.field)
    )
    return [Doubts(*row) for row in connection.execute(wanted)]


def find_doubts(connection: Connection, field: str, *, offset: int = 0, limit: int = 50) -> Found[Doubt]:
    """Newest papers first."""
    where = (issues.c.field == field, papers.c.is_main == 1)
    held = issues.join(papers, papers.c.pk == issues.c.paper)
    total = int(connection.execute(select(func.count()).select_from(held).where(*where)).scalar() or 0)
    wanted = select(issues.c.field, issues.c.message, *REF).select_from(held).where(*where)
    rows = connection.execute(wanted.order_by(papers.c.date.desc(), papers.c.id).offset(offset).limit(limit))
    return Found(tuple(Doubt(row.field, row.message, ref(row)) for row in rows), total)


def count_years(connection: Connection) -> list[tuple[int, int]]:
    """(year of the plan, papers), oldest first."""
    where = (papers.c.is_main == 1, papers.c.year != 0)
    wanted = select(papers.c.year, func.count()).where(*where).group_by(papers.c.year).order_by(papers.c.year)
    return [(year, count) for year, count in connection.execute(wanted)]


def papers_by_file(connection: Connection, shas: list[str]) -> dict[str, list[PaperRef]]:
    """The papers of these files."""
    out: dict[str, list[PaperRef]] = {}
    wanted = select(papers.c.sha256, *REF).where(papers.c.sha256.in_(shas)).order_by(papers.c.part)
    for row in connection.execute(wanted):
        out.setdefault(row.sha256, []).append(ref(row))
    return out
