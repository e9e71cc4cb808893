"""Lines of a holiday notice: 清明节：…放假… has its words in the notice of the new year, which is quoted and not
computed, for what is printed (调休, 与周末连休, weekdays) follows no rule."""

from __future__ import annotations

import regex

from draft.changes import Finding, Step

_LINE = regex.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,2}、)?\s*(?P<names>\p{Han}{2,3}(?:、\p{Han}{2,3})*)：(?P<line>[^：]*放假[^：]*)$"
)
_SWAPPED = regex.compile(r"^\s*(?:\d{1,2}月\d{1,2}日（(?:星期|周)[六日天]）[、和]?)+上班。?\s*$")


def find_holiday_lines(found: Finding, step: Step) -> None:
    """A sentence of days to work by itself is dropped: it stands in the line of the new year where there is one."""
    lines = step.facts.holiday_lines.get(step.new)
    if lines is None:
        return
    source = f"国务院办公厅关于{step.new}年部分节假日安排的通知（{step.facts.holiday_numbers[step.new]}）"
    match = _LINE.match(found.text)
    if match is not None:
        names = frozenset(match["names"].split("、"))
        if names in lines:
            why = f"{step.new}年{match['names']}的放假安排，照通知原文"
            found.add(*match.span("line"), lines[names], "looked_up", "holiday", why, source, check=True)
    elif _SWAPPED.match(found.text):
        why = "调休上班的日期已随今年的放假安排写入"
        found.add(0, len(found.text), None, "dropped", "holiday", why, source)
