"""Lines of a text as spans with what stands around them: indent, blank lines, page break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

_BREAK = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
"""The line ends that `clean_text` makes of what it is given."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line without the blanks at its ends. `start` and `end` are offsets in the text it stands in;
    `lead` are the blanks before it, `gap` the number of blank lines before it; `turned` says that a page ends
    between it and the line before; `fixed` that it was cut on purpose and joins nothing."""

    text: str
    start: int
    end: int
    lead: str = ""
    gap: int = 0
    turned: bool = False
    fixed: bool = False
    level: int = 0
    bold: bool = False

    @property
    def indent(self) -> int:
        return columns(self.lead)

    @property
    def tabbed(self) -> bool:
        return self.lead.endswith("\t") or "\t" in self.lead


def columns(text: str) -> int:
    """Width in half-width columns: Han and full-width signs take two, a tab four."""
    return len(text.encode("gbk", "replace")) + 3 * text.count("\t")


def page_tops(source: str) -> frozenset[int]:
    """Numbers of the lines that begin a page: those after a form feed. Cleaning and stripping keep the number of
    lines, so they hold for the cleaned text as well."""
    if "\f" not in source:
        return frozenset()
    return frozenset(number for number, match in enumerate(_BREAK.finditer(source), 1) if match.group() == "\f")


def split_lines(text: str, tops: frozenset[int] = frozenset()) -> list[Line]:
    """All lines that are not blank; a line of a lone tab counts as a line (an empty table cell). Line `tops` begin
    a page."""
    out: list[Line] = []
    gap, turned, at = 0, 0 in tops, 0
    for number, match in enumerate((*_BREAK.finditer(text), None), 1):
        end = len(text) if match is None else match.start()
        line = _line(text, at, end, gap, turned)
        if line is None:
            gap += 1
        else:
            out.append(line)
            gap, turned = 0, False
        if match is None:
            break
        turned = turned or number in tops
        at = match.end()
    return out


def _line(text: str, start: int, end: int, gap: int, turned: bool) -> Line | None:
    raw = text[start:end]
    body = raw.strip()
    if not body:
        if "\t" not in raw:
            return None
        return Line("", end, end, raw, gap, turned)
    lead = len(raw) - len(raw.lstrip())
    return Line(body, start + lead, start + lead + len(body), raw[:lead], gap, turned)


def body_indent(lines: Sequence[Line]) -> int:
    """The indent most long lines have: what is led by much more is set off from the left."""
    counts: dict[int, int] = {}
    for line in lines:
        if len(line.text) > 30:
            counts[line.indent] = counts.get(line.indent, 0) + 1
    return max(counts, key=lambda indent: (counts[indent], -indent), default=0)
