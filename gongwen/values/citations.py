"""Documents named in a text: 《title》（number）, a number alone, 关于…的请示（number）收悉 (domain.md §8, §12 C)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.document_number import find_bare_numbers, find_numbers
from gongwen.values.vocab import vocab, words

Kind = Literal["document", "form", "work", "alias", "unknown"]
Relation = Literal["basis", "implements", "forwards", "issues", "supersedes", "amends", "replies", "refers"]


@dataclass(frozen=True, slots=True)
class CitationMatch:
    """`span` is all of it (title, number, the bracket with the short name); `title` as printed without the outer
    《》, gaps closed. `alias`: the short name given to it in this text. `kind` is a guess: a `form` (登记表, 证书) or a
    `work` (a film, a newspaper) is no citation, an `alias` is a later use of a short name, `unknown` ends in no kind
    of document and has no number."""

    span: Span
    title: str | None
    number: str | None
    relation: Relation
    alias: str | None
    kind: Kind
    title_span: Span | None
    number_span: Span | None


@dataclass(frozen=True, slots=True)
class _Number:
    span: Span
    text: str


_LONGEST_TITLE = 240
_LONG_TITLE = 8
_TAIL = regex.compile(r"(?:\s{0,3}（[^（）]{0,90}(?:（[^（）]{0,30}）[^（）]{0,30}){0,2}）){1,3}")
_ALIAS = regex.compile(
    r"以下(?:统一)?(?:均|统|合)?[简称]{1,2}(?:为)?\s?：?\s?[《“”‘\"'](?P<alias>[^《》“”‘’\"'（）]{1,40})[》“”’\"']"
)
_PLAIN_TITLE = regex.compile(
    r"关于(?:(?!关于)[^，。；：！？\n《》（）]|（[^（）\n]{1,20}）){3,90}?的(?:请示|函|报告|来函|复函|申请|意见)"
    r"(?P<tail>\s?（[^（）\n]{4,60}）)?(?P<got>\s?(?:收悉|悉))?"
)


def find_citations(text: str) -> list[CitationMatch]:
    """Everything that is named in 《》 or by its number, in order of print."""
    folded = fold_width(text)
    numbers = _numbers(text)
    starts = [number.span.start for number in numbers]
    used: set[Span] = set()
    found: list[CitationMatch] = []
    for span in _titles(folded):
        if any(span.overlaps(one.span) for one in found[-1:]):
            continue
        found.append(_titled(text, folded, span, _tail_after(folded, span.end), numbers, starts, used))
    found += _untitled(text, folded, numbers, starts, used)
    found += [_numbered(one) for one in numbers if one.span not in used]
    found.sort(key=lambda one: one.span)
    return _told(folded, found)


def _numbers(text: str) -> list[_Number]:
    whole = [_Number(one.span, str(one.value)) for one in find_numbers(text)]
    bare = [_Number(one.span, one.text) for one in find_bare_numbers(text)]
    return sorted((*whole, *bare), key=lambda one: one.span)


def _titles(folded: str) -> Iterator[Span]:
    """Spans of 《…》. A bracket inside that never closes does not eat the rest: the title then ends at the last 》
    before its sentence does."""
    at = folded.find("《")
    while at >= 0:
        end = _close(folded, at)
        if end is not None:
            yield Span(at, end)
        at = folded.find("《", at + 1 if end is None else end)


def _close(folded: str, start: int) -> int | None:
    depth, last = 0, None
    end = min(len(folded), start + _LONGEST_TITLE)
    if folded.find("》", start, end) < 0:
        return None
    for at in range(start, end):
        char = folded[at]
        if char == "《":
            depth += 1
        elif char == "》":
            depth -= 1
            last = at + 1
            if depth == 0 or folded[at + 1 : at + 2] in {"（", "收"}:
                return last
        elif char in "。；" or folded.startswith("\n\n\n", at):
            break
    return last


def _tail_after(folded: str, end: int) -> int:
    """The end of the brackets that follow a title: its number and its short name stand there."""
    match = _TAIL.match(folded, end)
    return match.end() if match else end


def _titled(
    text: str, folded: str, span: Span, tail: int, numbers: list[_Number], starts: list[int], used: set[Span]
) -> CitationMatch:
    title_span = Span(span.start + 1, span.end - 1)
    number = next(iter(_within(numbers, starts, span.end, tail)), None) or _just_before(folded, numbers, starts, span)
    alias = _ALIAS.search(folded, span.end, tail)
    start, end = span.start, span.end
    if number is not None:
        used.add(number.span)
        start = min(start, number.span.start)
    if tail > span.end and (alias or (number and number.span.start > span.end)):
        end = tail
    title = close_gaps(title_span.of(text))
    kind = _kind(fold_width(title), folded[max(0, span.start - 12) : span.start], numbered=number is not None)
    short = close_gaps(Span(*alias.span("alias")).of(text)) if alias else None
    return CitationMatch(
        Span(start, end), title, number.text if number else None, "refers", short, kind,
        title_span, number.span if number else None,
    )  # fmt: skip


def _within(numbers: list[_Number], starts: list[int], start: int, end: int) -> list[_Number]:
    return numbers[bisect_left(starts, start) : bisect_left(starts, end)]


def _just_before(folded: str, numbers: list[_Number], starts: list[int], span: Span) -> _Number | None:
    """国函〔2020〕3号《…》: the number stands in front."""
    at = bisect_left(starts, span.start) - 1
    if at < 0:
        return None
    between = folded[numbers[at].span.end : span.start]
    return numbers[at] if regex.fullmatch(r"\s{0,3}(?:文件)?\s{0,3}", between) else None


def _untitled(
    text: str, folded: str, numbers: list[_Number], starts: list[int], used: set[Span]
) -> Iterator[CitationMatch]:
    """来文 named without 《》: 关于…的请示（number）收悉. Counts only with a number behind it or with 收悉."""
    for match in _PLAIN_TITLE.finditer(folded):
        inside = _within(numbers, starts, match.start("tail"), match.end()) if match["tail"] else []
        number = inside[0] if inside else None
        if number is not None and number.span in used:
            continue
        if number is None and not match["got"]:
            continue
        stop = match.start("tail") if match["tail"] else (match.start("got") if match["got"] else match.end())
        title_span = Span(match.start(), stop)
        if number is not None:
            used.add(number.span)
        yield CitationMatch(
            Span(match.start(), match.end()), close_gaps(title_span.of(text)), number.text if number else None,
            "replies" if match["got"] else "refers", None, "document", title_span, number.span if number else None,
        )  # fmt: skip


def _numbered(number: _Number) -> CitationMatch:
    return CitationMatch(number.span, None, number.text, "refers", None, "document", None, number.span)


@cache
def _documents() -> tuple[str, ...]:
    endings = {*words("citation_words", "documents"), *words("citation_words", "not_forms"), *vocab("kinds")}
    return tuple(sorted(endings, key=lambda word: (-len(word), word)))


def _kind(title: str, before: str, *, numbered: bool) -> Kind:
    """By what the title ends in; of two endings that fit the longer one decides (确认函 is a form, 函 a document)."""
    if numbered:
        return "document"
    bare = regex.sub(r"（[^（）]{0,40}）\Z", "", title)
    if before.rstrip().endswith(words("citation_words", "works_before")):
        return "work"
    if bare.endswith(words("citation_words", "works")):
        return "work"
    form, document = _longest(bare, words("citation_words", "forms")), _longest(bare, _documents())
    if form == document == 0:
        inner = len(bare) >= _LONG_TITLE and any(word in bare for word in words("citation_words", "inner"))
        return "document" if inner else "unknown"
    return "form" if form > document else "document"


def _longest(title: str, endings: tuple[str, ...]) -> int:
    return next((len(ending) for ending in endings if title.endswith(ending)), 0)


def _told(folded: str, found: list[CitationMatch]) -> list[CitationMatch]:
    """Relations from the words around, carried along a list (根据《…》《…》和《…》), and later uses of short names."""
    out: list[CitationMatch] = []
    aliases: set[str] = set()
    for one in found:
        relation = one.relation
        if relation == "refers" and one.kind not in {"form", "work"}:
            relation = _after(folded, one.span.end) or _before(folded, one, out) or "refers"
        kind: Kind = "alias" if one.title in aliases and one.number is None else one.kind
        if one.alias:
            aliases.add(one.alias)
        out.append(replace(one, relation=relation, kind=kind))
    return out


_LIST = regex.compile(r"[、，和及与以\s]{0,6}(?:\p{Han}{0,12})?")
_CLAUSE = regex.compile(r"[^。；！？\n]{0,40}\Z")


@cache
def _cues(place: str) -> tuple[tuple[str, Relation], ...]:
    """Cue words with what they say, longest first."""
    pairs: list[tuple[str, Relation]] = []
    for relation, cues in vocab("citation_words")[place].items():
        pairs += [(cue, relation) for cue in cues]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _after(folded: str, end: int) -> Relation | None:
    rest = folded[end : end + 12].lstrip(" \n的")
    return next((relation for cue, relation in _cues("after") if rest.startswith(cue)), None)


def _before(folded: str, one: CitationMatch, earlier: list[CitationMatch]) -> Relation | None:
    """The last cue word in the clause before; a list takes over what was said of its first."""
    if earlier:
        between = folded[earlier[-1].span.end : one.span.start]
        if len(between) <= 18 and _LIST.fullmatch(between) and not _last_cue(between):
            return earlier[-1].relation if earlier[-1].relation != "replies" else None
    clause = _CLAUSE.search(folded[max(0, one.span.start - 60) : one.span.start])
    return _last_cue(clause.group().rpartition("》")[2]) if clause else None


_ADJECTIVE = regex.compile(r"(?:最新|新)?(?:修订|修改|修正|公布|发布|印发|制定|出台)(?:后|版)?的$")
"""新修订的《科普法》: what was done to the cited paper, not what this one does to it."""


def _last_cue(clause: str) -> Relation | None:
    clause = _ADJECTIVE.sub("", clause)
    spots = [
        (clause.rfind(cue) + len(cue), len(cue), relation) for cue, relation in _cues("relations") if cue in clause
    ]
    return max(spots)[2] if spots else None
