"""Numbers of sections after some were left out: 一、三、 → 一、二、, each told as a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from draft.changes import Change
from draft.finders.formulas import chinese_count
from draft.model import Item, Piece
from gongwen.text import Span
from gongwen.values.numerals import read_count

_NUMBER = regex.compile(r"\s*[（(]?(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})(?:、|[）)]|[.．](?!\d))")
WHY = "前面有内容没有带入，序号顺改"


def renumbered(items: Sequence[Item], dropped: Sequence[Piece]) -> list[Item]:
    """Only numbers behind a dropped one of the same run move down; a gap that the old paper had stays."""
    gone = sorted(
        (one.source.start, _level(one.old), number) for one in dropped if (number := _count(one.old)) is not None
    )
    out: list[Item] = []
    for item in items:
        first = item.pieces[0] if item.pieces else None
        match = _NUMBER.match(first.old) if first is not None and item.level else None
        number = read_count(match["n"]) if match else None
        if first is None or match is None or number is None:
            out.append(item)
            continue
        down = sum(
            1 for start, level, count in gone
            if level == item.level and start < first.source.start and count < number
            and not _begins_anew(items, item.level, start, first.source.start)
        )  # fmt: skip
        out.append(_moved(item, first, match, number - down) if down else item)
    return out


def _begins_anew(items: Sequence[Item], level: int, start: int, end: int) -> bool:
    """Whether a higher heading, or a number 1 of this level, stands between two places."""
    for one in items:
        at = one.pieces[0].source.start if one.pieces else None
        if at is None or not start < at < end or not one.level:
            continue
        if one.level < level or (one.level == level and _count(one.pieces[0].old) == 1):
            return True
    return False


def _moved(item: Item, first: Piece, match: regex.Match[str], number: int) -> Item:
    printed = str(number) if match["n"].isdigit() else chinese_count(number)
    start, end = match.span("n")
    change = Change(Span(start, end), match["n"], printed, "stepped", "numbering", WHY)
    changes = tuple(sorted((change, *(one for one in first.changes if one.span.start >= end)), key=lambda c: c.span))
    piece = replace(first, changes=changes)
    piece = replace(piece, new="".join(text for text, _ in piece.runs()))
    return replace(item, pieces=[piece, *item.pieces[1:]])


def _count(text: str) -> int | None:
    match = _NUMBER.match(text)
    return read_count(match["n"]) if match else None


def _level(text: str) -> int:
    stripped = text.strip()
    if stripped.startswith(("（", "(")):
        return 4 if regex.match(r"[（(]\d", stripped) else 2
    return 3 if stripped[:1].isdigit() else 1
