"""Dates as people type them in a query: 2020..2021, 2024-05, 2020年9月前, 2021年."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field

import regex

from gongwen.text import fold_width

_ONE = r"(?:(?:19|20)\d\d)(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)?"
_RANGE = regex.compile(rf"(?P<start>{_ONE})?\s*(?:\.\.+|…+|~|至|到|--)\s*(?P<end>{_ONE})?")
_OPEN = regex.compile(rf"(?P<day>{_ONE})底?(?P<side>以前|之前|前|以后|之后|后|以来|起)")
_HALF = regex.compile(r"(?P<year>(?:19|20)\d\d)年(?P<part>上半年|下半年|年初|年底|第?[一二三四]季度)")
_SINGLE = regex.compile(_ONE)
_NUMBERS = regex.compile(r"\d+")
_MARKED = regex.compile(r"年|月")
_PARTS = {"上半年": (1, 6), "下半年": (7, 12), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12)}


@dataclass(frozen=True, slots=True)
class DateRange:
    """ISO dates, inclusive; '' is open. `swapped`: the text said the later one first."""

    start: str
    end: str
    swapped: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        if self.start and self.end:
            return f"{self.start} 至 {self.end}"
        return f"{self.start} 及以后" if self.start else f"{self.end} 及以前"


def typed_dates(text: str, *, strict: bool = False) -> DateRange | None:
    """The range a text says, or None. With `strict` the text stood alone in a query and must be marked as a date
    by 年 or 月 (2024 alone is a word)."""
    folded = "".join(fold_width(text).split())
    if strict and not _MARKED.search(folded):
        return None
    for read in (_half, _open, _range, _single):
        found = read(folded)
        if found is not None:
            return found
    return None


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
    if match["side"] in {"以来", "起"}:
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
