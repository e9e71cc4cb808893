"""Whether a line goes on with the sentence of the paragraph before it (domain.md §12 A3-A8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from ingest.layout.lines import Line, columns
from ingest.layout.shapes import (
    begins_anew,
    is_date,
    is_heading,
    is_label,
    is_number,
    is_prose,
    is_roster,
    is_title_end,
)

_OPEN = "，、,（(“《〈「『"
_CLOSED = "。！？；：…!?;:"
_BRACKETS = "）)】]"
_QUOTES = "”’》〉」』"
_LAST_NAME = regex.compile(r"\p{Han}{1,6}[：:]")
_GOES_ON = regex.compile(r"[，。、；：！？）》”’】,.;:!?)]|[的和与及等在为中对将由是并或以]")
_DATE_CUT = regex.compile(r"(?<![\d.])(?:20\d\d|\d{1,2})\Z")
_LONGEST_DAY = 12
_DAY_CUT = regex.compile(r"年\d{1,2}月\Z")
_DAY = regex.compile(r"\d{1,2}日(?:[，。；前起至]|\Z)")
_AT_DAY = regex.compile(r"\d[日号底末]\Z|月[底末]\Z")
_DUE = regex.compile(r"(?:[之以]前|前(?=[，。；、）)将报完向到送把以填反登寄提发交按由召组缴])|印发\Z)")
_PRINTED = regex.compile(r"\d日\s{0,4}印发\Z")
_AT_WEEKDAY = regex.compile(r"日[（(](?:星期|周)[一二三四五六日天][）)]\Z")
_IMPRINT = regex.compile(r"\p{Han}{4,30}\s{2,}(?:20)\d\d年\d{1,2}月\d{1,2}日(?:印发)?\Z")
"""The printing organ and the day below 抄送."""
_ROUND = str.maketrans("（）", "()")
_BRACKET = 200
"""Characters of a bracket at most."""
_REACH = 500
_LONG_LABEL = 30
"""A label's value shorter than this fits on its line."""

_WIDEST = 120
_NEARLY = 8
"""Columns by which a number or a word that may not be broken shortens a line."""

_FLUSH = 3
"""Columns a full line may fall short of the longest: two for a sign that may not begin a line, one for digits."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """How the text is set: `width` in columns where lines are broken at a fixed width, else None; `indented`
    when its paragraphs begin with blanks."""

    width: int | None = None
    indented: bool = False

    def is_full(self, line: Line) -> bool:
        return self.width is not None and line.indent + columns(line.text) >= self.width - _FLUSH


def find_wrap(lines: Sequence[Line]) -> Wrap:
    """A text is wrapped when its sentences break, time and again, at nearly the same column and no line is longer."""
    width = max((line.indent + columns(line.text) for line in lines), default=0)
    if width > _WIDEST:
        return Wrap()
    broken = [
        line.indent + columns(line.text)
        for line, after in pairwise(lines)
        if not after.gap and not after.indent and line.text and line.text[-1] not in _CLOSED and is_prose(line.text)
    ]
    full = sum(1 for one in broken if one >= width - _NEARLY)
    if full < 3 or full < 0.6 * len(broken):
        return Wrap()
    indented = sum(1 for line in lines if line.indent >= 2) >= 0.1 * len(lines)
    return Wrap(width, indented)


def short(words: str) -> str:
    """A paragraph as `continues` needs it: its beginning and its end. Whole paragraphs of some megabytes would make
    joining them line by line quadratic."""
    return words if len(words) <= 4 * _REACH else words[:_REACH] + words[-_REACH:]


def continues(paragraph: str, last: Line, line: Line, wrap: Wrap) -> bool:
    """`paragraph` is the text so far, `last` its last line, `line` the next one."""
    if line.fixed or last.fixed or line.level or last.level or not paragraph or not line.text:
        return False
    if line.gap == 0 and _is_cut_inside(paragraph, line.text):
        return True
    if _stands_alone(paragraph) or _IMPRINT.match(line.text) is not None:
        return False
    end = paragraph[-1]
    if (line.gap == 0 or line.turned) and _closes_bracket(paragraph, line.text):
        return True
    if begins_anew(line.text):
        return _LAST_NAME.fullmatch(line.text) is not None and end not in _CLOSED and _is_list(paragraph)
    if end in _OPEN:
        return not is_title_end(paragraph)
    if line.indent >= 2 and not (wrap.width is not None and not wrap.indented):
        return False
    if end in _CLOSED:
        if line.gap or wrap.width is None:
            return False
        # A number or an address too long for the rest of the line stands on the next one, after its colon.
        return line.text[0].isascii() if end in "：:" else wrap.indented and wrap.is_full(last)
    if line.text[0] in "，。、；：）》”’】":
        return True
    return _is_cut(paragraph, last, line, wrap)


def _is_cut_inside(paragraph: str, line: str) -> bool:
    """…请于10⏎月15日前, 2024年7月⏎18日, 每月25日⏎前, 10月14日（星期一）⏎17：30: inside a date."""
    tail = paragraph[-_LONGEST_DAY:]
    if _DATE_CUT.search(tail) and line[0] in "年月日":
        return True
    if _DAY_CUT.search(tail) and _DAY.match(line):
        return True
    return (_AT_DAY.search(tail) is not None and _DUE.match(line) is not None) or (
        _AT_WEEKDAY.search(tail) is not None and line[0].isdigit()
    )


def _closes_bracket(paragraph: str, line: str) -> bool:
    """（牵头单位：甲；责⏎任单位：乙）: what looks like a label stands inside a bracket that is still open."""
    tail = paragraph[-_REACH:].translate(_ROUND)
    opened = tail.rfind("(")
    if opened < 0 or tail.find(")", opened) >= 0 or len(tail) - opened > _BRACKET:
        return False
    rest = line.translate(_ROUND)
    return 0 <= rest.find(")") < (rest.find("(") if "(" in rest else len(rest))


def _is_list(paragraph: str) -> bool:
    """Names of addressees, cut before the last of them."""
    return len(paragraph) >= 15 and "、" in paragraph and "。" not in paragraph and not is_label(paragraph)


def _stands_alone(paragraph: str) -> bool:
    if _PRINTED.search(paragraph[-_LONGEST_DAY:]):
        return True
    return is_date(paragraph) or is_number(paragraph) or is_roster(paragraph)


def _is_cut(paragraph: str, last: Line, line: Line, wrap: Wrap) -> bool:
    if wrap.is_full(last) and line.gap == 0:
        begun = wrap.indented and (last.indent >= 2 or len(paragraph) > len(last.text))
        return begun or not is_title_end(paragraph) or "。" in line.text
    if is_title_end(paragraph) or len(paragraph) < 15:
        return False
    if paragraph[-1] in _BRACKETS + _QUOTES and line.text[0] in "的和与及":
        return True
    ended = paragraph[-1] in _BRACKETS or (paragraph[-1] in _QUOTES and paragraph[-2] in _CLOSED)
    if ended and not _GOES_ON.match(line.text):
        return False
    if not (is_prose(line.text) or "、" in line.text or line.turned):
        return False
    if line.turned:
        return not is_heading(paragraph) or is_prose(paragraph)
    if is_label(paragraph) and "。" not in paragraph:
        return len(paragraph) >= _LONG_LABEL and "、" in paragraph and ("、" in line.text or "。" in line.text)
    return is_prose(paragraph) or paragraph.count("、") >= 2


def glue(before: str, after: str) -> str:
    """What stands between two joined lines: nothing, but a blank between two Latin words."""
    both = before[-1:] + after[:1]
    return " " if len(both) == 2 and both.isascii() and both.isalpha() else ""
