"""The figures behind the pictures: units by year, a series on the year's calendar, papers that cite papers, people in a
group over its rosters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from audit.rosters import GroupNames, Member, Roster, by_group, find_rosters, of_group
from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import COPY, DERIVED, PERSON, ROLES, citations, links, names, papers, tallies

MOST_UNITS = 25
MOST_PAPERS = 60


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells`: {(unit, year): how many}; the units with most first."""

    units: tuple[str, ...]
    years: tuple[int, ...]
    cells: dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Graph:
    """`edges`: (citing, cited, relation) by record id."""

    papers: tuple[PaperRef, ...]
    edges: tuple[tuple[str, str, str], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Course:
    """One group's rosters, by day, and for each person the rank in each (None: not in it)."""

    group: str
    rosters: tuple[Roster, ...]
    persons: tuple[tuple[str, tuple[Member | None, ...]], ...]


def matrix(
    connection: Connection,
    roles: Sequence[str],
    years: Sequence[int],
    *,
    whom: Sequence[int] = (),
    derived: bool = False,
) -> Matrix:
    """How often units had one of the roles, by year; groups as printed are left out, they are not one unit."""
    shown = tallies.c.shown != COPY if derived else tallies.c.shown.not_in((COPY, DERIVED))
    where = [tallies.c.role.in_([ROLES.index(role) for role in roles]), shown, tallies.c.year != 0]
    where += [names.c.kind != PERSON, names.c.is_group == 0]
    if years:
        where.append(tallies.c.year.in_(list(years)))
    if whom:
        where.append(tallies.c.who.in_(list(whom)))
    held = tallies.join(names, names.c.pk == tallies.c.who)
    top = select(names.c.pk).select_from(held).where(*where).group_by(names.c.pk)
    top = top.order_by(func.sum(tallies.c.count).desc(), names.c.pk).limit(MOST_UNITS)
    chosen = [int(key) for key in connection.execute(top).scalars()]
    wanted = (
        select(names.c.name, tallies.c.year, func.sum(tallies.c.count))
        .select_from(held)
        .where(*where, names.c.pk.in_(chosen))
        .group_by(names.c.name, tallies.c.year)
    )
    cells = {(name, year): int(count) for name, year, count in connection.execute(wanted)}
    totals: dict[str, int] = defaultdict(int)
    for (name, _), count in cells.items():
        totals[name] += count
    found = sorted({year for _, year in cells})
    span = range(found[0], found[-1] + 1) if found and found[-1] - found[0] <= 40 else found
    return Matrix(tuple(sorted(totals, key=lambda name: (-totals[name], name))), tuple(span), cells)


def citation_graph(
    connection: Connection, *, issuers: Sequence[str] = (), years: Sequence[int] = (), around: str = ""
) -> Graph:
    """Papers of these issuers and years that cite one another or are cited; `around`: the neighbours of one paper and
    theirs."""
    target = papers.alias("target")
    wanted = (
        select(papers.c.id.label("by"), target.c.id.label("of"), citations.c.relation)
        .select_from(links)
        .join(citations, citations.c.pk == links.c.citation)
        .join(papers, papers.c.pk == citations.c.paper)
        .join(target, target.c.pk == links.c.paper)
        .where(papers.c.is_main == 1, target.c.is_main == 1, citations.c.state == "found", papers.c.id != target.c.id)
        .order_by(papers.c.date.desc(), citations.c.pk)
    )
    if issuers:
        wanted = wanted.where(papers.c.issuer.in_(list(issuers)))
    if years:
        wanted = wanted.where(papers.c.year.in_(list(years)))
    edges = [(row.by, row.of, row.relation) for row in connection.execute(wanted)]
    if around:
        near = {around} | {one for edge in edges if around in edge[:2] for one in edge[:2]}
        edges = [edge for edge in edges if edge[0] in near or edge[1] in near]
    kept: dict[str, None] = {}
    for by, of, _ in edges:
        if len(kept) + len({by, of} - kept.keys()) <= MOST_PAPERS:
            kept |= dict.fromkeys((by, of))
    shown = [edge for edge in edges if edge[0] in kept and edge[1] in kept]
    found = connection.execute(select(*REF).where(papers.c.id.in_(list(kept))).order_by(papers.c.date, papers.c.id))
    return Graph(tuple(ref(row) for row in found), tuple(dict.fromkeys(shown)), len(edges) - len(shown))


def courses(connection: Connection, groups: GroupNames, text: str) -> list[Course]:
    """Groups that have more than one roster with a day; those that hold the words."""
    found = find_rosters(connection, groups)
    chosen = of_group(found, groups, text) if text else found
    out = []
    for many in by_group([one for one in chosen if one.paper.date]):
        if len(many) < 2:
            continue
        order: dict[str, None] = {}
        for roster in many:
            order |= dict.fromkeys(one.name for one in roster.persons)
        held = [{one.name: one for one in roster.persons} for roster in many]
        persons = tuple((name, tuple(of.get(name) for of in held)) for name in order)
        out.append(Course(many[-1].group, tuple(many), persons))
    return sorted(out, key=lambda one: (-len(one.rosters), one.group))
