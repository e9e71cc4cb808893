"""Working days: weekends are wrong twice a year, so the State Council's yearly table decides (domain.md §4)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from gongwen.errors import RuleError
from gongwen.values.deadlines import Recurrence
from gongwen.values.vocab import vocab


@dataclass(frozen=True, slots=True)
class DueDay:
    """`estimated`: the year's table of holidays is not known yet, weekends alone were counted."""

    day: date
    estimated: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off that are weekdays and weekend days that are worked; `years` are those whose table is known."""

    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> WorkCalendar:
        """From {year: {off: [MM-DD], work: [MM-DD]}}; raises RuleError naming what is no day."""
        off: set[date] = set()
        work: set[date] = set()
        try:
            for year, days in table.items():
                off.update(date.fromisoformat(f"{year}-{day}") for day in days["off"])
                work.update(date.fromisoformat(f"{year}-{day}") for day in days["work"])
        except (KeyError, TypeError, ValueError) as error:
            raise RuleError(f"holidays {year}: {error}") from error
        return cls(frozenset(off), frozenset(work), frozenset(int(year) for year in table))

    def is_work_day(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def knows(self, day: date) -> bool:
        return day.year in self.years


@cache
def holidays() -> WorkCalendar:
    """The shipped table, rules/facts/holidays.yml."""
    return WorkCalendar.of(vocab("holidays", "facts"))


_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def work_day(recurrence: Recurrence, year: int, month: int, calendar: WorkCalendar | None = None) -> DueDay | None:
    """The day a recurring deadline falls on in the span that holds this month. None where the text does not say
    the day, or the span has no such day. Of a week: the first such day of the month."""
    known = calendar or holidays()
    if recurrence.day is None or not 1 <= month <= 12:
        return None
    if recurrence.every == "week":
        first = date(year, month, 1)
        return DueDay(first + timedelta((recurrence.day - 1 - first.weekday()) % 7), not known.knows(first))
    length = _MONTHS[recurrence.every]
    last = ((month - 1) // length + 1) * length
    if recurrence.month is not None:
        first_month = last = recurrence.month
    elif recurrence.every == "month":
        first_month = month
    else:
        first_month = last - length + 1
    days = _days(year, first_month, last)
    if recurrence.work_day:
        days = [day for day in days if known.is_work_day(day)]
    at = recurrence.day - 1 if recurrence.day > 0 else len(days) + recurrence.day
    if not 0 <= at < len(days):
        return None
    return DueDay(days[at], recurrence.work_day and not known.knows(days[at]))


def add_work_days(start: date, count: int, calendar: WorkCalendar | None = None) -> DueDay:
    """The last day of `count` working days; the day the term begins is not counted (Civil Code art. 201)."""
    known = calendar or holidays()
    day, left, estimated = start, count, False
    while left > 0:
        day += timedelta(1)
        estimated = estimated or not known.knows(day)
        left -= known.is_work_day(day)
    return DueDay(day, estimated)


def _days(year: int, first_month: int, last_month: int) -> list[date]:
    return [
        date(year, month, day)
        for month in range(first_month, last_month + 1)
        for day in range(1, monthrange(year, month)[1] + 1)
    ]
