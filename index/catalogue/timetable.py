"""What is due and what goes on, by day: for the calendar, its feeds and the command line."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, func, literal, or_, select

from gongwen.values.work_days import holidays
from index.catalogue.refs import REF, Found, PaperRef, ref
from index.catalogue.tables import COPY, ROLES, activities, deadlines, due_days, papers, roles

Kind = Literal["duty", "commitment", "activity"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day (`end` equal to `start`) or from one day to another. `path` is the record's. A deadline is a
    duty of those addressed or a commitment of the issuer; `is_estimated`: the year's holidays are not known yet."""

    kind: Kind
    start: str
    end: str
    what: str
    text: str
    who: tuple[str, ...]
    to: str
    location: str
    recurrence: str
    is_estimated: bool
    path: str
    page: int | None
    paper: PaperRef

    @property
    def is_off_day(self) -> bool:
        """A deadline on a day nobody works, as far as the holidays of the year are known."""
        if self.kind == "activity" or len(self.start) != 10:
            return False
        day = date.fromisoformat(self.start)
        return holidays().knows(day) and not holidays().is_work_day(day)

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__ if name != "paper"}
        return found | {"who": list(self.who), "is_off_day": self.is_off_day, "paper": self.paper.to_json()}


@dataclass(frozen=True, slots=True)
class Asked:
    """From which day to which, of which units (empty: all): those that must do it, get it, run it or issued it."""

    start: str
    end: str
    units: tuple[int, ...] = ()
    kinds: frozenset[str] = frozenset({"duty", "commitment", "activity"})
    held: tuple[str, ...] = ()
    """Only where the units have one of these roles: due, report_to, issuer, host, organizer, co_organizer."""

    @classmethod
    def year(cls, year: int, month: int = 0, units: tuple[int, ...] = ()) -> Asked:
        if not month:
            return cls(f"{year:04}-01-01", f"{year:04}-12-31", units)
        return cls(f"{year:04}-{month:02}-01", f"{year:04}-{month:02}-{monthrange(year, month)[1]:02}", units)


def find_entries(connection: Connection, asked: Asked, *, limit: int = 5000) -> Found[Entry]:
    """With real days only, by day. An activity that goes on stands on its first day."""
    due = list(_due(connection, asked, limit)) if asked.kinds & {"duty", "commitment"} else []
    held = list(_activities(connection, asked, limit)) if "activity" in asked.kinds else []
    found = sorted([*due, *held], key=lambda one: (one.start, one.kind == "activity", one.paper.id, one.path))
    return Found(tuple(found[:limit]), len(found), len(due) < limit and len(held) < limit)


def find_vague(connection: Connection, year: int, units: tuple[int, ...] = (), *, limit: int = 200) -> Found[Entry]:
    """What papers of a year say without a day: activities of whole months, deadlines like 收到后5日内, every day."""
    mine = papers.c.year == year
    rows = [
        *_vague_deadlines(connection, mine, units, limit),
        *_vague_activities(connection, mine, units, limit),
    ]  # fmt: skip
    rows.sort(key=lambda one: (one.start or "9999", one.paper.id, one.path))
    return Found(tuple(rows[:limit]), len(rows), len(rows) < limit)


def count_months(connection: Connection, year: int, units: tuple[int, ...] = ()) -> dict[int, tuple[int, int]]:
    """{month: (deadlines, activities that begin)}."""
    out: dict[int, tuple[int, int]] = {}
    asked = Asked.year(year, 0, units)
    for at, wanted, column in (
        (0, _due_select(asked), due_days.c.day), (1, _activity_select(asked, begun=True), activities.c.start),
    ):  # fmt: skip
        month = func.substr(column, 6, 2).label("month")
        counted = wanted.with_only_columns(month, func.count(), maintain_column_froms=True).group_by(month)
        for name, count in connection.execute(counted.order_by(None)):
            held = out.get(int(name), (0, 0))
            out[int(name)] = (count, held[1]) if at == 0 else (held[0], count)
    return out


def years_with_days(connection: Connection) -> list[int]:
    """The years in which anything is due or goes on."""
    due = select(func.substr(due_days.c.day, 1, 4)).distinct()
    held = select(func.substr(activities.c.start, 1, 4)).where(activities.c.precision == "day").distinct()
    found = {*connection.execute(due).scalars(), *connection.execute(held).scalars()}
    return sorted(int(one) for one in found if str(one).isdecimal())


# --- deadlines ---


def _due(connection: Connection, asked: Asked, limit: int) -> Iterator[Entry]:
    for row in connection.execute(_due_select(asked).limit(limit)):
        yield _of_deadline(row, row.day, bool(row.is_estimated))


