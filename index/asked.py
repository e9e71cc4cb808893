"""A Query as every engine answers it: what was typed, parsed, and the filters as clauses of the same kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from index.dates import day_number
from index.engine import Query
from index.query import Clause, Expand, Parsed, Term, parse, relax

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """`relaxed` is asked when `parsed` finds nothing; None when it would ask the same."""

    parsed: Parsed
    relaxed: Parsed | None
    filters: tuple[Clause, ...]
    sort: str
    offset: int
    limit: int
    bare: bool = False

    @property
    def in_order_of_date(self) -> bool:
        return self.sort != "relevance" or not self.parsed.clauses


def ask(query: Query, expand: Expand, cut: Callable[[str], list[str]]) -> Asked:
    parsed = parse(query.text, expand, _day(query.today))
    filters, warnings = _filters(query)
    if warnings:
        parsed = replace(parsed, warnings=(*parsed.warnings, *warnings))
    sort = query.sort if query.sort in {"newest", "oldest"} else "relevance"
    limit = query.limit if query.bare else min(MAX_LIMIT, query.limit)
    return Asked(parsed, relax(parsed, cut), filters, sort, max(0, query.offset), max(0, limit), query.bare)


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _filters(query: Query) -> tuple[tuple[Clause, ...], list[str]]:
    clauses = [Clause(tuple(_filter(name, value) for value in values)) for name, values in query.where.items()]
    warnings: list[str] = []
    start, end = query.date_from.strip(), query.date_to.strip()
    for label, text in (("起始", start), ("截止", end)):
        if text and not day_number(text):
            warnings.append(f"{label}日期“{text[:20]}”不是“2024-05-30”这样的日期，已忽略")
    start, end = (text if day_number(text) else "" for text in (start, end))
    if start and end and day_number(start) > day_number(end, pad=99):
        warnings.append(f"起始日期 {start} 晚于截止日期 {end}，已调换")
        start, end = end, start
    if start or end:
        clauses.append(Clause((Term("date", start=start, end=end),)))
    return tuple(clauses), warnings


def _filter(name: str, value: str) -> Term:
    if name == "date":
        return Term("date", start=value, end=value)
    return Term("facet", (value,), name)
