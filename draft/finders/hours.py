"""Times of day, days of the week without a date, and how long a thing lasts: set anew every year."""

from __future__ import annotations

import regex

from draft.changes import Finding, Step

_ONE_CLOCK = (
    r"(?:[01]?\d|2[0-4])(?:[:：][0-5]\d(?!\d)|\s?时(?![间期代候段刻])(?:\s?[0-5]?\d\s?分|整|许)?"
    r"|\s?点(?:\s?[0-5]?\d\s?分|半|钟|整))"
)
_CLOCK = regex.compile(
    rf"(?<![\d:：])(?:上午|下午|中午|晚上|晚|凌晨|早上|早)?\s?{_ONE_CLOCK}(?:\s*(?:至|到|—+|－|-|–|~|～)\s*(?:上午|下午|中午|晚上|晚|凌晨)?\s?{_ONE_CLOCK})?"
)
_BY = regex.compile(r"\s*(?:之前|以前|前|截止|为止|止)")
_WEEKDAY = regex.compile(
    r"(?:每|下|上|本|逢)?(?:周|星期|礼拜)(?:[一二三四五六日天末])(?![边围期岁年报刊长知全转到密延次课讲更测练会播评题])"
    r"(?:\s?(?:至|到|—|-|～|、)\s?(?:周|星期)?[一二三四五六日天](?!边|围|期))?"
)
_QUARTER = regex.compile(r"(?<!年|年的)第?[一二三四]季度")
_LASTS = regex.compile(
    r"为期(?:约|近)?\s?(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})\s?(?:个)?(?:多)?(?:天|日|周|月|年|星期)"
)


def find_hours(found: Finding, step: Step) -> None:
    """A time of day that ends a deadline found before belongs to it."""
    for match in _CLOCK.finditer(found.text):
        follows = any(one.kind == "deadline" and one.span.end == match.start() for one in found.changes)
        if not (follows and _BY.match(found.text, match.end())):
            found.add(*match.span(), match.group(), "asked", "date", "钟点请按今年的安排核对")
    for match in _WEEKDAY.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "weekday", "星期请按今年的安排核对")
    for match in _QUARTER.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "date", "沿用上年的季度，请核对")
    for match in _LASTS.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "amount", "期限长短请核对")