def _due_select(asked: Asked) -> Select[Any]:
    wanted = (
        select(deadlines, due_days.c.day, due_days.c.is_estimated, *REF)
        .join(due_days, due_days.c.deadline == deadlines.c.pk)
        .join(papers, papers.c.pk == deadlines.c.paper)
        .where(due_days.c.day >= asked.start, due_days.c.day <= asked.end, papers.c.is_main == 1)
        .order_by(due_days.c.day, deadlines.c.pk)
    )
    if asked.kinds & {"duty", "commitment"} == {"duty"}:
        wanted = wanted.where(deadlines.c.kind != "commitment")
    elif asked.kinds & {"duty", "commitment"} == {"commitment"}:
        wanted = wanted.where(deadlines.c.kind == "commitment")
    return wanted.where(_of_deadline_units(asked.units, asked.held)) if asked.units else wanted


def _of_deadline(row: Any, day: str, is_estimated: bool) -> Entry:
    kind: Kind = "commitment" if row.kind == "commitment" else "duty"
    return Entry(
        kind, day, day, row.action or row.text, row.text, tuple(row.who), row.to, "", row.recurrence, is_estimated,
        f"deadlines/{row.row}", row.page, ref(row),
    )  # fmt: skip


def _of_deadline_units(units: Iterable[int], held: tuple[str, ...] = ()) -> ColumnElement[bool]:
    """Who must do it or gets it, by name or as a member of a group, and who issued the paper; where it names nobody,
    whom the paper is sent to must do it."""
    own = literal("deadlines/").concat(cast(deadlines.c.row, String))
    asked = held or ("due", "report_to", "issuer")
    found = [_has_role(deadlines.c.paper, units, asked, own), _has_role(deadlines.c.paper, units, asked, "")]
    if "due" in asked:
        sent = _has_role(deadlines.c.paper, units, ("addressee", "copied"), "")
        found.append(and_(func.json_array_length(deadlines.c.who) == 0, sent))
    return or_(*found)


def _vague_deadlines(
    connection: Connection, mine: ColumnElement[bool], units: tuple[int, ...], limit: int
) -> Iterator[Entry]:
    """Those that no day could be told of."""
    dated = select(due_days.c.deadline).where(due_days.c.deadline == deadlines.c.pk).exists()
    wanted = select(deadlines, *REF).join(papers, papers.c.pk == deadlines.c.paper)
    wanted = wanted.where(mine, papers.c.is_main == 1, ~dated).order_by(papers.c.date, deadlines.c.pk).limit(limit)
    for row in connection.execute(wanted.where(_of_deadline_units(units)) if units else wanted):
        yield _of_deadline(row, "", False)


# --- activities ---


def _activities(connection: Connection, asked: Asked, limit: int) -> Iterator[Entry]:
    for row in connection.execute(_activity_select(asked).limit(limit)):
        yield _of_activity(row)


def _activity_select(asked: Asked, *, begun: bool = False) -> Select[Any]:
    """With a first and a last day. `begun`: only those that begin within the time, so that each counts once."""
    wanted = (
        select(activities, *REF)
        .join(papers, papers.c.pk == activities.c.paper)
        .where(activities.c.precision == "day", activities.c.start <= asked.end, papers.c.is_main == 1)
        .where((activities.c.start if begun else activities.c.end) >= asked.start)
        .order_by(activities.c.start, activities.c.pk)
    )
    return wanted.where(_of_activity_units(asked.units, asked.held)) if asked.units else wanted


def _of_activity(row: Any) -> Entry:
    return Entry(
        "activity", row.start, row.end, row.title or row.paper_title, row.time, tuple(row.hosts), "", row.location, "",
        False, row.path, row.page, ref(row),
    )  # fmt: skip


def _of_activity_units(units: Iterable[int], asked: tuple[str, ...] = ()) -> ColumnElement[bool]:
    """Who hosts or runs it; where it names nobody, who hosts the whole."""
    held = asked or ("host", "organizer", "co_organizer")
    own = func.iif(activities.c.path == "activity_time", "", activities.c.path)
    nobody = and_(
        func.json_array_length(activities.c.hosts) == 0, func.json_array_length(activities.c.organizers) == 0
    )
    named = _has_role(activities.c.paper, units, held, own)
    return or_(named, and_(nobody, _has_role(activities.c.paper, units, asked or (*held, "issuer"), "")))


def _vague_activities(
    connection: Connection, mine: ColumnElement[bool], units: tuple[int, ...], limit: int
) -> Iterator[Entry]:
    """Of whole months and the like, or without any time; whole years (全年) would hide the rest and stay with them."""
    wanted = select(activities, *REF).join(papers, papers.c.pk == activities.c.paper)
    wanted = wanted.where(mine, papers.c.is_main == 1, activities.c.precision != "day")
    wanted = wanted.order_by(activities.c.start, activities.c.pk).limit(limit)
    for row in connection.execute(wanted.where(_of_activity_units(units)) if units else wanted):
        yield _of_activity(row)


def _has_role(
    paper: ColumnElement[int], units: Iterable[int], held: tuple[str, ...], own: Any
) -> ColumnElement[bool]:  # fmt: skip
    numbers = [ROLES.index(role) for role in held]
    wanted = select(roles.c.pk).where(
        roles.c.paper == paper, roles.c.who.in_(list(units)), roles.c.role.in_(numbers), roles.c.of == own,
        roles.c.shown != COPY,
    )  # fmt: skip
    return wanted.exists()
