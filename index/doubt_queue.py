"""The queue of review as pages and commands ask it: one doubt after the other, lists, counts, the log of acts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from index.doubt_db import DoubtFile
from index.doubts import KINDS, Reason

_DOUBTS = (
    "SELECT d.address, d.key, d.sort, d.target, d.field, d.col, d.row, d.value, d.rule, d.score, d.kinds, d.code,"
    " d.reasons, p.sha256, p.title, p.number, p.date, p.disclosure FROM doubt d JOIN doubt_paper p USING (address)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which doubts: '' leaves a filter open. `code` and `rule` name doubts that are alike."""

    kind: str = ""
    field: str = ""
    year: str = ""
    unit: str = ""
    rule: str = ""
    code: str = ""
    column: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """One doubt of the queue with the paper it stands in. `sort` is its place in the order."""

    address: str
    key: str
    sort: str
    target: str
    field: str
    column: str
    row: str
    value: str
    rule: str
    score: float
    kinds: tuple[str, ...]
    code: str
    reasons: tuple[Reason, ...]
    sha256: str
    title: str
    number: str
    date: str
    disclosure: str


@dataclass(frozen=True, slots=True)
class Past:
    """One act for the log. `stands`: it has not been taken back; `is_back`: it takes `mark` back."""

    sha256: str
    at: str
    by: str
    address: str
    document: str
    batch: str
    mark: str
    field: str
    said: tuple[Any, Any]
    stands: bool
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many doubts there are: by kind (all others filters on), by field, by year and by unit."""

    total: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)


class Queue:
    """Questions to the tables of doubts."""

    def __init__(self, file: DoubtFile) -> None:
        self._file = file

    def first(self, wanted: Wanted, *, after: str = "", before: str = "") -> Open | None:
        """The worst doubt; with `after` the next one behind that place in the order, with `before` the one in front
        of it."""
        where, bound = _where(wanted)
        if before:
            where, bound, order = f"{where} AND d.sort < ?", [*bound, before], "d.sort DESC"
        else:
            where, bound, order = f"{where} AND d.sort > ?", [*bound, after], "d.sort"
        found = self._file.rows(f"{_DOUBTS} WHERE {where} ORDER BY {order} LIMIT 1", *bound)
        return _open(found[0]) if found else None

    def at(self, sort: str) -> Open | None:
        found = self._file.rows(f"{_DOUBTS} WHERE d.sort = ?", sort)
        return _open(found[0]) if found else None

    def of(self, address: str, key: str) -> Open | None:
        found = self._file.rows(f"{_DOUBTS} WHERE d.address = ? AND d.key = ?", address, key)
        return _open(found[0]) if found else None

    def listed(self, wanted: Wanted, *, limit: int = 100, offset: int = 0) -> list[Open]:
        where, bound = _where(wanted)
        return [_open(row) for row in self._file.rows(
            f"{_DOUBTS} WHERE {where} ORDER BY d.sort LIMIT ? OFFSET ?", *bound, limit, offset)]  # fmt: skip

    def count(self, wanted: Wanted, *, before: str = "") -> int:
        """How many; with `before` those in front of a place in the order."""
        where, bound = _where(wanted)
        if before:
            where, bound = f"{where} AND d.sort < ?", [*bound, before]
        return int(self._file.rows(f"SELECT count(*) FROM doubt d WHERE {where}", *bound)[0][0])

    def counts(self, wanted: Wanted, *, units: int = 30) -> Counts:
        """By each filter what choosing another value of it would give."""
        return Counts(
            self.count(wanted), self._by_kind(_without(wanted, "kind")),
            self._grouped(_without(wanted, "field"), "d.field"), self._grouped(_without(wanted, "year"), "d.year"),
            self._by_unit(_without(wanted, "unit"), units),
        )  # fmt: skip

    def _by_kind(self, wanted: Wanted) -> dict[str, int]:
        where, bound = _where(wanted)
        sums = ", ".join(f"sum(d.kinds & {1 << at} != 0)" for at in range(len(KINDS)))
        found = self._file.rows(f"SELECT {sums} FROM doubt d WHERE {where}", *bound)[0]
        return {kind: int(count) for kind, count in zip(KINDS, found, strict=True) if count}

    def _grouped(self, wanted: Wanted, column: str) -> dict[str, int]:
        where, bound = _where(wanted)
        found = self._file.rows(
            f"SELECT {column}, count(*) FROM doubt d WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1", *bound
        )
        return {str(value): int(count) for value, count in found}

    def _by_unit(self, wanted: Wanted, most: int) -> dict[str, int]:
        where, bound = _where(wanted)
        found = self._file.rows(
            "SELECT u.unit, count(*) FROM doubt d JOIN doubt_unit u USING (address)"
            f" WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?", *bound, most,
        )  # fmt: skip
        return {str(value): int(count) for value, count in found}

    def acts(self, *, limit: int = 100, offset: int = 0) -> list[Past]:
        """The log of all files, newest first."""
        return [_past(row) for row in self._file.rows(
            "SELECT sha256, at, by, address, document, batch, mark, field, said, stands FROM doubt_act"
            " ORDER BY at DESC, sha256, place DESC LIMIT ? OFFSET ?", limit, offset)]  # fmt: skip

    def act_count(self) -> int:
        return int(self._file.rows("SELECT count(*) FROM doubt_act")[0][0])

    def files_of_batch(self, batch: str) -> list[str]:
        found = self._file.rows("SELECT DISTINCT sha256 FROM doubt_act WHERE batch = ? AND batch != ''", batch)
        return [str(one) for (one,) in found]

    def files(self) -> int:
        """How many files have rows."""
        return int(self._file.rows("SELECT count(*) FROM doubt_file")[0][0])


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    parts = ["1"]
    bound: list[object] = []
    if wanted.kind in KINDS:
        parts.append("d.kinds & ? != 0")
        bound.append(1 << KINDS.index(wanted.kind))
    for column, value in (("field", wanted.field), ("year", wanted.year), ("rule", wanted.rule), ("code", wanted.code),
                          ("col", wanted.column), ("address", wanted.address)):  # fmt: skip
        if value:
            parts.append(f"d.{column} = ?")
            bound.append(value)
    if wanted.unit:
        parts.append("d.address IN (SELECT address FROM doubt_unit WHERE unit = ?)")
        bound.append(wanted.unit)
    return " AND ".join(parts), bound


def _without(wanted: Wanted, name: str) -> Wanted:
    return replace(wanted, **{name: ""})


def _open(row: Sequence[Any]) -> Open:
    (address, key, sort, target, name, column, line, value, rule, score, bits, code, reasons, sha256, title, number,
     date, disclosure) = row  # fmt: skip
    return Open(
        address, key, sort, target, name, column, line, value, rule, float(score),
        tuple(kind for at, kind in enumerate(KINDS) if bits & 1 << at), code,
        tuple(Reason(*one) for one in json.loads(reasons)), sha256, title, number, date, disclosure,
    )  # fmt: skip


def _past(row: Sequence[Any]) -> Past:
    sha256, at, by, address, document, batch, mark, name, said, stands = row
    saw, say = json.loads(said)
    return Past(sha256, at, by, address, document, batch, mark, name, (saw, say), stands == 1, stands == 2)
