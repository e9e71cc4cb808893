"""Full dates (year, month, day) in every printed form, and month.day beside a named day (domain.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regex

from gongwen.text import Span, fold_width
from gongwen.values.numerals import read_count, read_digits

YEAR = r"(?:[12](?:\s?\d){3}|[一二][〇零Oo0-9一二三四五六七八九]{3})"
MONTH = r"(?:1\s?[0-2]|0?\s?[1-9]|十[一二]?|[一二三四五六七八九元正])"
DAY = (
    r"(?:[12]\s?\d|3\s?[01]|0?\s?[1-9]|[二三]?十[一二三四五六七八九]?"
    r"|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
)
_GAP = r"\s{0,3}"
_HAN = rf"(?<!\d)(?P<y>{YEAR}){_GAP}年{_GAP}(?P<m>{MONTH}){_GAP}月{_GAP}(?P<d>{DAY}){_GAP}[日号]"
_SIGNS = (
    r"(?<![\d.\-/])(?P<y2>[12]\d{3})(?P<sign>\s?[-./]\s?)(?P<m2>1[0-2]|0?[1-9])"
    r"(?P=sign)(?P<d2>[12]\d|3[01]|0?[1-9])(?!\d|[-./]\d)"
)
_FULL = regex.compile(rf"{_HAN}|{_SIGNS}")
_COMPACT = regex.compile(r"(?P<y>[12]\d{3})(?P<m>\d{2})(?P<d>\d{2})")
_TRAILER = regex.compile(
    r"\s{0,3}(?:（?星期[一二三四五六日天]）?)?"
    r"[\sT]{0,3}(?:\d{1,2}：\d{2}(?:：\d{2})?(?:\.\d{1,6})?(?:Z|[+-]\d{2}：?\d{2})?)?\s{0,3}"
)


@dataclass(frozen=True, slots=True, order=True)
class DayMatch:
    """A full date in a text; `text` as printed."""

    span: Span
    text: str
    day: date


def parse_day(text: str) -> date | None:
    """The day when the whole text is one full date (a time or a weekday after it is ignored)."""
    folded = fold_width(text).strip()
    if len(folded) > 60:
        return None
    compact = _COMPACT.fullmatch(folded)
    if compact:
        return make_day(int(compact["y"]), int(compact["m"]), int(compact["d"]))
    match = _FULL.match(folded)
    if match is None or _TRAILER.fullmatch(folded, match.end()) is None:
        return None
    return _day(match)


def find_days(text: str) -> list[DayMatch]:
    """All full dates in a text. What is a date of the document and what is not is for the caller to say."""
    found: list[DayMatch] = []
    for match in _FULL.finditer(fold_width(text)):
        day = _day(match)
        if day is not None:
            found.append(DayMatch(Span(*match.span()), text[match.start() : match.end()], day))
    return found


def make_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """A date of the calendar between 1900 and 2099, or None."""
    if year is None or month is None or day is None or not 1900 <= year <= 2099:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(match: regex.Match[str]) -> date | None:
    if match["y"]:
        return make_day(read_digits(match["y"]), read_count(match["m"]), read_count(match["d"]))
    return make_day(int(match["y2"]), int(match["m2"]), int(match["d2"]))


_MONTH_DAY = regex.compile(r"(?<![\d.第])(?P<m>1[0-2]|0?[1-9])[.·](?P<d>[12]\d|3[01]|0?[1-9])(?![\d.%‰万亿])")
_NAMED = regex.compile(r"[”’〕）]?\s?[“‘]?\p{Han}{1,12}?(?:日|节|周|月)")
_LIST_GAP = regex.compile(r"[^，。；：\n]{0,16}?、\s?[（“]?")


@dataclass(frozen=True, slots=True, order=True)
class MonthDayMatch:
    """A day of every year: 5.30 in 5.30科技工作者日."""

    span: Span
    month: int
    day: int


def find_month_days(text: str) -> list[MonthDayMatch]:
    """Month.day only beside a named day, alone in brackets or quotes, or in one list with such a one; never 7.16%."""
    folded = fold_width(text)
    spots = [match for match in _MONTH_DAY.finditer(folded) if make_day(2000, int(match["m"]), int(match["d"]))]
    sure = [_is_named_day(folded, match) for match in spots]
    for at in range(1, len(spots)):
        between = folded[spots[at - 1].end() : spots[at].start()]
        if len(between) <= 40 and _LIST_GAP.fullmatch(between):
            sure[at] = sure[at] or sure[at - 1]
    return [
        MonthDayMatch(Span(*match.span()), int(match["m"]), int(match["d"]))
        for match, named in zip(spots, sure, strict=True)
        if named
    ]


def _is_named_day(folded: str, match: regex.Match[str]) -> bool:
    before, after = folded[: match.start()][-1:], folded[match.end() : match.end() + 1]
    if (before, after) in {("（", "）"), ("“", "”")}:
        return True
    return _NAMED.match(folded, match.end()) is not None
