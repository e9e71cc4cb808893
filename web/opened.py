"""A paper as it was asked for: its record with people's words in place, its text, and what of it stays covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import abort

from gongwen.document import Document
from gongwen.record import Reading, Record
from gongwen.review import Resolution, State, resolve_all
from gongwen.text import Span
from ingest.pictures.wish import Corners
from web.marked import part_of
from web.masking import doubtful_spans, is_public, mask_all, masked_spans
from web.ports import services

_UNREAD = frozenset({"ocr_pages", "empty_page", "no_text_needs_ocr"})
"""Reasons by which there are pages whose print nobody has read."""


@dataclass(frozen=True)
class Opened:
    reading: Reading
    record: Record
    states: Mapping[str, State]
    document: Document
    siblings: tuple[Record, ...]
    """All papers of the file, this one too, with people's words."""
    resolution: Resolution
    """What people said of it."""
    full: bool
    """Whether the reader asked for numbers in full."""

    @property
    def is_guarded(self) -> bool:
        return not is_public(self.record["disclosure"])

    @property
    def is_covered(self) -> bool:
        return self.is_guarded and not self.full

    @cached_property
    def masked(self) -> Record:
        """The record with mobile numbers starred."""
        return Record.from_json(mask_all(self.record.to_json())) if self.is_guarded else self.record

    @cached_property
    def pages(self) -> tuple[int, ...]:
        """Pages of the file that the paper is on, in order: those of its part with what lies between, those without
        text before the first part and behind the last, and others from which a value was read."""
        numbers = sorted(page.number for page in self.document.pages)
        part = part_of(self.record, self.document)
        touched = [run.box.page for run in self.document.runs if run.span.overlaps(part)]
        if not numbers or not touched:
            return tuple(numbers)
        first, last = min(touched), max(touched)
        if not self.document.text[: part.start].strip():
            first = numbers[0]
        if not self.document.text[part.end :].strip():
            last = numbers[-1]
        others = {one.page for found in self.record.evidence.values() for one in found}
        return tuple(number for number in numbers if first <= number <= last or number in others)

    @cached_property
    def cover(self) -> Cover:
        """What the text hides, and what it may hide without knowing: of a guarded paper every number, of a public one
        those of guarded papers that stand on its pages too."""
        if self.is_guarded and self.full:
            return Cover({}, frozenset())
        known = [one for one in self.siblings if len(self.siblings) == 1 or isinstance(one["part"], dict)]
        shown = [part_of(one, self.document) for one in known if not self.is_guarded and is_public(one["disclosure"])]
        text, scanned = self.document.text, any(run.score is not None for run in self.document.runs)
        hidden = [
            span
            for span in (*masked_spans(text), *doubtful_spans(text, scanned=scanned))
            if not any(part.holds(span) for part in shown)
        ]
        return _covering(self.document, hidden, is_open=not self.is_guarded)


def may_hand_out(paper: Opened) -> bool:
    """Whether a reader who may not see numbers in full may have the file as it came in: all its papers are public, or
    it was read to its end, holds no number that pages mask, and nothing lies in it."""
    if all(is_public(one["disclosure"]) for one in paper.siblings):
        return True
    text, scanned = paper.document.text, any(run.score is not None for run in paper.document.runs)
    hides = bool(masked_spans(text) or doubtful_spans(text, scanned=scanned))
    whole = paper.reading.complete and _UNREAD.isdisjoint(paper.document.reasons)
    return whole and not hides and not services().relations(paper.reading.sha256).members


@dataclass(frozen=True, slots=True)
class Cover:
    """What pictures of pages must not show: bars by page. Pages in `withheld` are not shown at all, for something on
    them is hidden in the text and nobody knows where it stands, or their print was not read."""

    bars: Mapping[int, tuple[Corners, ...]]
    withheld: frozenset[int]


def open_paper(address: str, *, full: bool) -> Opened:
    """404 for what is not in the corpus, or no longer."""
    papers = services().papers
    found = papers.find(address)
    if found is None:
        abort(404)
    reading, record = found
    resolved = resolve_all(reading.documents, papers.reviews(reading.sha256))
    mine = next(one for one in resolved if one.machine.id == record.id)
    siblings = tuple(one.record for one in resolved)
    document = papers.text(reading.sha256) or Document(reading.sha256, "", (), "", reading.media_type)
    return Opened(reading, mine.record, mine.states, document, siblings, mine, full)


def _covering(document: Document, hidden: list[Span], *, is_open: bool) -> Cover:
    bars: dict[int, list[Corners]] = {}
    withheld: set[int] = set() if is_open else set(_unread(document))
    for span in hidden:
        quads = document.quads(span)
        for quad in quads:
            bars.setdefault(quad.page, []).append(quad.points)
        if not _is_whole(document, span):
            page = document.page_of(span)
            withheld |= {one.number for one in document.pages} if page is None else {page}
    return Cover({page: tuple(found) for page, found in bars.items()}, frozenset(withheld))


def _is_whole(document: Document, span: Span) -> bool:
    """Whether every digit of it has a place on a page."""
    return all(document.quads(Span(at, at + 1)) for at in range(span.start, span.end) if document.text[at].isdigit())


def _unread(document: Document) -> Iterator[int]:
    """Pages from which nothing was read, where some hold more than nothing."""
    if _UNREAD.isdisjoint(document.reasons):
        return
    read = {run.box.page for run in document.runs}
    yield from (page.number for page in document.pages if page.number not in read)
