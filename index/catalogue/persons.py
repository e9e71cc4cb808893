"""Persons by name: posts and roles by date. Two people may have one name: the units of their posts tell, if any do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gongwen.values.unit_entries import closed_name
from index.catalogue.ledger import Filter, LedgerRow, find_roles
from index.catalogue.refs import Found
from index.catalogue.tables import COPY, PERSON, names, roles
from index.catalogue.units import Name, find_by_name

MOST_BODIES = 40


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`bodies`: the units of the posts with how many roles, those of one body together; '' where no post tells one.
    `may_be_several`: more than one body, or roles without any, so the name may be of several people."""

    key: int
    name: str
    bodies: tuple[tuple[str, int], ...]
    roles: Found[LedgerRow]

    @property
    def may_be_several(self) -> bool:
        return len(self.bodies) > 1


def find_persons(connection: Connection, text: str = "", *, offset: int = 0, limit: int = 50) -> Found[Name]:
    return find_by_name(connection, PERSON, text, offset=offset, limit=limit)


def person_keys(connection: Connection, text: str) -> tuple[int, ...]:
    wanted = select(names.c.pk).where(names.c.kind == PERSON, names.c.name == closed_name(text))
    return tuple(connection.execute(wanted).scalars())


def person_facts(connection: Connection, text: str, *, offset: int = 0, limit: int = 100) -> PersonFacts | None:
    keys = person_keys(connection, text)
    if not keys:
        return None
    wanted = (
        select(roles.c.unit, func.count())
        .where(roles.c.who == keys[0], roles.c.shown != COPY)
        .group_by(roles.c.unit)
        .order_by(roles.c.unit)
    )
    found = find_roles(connection, Filter(keys), offset, limit)
    counted = [(row[0], row[1]) for row in connection.execute(wanted)]
    return PersonFacts(keys[0], closed_name(text), _bodies(counted), found)


def _bodies(counted: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """A department counts with the unit it belongs to: 云州市科学技术协会科普部 with 云州市科学技术协会."""
    out: dict[str, int] = {}
    for unit, count in counted:  # sorted: a unit comes before its departments
        own = next((body for body in out if body and unit.startswith(body)), unit)
        out[own] = out.get(own, 0) + count
    return tuple(sorted(out.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_BODIES])
