"""The days a recurring deadline falls on: 每月最后一个工作日 of a plan that runs from March to December.

The text says how often, seldom until when. A plan ends with its activity or its year; a standing yearly duty is
followed for STANDING years, the time for which rules of local offices are valid as a rule (5 years)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from gongwen.values.deadlines import Recurrence
from gongwen.values.work_days import DueDay, WorkCalendar, holidays, work_day

STANDING = 5
_MOST = 400
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def window(signed: str, start: str, end: str, year: int, recurrence: Recurrence) -> tuple[date, date] | None:
    """From when until when a recurring deadline of a paper is followed; None when the paper tells no year. Nothing is
    due before the signing."""
    since = max(filter(None, (_day(signed), _day(start))), default=None)
    if since is None:
        since = date(year, 1, 1) if year else None
    if since is None:
        return None
    until = _day(end)
    if until is None:
        last = since.year + STANDING - 1 if recurrence.every == "year" else max(since.year, year)
        until = date(last, 12, 31)
    return since, until


def due_days(
    recurrence: Recurrence, since: date, until: date, calendar: WorkCalendar | None = None
) -> list[DueDay]:  # fmt: skip
    """The days within the window. None for 每天 (it would hide all else) and where the text does not say the day."""
    if recurrence.day is None or recurrence.every == "day" or until < since:
        return []
    found = _weeks(recurrence, since, until) if recurrence.every == "week" else _spans(
        recurrence, since, until, calendar or holidays()
    )  # fmt: skip
    return [one for one in found if since <= one.day <= until][:_MOST]


def _weeks(recurrence: Recurrence, since: date, until: date) -> Iterator[DueDay]:
    day = since + timedelta(((recurrence.day or 1) - 1 - since.weekday()) % 7)
    while day <= until and day.year < 9999:
        yield DueDay(day, False)
        day += timedelta(7)


def _spans(recurrence: Recurrence, since: date, until: date, calendar: WorkCalendar) -> Iterator[DueDay]:
    step = _MONTHS[recurrence.every]
    for at in range(since.year * 12, min(until.year, since.year + _MOST // 12) * 12 + 12, step):
        if found := work_day(recurrence, at // 12, at % 12 + 1, calendar):
            yield found


def _day(iso: str) -> date | None:
    """A day; a month or a year is its first day when it begins and is left out when it ends something."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def whole(iso: str, *, last: bool = False) -> int:
    """20240908 of a day; of a month or year its first or last day; 0 when it is no date."""
    parts = iso.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != 4 or len(parts) > 3:
        return 0
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else (12 if last else 1)
    if len(parts) > 2:
        return year * 10000 + month * 100 + int(parts[2])
    if not 1 <= month <= 12 or not year:
        return 0
    return year * 10000 + month * 100 + (monthrange(year, month)[1] if last else 1)
