"""Acts of review in words: 林若溪（未登录） 2024年10月1日 09:00 把“甲”改为“乙”."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gongwen.acts import ISSUES, Review, standing
from gongwen.labels import Labels
from gongwen.row_names import split, text_of
from web.facts import DATES, chinese_date, print_rich
from web.masking import mask

SHORT = 80


@dataclass(frozen=True, slots=True)
class Told:
    """`stands`: it has not been taken back, `is_back`: it takes one back. `where` says of which field and row."""

    mark: str
    where: str
    words: str
    by: str
    at: str
    stands: bool
    is_back: bool = False
    batch: str = ""


def tell_act(review: Review, labels: Labels, *, stands: bool, covered: bool) -> Told:
    words = words_of(review, labels)
    return Told(
        review.mark, _cover(where_of(review.field, labels), covered), _cover(words, covered), review.by,
        told_time(review.at), stands, bool(review.takes_back), review.batch,
    )  # fmt: skip


def tell_acts(reviews: Iterable[Review], labels: Labels, *, covered: bool) -> list[Told]:
    """Newest first."""
    found = list(reviews)
    kept = {id(one) for one in standing(found)}
    return [tell_act(one, labels, stands=id(one) in kept, covered=covered) for one in reversed(found)]


def where_of(field: str, labels: Labels) -> str:
    """The path of an act in words: 联系方式“何立”的电话."""
    steps = split(field)
    if steps[0] == ISSUES:
        return "疑点"
    name = labels.field(steps[0])
    if len(steps) != 3:
        return name
    return f"{name}“{_short(steps[1])}”的{labels.column(steps[0], steps[2])}"


def words_of(review: Review, labels: Labels) -> str:
    saw, say = (printed(one, review.field, labels) for one in (review.saw, review.say))
    if review.takes_back:
        return _taken_back(saw, say)
    if review.field == ISSUES:
        return f"已核对：{saw}"
    if not saw and not say:
        return "确认原文没有"
    if saw == say:
        return f"确认“{saw}”"
    if not saw:
        return f"补充“{say}”"
    return f"把“{saw}”改为“{say}”" if say else f"原文没有“{saw}”"


def _taken_back(saw: str, say: str) -> str:
    if saw == say:
        return f"撤销对“{saw}”的确认" if saw else "撤销“原文没有”"
    if not saw:
        return f"撤销“原文没有”，恢复“{say}”"
    return f"撤销“{saw}”，恢复“{say}”" if say else f"撤销补充的“{saw}”"


def printed(value: Any, field: str, labels: Labels) -> str:
    """A value of an act in one line."""
    column = split(field)[-1]
    return _short(" ".join(_pieces(value, column, labels)))


def _pieces(value: Any, column: str, labels: Labels) -> Iterator[str]:
    if isinstance(value, list):
        yield "、".join(text for one in value for text in _pieces(one, column, labels))
    elif isinstance(value, dict):
        yield print_rich(value) if "text" in value else "，".join(text_of(one) for one in value.values() if one)
    elif value is not None:
        yield chinese_date(str(value)) if column in DATES else labels.word(column, value)


def told_time(at: str) -> str:
    """2024-10-01T09:00:00+08:00 as 2024年10月1日 09:00."""
    day, _, clock = at.partition("T")
    return f"{chinese_date(day)} {clock[:5]}".strip()


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _cover(text: str, covered: bool) -> str:
    return mask(text) if covered else text
