"""A file's official documents: where the next one begins (domain.md §0 fact 1, §12 C47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extract.lines import Line
from extract.marks import ANNEX_MARK, MAX_TITLE_LINES
from gongwen.values.dates import parse_day
from gongwen.values.document_number import find_bare_numbers, find_numbers
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words

_SIGNED_KINDS = tuple(words("zones", "signed_kinds"))
_SENTENCE = regex.compile(r"[。；！]")
_NAMED = regex.compile(r"\p{Han}{2,10}：\S+")
_PAGE_NUMBER = regex.compile(r"\p{Pd}*\d{1,4}\p{Pd}*")
_NOT_HEAD = regex.compile(r"抄送|公开方式|公开属性|印发$|^附件|^\d+[.、]|[：:，]$")
_NUMBER_TAIL = regex.compile(
    r"签发人?[：].{0,12}|★|特急|加急|平急|(?:发布)?(?:日期|时间)：[\d\-/.年月日：]+|(?:点击|浏览|阅读|访问)\p{Han}{0,2}：\d*|来源：\p{Han}*"
)
_SINGLE_YEAR_FORM = regex.compile(r"[（]?(?:\d{4}年)?第\d+号[）]?")
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
    bounds = list(zip(starts, [*starts[1:], len(lines)], strict=True))
    starts = sorted({*starts, *(at for first, last in bounds for at in _unnumbered(lines, first, last))})
    return [Part(first, last) for first, last in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _is_closed(lines: Sequence[Line]) -> bool:
    """A paper without a number that ends here: sentences, then a unit's name and a date below it."""
    return _closed_at(lines, 0, len(lines)) is not None


def _closed_at(lines: Sequence[Line], first: int, last: int) -> int | None:
    """The date line that ends the first paper of these lines."""
    for at in range(first + 2, last):
        signed = is_date_line(lines[at]) and not lines[at - 1].is_table and looks_like_unit(lines[at - 1].tight)
        if signed and any(_SENTENCE.search(one.tight) for one in lines[first : at - 1] if not one.is_table):
            return at
    return None


def _unnumbered(lines: Sequence[Line], first: int, last: int) -> list[int]:
    """Where, behind a signed paper, another one without a number begins: a title of a kind that is signed, not under
    附件, with sentences and a signature and date of its own below it."""
    closed = _closed_at(lines, first, last)
    starts: list[int] = []
    at = last if closed is None else closed + 1
    while at < last:
        head = _title_start(lines, at, closed + 1) if closed is not None and _ends_signed_title(lines[at]) else None
        end = _closed_at(lines, at, last) if head is not None else None
        if head is not None and end is not None and not any(number_line(one) for one in lines[at:end]):
            starts.append(head)
            at = closed = end
        at += 1
    return starts


def _ends_signed_title(line: Line) -> bool:
    if line.is_table or len(line.tight) > 60 or _SENTENCE.search(line.tight) or _NOT_HEAD.search(line.tight):
        return False
    return line.tight.endswith(_SIGNED_KINDS)


def _title_start(lines: Sequence[Line], end: int, floor: int) -> int | None:
    """The first line of a title; None when it stands under 附件, or in the midst of a list or table."""
    at = end
    while at - 1 >= floor and end - at < MAX_TITLE_LINES:
        above = lines[at - 1]
        if above.is_table or is_date_line(above) or len(above.tight) > 60:
            break
        if _SENTENCE.search(above.tight) or _NOT_HEAD.search(above.tight):
            break
        at -= 1
    above = lines[at - 1]
    is_annex = above.tight.startswith("附") or ANNEX_MARK.fullmatch(lines[at].tight)
    return None if is_annex else at


def _head_start(lines: Sequence[Line], number: int, floor: int) -> int:
    """The first line of the head above a number: letterhead or title lines, no sentence, no date, no imprint, no
    item of what was before (组长：何立), not over a page number."""
    at = number
    while at - 1 > floor and number - at < MAX_HEAD:
        above = lines[at - 1]
        if above.is_table or is_date_line(above) or len(above.tight) > 80 or _PAGE_NUMBER.fullmatch(above.tight):
            break
        if _SENTENCE.search(above.tight) or _NOT_HEAD.search(above.tight):
            break
        if _NAMED.fullmatch(above.tight) and not _NUMBER_TAIL.search(above.tight):
            break
        at -= 1
    return at
