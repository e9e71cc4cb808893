"""Headings: the section tree of a document, levels by marker (一、 > （一） > 1. > （1） > ①), never by style.

A heading ends at its line's end or, run in, at the first full stop (domain.md §2: levels in the wild).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from extract.lines import Line
from gongwen.text import Span, close_gaps
from gongwen.values.vocab import words

_NUMBERED = "|".join(words("zones", "numbered"))
_MARKERS: tuple[tuple[int, regex.Pattern[str]], ...] = (
    (1, regex.compile(r"第\s*(?P<no>[一二三四五六七八九十百]{1,4})\s*(?:章|部分)\s*(?P<rest>)")),
    (1, regex.compile(r"(?P<no>[一二三四五六七八九十百]{1,4})\s*[、.]\s*")),
    (
        2,
        regex.compile(
            rf"(?:{_NUMBERED})\s{{0,2}}(?P<no>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})(?:\s*[：、.]\s*|\s+)(?=[\p{{Han}}“])"
        ),
    ),
    (2, regex.compile(r"[（]\s*(?P<no>[一二三四五六七八九十]{1,3})\s*[）]\s*[、.]?\s*")),
    (3, regex.compile(r"(?P<no>\d{1,2})\s*(?:[.]\s*(?!\d{1,2}(?:[.日]|\s*万))|、\s*)(?=\D|\d{2,4}\s*年|\d{2,4}\D)")),
    (4, regex.compile(r"[（]\s*(?P<no>\d{1,2})\s*[）]\s*[、.]?\s*")),
    (4, regex.compile(r"(?P<no>[⑴-⒇])\s*")),
    (5, regex.compile(r"(?P<no>[①-⑳])\s*")),
)
_BEGINS = regex.compile(rf"[第（\d一二三四五六七八九十百⑴-⒇①-⑳]|{_NUMBERED}")
"""What any of the markers begins with: most lines are told apart here."""
_RUN_IN = regex.compile(r"[。：；！？]")
MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered line. `title` is its words up to the line's end or the first stop; `run_in` what follows in the
    same line (empty: nothing). All spans are in the document."""

    level: int
    number: str
    line: int
    span: Span
    title: str
    title_span: Span
    run_in: Span

    @property
    def is_bare(self) -> bool:
        return len(self.run_in) == 0


@dataclass(slots=True)
class Section:
    """A heading with the lines below it: `first`..`last` are line positions, heading line included."""

    heading: Heading
    first: int
    last: int
    children: list[Section] = field(default_factory=list)
    parent: Section | None = field(default=None, repr=False)

    def to_json(self, lines: Sequence[Line]) -> dict[str, Any]:
        end = lines[self.last - 1].span.end
        return {
            "level": self.heading.level, "title": self.heading.title,
            "span": [self.heading.span.start, end],
            "sections": [child.to_json(lines) for child in self.children],
        }  # fmt: skip


def read_heading(line: Line, at: int) -> Heading | None:
    """The heading a line starts with, or None."""
    if line.is_table or _BEGINS.match(line.folded) is None:
        return None
    for level, marker in _MARKERS:
        match = marker.match(line.folded)
        if match is None or match.end() >= len(line.folded):
            continue
        stop = _RUN_IN.search(line.folded, match.end())
        end = stop.start() if stop else len(line.folded)
        title = close_gaps(line.folded[match.end() : end], couplet=True)
        if not title or (stop is None and len(title) > 2 * MAX_TITLE):
            return None
        after = Span(line.span.end, line.span.end) if stop is None else line.at(stop.end(), len(line.folded))
        return Heading(level, match["no"], at, line.span, title, line.at(match.end(), end), after)
    return None


def read_sections(lines: Sequence[Line], first: int, last: int, skip: Collection[int] = frozenset()) -> list[Section]:
    """The tree over lines first..last; text before the first heading belongs to no section. Lines in `skip`
    (annex note, imprint) are no headings."""
    roots: list[Section] = []
    stack: list[Section] = []
    for at in range(first, last):
        heading = read_heading(lines[at], at) if at not in skip else None
        if heading is None:
            continue
        while stack and stack[-1].heading.level >= heading.level:
            stack.pop().last = at
        section = Section(heading, at, last, parent=stack[-1] if stack else None)
        (stack[-1].children if stack else roots).append(section)
        stack.append(section)
    return roots


def walk(sections: Sequence[Section]) -> list[Section]:
    """All sections, parents before children, in order of print."""
    out: list[Section] = []
    for section in sections:
        out.append(section)
        out += walk(section.children)
    return out


def by_line(sections: Sequence[Section]) -> dict[int, Section]:
    """The smallest section that holds each line."""
    found: dict[int, Section] = {}
    for section in walk(sections):
        last = section.children[0].first if section.children else section.last
        found.update(dict.fromkeys(range(section.first, last), section))
    return found
