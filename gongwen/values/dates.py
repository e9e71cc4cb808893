"""Dates, times and deadlines: the one place to import them from (domain.md §4)."""

from __future__ import annotations

from gongwen.values.days import DayMatch, MonthDayMatch, find_days, find_month_days, make_day, parse_day
from gongwen.values.deadlines import DeadlineMatch, Recurrence, find_deadlines
from gongwen.values.periods import Period, PeriodMatch, Precision, find_periods, parse_period

__all__ = [
    "DayMatch",
    "DeadlineMatch",
    "MonthDayMatch",
    "Period",
    "PeriodMatch",
    "Precision",
    "Recurrence",
    "find_days",
    "find_deadlines",
    "find_month_days",
    "find_periods",
    "make_day",
    "parse_day",
    "parse_period",
]
