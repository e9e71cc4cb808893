"""Working days by the yearly table."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import pytest

from gongwen.errors import RuleError
from gongwen.values.deadlines import Recurrence
from gongwen.values.work_days import DueDay, WorkCalendar, add_work_days, holidays, work_day

LAST_WORK_DAY = Recurrence("month", -1, work_day=True)


@pytest.mark.parametrize(
    ("recurrence", "year", "month", "due"),
    [
        (LAST_WORK_DAY, 2025, 1, DueDay(date(2025, 1, 27), False)),
        (LAST_WORK_DAY, 2026, 2, DueDay(date(2026, 2, 28), False)),
        (LAST_WORK_DAY, 2035, 3, DueDay(date(2035, 3, 30), True)),
        (Recurrence("month", 5), 2024, 3, DueDay(date(2024, 3, 5), False)),
        (Recurrence("month", -1), 2024, 2, DueDay(date(2024, 2, 29), False)),
        (Recurrence("quarter", -1), 2024, 5, DueDay(date(2024, 6, 30), False)),
        (Recurrence("half", -1), 2024, 5, DueDay(date(2024, 6, 30), False)),
        (Recurrence("year", 30, 11), 2024, 5, DueDay(date(2024, 11, 30), False)),
        (Recurrence("month", 31), 2024, 2, None),
        (Recurrence("month"), 2024, 2, None),
    ],
)
def test_recurring_days(recurrence, year, month, due):
    assert work_day(recurrence, year, month) == due


def test_a_week_has_its_day():
    due = work_day(Recurrence("week", 5), 2024, 3)
    assert due is not None
    assert due.day == date(2024, 3, 1)


def test_terms_in_working_days_skip_holidays():
    assert add_work_days(date(2024, 9, 27), 5) == DueDay(date(2024, 10, 10), False)
    assert add_work_days(date(2024, 3, 4), 0) == DueDay(date(2024, 3, 4), False)


def test_the_shipped_table_is_that_of_the_package():
    known = holidays()
    for year in sorted(known.years):
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            assert known.is_work_day(day) == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize(
    "table", [{"2024": {"off": ["13-01"], "work": []}}, {"2024": {}}, {"x": {"off": ["01-01"], "work": []}}]
)
def test_a_wrong_table_is_refused(table):
    with pytest.raises(RuleError):
        WorkCalendar.of(table)
