"""Tasks as a list: what is to be done, who leads, who answers for it, by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, literal, select

from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import COPY, PRINTED, ROLES, papers, roles, tasks

TASK_ROLES = ("lead", "responsible", "cooperate")


@dataclass(frozen=True, slots=True)
class Task:
    """`twin`: the row of the same paper, in its text, that tells of the same task."""

    group: str
    title: str
    detail: str
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    cooperate: tuple[str, ...]
    time: str
    start: str
    end: str
    targets: str
    location: str
    twin: int | None
    path: str
    page: int | None
    paper: PaperRef

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__ if name != "paper"}
        lists = {name: list(found[name]) for name in TASK_ROLES}
        return found | lists | {"paper": self.paper.to_json()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`units` in one of `held` roles (any of a task when empty); plan years; days between which a task goes on;
    `derived`: also as members of groups."""

    units: tuple[int, ...] = ()
    held: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    derived: bool = False


def find_tasks(connection: Connection, asked: Wanted, *, offset: int = 0, limit: int = 100) -> Found[Task]:
    """Newest papers first, in each the order of print."""
    where = [papers.c.is_main == 1, *_where(asked)]
    held = tasks.join(papers, papers.c.pk == tasks.c.paper)
    total = int(connection.execute(select(func.count()).select_from(held).where(*where)).scalar() or 0)
    wanted = select(tasks, *REF).select_from(held).where(*where)
    wanted = wanted.order_by(papers.c.date.desc(), papers.c.id, tasks.c.row).offset(offset).limit(limit)
    return Found(tuple(_task(row) for row in connection.execute(wanted)), total)


def _where(asked: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.units or asked.held:
        where.append(_has_role(asked))
    if asked.years:
        where.append(papers.c.year.in_(asked.years))
    if asked.start:
        where.append(_or_paper(tasks.c.end, papers.c.end, papers.c.date) >= asked.start)
    if asked.end:
        first = _or_paper(tasks.c.start, papers.c.start, papers.c.date)
        where.append(and_(first != "", first <= asked.end))
    return where


def _or_paper(own: Any, plan: Any, date: Any) -> Any:
    """A task's own time, else its plan's, else the day of the paper."""
    return func.coalesce(func.nullif(own, ""), func.nullif(plan, ""), date)


def _has_role(asked: Wanted) -> ColumnElement[bool]:
    numbers = [ROLES.index(role) for role in asked.held or TASK_ROLES]
    wanted = select(roles.c.pk).where(
        roles.c.paper == tasks.c.paper, roles.c.of == literal("tasks/").concat(cast(tasks.c.row, String)),
        roles.c.role.in_(numbers), roles.c.shown != COPY if asked.derived else roles.c.shown == PRINTED,
    )  # fmt: skip
    return (wanted.where(roles.c.who.in_(asked.units)) if asked.units else wanted).exists()


def _task(row: Any) -> Task:
    return Task(
        row.group, row.title, row.detail, tuple(row.lead), tuple(row.responsible), tuple(row.cooperate), row.time,
        row.start, row.end, row.targets, row.location, row.twin, f"tasks/{row.row}", row.page, ref(row),
    )  # fmt: skip


