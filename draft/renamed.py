"""Old names of laws, bodies and activities in a text, where they are meant as names of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import regex

from draft.facts import Facts, Replaced

_TITLE = regex.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_TITLED = frozenset({"law", "plan"})
"""Kinds whose names are titles themselves; other names inside 《》 are words of a cited paper and stay."""


def renamed(
    text: str, facts: Facts, day: date, *, titles_too: bool = False
) -> Iterator[tuple[regex.Match[str], Replaced]]:
    """(place, fact) of each old name that had been replaced by a day; 原国土资源局 is left, for it says so itself.
    `titles_too`: inside 《》 as well, for who knows that these are no citations."""
    titles = [] if titles_too else [match.span() for match in _TITLE.finditer(text)]
    taken: list[tuple[int, int]] = []
    for one in facts.replaced:
        if one.since > day:
            continue
        news = [match.span() for match in regex.finditer(regex.escape(one.new), text)] if one.old in one.new else []
        for match in regex.finditer(rf"(?<!原){regex.escape(one.old)}(?!门|分)", text):
            quoted = one.kind not in _TITLED and _within(match.span(), titles)
            if quoted or _within(match.span(), news) or _within(match.span(), taken):
                continue
            taken.append(match.span())
            yield match, one


def _within(span: tuple[int, int], places: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in places)
