"""Tasks with what they are told apart by: wording, group, units by their one names, paper and series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import PRINTED, ROLES, names, papers, roles, stems, tasks

MOST = 20_000
"""Tasks that are compared at once; more are told."""

_CHUNK = 400
_ROLES = ("lead", "responsible", "cooperate")


@dataclass(frozen=True, slots=True)
class TaskFact:
    """`leads` and `helpers`: units by their one names; `printed` leads as the paper prints them; `series`: what the
    paper is a year of (issuer and stem), '' when it stands alone; `twin`: the row of the same paper that tells of the
    same task."""

    paper: PaperRef
    row: int
    group: str
    title: str
    detail: str
    leads: tuple[str, ...]
    helpers: tuple[str, ...]
    printed: tuple[str, ...]
    printed_helpers: tuple[str, ...]
    time: str
    start: str
    end: str
    series: str
    issuer: str
    twin: int | None
    page: int | None

    @property
    def path(self) -> str:
        return f"tasks/{self.row}"

    @property
    def name(self) -> str:
        return self.title or self.detail

    @property
    def year(self) -> int:
        return self.paper.year


def tasks_of(connection: Connection, keys: Iterable[int]) -> list[TaskFact]:
    """The tasks of papers (by their keys), by year, day and order of print."""
    held = sorted(set(keys))
    out: list[TaskFact] = []
    for at in range(0, len(held), _CHUNK):
        out += _read(connection, held[at : at + _CHUNK])
    return sorted(out, key=lambda one: (one.year, one.paper.date, one.paper.id, one.row))


def papers_with_tasks(
    connection: Connection, *, issuers: Sequence[str] = (), years: Sequence[int] = (), ids: Sequence[str] = ()
) -> list[int]:
    """Keys of papers that have tasks, of these issuers (first, by the one name) and plan years."""
    wanted = select(papers.c.pk).where(papers.c.is_main == 1, papers.c.task_count > 0)
    if issuers:
        wanted = wanted.where(papers.c.issuer.in_(list(issuers)))
    if years:
        wanted = wanted.where(papers.c.year.in_(list(years)))
    if ids:
        wanted = wanted.where(papers.c.id.in_(list(ids)))
    return [int(key) for key in connection.execute(wanted.order_by(papers.c.year, papers.c.date)).scalars()]


def tasks_with(
    connection: Connection, words: Sequence[str], years: Sequence[int], *, every: bool = True, limit: int = 400
) -> list[tuple[int, int]]:
    """(paper, row) of tasks whose title, content or group holds the words: all of them, or any."""
    held = tasks.c.title + tasks.c.detail + tasks.c.group
    tests = [held.contains(word, autoescape=True) for word in words]
    wanted = select(tasks.c.paper, tasks.c.row).join(papers, papers.c.pk == tasks.c.paper).where(papers.c.is_main == 1)
    if tests:
        wanted = wanted.where(*tests) if every else wanted.where(or_(*tests))
    if years:
        wanted = wanted.where(papers.c.year.in_(list(years)))
    wanted = wanted.order_by(papers.c.date.desc(), tasks.c.paper, tasks.c.row).limit(limit)
    return [(int(row.paper), int(row.row)) for row in connection.execute(wanted)]


def _read(connection: Connection, keys: Sequence[int]) -> list[TaskFact]:
    units: dict[tuple[int, str, str], list[str]] = {}
    wanted = (
        select(roles.c.paper, roles.c.of, roles.c.role, names.c.name)
        .join(names, names.c.pk == roles.c.who)
        .where(
            roles.c.paper.in_(keys), roles.c.shown == PRINTED, roles.c.of != "",
            roles.c.role.in_([ROLES.index(role) for role in _ROLES]),
        )
        .order_by(roles.c.pk)
    )  # fmt: skip
    for row in connection.execute(wanted):
        units.setdefault((row.paper, row.of, ROLES[row.role]), []).append(row.name)
    chief = stems.c.issuer.concat("|").concat(stems.c.chief)
    found = connection.execute(
        select(tasks, papers.c.issuer.label("issuer"), chief.label("series"), *REF)
        .join(papers, papers.c.pk == tasks.c.paper)
        .outerjoin(stems, (stems.c.issuer == papers.c.issuer) & (stems.c.stem == papers.c.stem))
        .where(tasks.c.paper.in_(keys))
    )
    return [_fact(row, units) for row in found]


def _fact(row: Any, units: dict[tuple[int, str, str], list[str]]) -> TaskFact:
    of = f"tasks/{row.row}"
    held = {role: tuple(units.get((row.paper, of, role), ())) for role in _ROLES}
    return TaskFact(
        ref(row), row.row, row.group, row.title, row.detail, held["lead"], held["responsible"] + held["cooperate"],
        tuple(row.lead), tuple(row.responsible) + tuple(row.cooperate), row.time, row.start, row.end, row.series or "",
        row.issuer, row.twin, row.page,
    )  # fmt: skip
