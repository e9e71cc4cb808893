"""Units: finding them by any of their names, and what each did by role and year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from gongwen.values.unit_entries import Named, closed_name
from gongwen.values.unit_register import Register
from index.catalogue.ledger import matrix
from index.catalogue.refs import Found
from index.catalogue.tables import (
    COPY,
    DERIVED,
    PERSON_ROLES,
    PRINTED,
    ROLES,
    UNIT,
    UNIT_ROLES,
    names,
    papers,
    spellings,
    tallies,
)

_MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a list shows it: in how many matters it stands, as printed and by rules, and from when until when."""

    key: int
    name: str
    is_group: bool
    printed: int
    derived: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit. `aliases` and `former` as an office lists them, `spellings` as papers print it with how often, `parts`
    its departments, `successors` the units that took its duties over; `cells`: {(role, year): (printed, derived)}."""

    key: int
    name: str
    is_group: bool
    aliases: tuple[Named, ...]
    former: tuple[Named, ...]
    successors: tuple[str, ...]
    parent: str
    spellings: tuple[tuple[str, int], ...]
    parts: tuple[str, ...]
    cells: dict[tuple[str, int], tuple[int, int]]

    @property
    def years(self) -> list[int]:
        """Every year from the first to the last, so that a gap is seen; 0 (not known) at the end."""
        known = sorted({year for _, year in self.cells if year})
        span = list(range(known[0], known[-1] + 1)) if known and known[-1] - known[0] <= 60 else known
        return span + ([0] if any(not year for _, year in self.cells) else [])


def find_units(connection: Connection, text: str = "", *, offset: int = 0, limit: int = 50) -> Found[Name]:
    """Units whose name, or a spelling of it, holds the text; those with most roles first."""
    return find_by_name(connection, UNIT, text, offset=offset, limit=limit)


def find_by_name(connection: Connection, kind: int, text: str, *, offset: int, limit: int) -> Found[Name]:
    where: list[ColumnElement[bool]] = [names.c.kind == kind]
    for word in closed_words(text):
        spelled = select(spellings.c.who).where(spellings.c.printed.contains(word, autoescape=True))
        where.append(or_(names.c.name.contains(word, autoescape=True), names.c.pk.in_(spelled)))
    total = int(connection.execute(select(func.count()).select_from(names).where(*where)).scalar() or 0)
    roles = [ROLES.index(role) for role in (UNIT_ROLES if kind == UNIT else PERSON_ROLES)]
    mine = [tallies.c.role.in_(roles), tallies.c.shown != COPY]
    if len(where) > 1:
        mine.append(tallies.c.who.in_(select(names.c.pk).where(*where)))
    page = _counted(mine).offset(offset).limit(limit).subquery()  # names are looked up for one page only
    wanted = (
        select(names.c.pk, names.c.name, names.c.is_group, page.c.printed, page.c.derived, page.c.first, page.c.last)
        .join(page, page.c.who == names.c.pk)
        .order_by(page.c.every.desc(), names.c.pk)
    )
    return Found(tuple(Name(*row) for row in connection.execute(wanted)), total)


def _counted(mine: list[ColumnElement[bool]]) -> Select[Any]:
    printed = func.sum(tallies.c.count).filter(tallies.c.shown == PRINTED)
    derived = func.sum(tallies.c.count).filter(tallies.c.shown == DERIVED)
    year = func.nullif(tallies.c.year, 0)
    return (
        select(
            tallies.c.who, func.coalesce(printed, 0).label("printed"), func.coalesce(derived, 0).label("derived"),
            func.coalesce(func.min(year), 0).label("first"), func.coalesce(func.max(year), 0).label("last"),
            func.sum(tallies.c.count).label("every"),
        )
        .where(*mine)
        .group_by(tallies.c.who)
        .order_by(func.sum(tallies.c.count).desc(), tallies.c.who)
    )  # fmt: skip


def closed_words(text: str) -> list[str]:
    return [closed_name(word) for word in text.split()][:8]


def unit_keys(connection: Connection, register: Register, text: str) -> tuple[int, ...]:
    """The units a person means by a name: the one of this name; else those an office lists under it (alias, former
    name), and those that papers print so (市科协 is another unit in each city)."""
    name = closed_name(text)
    own = select(names.c.pk).where(names.c.kind == UNIT)
    if exact := connection.execute(own.where(names.c.name == name)).scalar():
        return (int(exact),)
    listed = [unit.name for unit in register.units if name in _names_of(unit)]
    spelled = select(spellings.c.who).where(spellings.c.printed.in_([name, text]))
    found = own.where(or_(names.c.name.in_(listed), names.c.pk.in_(spelled))).order_by(names.c.pk)
    return tuple(int(key) for key in connection.execute(found).scalars())


def _names_of(unit: Any) -> Iterator[str]:
    yield unit.name
    yield unit.id
    for one in (*unit.aliases, *unit.former):
        yield one.name


def unit_facts(connection: Connection, register: Register, text: str) -> UnitFacts | None:
    """Of the unit of this name. One that only an office lists has no cells; None when nobody knows it."""
    name = closed_name(text)
    row = connection.execute(select(names).where(names.c.kind == UNIT, names.c.name == name)).first()
    listed = register.unit(name)
    if row is None and listed is None:
        return None
    key = row.pk if row else 0
    spelled = select(spellings.c.printed, spellings.c.count).where(spellings.c.who == key)
    spelled = spelled.order_by(spellings.c.count.desc(), spellings.c.printed)
    below = select(names.c.name).where(
        names.c.kind == UNIT, names.c.name > name, names.c.name < name + "\U0010ffff", names.c.is_group == 0
    )
    return UnitFacts(
        key, name, bool(row and row.is_group), listed.aliases if listed else (), listed.former if listed else (),
        tuple(listed.successors) if listed else (), listed.parent if listed else "",
        tuple((str(one), int(count)) for one, count in connection.execute(spelled.limit(40))),
        tuple(connection.execute(below.order_by(names.c.name).limit(_MOST_PARTS)).scalars()),
        matrix(connection, (key,)) if key else {},
    )  # fmt: skip


def names_of(connection: Connection, keys: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(connection.execute(select(names.c.name).where(names.c.pk.in_(keys))).scalars())


def copies_of(connection: Connection, record_id: str) -> frozenset[str]:
    """The ids of a paper and all its copies."""
    own = select(papers.c.identity).where(papers.c.id == record_id).scalar_subquery()
    return frozenset(connection.execute(select(papers.c.id).where(papers.c.identity == own)).scalars())


def known_names(connection: Connection, kind: int, found: list[str]) -> frozenset[str]:
    """Which of these names the catalogue has, so that a page links only to pages that are there."""
    wanted = select(names.c.name).where(names.c.kind == kind, names.c.name.in_(found))
    return frozenset(connection.execute(wanted).scalars())


