"""Dates told from the day of asking (去年, 近三年, 上个月) and dates in Chinese numerals, as dates in digits."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import regex

from gongwen.values.numerals import read_count, read_digits

_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "当年": 0, "明年": 1}
_BEHIND = r"\Z|[以之]?[前后]|以来|起|年?[初底]|[上下]半年|第?[一二三四]季度|\d{1,2}月"
_YEAR = regex.compile(rf"(?P<word>{'|'.join(_YEARS)})度?(?={_BEHIND})")
_MONTH = regex.compile(r"(?P<word>上上|上|本|这|当)个?月")
_WEEK = regex.compile(r"(?P<word>上|本|这)个?(?:周|星期)")
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2}
_LAST = regex.compile(
    r"(?:最?近|过去)(?P<count>[0-9一二三四五六七八九十两半]{1,3})个?(?P<unit>年|月|季度|星期|周|天|日)(?:来|内|以来)?"
)
_MONTHS = {"年": 12, "季度": 3, "月": 1}
_NUMERAL_YEAR = regex.compile(r"(?P<digits>[〇零一二三四五六七八九]{4})年")
_NUMERAL = regex.compile(r"(?P<count>[一二三四五六七八九十廿]{1,3})(?P<unit>[月日号])")


def in_digits(text: str) -> str:
    """二〇二四年五月三十日 → 2024年5月30日; anything else as it stands."""
    year = _NUMERAL_YEAR.match(text)
    if year is None:
        return text
    return f"{read_digits(year['digits'])}年{_NUMERAL.sub(_counted, text[year.end() :])}"


def _counted(found: regex.Match[str]) -> str:
    return f"{read_count(found['count']) or found['count']}{found['unit']}"


def with_year(text: str, today: date) -> tuple[str, int] | None:
    """去年9月前 → 2023年9月前 and 2023; None when no year is named so."""
    found = _YEAR.match(text)
    if found is None:
        return None
    year = today.year + _YEARS[found["word"]]
    return f"{year}年{text[found.end() :].removeprefix('年')}", year


def told_from(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of 上个月, 本周, 近三年, 近半年, 昨天; None when the text is none of these."""
    if text in _DAYS:
        return (today + timedelta(_DAYS[text]),) * 2
    month = _MONTH.fullmatch(text)
    if month is not None:
        return _month(today, -{"上上": 2, "上": 1}.get(month["word"], 0))
    week = _WEEK.fullmatch(text)
    if week is not None:
        monday = today - timedelta(today.weekday() + (7 if week["word"] == "上" else 0))
        return monday, monday + timedelta(6)
    return _last(text, today)


def _last(text: str, today: date) -> tuple[date, date] | None:
    """The time up to today: 近三年 begins on this day three years ago."""
    found = _LAST.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"]
    if found["count"] == "半":
        return (_back(today, 6), today) if unit == "年" else None
    count = read_count(found["count"])
    if not count:
        return None
    if unit in _MONTHS:
        return _back(today, count * _MONTHS[unit]), today
    return today - timedelta(count * (7 if unit in {"星期", "周"} else 1)), today


def _month(today: date, by: int) -> tuple[date, date]:
    first = _back(today.replace(day=1), -by)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
