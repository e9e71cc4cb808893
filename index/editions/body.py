"""The text of a paper as two copies share it: the clauses of its running text, without what formats add or leave out.

A web page prints no letterhead and no imprint, a red head may be a table or a picture, a scan breaks lines elsewhere.
So the lines that hold the header's and the imprint's values are left out (they are compared as values), and a clause
counts by its Han characters, letters and digits alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from gongwen.document import FLOW, Block, Document
from gongwen.record import Record
from gongwen.text import Span, fold_width

_OUTSIDE = frozenset({
    "letterhead", "document_number", "title", "signatory", "copied_to", "print_date", "disclosure", "security",
    "urgency", "index_code", "status", "topics", "publish_date",
})  # fmt: skip
"""Fields whose lines stand in the header or the imprint."""
_LONGEST_LINE = 200
"""Characters of a line that is dropped for such a value: a page in one line stays."""
MOST = 1_000_000
"""Characters of a part that are compared; what lies behind is a table of tens of thousands of rows."""

_DISCLOSURE = regex.compile(r"（?(?:公开(?:方式|属性)：\s?\p{Han}{0,4}公开|此件\p{Han}{0,4}公开(?:发布)?)）?")
"""Printed at the foot, in the imprint or not at all, by the form of the paper."""
_CLAUSE = regex.compile(r"[^，。；：！？、\s]++[，。；：！？、]?+")
_UNSAID = regex.compile(r"[^\p{Han}A-Za-z0-9%]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """`key` is what is compared, the span where it is printed."""

    key: str
    span: Span


@dataclass(frozen=True)
class Body:
    text: str
    clauses: tuple[Clause, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.clauses)

    @cached_property
    def key(self) -> str:
        """The whole text as it is compared."""
        return "".join(self.keys)

    def printed(self, start: int, end: int) -> str:
        """Clauses start..end as they stand in the text, line breaks closed."""
        if start >= end:
            return ""
        found = self.text[self.clauses[start].span.start : self.clauses[end - 1].span.end]
        return " ".join(found.split())


def body_of(record: Record, document: Document) -> Body:
    part = record.get("part") or {}
    start = int(part.get("start", 0))
    end = min(int(part.get("end", len(document.text))), start + MOST)
    outside = _outside(record, end)
    clauses = [
        clause
        for block in document.blocks
        if block.kind in FLOW and start <= block.span.start < end and not _is_outside(block, outside)
        for clause in _clauses(document.text, block.span)
    ]
    return Body(document.text, tuple(clauses))


@dataclass(frozen=True, slots=True)
class _Outside:
    """Places of values that stand in the header or the imprint; `title` is where the title begins (0: nowhere)."""

    places: tuple[tuple[int, int], ...]
    title: int


def _outside(record: Record, end: int) -> _Outside:
    places = sorted(
        (one.start, one.end)
        for path, found in record.evidence.items()
        if path.split("/")[0] in _OUTSIDE
        for one in found
        if one.start < end
    )
    titles = [one.start for one in record.evidence.get("title", ())]
    return _Outside(tuple(places), min(titles, default=0))


def _is_outside(block: Block, outside: _Outside) -> bool:
    span = block.span
    is_head = span.end <= outside.title
    if len(span) > _LONGEST_LINE and not (is_head and block.kind == "table"):
        return False
    return any(start < span.end and span.start < end for start, end in outside.places)


def _clauses(text: str, span: Span) -> Iterator[Clause]:
    folded = fold_width(span.of(text))  # character by character: offsets stay
    folded = _DISCLOSURE.sub(lambda found: " " * len(found.group()), folded)
    for match in _CLAUSE.finditer(folded):
        key = _UNSAID.sub("", match.group())
        if key:
            yield Clause(key, Span(span.start + match.start(), span.start + match.end()))
