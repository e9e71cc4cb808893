"""Dates as people type them in a query: 2020..2021, 2024-05, 2020年9月前, 2021年, 去年, 近三年, 二〇二四年五月."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date

import regex

from gongwen.values.periods import parse_period
from index.analysis import fold
from index.relative_dates import in_digits, told_from, with_year

_ONE = r"(?:(?:19|20)\d\d)(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)?"
_RANGE = regex.compile(rf"(?P<start>{_ONE})?\s*(?:\.\.+|…+|~|至|到|--)\s*(?P<end>{_ONE})?")
_OPEN = regex.compile(rf"(?P<day>{_ONE})底?(?P<side>以前|之前|前|以后|之后|后|以来|起|至今|到现在)")
_HALF = regex.compile(r"(?P<year>(?:19|20)\d\d)年?(?P<part>上半年|下半年|年初|年底|第?[一二三四]季度)")
_SINGLE = regex.compile(_ONE)
_DIGITS = regex.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(\d\d)?")
_NUMBERS = regex.compile(r"\d+")
_MARKED = regex.compile(r"年|月")
_PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "年初": (1, 3), "年底": (10, 12),
    "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateRange:
    """ISO dates, inclusive; '' is open. `swapped`: the text said the later one first. `year`: a whole year that was
    told from today (去年), which may also be the year a paper is about; 0: none."""

    start: str
    end: str
    swapped: bool = field(default=False, compare=False)
    year: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if self.start and self.end:
            return f"{self.start} 至 {self.end}"
        return f"{self.start} 及以后" if self.start else f"{self.end} 及以前"


def typed_dates(text: str, *, strict: bool = False, today: date | None = None) -> DateRange | None:
    """The range a text says, or None. With `strict` the text stood alone in a query and must be marked as a date
    by 年 or 月 (2024 alone is a word). Without `today` nothing is told from it."""
    folded = in_digits(fold(text))
    told = None if today is None else _told_from(folded, today)
    if told is not None:
        return told
    if strict and not _MARKED.search(folded):
        return None
    return _written(folded)


def _told_from(folded: str, today: date) -> DateRange | None:
    days = told_from(folded, today)
    if days is not None:
        return DateRange(days[0].isoformat(), days[1].isoformat())
    named = with_year(folded, today)
    found = None if named is None else _written(named[0])
    if named is None or found is None:
        return None
    return replace(found, year=named[1]) if named[0] == f"{named[1]}年" else found


def _written(folded: str) -> DateRange | None:
    for read in (_half, _open, _range, _compact, _single, _printed):
        found = read(folded)
        if found is not None:
            return found
    return None


def _compact(text: str) -> DateRange | None:
    """20240530 and 202405."""
    match = _DIGITS.fullmatch(text)
    bounds = _bounds("-".join(filter(None, match.groups()))) if match else None
    return DateRange(*bounds) if bounds else None


def _printed(text: str) -> DateRange | None:
    """As documents print it: 2024年5月至8月, 2024年4-9月."""
    found = parse_period(text) if _MARKED.search(text) else None
    if found is None or found.start is None or found.end is None or found.start < date(1900, 1, 1):
        return None
    return DateRange(found.start.isoformat(), found.end.isoformat())


def _half(text: str) -> DateRange | None:
    match = _HALF.fullmatch(text)
    part = match["part"].lstrip("第") if match else ""
    if match is None or part not in _PARTS:
        return None
    first, last = _PARTS[part]
    year = int(match["year"])
    return DateRange(f"{year}-{first:02}-01", f"{year}-{last:02}-{_days(year, last):02}")


def _open(text: str) -> DateRange | None:
    match = _OPEN.fullmatch(text)
    day = _bounds(match["day"]) if match else None
    if match is None or day is None:
        return None
    if match["side"].endswith("前"):
        return DateRange("", day[1] if "底" in text else _before(day[0]))
    if match["side"] in {"以来", "起", "至今", "到现在"}:
        return DateRange(day[0], "")
    return DateRange(_after(day[1]), "")


def _range(text: str) -> DateRange | None:
    match = _RANGE.fullmatch(text)
    if match is None or not (match["start"] or match["end"]):
        return None
    start = _bounds(match["start"]) if match["start"] else ("", "")
    end = _bounds(match["end"]) if match["end"] else ("", "")
    if not start or not end:
        return None
    if start[0] and end[1] and start[0] > end[1]:
        return DateRange(end[0], start[1], swapped=True)
    return DateRange(start[0], end[1])


def _single(text: str) -> DateRange | None:
    bounds = _bounds(text) if _SINGLE.fullmatch(text) else None
    return DateRange(*bounds) if bounds else None


def _bounds(text: str) -> tuple[str, str] | None:
    """First and last day of a year, a month or a day; None when there is no such day."""
    year, month, day = ([int(one) for one in _NUMBERS.findall(text)] + [0, 0])[:3]
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    if not 1 <= month <= 12 or day > _days(year, month):
        return None
    if not day:
        return f"{year}-{month:02}-01", f"{year}-{month:02}-{_days(year, month):02}"
    return (f"{year}-{month:02}-{day:02}",) * 2


def _days(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _before(iso: str) -> str:
    year, month, day = (int(one) for one in iso.split("-"))
    if day > 1:
        return f"{year}-{month:02}-{day - 1:02}"
    if month > 1:
        return f"{year}-{month - 1:02}-{_days(year, month - 1):02}"
    return f"{year - 1}-12-31"


def _after(iso: str) -> str:
    year, month, day = (int(one) for one in iso.split("-"))
    if day < _days(year, month):
        return f"{year}-{month:02}-{day + 1:02}"
    return f"{year}-{month + 1:02}-01" if month < 12 else f"{year + 1}-01-01"


_ISO = regex.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def day_number(iso: str, *, pad: int = 0) -> int:
    """20240530 for an ISO date, 0 for none; a year or a month alone is filled up with `pad` (0 or 99), so that
    both ends of a range are inclusive."""
    match = _ISO.fullmatch(iso.strip())
    if match is None:
        return 0
    year, month, day = match.groups()
    return int(year) * 10000 + (int(month) if month else pad) * 100 + (int(day) if day else pad)
