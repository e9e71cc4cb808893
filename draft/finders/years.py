"""Years that are not printed as 2024年: school years, classes, short ones, Chinese figures; whole days in other forms
(2024.9.1, 二〇二四年九月一日). Before `times`, so that a day's year does not step by itself."""

from __future__ import annotations

from datetime import date

import regex

from draft.changes import Finding, Step
from gongwen.values.days import make_day
from gongwen.values.numerals import read_count, read_digits

NEAR = 2
"""Years about the old paper's own that step with it; those farther off belong to history."""
_DASH = r"\s?(?:—{1,2}|－|-|–|~|～|/|至|到)\s?"
_TERM = regex.compile(
    rf"(?<!\d)(?P<a>(?:20)?\d{{2}})(?P<mid>{_DASH})(?P<b>(?:20)?\d{{2}})(?=\s?(?P<what>学年|年度|财年|采暖季|供暖季|雪季|赛季|榨季|年))"
)
_SHORT = regex.compile(r"(?:(?<=['’‘])(?P<a>\d{2})(?=年|届|级)|(?<![\d第])(?P<b>\d{2})(?=年度))")
_CLASS = regex.compile(r"(?<![\d〔\[])(?P<y>20\d{2})(?=\s?(?:级|届|财年|财政年度|学年|版|款)(?!别))")
_HAN = "[〇零○O一二三四五六七八九]"
_HAN_DAY = regex.compile(
    rf"(?:(?P<y>[一二]{_HAN}{{3}})年)?(?P<m>十[一二]?|[一二三四五六七八九])月(?P<d>[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]|[一二三四五六七八九])[日号]"
)
_HAN_MONTH = regex.compile(
    rf"(?:(?P<y>[一二]{_HAN}{{3}})年)?(?<![十〇零一二三四五六七八九个])(?P<m>十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|上旬|中旬|下旬|中下旬)"
)
_HAN_YEAR = regex.compile(rf"(?P<y>[一二]{_HAN}{{3}})(?=年)")
_DOTTED = regex.compile(
    r"(?<![\d.])(?P<y>20\d{2})(?P<sep>[.．/\-])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9])(?![\d])"
)
_DOTTED_RANGE = regex.compile(
    r"(?<![\d.])(?P<m>1[0-2]|[1-9])[.．](?P<d>3[01]|[12]\d|0?[1-9])\s?(?:—{1,2}|－|-|–|~|～|至)\s?(?:(?P<m2>1[0-2]|[1-9])[.．])?(?P<d2>3[01]|[12]\d|0?[1-9])(?![\d.%％])"
)
_WHOLE = regex.compile(
    rf"(?<!\d)(?P<a>20\d{{2}})\s?年\s?1\s?月(?:\s?1\s?日)?{_DASH}(?:(?P<b>20\d{{2}})\s?年\s?)?12\s?月(?:\s?31\s?日)?(?!\d)"
)
"""Whole years: 2021年1月1日至2023年12月31日期间发表的论文."""
_LATELY = regex.compile(rf"近(?P<n>[两二三四五六十]|\d)年\s?（(?P<a>20\d{{2}}){_DASH}(?P<b>20\d{{2}})年")
_BORN = regex.compile(
    r"(?P<y>(?:19|20)\d{2})年(?=\d{1,2}月\d{1,2}日\s?(?:（含）)?\s?(?:及?以后|之后|及?以前|后|前)?\s?(?:（含）)?出生)"
)
_ASKED_DAY = "活动日期、成文日期每年另定，不作推算"


def find_years(found: Finding, step: Step) -> None:
    for match in _DOTTED.finditer(found.text):
        found.add(*match.span(), None, "blank", "date", _ASKED_DAY)
    _periods(found, step)
    for match in _DOTTED_RANGE.finditer(found.text):
        if _ordered(match):
            found.add(*match.span(), None, "blank", "date", _ASKED_DAY)
    for match in _TERM.finditer(found.text):
        _term(found, step, match)
    for match in _SHORT.finditer(found.text):
        _short(found, step, match)
    for match in _CLASS.finditer(found.text):
        if abs(int(match["y"]) - step.old) <= NEAR:
            found.add(*match.span("y"), str(int(match["y"]) + step.years), "stepped", "year", f"年份顺推{step.years}年")
    _han(found, step)


