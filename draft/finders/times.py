"""Days and years: holiday blocks and fixed days are looked up, deadlines are moved to working days, days of an activity
are left open, years step (drafting.md: years; domain.md §10)."""

from __future__ import annotations

from datetime import date, timedelta

import regex

from draft.changes import Finding, Step
from gongwen.values.days import make_day
from gongwen.values.work_days import holidays

WEEKDAYS = "一二三四五六日"
_WEEKDAY = r"(?:[（(](?P<{0}form>星期|周)(?P<{0}day>[一二三四五六日天])[）)])?"
_DAY = (
    r"(?:(?P<y>\d{4})\s?年\s?)?(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?月\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)(?:\s?[日号])?"
    + _WEEKDAY.format("w")
)
_TO = (
    r"\s*(?:至|到|—+|－|-|~|～)\s*(?:(?P<y2>\d{4})\s?年\s?)?(?:(?P<m2>1[0-2]|0?[1-9])\s?月\s?)?"
    r"(?P<d2>3[01]|[12]\d|0?[1-9])(?:\s?[日号])" + _WEEKDAY.format("v")
)
_RANGE = regex.compile(rf"{_DAY}(?:{_TO})?")
_BY = regex.compile(r"\s*(?:\d{1,2}[:：时]\d{0,2}分?)?\s*(?:之前|以前|前|截止|为止|止)")
_BEFORE_BY = regex.compile(r"(?:截止时间|截止日期|截至|报送时间|时限)[：:为是]?\s*$")
_MONTHS = regex.compile(
    r"(?:(?P<y>\d{4})\s?年\s?)?(?:(?<![\d.])(?:1[0-2]|[1-9])\s?[-—－~～至、]\s?)?(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?月(?P<part>上旬|中旬|下旬|中下旬|上中旬|底|初|末|中)?"
    r"(?:\s*(?:至|到|—+|－|-|~|～)\s*(?:(?P<y2>\d{4})\s?年\s?)?(?:1[0-2]|0?[1-9])\s?月(?:上旬|中旬|下旬|中下旬|底|初|末)?)?"
)
_YEAR = regex.compile(
    r"(?<![\d〔\[])(?P<y>(?:19|20)\d{2})(?=\s?年|\s?—|\s?-)(?P<to>(?:\s?年)?\s?[—－-]+\s?(?:19|20)\d{2}\s?年?)?"
)
_OPEN_END = regex.compile(r"\s*(?:起|以来|之后|以后)")
_SINCE = regex.compile(r"(?:自|从|始于|起源于|创办于|成立于)$")
_UP_TO = regex.compile(r"(?:截至|截止到|截止|到|力争|确保)$")
_OFF = regex.compile(r"放假|调休|顺延")
NEAR = 2
"""Years about the old paper's own that step with it; those farther off belong to history."""


def find_times(found: Finding, step: Step) -> None:
    _holidays(found, step)
    for match in _RANGE.finditer(found.text):
        _range(found, step, match)
    for match in _MONTHS.finditer(found.text):
        _month(found, step, match)
    for match in _YEAR.finditer(found.text):
        _year(found, step, match)


def _holidays(found: Finding, step: Step) -> None:
    """元旦：2022年1月1日至3日放假 → the block of the new year's notice, in the form of the old line."""
    if not _OFF.search(found.text):
        return
    named = [(name, block) for name, block in step.facts.blocks.get(step.new, {}).items() if name in found.text]
    match = _RANGE.search(found.text)
    if match is None:
        return
    if len(named) != 1 or "顺延" in found.text:
        for one in _RANGE.finditer(found.text):
            found.add(*one.span(), None, "blank", "holiday", "放假和顺延的日期按今年的通知写")
        return
    name, (first, last) = named[0]
    begin = match["y"] is not None or first.year != step.new
    new = _printed(first, match, year=begin)
    if last != first:
        other_month, other_year = last.month != first.month, last.year != first.year
        new += "至" + _printed(last, match, year=other_year, month=other_month)
    source = f"国务院办公厅关于{step.new}年部分节假日安排的通知"
    found.add(*match.span(), new, "looked_up", "holiday", f"{step.new}年{name}放假日期", source, check=True)
    count = regex.search(r"共(\d+)天", found.text[match.end() :])
    if count is not None:
        days = str((last - first).days + 1)
        at = match.end() + count.start(1)
        found.add(at, at + len(count[1]), days, "looked_up", "holiday", "天数", source)
    for one in _RANGE.finditer(found.text, match.end()):
        found.add(*one.span(), None, "blank", "holiday", "调休上班的日期按今年的通知写", source)


def _printed(day: date, match: regex.Match[str], *, year: bool, month: bool = True) -> str:
    form = match["wform"] or match["vform"]
    out = f"{day.year}年" if year else ""
    out += (f"{day.month}月" if month else "") + f"{day.day}日"
    return out + (f"（{form}{WEEKDAYS[day.weekday()]}）" if form else "")


