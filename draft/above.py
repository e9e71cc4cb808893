"""What a draft takes from the superior notice of the year: its theme, the time of the campaign, its title and number in
place of last year's in the sentence of the basis; and what it asks for, told beside the draft. All with its place and
all to be looked at: a person decides (drafting.md: the frame comes from last year, the content from above)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import regex

from draft.changes import Change
from draft.compare import Stable, all_sentences
from draft.model import Offer, Source
from gongwen.document import Document
from gongwen.record import Record
from gongwen.text import Span, close_gaps

WHY = "取自今年的上级通知"
_THEME = f"{WHY}；有本地主题的请改写"
_THEME_LABEL = "活动主题"
NEAR = 2
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_CONTENT = regex.compile(r"内容|重点|任务|安排|活动(?!时间|主题|目的|要求)")
_LEAST_SHARED = 3
"""Pairs of characters that two titles of one activity have in common besides those that every title has."""
_PLAIN = frozenset({
    "关于", "通知", "的通", "举办", "开展", "印发", "活动", "方案", "工作", "做好", "动的", "案的", "作的",
})  # fmt: skip


class Above(Protocol):
    """Paper of draft.build, as far as it is needed here."""

    @property
    def record(self) -> Record: ...

    @property
    def document(self) -> Document: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Place:
    span: Span
    new: str
    kind: str
    why: str


class Superior:
    """The notice of the year against last year's own paper."""

    def __init__(self, notice: Above, last: Above, old: int) -> None:
        self._notice = notice
        self._places = sorted(self._found(last.record, old), key=lambda one: one.span)
        self._themes = str(last.record["theme"] or ""), str(notice.record["theme"] or "")

    def within(self, span: Span, text: str) -> Iterator[Change]:
        """Changes of what lies in a span of last year's document, placed from its start; `text` is the span's."""
        for one in self._places:
            if span.start <= one.span.start and one.span.end <= span.end:
                place = Span(one.span.start - span.start, one.span.end - span.start)
                yield self._change(place, text, one.new, one.kind, one.why)
        old, new = self._themes
        for match in regex.finditer(regex.escape(old), text) if old and new else ():  # where it is named again
            yield self._change(Span(*match.span()), text, new, "theme", _THEME)

    def _change(self, place: Span, text: str, new: str, kind: str, why: str) -> Change:
        return Change(place, place.of(text), new, "superior", kind, why, self._notice.name, check=True)

    def beside(self, change: Change) -> Change:
        """A deadline of our own with those of the notice told: ours must not lie behind them."""
        told = [str(one["text"]) for one in self._notice.record["deadlines"] if one.get("date") and one.get("text")]
        if change.kind != "deadline" or not told:
            return change
        named = "、".join(dict.fromkeys(told[:3]))
        return replace(change, why=f"{change.why}；上级通知要求的时限是{named}，本件的应当早于它")

    def _found(self, record: Record, old: int) -> Iterator[_Place]:
        notice = self._notice.record
        for path, new, kind, why in (
            ("theme", notice["theme"], "theme", _THEME),
            ("activity_time", (notice["activity_time"] or {}).get("text"), "date", f"{WHY}；本地的时间由人定"),
        ):
            for one in record.evidence.get(path, ()) if new else ():
                yield _Place(one.span, str(new), kind, why)
        basis = _basis(record, str(notice["title"] or ""), old)
        for at, row in enumerate(record["citations"]) if basis is not None else ():
            if at == basis or _same_number(row, record["citations"][basis]):
                yield from self._cited(record, at)

    def _cited(self, record: Record, at: int) -> Iterator[_Place]:
        why = f"{WHY}，代替上年所依据的文件"
        notice = self._notice.record
        for one in record.evidence.get(f"citations/{at}/title", ()):
            old = str(record["citations"][at]["title"] or "")
            yield _Place(one.span, _title(notice, old), "citation", why)
        number = notice["document_number"]
        for one in record.evidence.get(f"citations/{at}/document_number", ()) if number else ():
            yield _Place(one.span, str(number), "number", why)


def _basis(record: Record, title: str, old: int) -> int | None:
    """The citation that this year's notice takes the place of: of the old year, and of the same activity."""
    best: tuple[int, int] | None = None
    for at, row in enumerate(record["citations"]):
        cited, number = str(row.get("title") or ""), str(row.get("document_number") or "")
        years = [int(one) for one in _YEAR.findall(cited) or _YEAR.findall(number)]
        if not any(abs(one - old) <= NEAR for one in years):
            continue
        shared = len(_pairs(cited) & _pairs(title))
        only_number = not cited and row.get("relation") == "basis"
        if (shared >= _LEAST_SHARED or only_number) and (best is None or shared > best[0]):
            best = (shared, at)
    return None if best is None else best[1]


def _same_number(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one.get("document_number")) and one["document_number"] == other.get("document_number")


def _pairs(title: str) -> set[str]:
    tight = "".join(regex.findall(r"\p{Han}", title))
    return {tight[at : at + 2] for at in range(len(tight) - 1)} - _PLAIN


def _title(notice: Record, old: str) -> str:
    """With the body before 关于, as last year's was cited."""
    title, issuers = str(notice["title"] or ""), [str(one) for one in notice["issuers"] or ()]
    if not title.startswith("关于") or old.startswith("关于") or not issuers:
        return title
    return issuers[0] + (f"等{len(issuers)}部门" if len(issuers) > 1 else "") + title


def offers(notice: Above, draft: Sequence[str]) -> list[Offer]:
    """What the notice says of theme, time, hosts, content and reporting, each with its place. `draft`: the sentences
    of the draft, for telling what stands in it already."""
    known = Stable(draft)
    text = notice.document.text
    found: dict[tuple[int, int], Offer] = {}
    for label, span in sorted(_asked(notice.record), key=lambda one: one[1]):
        words = " ".join(span.of(text).split())
        words = words if label == _THEME_LABEL else close_gaps(words)  # 奋进新征程 科普向未来 keeps its gap
        source = Source(notice.record.id, notice.name, span.start, span.end, notice.document.page_of(span))
        is_there = all(one in known for one in all_sentences([words]) if len(one) > 6)
        found.setdefault((span.start, span.end), Offer(label, words, source, is_there))
    return list(found.values())


def _asked(record: Record) -> Iterator[tuple[str, Span]]:
    for path, label in (("theme", _THEME_LABEL), ("activity_time", "活动时间")):
        for one in record.evidence.get(path, ())[:1]:
            yield label, one.span
    for at, _ in enumerate(record["deadlines"]):
        for one in (record.evidence.get(f"deadlines/{at}/action") or ())[:1]:
            yield "报送要求", one.span
    for section in _contents(record["sections"]):
        yield "活动内容", Span(int(section["span"][0]), int(section["span"][1]))


def _contents(sections: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items under a heading of content."""
    for section in sections:
        inner = section.get("sections") or []
        if inner and _CONTENT.search(str(section.get("title") or "")):
            yield from inner
        elif inner:
            yield from _contents(inner)
