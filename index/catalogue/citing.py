"""What papers cite, which papers are meant, and who cites a paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select

from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import ROLES, citations, links, papers, roles
from index.catalogue.titles import read_title

State = Literal["found", "several", "missing"]
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper that `paper` cites. `targets`: the one that is meant, or those it may be; `title_differs`: found by its
    number under another title (domain.md §12 D53), which a person should look at."""

    title: str
    number: str
    relation: str
    alias: str
    state: State
    path: str
    page: int | None
    paper: PaperRef
    targets: tuple[PaperRef, ...]

    @property
    def title_differs(self) -> bool:
        if self.state != "found" or not self.title:
            return False
        cited = read_title(self.title).key
        return bool(cited) and cited not in {read_title(one.title).key for one in self.targets} and not any(
            cited in read_title(one.title).key for one in self.targets
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title, "document_number": self.number, "relation": self.relation, "alias": self.alias,
            "state": self.state, "title_differs": self.title_differs, "path": self.path, "page": self.page,
            "paper": self.paper.to_json(), "targets": [one.to_json() for one in self.targets],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper that is cited and not in the corpus, with how many papers cite it."""

    title: str
    number: str
    count: int


def cited_by_paper(connection: Connection, record_id: str) -> list[Cited]:
    """In order of print."""
    wanted = _select().where(papers.c.id == record_id).order_by(citations.c.row)
    return _with_targets(connection, connection.execute(wanted).all())


def citing_paper(connection: Connection, record_id: str, *, limit: int = 100) -> Found[Cited]:
    """Who cites a paper or one of its copies, newest first."""
    own = select(papers.c.identity).where(papers.c.id == record_id).scalar_subquery()
    target = papers.alias("target")
    inside = (
        select(links.c.citation)
        .join(target, target.c.pk == links.c.paper)
        .where(target.c.identity == own)
    )
    where = citations.c.pk.in_(inside) & (papers.c.is_main == 1)
    total = connection.execute(
        select(func.count()).select_from(citations.join(papers, papers.c.pk == citations.c.paper)).where(where)
    ).scalar()
    wanted = _select().where(where).order_by(papers.c.date.desc(), papers.c.id, citations.c.row).limit(limit)
    return Found(tuple(_with_targets(connection, connection.execute(wanted).all())), int(total or 0))


def find_citations(
    connection: Connection, *, state: str = "", years: tuple[int, ...] = (), text: str = "", start: str = "",
    end: str = "", issuers: tuple[int, ...] = (), offset: int = 0, limit: int = 100,
) -> Found[Cited]:  # fmt: skip
    """Citations by state, words of the cited title or number, and year, days and issuers of the citing paper."""
    where = [papers.c.is_main == 1]
    if state:
        where.append(citations.c.state == state)
    if years:
        where.append(papers.c.year.in_(years))
    if start or end:
        where.append(papers.c.date.between(start or "0", end or "9999"))
    if issuers:
        where.append(_is_issued_by(issuers))
    where += [(citations.c.title + citations.c.number).contains(word, autoescape=True) for word in text.split()[:8]]
    counted = select(func.count()).select_from(citations.join(papers, papers.c.pk == citations.c.paper)).where(*where)
    total = int(connection.execute(counted).scalar() or 0)
    wanted = _select().where(*where).order_by(papers.c.date.desc(), papers.c.id, citations.c.row)
    rows = connection.execute(wanted.offset(offset).limit(limit)).all()
    return Found(tuple(_with_targets(connection, rows)), total)


def find_missing(connection: Connection, *, offset: int = 0, limit: int = 100) -> Found[Missing]:
    """What is cited and not in the corpus, most cited first."""
    own = func.iif(citations.c.tail != "", citations.c.agency + citations.c.tail, citations.c.key)
    wanted = (
        select(func.max(citations.c.title), func.max(citations.c.number), func.count(citations.c.paper.distinct()))
        .join(papers, papers.c.pk == citations.c.paper)
        .where(citations.c.state == "missing", papers.c.is_main == 1)
        .group_by(own)
    )
    total = int(connection.execute(select(func.count()).select_from(wanted.subquery())).scalar() or 0)
    rows = connection.execute(wanted.order_by(func.count().desc(), own).offset(offset).limit(limit))
    return Found(tuple(Missing(*row) for row in rows), total)


def _is_issued_by(units: tuple[int, ...]) -> ColumnElement[bool]:
    wanted = select(roles.c.pk).where(
        roles.c.paper == papers.c.pk, roles.c.who.in_(units), roles.c.role == ROLES.index("issuer")
    )
    return wanted.exists()


def _select() -> Select[Any]:
    return select(citations, *REF).join(papers, papers.c.pk == citations.c.paper)


def _with_targets(connection: Connection, rows: Any) -> list[Cited]:
    found = {row.pk: _cited(row) for row in rows}
    wanted = (
        select(links.c.citation, *REF)
        .join(papers, papers.c.pk == links.c.paper)
        .where(links.c.citation.in_(list(found)))
        .order_by(links.c.citation, papers.c.date.desc(), papers.c.id)
    )
    for row in connection.execute(wanted) if found else ():
        held = found[row.citation]
        if len(held.targets) < _CANDIDATES:
            found[row.citation] = replace(held, targets=(*held.targets, ref(row)))
    return list(found.values())


def _cited(row: Any) -> Cited:
    return Cited(
        row.title, row.number, row.relation, row.alias, row.state, f"citations/{row.row}", row.page, ref(row), ()
    )  # fmt: skip
