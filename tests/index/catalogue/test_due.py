"""The days of recurring deadlines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.values.deadlines import Recurrence
from index.catalogue.due import STANDING, due_days, whole, window

YEAR_2021 = (date(2021, 1, 1), date(2021, 12, 31))


def days(text: str, since: date, until: date) -> list[str]:
    recurrence = Recurrence.parse(text)
    assert recurrence is not None
    return [one.day.isoformat() for one in due_days(recurrence, since, until)]


def test_the_last_working_day_of_each_month_knows_the_holidays():
    found = days("month:-1w", date(2025, 1, 1), date(2025, 12, 31))
    assert len(found) == 12
    assert found[0] == "2025-01-27"  # Spring Festival begins the day after
    assert days("month:-1w", date(2026, 2, 1), date(2026, 2, 28)) == ["2026-02-28"]  # a Saturday that is worked


def test_a_year_whose_holidays_are_not_known_is_estimated():
    recurrence = Recurrence("month", -1, work_day=True)
    assert all(one.estimated for one in due_days(recurrence, date(2031, 1, 1), date(2031, 3, 31)))
    assert not any(one.estimated for one in due_days(Recurrence("month", 25), date(2031, 1, 1), date(2031, 3, 31)))


@pytest.mark.parametrize(("text", "found"), [
    ("month:25", ["2021-03-25", "2021-04-25", "2021-05-25"]),
    ("quarter:-1", ["2021-03-31"]),
    ("half:-1", []),
    ("year:12-31", []),
    ("year:4-30", ["2021-04-30"]),
    ("week:1", ["2021-03-08", "2021-03-15", "2021-03-22", "2021-03-29", "2021-04-05", "2021-04-12", "2021-04-19",
                "2021-04-26", "2021-05-03", "2021-05-10", "2021-05-17", "2021-05-24", "2021-05-31"]),
    ("month:31", ["2021-03-31", "2021-05-31"]),
    ("day:", []), ("month:", []),
])  # fmt: skip
def test_days_within_a_window(text, found):
    assert days(text, date(2021, 3, 2), date(2021, 5, 31)) == found


def test_nothing_is_due_before_the_signing_and_a_plan_ends_with_its_activity():
    monthly = Recurrence("month", 25)
    assert window("2021-03-02", "2021-01-01", "2021-09-30", 2021, monthly) == (date(2021, 3, 2), date(2021, 9, 30))
    assert window("2021-03-02", "", "", 2021, monthly) == (date(2021, 3, 2), date(2021, 12, 31))
    assert window("", "", "", 2021, monthly) == YEAR_2021
    assert window("", "", "", 0, monthly) is None
    yearly = window("2021-03-02", "", "", 2021, Recurrence("year", 31, 12))
    assert yearly == (date(2021, 3, 2), date(2021 + STANDING - 1, 12, 31))


EVERY = st.sampled_from(["day", "week", "month", "quarter", "half", "year"])


@given(EVERY, st.none() | st.integers(-31, 31).filter(bool), st.none() | st.integers(1, 12), st.booleans())
def test_a_recurrence_is_read_as_it_is_printed(every, day, month, work):
    if day is None and month is not None:
        return  # a month is told with its day only
    recurrence = Recurrence(every, day, month, work)
    assert Recurrence.parse(str(recurrence)) == recurrence


@pytest.mark.parametrize("text", ["", "month", "moon:3", "month:3-", "month:1-2-3", "每月"])
def test_no_recurrence(text):
    assert Recurrence.parse(text) is None


@given(EVERY, st.integers(-5, 31).filter(bool), st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 4000))
def test_days_lie_within_the_window_and_in_order(every, day, since, length):
    until = date.fromordinal(since.toordinal() + length)
    found = [one.day for one in due_days(Recurrence(every, day), since, until)]
    assert found == sorted(set(found))
    assert all(since <= one <= until for one in found)


@pytest.mark.parametrize(("iso", "first", "last"), [
    ("2024-09-08", 20240908, 20240908), ("2024-02", 20240201, 20240229), ("2024", 20240101, 20241231),
    ("", 0, 0), ("2024-13", 0, 0), ("那天", 0, 0), ("2024-02-03-04", 0, 0), ("24-02-03", 0, 0),
])  # fmt: skip
def test_days_as_whole_numbers(iso, first, last):
    assert (whole(iso), whole(iso, last=True)) == (first, last)
