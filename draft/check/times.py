"""Years, weekdays, days off, numbers of yearly events (drafting.md: errors seen in published documents)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import regex

from draft.check.model import Checked, Finding, outside
from draft.finders.formulas import chinese_count
from gongwen.values.days import make_day
from gongwen.values.numerals import read_count
from gongwen.values.work_days import holidays

WEEKDAYS = "一二三四五六日"
_WITH_WEEKDAY = regex.compile(
    r"(?:(?P<y>\d{4})\s?年\s?)?(?P<m>1[0-2]|0?[1-9])\s?月\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号]?"
    r"\s?[（(](?:星期|周)(?P<w>[一二三四五六日天])[）)]"
)
_YEAR = regex.compile(r"(?<![\d—－-])(?P<y>20\d{2})(?=\s?年)(?!\s?年\s?(?:以来|起|至|—|-)|\s?年?\s?[—－-])")
_BEGINNING = regex.compile(r"(?:自|从)$")
_PAST = regex.compile(
    r"^\s?年(?:度)?(?:工作)?(?:总结|完成|底|末|以来|已|获|评|荣获|的|同期)|^\s?年度[^，。；]{0,12}(?:评审|通过|获)|^\s?年\s?12\s?月"
)
_LATE = 9
_ORDINAL = regex.compile(r"第(?P<n>\d{1,3}|[一二三四五六七八九十百]{1,5})(?P<word>届|个)")
_IMPOSSIBLE = regex.compile(r"(?<!\d)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日")


def leftover_years(paper: Checked) -> Iterator[Finding]:
    """A year before the paper's own, outside cited titles and numbers, beginnings and what looks back."""
    signed = [(one.start - paper.begin, one.end - paper.begin) for one in paper.record.evidence.get("issue_date", ())]
    cited = [*paper.cited(), *signed]  # the day of signing has a check of its own
    for match in _YEAR.finditer(paper.text):
        year = int(match["y"])
        before, after = paper.text[: match.start()], paper.text[match.end() :]
        if year >= paper.year or year in paper.named or paper.year - year > 2 or not outside(cited, *match.span()):
            continue
        if _BEGINNING.search(before) or _PAST.search(after):
            continue
        if year == paper.signing.year and paper.signing.month >= _LATE:
            continue  # a paper of autumn for the year to come
        words = paper.text[match.start() : match.end() + 20].split("\n")[0]
        yield paper.found(
            match.start(), min(len(paper.text), match.end() + 1), "leftover_year", "往年年份残留",
            f"本件是{paper.year}年的，这里写“{words}”", "ask", f"{paper.year}年",
        )  # fmt: skip


def old_signature(paper: Checked) -> Iterator[Finding]:
    """A signing day of another year than the number's or the title's."""
    signed = str(paper.record["issue_date"] or "")
    if not regex.fullmatch(r"\d{4}-\d{2}-\d{2}", signed):
        return
    year = int(signed[:4])
    number = (paper.record["number_parts"] or {}).get("year")
    evidence = paper.record.evidence.get("issue_date", [])
    start, end = (evidence[0].start - paper.begin, evidence[0].end - paper.begin) if evidence else (0, 0)
    rule = "成文日期与年份"
    if number is not None and number != year:
        told = f"文号是{number}年的，落款写{year}年"
        yield paper.found(start, end, "signature_year", rule, told, "error", f"{number}年")
    elif number is None and paper.named and min(paper.named) == year + 1 and signed[5:7] < "10":
        told = f"标题是{min(paper.named)}年的，落款写{year}年"
        yield paper.found(start, end, "signature_year", rule, told, "error", f"{min(paper.named)}年")


def weekdays(paper: Checked) -> Iterator[Finding]:
    for match in _WITH_WEEKDAY.finditer(paper.text):
        year = int(match["y"]) if match["y"] else paper.year
        day = make_day(year, int(match["m"]), int(match["d"]))
        printed = match["w"].replace("天", "日")
        if day is None or WEEKDAYS[day.weekday()] == printed:
            continue
        told = f"{day.year}年{day.month}月{day.day}日是星期{WEEKDAYS[day.weekday()]}"
        yield paper.found(*match.span(), "weekday", "日期与星期", told, "error", f"星期{WEEKDAYS[day.weekday()]}")


def impossible_days(paper: Checked) -> Iterator[Finding]:
    for match in _IMPOSSIBLE.finditer(paper.text):
        if make_day(2024, int(match["m"]), int(match["d"])) is None:
            yield paper.found(*match.span(), "no_such_day", "不存在的日期", "没有这一天", "error")


def days_off(paper: Checked) -> Iterator[Finding]:
    """Deadlines that fall on a day off; the working day before is proposed."""
    calendar = holidays()
    for at, row in enumerate(paper.record["deadlines"]):
        text = str(row.get("date") or "")
        if not regex.fullmatch(r"\d{4}-\d{2}-\d{2}", text) or not regex.search("[日号]", str(row.get("text"))):
            continue
        day = date.fromisoformat(text)
        evidence = paper.record.evidence.get(f"deadlines/{at}/date") or paper.record.evidence.get(
            f"deadlines/{at}/text"
        )
        if calendar.is_work_day(day) or not evidence:
            continue
        known = "" if calendar.knows(day) else "（放假安排未公布，只按周末算）"
        start = evidence[0].start - paper.begin
        moved = day
        while not calendar.is_work_day(moved):
            moved = date.fromordinal(moved.toordinal() - 1)
        yield paper.found(start, start + len(evidence[0].quote), "day_off", "期限落在休息日",
                          f"{day.month}月{day.day}日不上班{known}", "ask", f"{moved.month}月{moved.day}日")  # fmt: skip


def ordinals(paper: Checked) -> Iterator[Finding]:
    for match in _ORDINAL.finditer(paper.text):
        event = paper.facts.event_in(paper.text[match.end() : match.end() + 16])
        count = read_count(match["n"])
        if event is None or event.base is None or count is None or count == paper.year - event.base:
            continue
        right = paper.year - event.base
        new = f"第{right if match['n'].isdigit() else chinese_count(right)}{match['word']}"
        told = f"{paper.year}年的{event.name}按历年算法是{new}"
        yield paper.found(*match.span(), "ordinal", "届次", told, "ask", new)
