"""The ledger of one paper: every role a unit or a person has in it, as printed and by its one name.

A group (各县（区）科协) is a row as printed and, derived, a row for each member; the unit of a person's post is derived
from the post. Each row says where it stands: path in the record, page, span and quote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongwen.record import Record
from gongwen.values.unit_entries import closed_name
from index.catalogue import shape
from index.catalogue.due import whole
from index.catalogue.naming import PaperNames
from index.catalogue.tables import DERIVED, PERSON, PRINTED, ROLES, UNIT

MOST = 20_000
"""Roles of one paper: a table made to fill the disk must not."""

_QUOTE = 200
_WHOLE = (("hosts", "host"), ("organizers", "organizer"), ("co_organizers", "co_organizer"))
_PAPER = (("issuers", "issuer"), ("addressees", "addressee"), ("copied_to", "copied"))
_TASK = (("lead", "lead"), ("responsible", "responsible"), ("cooperate", "cooperate"))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _When:
    year: int
    first: int
    last: int
    time: str


def read_roles(
    record: Record, names: PaperNames, paper: Row, reviewed: Mapping[str, str]
) -> tuple[list[Row], int]:  # fmt: skip
    """At most MOST rows and how many were left out. Columns of `roles`, with `kind`, `name` and `is_group` of whom."""
    reader = _Reader(record, names, paper, reviewed)
    found = list(_once(reader.rows()))
    return found[:MOST], max(0, len(found) - MOST)


def _once(rows: Iterator[Row]) -> Iterator[Row]:
    """Nobody has the same role in the same matter twice; what is printed counts before what is derived."""
    held = list(rows)
    printed = {_mark(row) for row in held if row["shown"] == PRINTED}
    seen: set[tuple[Any, ...]] = set()
    for row in held:
        mark = _mark(row)
        if mark in seen or (row["shown"] == DERIVED and mark in printed):
            continue
        seen.add(mark)
        yield row


def _mark(row: Row) -> tuple[Any, ...]:
    return row["kind"], row["name"], row["role"], row["of"], row["rank"]


class _Reader:
    def __init__(self, record: Record, names: PaperNames, paper: Row, reviewed: Mapping[str, str]) -> None:
        self._record = record
        self._names = names
        self._paper = paper
        self._reviewed = reviewed
        self._signed = self._when({}, by_plan=False)
        self._plan = self._when({"text": paper["time"], "start": paper["start"], "end": paper["end"]})

    def rows(self) -> Iterator[Row]:
        record, name = self._record, self._paper["name"]
        for key, role in _PAPER:
            yield from self._units(key, shape.names(record, key), role, name, self._signed)
        for key, role in _WHOLE:
            yield from self._units(key, shape.names(record, key), role, name, self._plan)
        for at, one in enumerate(shape.rows(record, "activities")):
            when, title = self._when(shape.time(one), spare=self._plan), shape.text(one, "title")
            for key, role in _WHOLE:
                yield from self._units(f"activities/{at}/{key}", shape.names(one, key), role, title, when)
        for at, one in enumerate(shape.rows(record, "tasks")):
            when, title = self._when(shape.time(one), spare=self._plan), shape.text(one, "title")
            for key, role in _TASK:
                yield from self._units(f"tasks/{at}/{key}", shape.names(one, key), role, title, when)
        yield from self._deadlines()
        yield from self._people()

    def _deadlines(self) -> Iterator[Row]:
        for at, one in enumerate(shape.rows(self._record, "deadlines")):
            day = whole(shape.text(one, "date"))
            year = day // 10000 or self._paper["year"]
            when = _When(year, day or self._signed.first, day or self._signed.last, shape.text(one, "text"))
            matter = shape.text(one, "action") or shape.text(one, "text")
            yield from self._units(f"deadlines/{at}/who", shape.names(one, "who"), "due", matter, when)
            to = shape.text(one, "to")
            yield from self._units(f"deadlines/{at}/to", [to] if to else [], "report_to", matter, when, single=True)

    def _people(self) -> Iterator[Row]:
        record, name = self._record, self._paper["name"]
        members = shape.rows(record, "leading_group")
        held = [self._names.of_post(shape.text(one, "post")) for one in members]
        told = {_tight(shape.text(one, "name")): found for one, found in zip(members, held, strict=True) if found}
        for at, one in enumerate(members):
            path, post, units = f"leading_group/{at}", shape.text(one, "post"), held[at]
            own = units or told.get(_tight(shape.text(one, "name")), [])  # 办公室主任由周明远兼任: told above
            yield from self._person(path, one, "member", shape.text(one, "group") or name, own)
            for unit in units:
                via = "　".join(part for part in (shape.text(one, "name"), post) if part)
                row = self._row(f"{path}/post", post, "member_unit", shape.text(one, "group") or name, self._signed)
                yield row | {"kind": UNIT, "name": unit, "shown": DERIVED, "via": via, "rank": shape.text(one, "role")}
        for at, one in enumerate(shape.rows(record, "contacts")):
            unit = shape.text(one, "unit")
            of = [self._names.one(unit)] if unit else told.get(_tight(shape.text(one, "name")), [])
            own = of or [str(self._paper["issuer"])]  # whoever is named for questions is of those who issue
            yield from self._person(f"contacts/{at}", one, "contact", name, own)
            if unit:
                yield from self._units(f"contacts/{at}/unit", [unit], "contact_unit", name, self._signed, single=True)
        if signatory := shape.text(record, "signatory"):
            yield from self._person("signatory", {"name": signatory}, "signatory", name, [])

    def _units(
        self, path: str, printed: list[str], role: str, matter: str, when: _When, *, single: bool = False
    ) -> Iterator[Row]:
        for at, name in enumerate(printed):
            row = self._row(path if single else f"{path}/{at}", name, role, matter, when)
            one = self._names.one(name)
            members = self._names.members(name)
            yield row | {"name": one, "is_group": int(self._names.is_group(name) or bool(members))}
            for member in members:
                if member != one:
                    yield row | {"name": member, "shown": DERIVED, "via": name}

    def _person(self, path: str, one: Mapping[str, Any], role: str, matter: str, units: list[str]) -> Iterator[Row]:
        name = shape.text(one, "name")
        if not name:
            return
        inner = path if role == "signatory" else f"{path}/name"
        yield self._row(inner, name, role, matter, self._signed) | {
            "kind": PERSON, "name": closed_name(name), "rank": shape.text(one, "role"),
            "post": shape.text(one, "post"), "unit": next(iter(units), ""),
        }  # fmt: skip

    def _row(self, path: str, printed: str, role: str, matter: str, when: _When) -> Row:
        return {
            "kind": UNIT, "is_group": 0, "role": ROLES.index(role), "year": when.year, "first": when.first,
            "last": when.last, "time": when.time, "shown": PRINTED, "printed": printed, "via": "", "matter": matter,
            "rank": "", "post": "", "unit": "", "path": path,
            "of": "/".join(path.split("/")[:2]) if path.count("/") > 1 else "",
        } | self._evidence(path, printed)  # fmt: skip

    def _evidence(self, path: str, printed: str) -> Row:
        """Where it stands. After a correction the record still holds what was read: only what says the same counts."""
        found = self._record.evidence.get(path, [])
        quote = "".join(one.quote for one in found)
        if self._reviewed.get(path.split("/")[0]) == "corrected" and _tight(quote) != _tight(printed):
            found = []
        if not found:
            return {"page": None, "cell": "", "start": None, "end": None, "quote": ""}
        return {"page": found[0].page, "cell": found[0].cell or "", "start": found[0].start, "end": found[-1].end,
                "quote": quote[:_QUOTE]}  # fmt: skip

    def _when(self, time: Mapping[str, Any], *, spare: _When | None = None, by_plan: bool = True) -> _When:
        """A matter's own time, else its plan's, else the paper's day. The year is the plan's; of what is done with the
        paper itself (issued, received, signed) the year of its day."""
        date, year = str(self._paper["date"]), int(self._paper["year"])
        start, end = shape.text(time, "start"), shape.text(time, "end")
        if start or end:
            return _When(year, whole(start or end), whole(end or start, last=True), shape.text(time, "text"))
        if spare is not None:
            return _When(spare.year, spare.first, spare.last, shape.text(time, "text"))
        own = whole(date) // 10000
        first, last = whole(date) or whole(str(year or "")), whole(date, last=True) or whole(str(year or ""), last=True)
        return _When(year if by_plan or not own else own, first, last, shape.text(time, "text"))


def _tight(text: str) -> str:
    return "".join(text.split())
