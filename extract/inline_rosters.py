"""Members of a group named within a sentence: 组长：何立（副市长）；副组长：…, or 组长由市科协主席何立担任."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from extract.roster import NAME, NOTES
from gongwen.text import Span
from gongwen.values.people import close_name, is_post, looks_like_name
from gongwen.values.vocab import words

_HELD = regex.compile(rf"\s*(?P<name>{NAME})\s*（{NOTES}(?P<post>[^（）]{{2,60}})）\s*")
_VERB = regex.compile(r"(?:同志)?(?:兼任|担任|任)$")
_END = regex.compile(r"[；。\n]|，(?=[^，。；]{0,16}(?:：|由))|$")
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Named:
    """Spans into the text."""

    role: Span
    name: Span
    post: Span


def find_inline(folded: str) -> Iterator[Named]:
    """Persons with a post beside their name only: a sentence may name other things behind a label."""
    for label in _label().finditer(folded):
        stop = _END.search(folded, label.end(), label.end() + _LONGEST)
        end = stop.start() if stop else label.end()
        role = Span(*label.span("role"))
        for name, post in _persons(folded, label.end(), _before_verb(folded, label, end)):
            yield Named(role, name, post)


def _before_verb(folded: str, label: regex.Match[str], end: int) -> int:
    """由…担任: the persons stand before the verb."""
    if label["by"] is None:
        return end
    verb = _VERB.search(folded, label.end(), end)
    return verb.start() if verb else label.end()


def _persons(folded: str, begin: int, end: int) -> Iterator[tuple[Span, Span]]:
    """Pieces between 、; one that names nobody begins the post of the next (市科协党组书记、主席何立)."""
    start = begin
    for at in [*(match.start() for match in _PARTING.finditer(folded, begin, end)), end]:
        found = _person(folded, start, at)
        if found is not None:
            yield found
            start = at + 1


def _person(folded: str, start: int, end: int) -> tuple[Span, Span] | None:
    held = _HELD.fullmatch(folded, start, end)
    if held is not None and is_post(held["post"]):
        return Span(*held.span("name")), Span(*held.span("post"))
    return _behind_post(folded, start, end)


def _behind_post(folded: str, start: int, end: int) -> tuple[Span, Span] | None:
    """办公室主任林若溪: the name is what looks like one behind a whole post."""
    text = folded[start:end]
    body = regex.sub(r"(?:同志)?\s*$", "", text)
    lead = len(text) - len(text.lstrip())
    gapped = regex.search(r"\p{Han}[ \t]{1,6}\p{Han}$", body)
    for size in [len(gapped.group())] if gapped else (3, 2, 4):
        name, post = body[-size:], body[lead:-size].rstrip()
        if len(post) >= 2 and looks_like_name(close_name(name)) and is_post(post):
            return Span(start + len(body) - size, start + len(body)), Span(start + lead, start + lead + len(post))
    return None


_PARTING = regex.compile(r"、(?![^（]*）)")


@cache
def _label() -> regex.Pattern[str]:
    """A role followed by a colon or by 由, at the beginning of a clause."""
    ranks = "|".join(words("roles", "role_ranks"))
    roles = rf"(?:{ranks})?(?:" + "|".join(sorted(words("roles", "roles"), key=len, reverse=True)) + ")"
    return regex.compile(rf"(?:(?<=[，；。：*\s])|\A)(?P<role>{roles})(?:[ \t]{{0,4}}：|(?P<by>由))")