def _periods(found: Finding, step: Step) -> None:
    """What is counted back from the year of the paper: whole years, 近三年（2021—2023年）, the day of birth that an age
    limit means."""
    for match in _WHOLE.finditer(found.text):
        if abs(int(match["b"] or match["a"]) - step.old) <= NEAR:
            _years_in(found, step, match, ("a", "b"), "整年的起止，按年份顺推")
    for match in _LATELY.finditer(found.text):
        count = read_count(match["n"].replace("两", "二"))
        if count is not None and int(match["b"]) - int(match["a"]) == count - 1:
            _years_in(found, step, match, ("a", "b"), f"近{match['n']}年，按年份顺推")
    for match in _BORN.finditer(found.text):
        start, end = match.span()
        day = regex.match(r"\d{1,2}月\d{1,2}日", found.text[end:])
        new = f"{int(match['y']) + step.years}年{day.group() if day else ''}"
        found.add(start, end + (day.end() if day else 0), new, "stepped", "date", "年龄界限，按年份顺推", check=True)


def _years_in(found: Finding, step: Step, match: regex.Match[str], names: tuple[str, ...], why: str) -> None:
    """The whole place as one change, its years stepped."""
    new, at = "", match.start()
    for name in names:
        if match[name] is None:
            continue
        new += found.text[at : match.start(name)] + str(int(match[name]) + step.years)
        at = match.end(name)
    found.add(*match.span(), new + found.text[at : match.end()], "stepped", "year", why, check=True)


def _ordered(match: regex.Match[str]) -> bool:
    """Whether both ends are days and the second does not lie before the first: 3.5-4.2 of a scale is none."""
    month = int(match["m"])
    first = make_day(2024, month, int(match["d"]))
    last = make_day(2024, int(match["m2"] or month), int(match["d2"]))
    return first is not None and last is not None and date(2024, 1, 1) <= first <= last


def _term(found: Finding, step: Step, match: regex.Match[str]) -> None:
    """2023—2024学年 steps with both its years; so do other terms of two years, which may be of two years' length."""
    first, last = (int(match[name]) + (0 if len(match[name]) == 4 else 2000) for name in ("a", "b"))
    if last - first != 1 or abs(first - step.old) > NEAR or (match["what"] == "年" and len(match["a"]) == 2):
        return
    if match["what"] == "年":
        why = "两年的起止年份，请核对是否顺推"
        found.add(match.start(), match.end(), match.group(), "asked", "year", why)
        return
    digits = len(match["a"]), len(match["b"])
    new = f"{str(first + step.years)[-digits[0] :]}{match['mid']}{str(last + step.years)[-digits[1] :]}"
    check = match["what"] != "学年"
    found.add(match.start(), match.end(), new, "stepped", "year", f"{match['what']}顺推{step.years}年", check=check)


def _short(found: Finding, step: Step, match: regex.Match[str]) -> None:
    group = "a" if match["a"] else "b"
    year = 2000 + int(match[group])
    if abs(year - step.old) <= NEAR:
        new = str(year + step.years)[-2:]
        found.add(*match.span(group), new, "stepped", "year", f"年份顺推{step.years}年", check=True)


def _han(found: Finding, step: Step) -> None:
    for match in _HAN_DAY.finditer(found.text):
        if make_day(2024, read_count(match["m"]) or 0, read_count(match["d"]) or 0) is not None:
            found.add(*match.span(), None, "blank", "date", _ASKED_DAY)
    for match in _HAN_MONTH.finditer(found.text):
        if match["y"] is None:
            found.add(*match.span(), match.group(), "asked", "date", "沿用上年月份，请核对")
    for match in _HAN_YEAR.finditer(found.text):
        year = read_digits(match["y"])
        if year is not None and abs(year - step.old) <= NEAR:
            new = "".join("〇一二三四五六七八九"[int(one)] for one in str(year + step.years))
            found.add(*match.span("y"), new, "stepped", "year", f"年份顺推{step.years}年")
