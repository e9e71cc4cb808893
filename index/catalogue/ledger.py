"""The ledger: who had which role in what and when, by which paper, filtered and counted.

Built so that a million rows answer in 200 ms: counts come from `tallies`, rows in the order of an index that holds
all that is filtered, and only the rows of one page are fetched (tests/bench/bench_catalogue.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from index.catalogue.due import whole
from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import COPY, DERIVED, PRINTED, ROLES, names, papers, roles, tallies

MOST_COUNTED = 20_000
"""Rows within a range of dates are counted up to here; more are told as at least that many."""

_LAST = "\U0010ffff"
MOST_NAMES = 50
"""Names one filter may be of: 市科协 is another unit in the papers of each city."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`whom`: keys of names (units.find_names, persons), empty for anybody; `start` and `end`: ISO days between which
    a matter goes on; `derived`: also members of groups and units of posts; `bodies`: of persons, units by their one
    name in which the post is held, departments included."""

    whom: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    derived: bool = True
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`name`: the one name; `printed`: as the paper prints it; `via`: the group or post a derived row comes from."""

    role: str
    name: str
    printed: str
    derived: bool
    via: str
    matter: str
    time: str
    year: int
    rank: str
    post: str
    unit: str
    path: str
    page: int | None
    cell: str
    start: int | None
    end: int | None
    quote: str
    paper: PaperRef

    def to_json(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__slots__ if name != "paper"}
        return found | {"paper": self.paper.to_json()}


def find_roles(connection: Connection, asked: Filter, offset: int = 0, limit: int = 50) -> Found[LedgerRow]:
    """Newest first."""
    total, is_exact = count_roles(connection, asked)
    keys = _keys(connection, asked, offset, limit) if total else []
    return Found(tuple(_rows(connection, keys)), total, is_exact)


def count_roles(connection: Connection, asked: Filter) -> tuple[int, bool]:
    """How many, and whether that is all of them."""
    if not (asked.start or asked.end or asked.bodies):
        where = _where(tallies, asked)
        return int(connection.execute(select(func.sum(tallies.c.count)).where(*where)).scalar() or 0), True
    inner = select(roles.c.pk).where(*_where(roles, asked), *_between(asked)).limit(MOST_COUNTED + 1).subquery()
    count = int(connection.execute(select(func.count()).select_from(inner)).scalar() or 0)
    return min(count, MOST_COUNTED), count <= MOST_COUNTED


def matrix(connection: Connection, whom: tuple[int, ...]) -> dict[tuple[str, int], tuple[int, int]]:
    """{(role, year): (as printed, derived)} of these names."""
    out: dict[tuple[str, int], tuple[int, int]] = {}
    by = (tallies.c.role, tallies.c.year, tallies.c.shown)
    wanted = select(*by, func.sum(tallies.c.count)).where(tallies.c.who.in_(whom[:MOST_NAMES]), tallies.c.shown != COPY)
    for role, year, shown, count in connection.execute(wanted.group_by(*by)):
        printed, derived = out.get((ROLES[role], year), (0, 0))
        out[ROLES[role], year] = (printed + count, derived) if shown == PRINTED else (printed, derived + count)
    return out


def _keys(connection: Connection, asked: Filter, offset: int, limit: int) -> list[int]:
    """The keys of one page. Of several names each is asked for its newest, in the order of its index."""
    if len(asked.whom) < 2:
        return [row.pk for row in connection.execute(_ordered(asked).offset(offset).limit(limit))]
    found = [
        (-row.first, -row.pk)
        for one in asked.whom[:MOST_NAMES]
        for row in connection.execute(_ordered(replace(asked, whom=(one,))).limit(offset + limit))
    ]
    return [-key for _, key in sorted(found)[offset : offset + limit]]


def _ordered(asked: Filter) -> Select[Any]:
    wanted = select(roles.c.pk, roles.c.first).where(*_where(roles, asked), *_between(asked))
    return wanted.order_by(roles.c.first.desc(), roles.c.pk.desc())


def _where(table: Any, asked: Filter) -> list[ColumnElement[bool]]:
    """The same for tallies and roles: both have these columns."""
    where: list[ColumnElement[bool]] = []
    if asked.whom:
        whom = asked.whom[:MOST_NAMES]
        where.append(table.c.who == whom[0] if len(whom) == 1 else table.c.who.in_(whom))
    if asked.roles:
        numbers = [ROLES.index(role) for role in asked.roles]
        where.append(table.c.role == numbers[0] if len(numbers) == 1 else table.c.role.in_(numbers))
    if asked.years:
        where.append(table.c.year == asked.years[0] if len(asked.years) == 1 else table.c.year.in_(asked.years))
    if asked.bodies and table is roles:
        where.append(or_(*(roles.c.unit.between(name, name + _LAST) for name in asked.bodies[:MOST_NAMES])))
    where.append(table.c.shown.in_((PRINTED, DERIVED)) if asked.derived else table.c.shown == PRINTED)
    return where


def _between(asked: Filter) -> list[ColumnElement[bool]]:
    """What goes on at any time between; a matter of no known time does not."""
    where: list[ColumnElement[bool]] = []
    if asked.end:
        where.append(roles.c.first <= (whole(asked.end, last=True) or 99991231))
    if asked.start or asked.end:
        where.append(roles.c.last >= max(1, whole(asked.start)))
    return where


def _rows(connection: Connection, keys: list[int]) -> list[LedgerRow]:
    wanted = (
        select(roles, names.c.name.label("who_name"), *REF)
        .join(names, names.c.pk == roles.c.who)
        .join(papers, papers.c.pk == roles.c.paper)
        .where(roles.c.pk.in_(keys))
    )
    found = {row.pk: row for row in connection.execute(wanted)} if keys else {}
    return [_row(found[key]) for key in keys if key in found]


def _row(row: Any) -> LedgerRow:
    return LedgerRow(
        ROLES[row.role], row.who_name, row.printed, row.shown == DERIVED, row.via, row.matter, row.time, row.year,
        row.rank, row.post, row.unit, row.path, row.page, row.cell, row.start, row.end, row.quote, ref(row),
    )  # fmt: skip
