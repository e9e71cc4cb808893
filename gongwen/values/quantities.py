"""Counted things with their bounds: 不低于1.3万人次, 超过7.16%, 200项以上, 2-3次 (domain.md §8)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.numerals import read_count
from gongwen.values.vocab import words

Op = Literal["=", "≥", ">", "≤", "<", "~", "range"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` with 万 and 亿 reckoned in; `high` is the other end of a range. 以上 and 以下 hold the number itself,
    超过 and 不满 do not (Civil Code art. 1259). `past`: told as a result (举办了…), so no target."""

    span: Span
    text: str
    value: Decimal
    op: Op
    unit: str
    high: Decimal | None = None
    past: bool = False

    @property
    def number(self) -> int | float:
        """The value as plain data has it: whole numbers without a point."""
        return int(self.value) if self.value == self.value.to_integral_value() else float(self.value)


_SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_NUMBER = r"\d{1,12}(?:，\d{3}(?!\d))*(?:\.\d{1,6})?"
_BEFORE: tuple[tuple[str, Op], ...] = (
    ("at_least", "≥"), ("more_than", ">"), ("at_most", "≤"), ("less_than", "<"), ("about", "~"),
)  # fmt: skip
_AFTER: tuple[tuple[str, Op], ...] = (("after_at_least", "≥"), ("after_at_most", "≤"), ("after_about", "~"))
_CLAUSE = regex.compile(r"[^，。；！？\n]{0,24}\Z")


def _choice(*keys: str) -> str:
    found = {word for key in keys for word in words("quantities", key)}
    return "|".join(regex.escape(word) for word in sorted(found, key=lambda word: (-len(word), word)))


@cache
def _pattern() -> regex.Pattern[str]:
    before = _choice(*(key for key, _ in _BEFORE))
    after = _choice(*(key for key, _ in _AFTER))
    scale = "[十百千]?[万亿]?"
    return regex.compile(
        rf"(?P<before>{before})?\s?(?<![\d.A-Za-z〔/：第-])"
        rf"(?:百分之(?P<percent>{_NUMBER}|[一二三四五六七八九十百零]{{1,5}})"
        rf"|(?:(?P<low>{_NUMBER})(?P<low_scale>{scale})%?\s?(?:-|—|~|至|到)\s?)?"
        rf"(?P<value>{_NUMBER})\s?(?P<scale>{scale})"
        rf"(?P<more>[{''.join(words('quantities', 'more'))}])?\s?(?P<unit>{_choice('units')}))"
        rf"(?!月|工作日)(?P<after>{after})?"
    )


def find_quantities(text: str) -> list[Quantity]:
    """Numbers with a unit, in order of print. Years, dates and bare numbers are none."""
    folded = fold_width(text)
    found: list[Quantity] = []
    for match in _pattern().finditer(folded):
        quantity = _read(text, folded, match)
        if quantity is not None:
            found.append(quantity)
    return found


def parse_quantity(text: str) -> Quantity | None:
    """The quantity when the whole text is one."""
    stripped = text.strip()
    found = find_quantities(stripped) if len(stripped) <= 60 else []
    return found[0] if len(found) == 1 and found[0].span == Span(0, len(stripped)) else None


def _read(text: str, folded: str, match: regex.Match[str]) -> Quantity | None:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    span = Span(start, match.end())
    clause = _CLAUSE.search(folded[max(0, start - 40) : start])
    past = clause is not None and any(word in clause.group() for word in words("quantities", "past"))
    op = _op(match)
    if match["percent"]:
        percent = match["percent"]
        counted = None if percent[0].isdigit() else read_count(percent)
        value = Decimal(percent) if percent[0].isdigit() else (None if counted is None else Decimal(counted))
        return None if value is None else Quantity(span, close_gaps(span.of(text)), value, op, "%", None, past)
    value = _scaled(match["value"], match["scale"])
    if match["low"] is None:
        return Quantity(span, close_gaps(span.of(text)), value, op, match["unit"], None, past)
    low = _scaled(match["low"], match["low_scale"] or (match["scale"] if _grows(match) else ""))
    if low > value:
        return None
    return Quantity(span, close_gaps(span.of(text)), low, "range", match["unit"], value, past)


def _grows(match: regex.Match[str]) -> bool:
    """1-2万人次: the scale of the right end is that of both."""
    return Decimal(match["low"].replace("，", "")) <= Decimal(match["value"].replace("，", ""))


def _scaled(number: str, scale: str) -> Decimal:
    value = Decimal(number.replace("，", ""))
    for mark in scale:
        value *= _SCALE[mark]
    return value


def _op(match: regex.Match[str]) -> Op:
    before, after = match["before"], match["after"]
    for key, op in _AFTER:
        if after in words("quantities", key):
            return op
    for key, op in _BEFORE:
        if before in words("quantities", key):
            return op
    return "~" if match.groupdict().get("more") else "="
