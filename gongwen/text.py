"""Immutable text, spans into it, and the folds that rules see.

Two folds: `fold_width` changes single characters one for one, so offsets stay as they are; `fold_tight`
also drops white space and carries a map back (domain.md §12 A13: never NFKC over a whole text).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import regex


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character offsets in a Document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


def _width_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0xFF01, 0xFF5F):  # full-width ASCII: letters, digits and signs become half-width
        table[code] = chr(code - 0xFEE0)
    for half, full in zip("(),:;?!", "（），：；？！", strict=True):  # punctuation of Chinese prose is full-width
        table[ord(half)] = full
        table[ord(full)] = full
    for mark in "【［﹝[":
        table[ord(mark)] = "〔"
    for mark in "】］﹞]":
        table[ord(mark)] = "〕"
    for mark in "－–−‐‑‒―":
        table[ord(mark)] = "-"
    for mark in "～∼〜":
        table[ord(mark)] = "~"
    for mark in "•・‧∙⋅●":
        table[ord(mark)] = "·"
    for mark in "\u00a0\u3000\u2002\u2003\u2009\u2007\u202f":
        table[ord(mark)] = " "
    table[ord("○")] = "〇"
    table[ord("∶")] = "："
    table[ord("號")] = "号"
    table[ord("．")] = "."
    table[ord("｡")] = "。"
    table[ord("､")] = "、"
    # Kangxi radicals that PDF fonts give for whole characters (domain.md §12 A13); NFKC is right for U+2F00-2FD5 only.
    import unicodedata

    for code in range(0x2F00, 0x2FD6):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    for radical, whole in zip(
        "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻰", "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟黄齐龙", strict=True
    ):
        table[ord(radical)] = whole
    return table


_WIDTH = _width_table()


def fold_width(text: str) -> str:
    """The text in one width: same length, same offsets. Digits and letters half-width, punctuation full-width,
    number brackets 〔〕, one dash `-` for the short dashes (— stays), plain spaces."""
    return text.translate(_WIDTH)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back: `origin[i]` is the source offset of folded character i."""

    text: str
    origin: tuple[int, ...]
    end: int

    def span(self, start: int, end: int) -> Span:
        """The source span of folded characters start..end; never wider than their first and last source character."""
        if start == end:
            at = self.origin[start] if start < len(self.origin) else self.end
            return Span(at, at)
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def index(self, offset: int) -> int:
        """The first folded character at or after a source offset."""
        return bisect_right(self.origin, offset - 1)


_WORD = regex.compile(r"[A-Za-z0-9]")


def fold_tight(text: str, start: int = 0, end: int | None = None) -> Folded:
    """Width fold of text[start:end] without white space, save one space between two Latin words."""
    stop = len(text) if end is None else end
    source = fold_width(text[start:stop])
    kept: list[str] = []
    origin: list[int] = []
    gap = -1
    for at, char in enumerate(source):
        if char.isspace():
            gap = at if gap < 0 else gap
            continue
        if gap >= 0 and kept and _WORD.match(kept[-1]) and _WORD.match(char) and not (kept[-1] + char).isdigit():
            kept.append(" ")
            origin.append(start + gap)
        gap = -1
        kept.append(char)
        origin.append(start + at)
    return Folded("".join(kept), tuple(origin), stop)


_GAP = regex.compile(r"\s+")
_LATIN = regex.compile(r"[A-Za-z0-9]")
_COUPLET_END = regex.compile(r"[\p{Han}”》]{4}\Z")
_COUPLET_START = regex.compile(r"[\p{Han}“《]{4}")


def close_gaps(text: str, *, couplet: bool = False) -> str:
    """A value as printed with its white space closed. With `couplet`, one space between two Han runs of four or
    more characters stays (欢欢喜喜过大年 科普祝福迎新春), line breaks do not."""

    closed = text.strip()

    def gap(match: regex.Match[str]) -> str:
        before, after = closed[match.start() - 1], closed[match.end()]
        if _LATIN.match(before) and _LATIN.match(after) and not (before.isdigit() and after.isdigit()):
            return " "
        if (
            couplet
            and "\n" not in match.group()
            and _COUPLET_END.search(closed, max(0, match.start() - 4), match.start())
            and _COUPLET_START.match(closed, match.end())
        ):
            return " "
        return ""

    return _GAP.sub(gap, closed)


def cover(spans: Iterable[Span]) -> Span | None:
    """The smallest span that holds all of them."""
    found = list(spans)
    if not found:
        return None
    return Span(min(one.start for one in found), max(one.end for one in found))