def _range(found: Finding, step: Step, match: regex.Match[str]) -> None:
    """One day or days from … to …, with what stands behind them."""
    year = int(match["y"]) if match["y"] else step.old
    day = make_day(year, int(match["m"]), int(match["d"]))
    if day is None:
        found.add(*match.span(), None, "blank", "date", "原文日期不成立，请核对")
        return
    single = match["d2"] is None
    if single and (by := _BY.match(found.text, match.end())):
        _deadline(found, step, match, day, by.end())
    elif single and _BEFORE_BY.search(found.text[: match.start()]):
        _deadline(found, step, match, day, match.end())
    elif single and (day.month, day.day) in step.facts.days and abs(day.year - step.old) <= NEAR:
        _fixed(found, step, match, day)
    else:
        found.add(*match.span(), None, "blank", "date", "活动日期、成文日期每年另定，不作推算")


def _deadline(found: Finding, step: Step, match: regex.Match[str], day: date, end: int) -> None:
    new = make_day(day.year + step.years, day.month, day.day) or date(day.year + step.years, 3, 1)
    calendar = holidays()
    moved = new
    while not calendar.is_work_day(moved) and (new - moved).days < 10:
        moved -= timedelta(1)
    why = "期限按上年顺推"
    if moved != new:
        why += f"，{new.month}月{new.day}日不是工作日，提前到{moved.month}月{moved.day}日"
    if not calendar.knows(new):
        why += f"（{new.year}年放假安排尚未公布，只按周末推算）"
    text = _printed(moved, match, year=match["y"] is not None)
    found.add(match.start(), match.end(), text, "stepped", "deadline", why, "国务院办公厅放假安排", check=True)


def _fixed(found: Finding, step: Step, match: regex.Match[str], day: date) -> None:
    new = make_day(day.year + step.years, day.month, day.day)
    if new is None:
        return
    known = step.facts.days[(day.month, day.day)]
    is_named = any(word in found.text for word in known.words)
    why = f"{known.name}，日期固定"
    if not is_named:
        why = f"{day.month}月{day.day}日是{known.name}；如不是因此定的日子，请改正"
    if match["wform"]:
        why += "，星期已按今年重算" + ("（当天上班）" if holidays().is_work_day(new) else "（当天休息）")
    text = _printed(new, match, year=match["y"] is not None)
    found.add(*match.span(), text, "stepped", "date", why, check=bool(match["wform"]) or not is_named)


def _month(found: Finding, step: Step, match: regex.Match[str]) -> None:
    """A month of the year: when in the year a thing is done. Kept as a proposal, for yearly work keeps its months."""
    is_by = _BY.match(found.text, match.end()) or _UP_TO.search(found.text[: match.start()])
    if match["y"] and match["part"] and not match["y2"] and is_by:
        year = str(int(match["y"]) + step.years)
        if abs(int(match["y"]) - step.old) <= NEAR:
            found.add(*match.span("y"), year, "stepped", "deadline", f"期限按上年顺推{step.years}年", check=True)
            return
    if match["y"] and not match["y2"] and _OPEN_END.match(found.text, match.end()):
        _opened(found, step, match)
    elif match["y"] or match["y2"]:
        found.add(*match.span(), None, "blank", "date", "活动时间每年另定，不作推算")
        return
    if regex.match(r"月(?:份|底|初)?", found.text[match.end() - 1 :]) or match["part"]:
        found.add(*match.span(), match.group(), "asked", "date", "沿用上年月份，请核对")


def _opened(found: Finding, step: Step, match: regex.Match[str]) -> None:
    """2022年12月以来 rolls on; 自2022年12月起 is a beginning."""
    year = int(match["y"])
    if abs(year - step.old) > NEAR or _SINCE.search(found.text[: match.start()]):
        found.add(*match.span(), match.group(), "asked", "date", "起始时间请核对是否仍适用")
    else:
        why = f"年份顺推{step.years}年"
        found.add(*match.span("y"), str(year + step.years), "stepped", "year", why, check=True)


def _year(found: Finding, step: Step, match: regex.Match[str]) -> None:
    year = int(match["y"])
    if match["to"]:
        found.add(*match.span(), match.group(), "kept", "year", "规划名称或起止年份，不随年份变")
    elif _SINCE.search(found.text[: match.start()]):
        found.add(*match.span("y"), match["y"], "kept", "year", "起始年份，不随年份变")
    elif abs(year - step.old) <= NEAR:
        found.add(*match.span("y"), str(year + step.years), "stepped", "year", f"年份顺推{step.years}年")
    else:
        found.add(*match.span("y"), match["y"], "asked", "year", "与上年文件不同年，请核对是否仍适用")
