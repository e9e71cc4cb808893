"""A file's official documents: where the next one begins (domain.md §0 fact 1, §12 C47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extract.lines import Line
from extract.marks import ANNEX_MARK
from gongwen.values.dates import parse_day
from gongwen.values.document_number import find_bare_numbers, find_numbers
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words

_SENTENCE = regex.compile(r"[。；！]")
_NOT_HEAD = regex.compile(r"^(?!签发)[^：]{2,12}：\S|抄送|公开方式|公开属性|印发$|^附(?:件|：|表|$)|^\d+[.、]|[：:，]$")
_NUMBER_TAIL = regex.compile(
    r"签发人?[：].{0,12}|★|特急|加急|平急|(?:发布)?(?:日期|时间)：[\d\-/.年月日：]+|(?:点击|浏览|阅读|访问)\p{Han}{0,2}：\d*|来源：\p{Han}*"
)
_SINGLE_YEAR_FORM = regex.compile(r"[（]?(?:\d{4}年)?第\d+号[）]?")
_LONGEST_TITLE = 80
_SET_OFF = 2
"""Blank lines above the first line of a head."""
MAX_HEAD = 40
"""Lines a red head may take above the number: joint notices name up to 30 units."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines first..last of one official document; `within` tells that an earlier part of the file announces it."""

    first: int
    last: int


def number_line(line: Line) -> str | None:
    """The document number a line consists of (beside a signatory or ★), as printed and closed."""
    if line.is_table or len(line.tight) > 60:
        return None
    found = find_numbers(line.folded)
    if len(found) != 1:
        return None
    before = "".join(line.folded[: found[0].span.start].split())
    after = "".join(line.folded[found[0].span.end :].split())
    rest = _NUMBER_TAIL.sub("", before + after).strip("（）()")
    return found[0].text if not rest else None


def bare_number_line(line: Line) -> bool:
    """A number without 〔〕 alone on its line: 海西省教育厅公告2020年第6号."""
    if line.is_table or len(line.tight) > 60:
        return False
    found = find_bare_numbers(line.folded)
    return len(found) == 1 and "".join(found[0].span.of(line.folded).split()) == line.tight


_MONTH = regex.compile(r"(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月")


def is_month_line(line: Line) -> bool:
    """A signing date without its day."""
    return not line.is_table and _MONTH.fullmatch(line.tight) is not None


def is_date_line(line: Line) -> bool:
    return not line.is_table and len(line.tight) <= 16 and parse_day(line.tight) is not None


def split_parts(lines: Sequence[Line]) -> list[Part]:
    """Cuts the lines of a file where a new head follows a closed document."""
    starts = [0]
    last_number: int | None = None
    for at, line in enumerate(lines):
        if (
            number_line(line) is None
            or regex.fullmatch(r"（.*）", line.tight)
            or _SINGLE_YEAR_FORM.fullmatch(line.tight)
        ):
            continue
        head = _head_start(lines, at, starts[-1])
        if last_number is None:
            is_next = head < at and _is_closed(lines[:head])
        else:
            is_next = any(is_date_line(one) for one in lines[last_number + 1 : at])
        if is_next:
            starts.append(head)
        last_number = at
    starts = _with_unnumbered(lines, starts)
    return [Part(first, last) for first, last in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _is_closed(lines: Sequence[Line]) -> bool:
    """A paper without a number that ends here: sentences, then a unit's name and a date below it."""
    for at in range(2, len(lines)):
        if _is_signed(lines, at) and any(_SENTENCE.search(one.tight) for one in lines[: at - 1] if not one.is_table):
            return True
    return False


def _head_start(lines: Sequence[Line], number: int, floor: int) -> int:
    """The first line of the head above a number: letterhead or title lines, no sentence, no date, no imprint."""
    at = number
    while at - 1 > floor and number - at < MAX_HEAD:
        above = lines[at - 1]
        if above.is_table or is_date_line(above) or len(above.tight) > 80:
            break
        if _SENTENCE.search(above.tight) or _NOT_HEAD.search(above.tight) or lines[at].block.gap > _SET_OFF:
            break
        at -= 1
    return at


def _with_unnumbered(lines: Sequence[Line], starts: list[int]) -> list[int]:
    """Papers without a number behind a closed one: their own title (…公示, 倡议书), sentences, a unit's name, a date.
    One that an earlier line names is an annex or an enclosure, no paper by itself."""
    found = list(starts)
    for first, last in zip(starts, [*starts[1:], len(lines)], strict=True):
        closed = [at for at in range(first + 2, last) if _is_signed(lines, at)]
        for above, below in pairwise(closed):
            title = next((at for at in range(above + 1, below - 2) if _is_own_title(lines, first, at)), None)
            if title is not None and any(_SENTENCE.search(one.tight) for one in lines[title + 1 : below - 1]):
                found.append(_title_start(lines, title, above))
    return sorted({*found})


def _is_signed(lines: Sequence[Line], at: int) -> bool:
    above = lines[at - 1]
    return is_date_line(lines[at]) and not above.is_table and looks_like_unit(above.tight)


def _is_own_title(lines: Sequence[Line], first: int, at: int) -> bool:
    line = lines[at]
    if line.is_table or not line.tight.endswith(words("zones", "own_kinds")):
        return False
    start = _title_start(lines, at, first)
    whole = "".join(one.tight for one in lines[start : at + 1])
    if _SENTENCE.search(whole) or "：" in whole or len(whole) > _LONGEST_TITLE:
        return False
    under_annex = any(ANNEX_MARK.fullmatch(lines[one].tight) for one in (start - 1, start))
    if under_annex or not lines[start].block.gap:
        return False
    return not any(_names(one.tight, whole) for one in lines[first:start] if not one.is_table)


def _names(tight: str, title: str) -> bool:
    """附件：…倡议书, 印发《…倡议书》: not what a sentence only speaks of (更正…《…公示》)."""
    return title in tight and bool(regex.match(r"附|\d{1,2}[.、．]", tight) or regex.search(r"印发|转发|现将", tight))


def _title_start(lines: Sequence[Line], at: int, floor: int) -> int:
    """A title of two lines begins with the one that is set off."""
    while at - 1 > floor and not lines[at].block.gap and not lines[at - 1].is_table and len(lines[at - 1].tight) < 60:
        if _SENTENCE.search(lines[at - 1].tight) or is_date_line(lines[at - 1]):
            break
        at -= 1
    return at
