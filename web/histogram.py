"""How the hits are spread over time: bars by year, by month where the time is short, each a search of its own.

Made from the counts of the answer itself, so bars and hits never disagree. Months and years without papers are shown:
a gap is an answer too.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.engine import Page
from web.filters import DATE, Asked

MONTHS = 36
"""Where the time is at most so many months, bars are months."""
MOST = 40
"""Bars by year; with more years a bar holds several (a misread year must not make a thousand bars)."""

HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """`start` and `end` are ISO dates, inclusive; `height` of HEIGHT; `tick` is written below ('' for most)."""

    label: str
    start: str
    end: str
    count: int
    url: str
    height: int
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """`undated` papers give no date, `vague` ones only a year where bars are months. `whole` is the search without the
    range of dates ('' when none is set), `base` the one that a dragged range is added to."""

    unit: str
    bars: tuple[Bar, ...]
    undated: int
    vague: int
    base: str
    whole: str
    without_date: str

    def to_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit, "undated": self.undated, "vague": self.vague,
            "bars": [{"from": bar.start, "to": bar.end, "count": bar.count} for bar in self.bars],
        }  # fmt: skip


def spread(asked: Asked, page: Page) -> Histogram | None:
    """None when nothing was found, or nothing has a date and none was asked for."""
    years = {int(value): count for value, count in page.facets.get("issue_year", ()) if value.isdigit()}
    months = {_month_number(value): count for value, count in page.facets.get("month", ()) if _is_month(value)}
    undated = max(0, page.total - sum(years.values()))
    if not page.total or not years:
        return None
    first, last = _window(asked, years, months)
    if last - first < MONTHS:
        pieces, counts, unit = [(one, one) for one in range(first, last + 1)], months, "month"
        vague = max(0, sum(years.values()) - sum(months.values()))
    else:
        pieces, counts, unit, vague = _years(first // 12, last // 12), years, "year", 0
    whole = asked.url(date_from="", date_to="", page=1)
    return Histogram(
        unit, tuple(_bars(asked, pieces, counts, unit)), undated, vague, whole,
        whole if asked.date_from or asked.date_to else "",
        "" if "" in asked.where.get(DATE, ()) else asked.toggled(DATE, "").url(),
    )  # fmt: skip


def _window(asked: Asked, years: Mapping[int, int], months: Mapping[int, int]) -> tuple[int, int]:
    """First and last month to show: as asked for, else as far as there are papers (whole years, where some papers
    give no month)."""
    first, last = min(years) * 12, max(years) * 12 + 11
    if last - first < MONTHS and sum(years.values()) == sum(months.values()):
        first, last = min(months), max(months)
    if asked.date_from:
        first = _month_number(asked.date_from)
    if asked.date_to:
        last = _month_number(asked.date_to)
    return min(first, last), max(first, last)


def _years(first: int, last: int) -> list[tuple[int, int]]:
    step = -(-(last - first + 1) // MOST)
    return [(year, min(last, year + step - 1)) for year in range(first, last + 1, step)]


def _bars(asked: Asked, pieces: list[tuple[int, int]], counts: Mapping[int, int], unit: str) -> Iterator[Bar]:
    counted = [sum(counts.get(one, 0) for one in range(first, last + 1)) for first, last in pieces]
    most = max(counted, default=0) or 1
    every = max(1, -(-len(pieces) // 8))
    for at, ((first, last), count) in enumerate(zip(pieces, counted, strict=True)):
        start, end = _days(first, last, unit)
        start, end = max(start, asked.date_from), min(end, asked.date_to or end)
        url = asked.url(date_from=start, date_to=end, page=1)
        height = max(4, round(HEIGHT * count / most)) if count else 0
        yield Bar(_label(first, last, unit), start, end, count, url, height, _tick(first, unit, at, every))


def _days(first: int, last: int, unit: str) -> tuple[str, str]:
    if unit == "year":
        return f"{first:04}-01-01", f"{last:04}-12-31"
    year, month = divmod(first, 12)
    return f"{year:04}-{month + 1:02}-01", f"{year:04}-{month + 1:02}-{monthrange(year, month + 1)[1]:02}"


def _label(first: int, last: int, unit: str) -> str:
    if unit == "month":
        return f"{first // 12}年{first % 12 + 1}月"
    return f"{first}年" if first == last else f"{first}—{last}年"


def _tick(first: int, unit: str, at: int, every: int) -> str:
    if unit == "year":
        return str(first) if at % every == 0 else ""
    year, month = first // 12, first % 12 + 1
    if at == 0 or month == 1:
        return f"{year}年{month}月"
    return f"{month}月" if every == 1 or (month % (3 if every <= 2 else 6) == 1) else ""


def _is_month(value: str) -> bool:
    return len(value) == 7 and value[:4].isdigit() and value[5:].isdigit() and 1 <= int(value[5:]) <= 12


def _month_number(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:7]) - 1
