"""Putting papers into the tables and taking them out, so that what is left is what a rebuild would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from gongwen.values.units import is_group
from index.catalogue.facts import Facts
from index.catalogue.tables import (
    COPY,
    DERIVED,
    PRINTED,
    activities,
    citations,
    deadlines,
    due_days,
    issues,
    names,
    papers,
    roles,
    spellings,
    tallies,
    tasks,
    titles,
)

_CHUNK = 500
_T = TypeVar("_T")
Key = tuple[Any, ...]


def remove(connection: Connection, keys: Sequence[int]) -> None:
    """Take papers out with all rows that hang on them; names that nobody has any more go too."""
    before = _counts(connection, keys)
    for some in chunks(keys):
        connection.execute(delete(papers).where(papers.c.pk.in_(some)))
    _apply(connection, before, (Counter(), Counter()))


def put(connection: Connection, found: Sequence[Facts]) -> list[int]:
    """Bring papers in; gives their keys."""
    keys = _put_papers(connection, found)
    whom = _put_names(connection, {(row["kind"], row["name"]) for one in found for row in one.roles})
    rows = [
        {key: value for key, value in row.items() if key not in {"kind", "name", "is_group"}}
        | {"paper": paper, "who": whom[row["kind"], row["name"]]}
        for paper, one in zip(keys, found, strict=True)
        for row in one.roles
    ]
    _insert(connection, roles, rows)
    for table in (titles, tasks, activities, citations, issues):
        held = (
            {**row, "paper": paper}
            for paper, one in zip(keys, found, strict=True)
            for row in getattr(one, table.name)
        )
        _insert(connection, table, list(held))
    _put_deadlines(connection, ((paper, one.deadlines) for paper, one in zip(keys, found, strict=True)))
    _apply(connection, (Counter(), Counter()), _counts(connection, keys))
    return keys


def choose_main(connection: Connection, identities: Iterable[str]) -> set[int]:
    """Of papers that are copies of one another one counts: of the file that holds the fewest papers, then by id. Gives
    those that count from now on, or no more."""
    changed: set[int] = set()
    for some in chunks(sorted(set(identities))):
        found = connection.execute(
            select(papers.c.pk, papers.c.identity, papers.c.is_main)
            .where(papers.c.identity.in_(some))
            .order_by(papers.c.identity, papers.c.parts, papers.c.id)
        )
        seen: set[str] = set()
        turned: dict[int, int] = {}
        for pk, identity, is_main in found:
            if (identity not in seen) != bool(is_main):
                turned[pk] = int(identity not in seen)
            seen.add(identity)
        _turn(connection, turned)
        changed |= turned.keys()
    return changed


def _turn(connection: Connection, turned: dict[int, int]) -> None:
    """Papers that count from now on (1), or no more (0)."""
    if not turned:
        return
    before = _counts(connection, list(turned))
    for pk, is_main in turned.items():
        connection.execute(update(papers).where(papers.c.pk == pk).values(is_main=is_main))
        shown: Any = COPY
        if is_main:
            shown = func.iif(roles.c.via == "", PRINTED, DERIVED)
        connection.execute(update(roles).where(roles.c.paper == pk).values(shown=shown))
    _apply(connection, before, _counts(connection, list(turned)))


def _put_papers(connection: Connection, found: Sequence[Facts]) -> list[int]:
    _insert(connection, papers, [one.paper for one in found])
    ids = [one.paper["id"] for one in found]
    known: dict[str, int] = {}
    for some in chunks(ids):
        wanted = select(papers.c.id, papers.c.pk).where(papers.c.id.in_(some))
        known |= {row.id: row.pk for row in connection.execute(wanted)}
    return [known[one] for one in ids]


def _put_names(connection: Connection, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The key of each (kind, name), which is made when it is new."""
    whom: dict[tuple[int, str], int] = {}
    for some in chunks(sorted(wanted)):
        rows = [{"kind": kind, "name": name, "is_group": int(is_group(name) or "、" in name)} for kind, name in some]
        connection.execute(upsert(names).on_conflict_do_nothing(), rows)
        for kind in {kind for kind, _ in some}:
            where = (names.c.kind == kind, names.c.name.in_([name for one, name in some if one == kind]))
            whom |= {(kind, row.name): row.pk for row in connection.execute(select(names).where(*where))}
    return whom


def _put_deadlines(connection: Connection, found: Iterable[tuple[int, Sequence[dict[str, Any]]]]) -> None:
    """With their days. The keys are given here: only one process writes at a time."""
    last = int(connection.execute(select(func.max(deadlines.c.pk))).scalar() or 0)
    rows: list[dict[str, Any]] = []
    days: list[dict[str, Any]] = []
    for paper, many in found:
        for one in many:
            last += 1
            rows.append({key: value for key, value in one.items() if key != "days"} | {"paper": paper, "pk": last})
            days += [{"deadline": last, **day} for day in one["days"]]
    _insert(connection, deadlines, rows)
    _insert(connection, due_days, days)


# --- counts ---


def _counts(connection: Connection, keys: Sequence[int]) -> tuple[Counter[Key], Counter[Key]]:
    """How many roles these papers have by (who, role, year, shown), and by (who, spelling) as printed."""
    told: Counter[Key] = Counter()
    printed: Counter[Key] = Counter()
    by = (roles.c.who, roles.c.role, roles.c.year, roles.c.shown)
    for some in chunks(keys):
        mine: ColumnElement[bool] = roles.c.paper.in_(some)
        for *key, count in connection.execute(select(*by, func.count()).where(mine).group_by(*by)):
            told[tuple(key)] += count
        spelled = select(roles.c.who, roles.c.printed, func.count()).where(mine, roles.c.shown == PRINTED)
        for *key, count in connection.execute(spelled.group_by(roles.c.who, roles.c.printed)):
            printed[tuple(key)] += count
    return told, printed


def _apply(
    connection: Connection, before: tuple[Counter[Key], Counter[Key]], after: tuple[Counter[Key], Counter[Key]]
) -> None:
    """Bring tallies and spellings from what was to what is."""
    for table, was, now in ((tallies, before[0], after[0]), (spellings, before[1], after[1])):
        columns = [column.name for column in table.primary_key]
        changed = {key: now[key] - was[key] for key in was.keys() | now.keys() if now[key] != was[key]}
        if not changed:
            continue
        adding = upsert(table)
        adding = adding.on_conflict_do_update(set_={"count": table.c.count + adding.excluded.count})
        rows = [dict(zip(columns, key, strict=True)) | {"count": count} for key, count in changed.items()]
        connection.execute(adding, rows)
        gone = [key for key, count in changed.items() if count < 0]
        empty = delete(table).where(*(table.c[name] == bindparam(f"b_{name}") for name in columns), table.c.count <= 0)
        if gone:
            connection.execute(empty, [dict(zip((f"b_{name}" for name in columns), key, strict=True)) for key in gone])
    _forget_names(connection, {key[0] for key, count in before[0].items() if count and not after[0][key]})


def _forget_names(connection: Connection, whom: set[int]) -> None:
    for some in chunks(sorted(whom)):
        used = select(tallies.c.who).where(tallies.c.who == names.c.pk).exists()
        connection.execute(delete(names).where(names.c.pk.in_(some), ~used))


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    for some in chunks(rows):
        connection.execute(insert(table), some)


def chunks(found: Sequence[_T] | Iterable[_T], size: int = _CHUNK) -> Iterator[list[_T]]:
    """SQLite takes so many values in one statement."""
    rest = iter(found)
    while some := list(islice(rest, size)):
        yield some
