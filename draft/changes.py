"""What becomes of each piece of an old sentence in the new draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from draft.facts import Facts
from gongwen.text import Span

Act = Literal["kept", "stepped", "looked_up", "superior", "blank", "asked", "dropped", "settled", "added"]
"""`kept`: unchanged although it looks as if it should change (the year of a plan's name); `stepped`: computed;
`looked_up`: from a public fact; `superior`: from the superior notice of the year; `blank`: never filled, a marked gap;
`asked`: the old words stay, marked; `dropped`: the sentence is not carried over; `settled`: a person has decided;
`added`: a person has put it in."""

SETTLED: frozenset[Act] = frozenset({"kept", "stepped", "looked_up", "superior", "settled", "added"})
"""Acts that need nobody's decision; a change may still ask to be checked."""


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of the old sentence (`span`) and what stands for it. `new` None: a gap. `why` in Chinese, for the
    drafter; `source`: what prints the fact. `check`: settled, yet to be looked at."""

    span: Span
    old: str
    new: str | None
    act: Act
    kind: str
    why: str
    source: str = ""
    check: bool = False

    @property
    def is_flagged(self) -> bool:
        return self.act not in SETTLED or self.check

    @property
    def printed(self) -> str:
        """What stands in the draft for it."""
        if self.act == "dropped":
            return ""
        return self.new if self.new is not None else f"【待核：{KINDS[self.kind]}】"


KINDS: dict[str, str] = {
    "year": "年份", "ordinal": "届次", "anniversary": "周年", "date": "日期", "deadline": "期限", "weekday": "星期",
    "holiday": "放假安排", "number": "文号", "citation": "引用文件", "meeting": "会议提法", "plan": "规划提法",
    "law": "法规名称", "body": "机构名称", "activity": "活动名称", "phrase": "提法", "theme": "主题", "amount": "数量",
    "contact": "联系方式", "person": "人员", "place": "地点", "unit": "单位", "one_off": "一次性内容",
    "sentence": "整句", "numbering": "序号", "gap": "空格",
}  # fmt: skip


ACTS: dict[Act, str] = {
    "stepped": "推算", "looked_up": "查得", "superior": "取自上级通知", "asked": "沿用上年，待核", "blank": "未填",
    "kept": "沿用", "dropped": "没有带入", "settled": "已由人处理", "added": "新增",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """From which year's paper to which year's draft. `signing`: a day at which the new paper may be signed, for facts
    that depend on it. `own`: titles of what the paper itself issues.
    `alone`: the sentence is known without its paper, so that a slogan cannot be told by where it stands."""

    old: int
    new: int
    signing: date
    facts: Facts
    own: frozenset[str] = frozenset()
    alone: bool = False

    @property
    def years(self) -> int:
        return self.new - self.old


class Finding:
    """Pieces found in one sentence; what was found first keeps its place."""

    def __init__(self, text: str, given: Iterable[Change] = ()) -> None:
        """`given`: what the record knows of the sentence; it goes before everything that is found."""
        self.text = text
        self.changes: list[Change] = []
        for one in given:
            if self.is_free(one.span.start, one.span.end):
                self.changes.append(one)

    def is_free(self, start: int, end: int) -> bool:
        return all(end <= one.span.start or start >= one.span.end for one in self.changes)

    def add(
        self, start: int, end: int, new: str | None, act: Act, kind: str, why: str, source: str = "", *,
        check: bool = False,
    ) -> None:  # fmt: skip
        """Does nothing where another finding stands."""
        if start < end and self.is_free(start, end):
            old = self.text[start:end]
            self.changes.append(Change(Span(start, end), old, new, act, kind, why, source, check))
