"""Page numbers in running text: `— 3 —` by its shape, a bare `12` by where it stands and what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import regex

from ingest.layout.joins import Wrap, continues
from ingest.layout.lines import Line
from ingest.layout.shapes import is_heading, is_page_number

_BARE = regex.compile(r"\d{1,3}")
_HEAD = (5, 40)
"""Characters of a running head: heads of columns that a page repeats are shorter."""
_LEAST = 3
_WORDS = 100
"""Lines, or characters in fewer lines, a page has at least: serial numbers of a list stand closer together."""


def without_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers; the line after one is `turned` and keeps the blank lines of both."""
    bare = _bare_numbers(lines)
    out: list[Line] = []
    turned, gap = False, 0
    for at, line in enumerate(lines):
        if at in bare or is_page_number(line.text):
            turned, gap = True, gap + line.gap
            continue
        out.append(replace(line, turned=True, gap=gap + line.gap) if turned else line)
        turned, gap = False, 0
    return _without_running_heads(out)


def _without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """The same short line at the head of two pages or more is no part of the text that runs around it."""
    tops = Counter(line.text for line in lines if _may_run(line))
    out: list[Line] = []
    gap: int | None = None
    for line in lines:
        if _may_run(line) and tops[line.text] > 1:
            gap = line.gap
            continue
        out.append(line if gap is None else replace(line, turned=True, gap=gap + line.gap))
        gap = None
    return out


def _may_run(line: Line) -> bool:
    if not line.turned or "\t" in line.lead + line.text or not _HEAD[0] <= len(line.text) <= _HEAD[1]:
        return False
    return not is_heading(line.text) and line.text[-1] not in "。；：;:，,"


def _bare_numbers(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers alone on their lines that rise by one from page to page, at least half of them between two halves of
    a sentence or at a page end; in other texts none."""
    short = (at for at, line in enumerate(lines) if len(line.text) <= 3 and "\t" not in line.lead)
    found = [at for at in short if _BARE.fullmatch(lines[at].text)]
    out: set[int] = set()
    run: list[int] = []
    for at in (*found, None):
        if at is not None and (not run or _follows(lines, run[-1], at)):
            run.append(at)
            continue
        if _are_pages(lines, run):
            out.update(run)
        run = [] if at is None else [at]
    return frozenset(out)


def _follows(lines: Sequence[Line], before: int, at: int) -> bool:
    if int(lines[at].text) != int(lines[before].text) + 1:
        return False
    return at - before > _LEAST or sum(len(line.text) for line in lines[before + 1 : at]) >= _WORDS


def _are_pages(lines: Sequence[Line], run: Sequence[int]) -> bool:
    if not run:
        return False
    at_breaks = sum(1 for at in run if _at_break(lines, at))
    if len(run) == 1:
        return at_breaks == 1
    return 2 * (at_breaks + sum(1 for at in run if not _at_break(lines, at) and _cuts(lines, at))) >= len(run)


def _at_break(lines: Sequence[Line], at: int) -> bool:
    """The last line of a page or its first, where the text has form feeds."""
    return lines[at].turned or (at + 1 < len(lines) and lines[at + 1].turned)


def _cuts(lines: Sequence[Line], at: int) -> bool:
    """Between two halves of a sentence."""
    if not 0 < at < len(lines) - 1:
        return False
    before, after = lines[at - 1], replace(lines[at + 1], turned=True)
    return continues(before.text, before, after, Wrap())
