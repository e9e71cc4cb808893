"""Places of an activity: one label may name several (A（8日）；B（9日）, 学校操场、各班教室)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from extract.builder import Builder, Value
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.dates import find_days
from gongwen.values.periods import find_periods
from gongwen.values.vocab import words

_BEHIND = regex.compile(r"\s*（(?P<note>[^（）]*)）\s*\Z")
_PIECE = r"(?:[^{marks}（）]|（[^（）]*）|[（）])+"
_CLAUSES = regex.compile(_PIECE.format(marks="；;"))
_NAMES = regex.compile(_PIECE.format(marks="、，"))


_AND = regex.compile(r"[和及与](?![^（]*）)")


def place_values(builder: Builder, span: Span, rule: str, score: float = 0.9) -> Iterator[Value]:
    """The places a stretch names, each with its own quote. A bracket that only tells when is left out where there are
    several; one that tells where (an address) stays."""
    folded = fold_width(builder.text(span))
    clauses = [Span(*match.span()) for match in _CLAUSES.finditer(folded) if match.group().strip()]
    pieces = [piece for clause in clauses for piece in _names(folded, clause)]
    for piece in pieces:
        trimmed = _trimmed(folded, _without_day(folded, piece) if len(pieces) > 1 else piece)
        if len(trimmed):
            place = trimmed.shifted(span.start)
            yield Value(close_gaps(builder.text(place)), place, rule, score)


def _names(folded: str, clause: Span) -> list[Span]:
    """Parted at 、 where every piece ends like a place; else whole."""
    found = [Span(*match.span()) for match in _NAMES.finditer(folded, clause.start, clause.end)]
    if len(found) > 1 and not all(_is_venue("".join(one.of(folded).split())) for one in found):
        return [clause]
    return [piece for one in found for piece in _by_and(folded, one)] if found else [clause]


def _by_and(folded: str, name: Span) -> list[Span]:
    """云州科技馆和云山文化广场: two places where both sides end like one; 文化和旅游中心 is one."""
    for match in _AND.finditer(folded, name.start, name.end):
        left, right = Span(name.start, match.start()), Span(match.end(), name.end)
        if all(len(one) > 3 and _is_venue("".join(one.of(folded).split())) for one in (left, right)):
            return [left, right]
    return [name]


def _is_venue(name: str) -> bool:
    return len(name) > 1 and _BEHIND.sub("", name).endswith(words("venues", "ends"))


def _without_day(folded: str, piece: Span) -> Span:
    note = _BEHIND.search(folded, piece.start, piece.end)
    if note is None or not (find_days(note["note"]) or find_periods(note["note"])):
        return piece
    return Span(piece.start, note.start())


def _trimmed(folded: str, piece: Span) -> Span:
    text = piece.of(folded)
    lead, tail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip(" \t\u3000\n。"))
    return Span(piece.start + lead, max(piece.start + lead, piece.end - tail))
