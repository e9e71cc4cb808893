"""Lines of a terminal: Han characters take two columns, and no number, date or Latin word is folded in the middle."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import regex

Pieces = Sequence[tuple[str, bool]]
"""A text in runs of (text, is_match)."""

_LEAST = 20  # columns: a narrower terminal folds by itself
_WHOLE = regex.compile(
    r"[“（《〈‘]*(?:[\p{Latin}\p{N}〔〕.．_@/%％,:\-－–—]+(?:(?<=\p{N})[年月日号时分元][\p{N}年月日号时分]*)?|.)"
    r"[，。、；：！？）》〉”’]*",
    regex.DOTALL,
)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fold_line(pieces: Pieces, width: int) -> list[Pieces]:
    """The text in lines of at most `width` columns; only what may not be parted is longer. One line when the width
    is 0 or too small to fold."""
    if width < _LEAST:
        return [list(pieces)]
    ends = _ends("".join(text for text, _ in pieces), width)
    return [_cut(pieces, start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _ends(text: str, width: int) -> list[int]:
    ends: list[int] = []
    used = 0
    for match in _WHOLE.finditer(text):
        needed = columns(match.group())
        if used and used + needed > width:
            ends.append(match.start())
            used = 0
        used += needed
    return [*ends, len(text)]


def _cut(pieces: Iterable[tuple[str, bool]], start: int, end: int) -> list[tuple[str, bool]]:
    out: list[tuple[str, bool]] = []
    at = 0
    for text, is_match in pieces:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            out.append((part, is_match))
        at += len(text)
    return out
