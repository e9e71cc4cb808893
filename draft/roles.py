"""What each block of a paper is, by the evidence of its record: extraction decides and not the drafter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from draft.model import Kind
from gongwen.document import Block, Document
from gongwen.record import Record
from gongwen.text import Span

_ANNEX_NOTE = regex.compile(r"\s*附件[：:]")
_ANNEX_LABEL = regex.compile(r"\s*附件\s*(?:\d{1,2}|[一二三四五六七八九十])?\s*[：:]?\s*")
_NUMBERED = regex.compile(r"\s*附件\s*(?:\d{1,2}|[一二三四五六七八九十])\s*")
_NOTE = regex.compile(r"\s*（(?:此件|联系人|公开)[^）]*）\s*")
_HEADING = (
    (1, regex.compile(r"\s*[一二三四五六七八九十]{1,3}、")),
    (2, regex.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, regex.compile(r"\s*\d{1,2}[.．、](?!\d)")),
    (4, regex.compile(r"\s*[（(]\d{1,2}[）)]")),
)
LONGEST_HEADING = 45


@dataclass(frozen=True, slots=True)
class Part:
    """A block with its role; `level` of headings from 1."""

    kind: Kind
    block: Block
    level: int = 0


def parts(document: Document, record: Record) -> Iterator[Part]:
    """The blocks of one official document from its title on; what stands above it (letterhead, number) is made anew."""
    yield from _mended(list(_parts(document, record)), document)


_OFFICE = regex.compile(r"\s*\p{Han}{2,24}(?:办公室|办公厅|秘书处|综合处|综合科)\s*")


def _mended(found: list[Part], document: Document) -> Iterator[Part]:
    """Roles that the neighbours tell: the further lines of an annex note, and who has printed on a line of its own."""
    kind: Kind = "paragraph"
    for at, part in enumerate(found):
        text = part.block.span.of(document.text)
        following = found[at + 1].kind if at + 1 < len(found) else ""
        if kind == "annex_note" and part.level == 3 and part.kind in {"heading", "paragraph"}:
            part = Part("annex_note", part.block)
        elif part.kind == "paragraph" and following == "print" and _OFFICE.fullmatch(text):
            part = Part("print", part.block)
        kind = part.kind
        yield part


def _parts(document: Document, record: Record) -> Iterator[Part]:
    begin, end = record["part"]["start"], record["part"]["end"]
    titles = {_tight(str(one)) for one in record["enclosures"]}
    places = _places(record)
    titled = max((span.end for span, kind in places if kind == "title"), default=begin)
    signed = False
    last = ""
    for block in document.flow():
        if block.span.end <= begin or block.span.start >= end or not block.span.of(document.text).strip():
            continue
        text = block.span.of(document.text)
        kinds = {kind for span, kind in places if span.overlaps(block.span)}
        if block.kind == "table":
            if block.span.start >= titled:
                yield Part("table", block)
            continue
        if "title" in kinds:
            yield Part("title", block)
        elif block.span.end <= titled:
            continue
        else:
            kind, level = _kind(text, kinds, block, signed, last)
            if kind == "paragraph" and not level and _tight(text) in titles:
                kind = "annex_title"
            signed = signed or kind in {"issuer", "date"}
            last = kind
            yield Part(kind, block, level)


_OPENS_ANNEX = frozenset({"date", "note", "annex_label", "annex_title"})


def _kind(text: str, kinds: set[str], block: Block, signed: bool, last: str) -> tuple[Kind, int]:
    """`last`: the kind of the block before; the title of an annex opens it."""
    if "addressees" in kinds and not signed:
        return "addressees", 0
    if "date" in kinds and len(text.strip()) <= 30:
        return "date", 0
    if (
        kinds & {"issuer", "number"}
        and not kinds & {"date"}
        and len(text.strip()) <= 60
        and not text.strip().endswith("。")
    ):
        return "issuer", 0
    if "copied_to" in kinds:
        return "copied_to", 0
    if "print" in kinds:
        return "print", 0
    if _ANNEX_NOTE.match(text):
        return "annex_note", 0
    if (signed or _NUMBERED.fullmatch(text)) and _ANNEX_LABEL.fullmatch(text):
        return "annex_label", 0
    if "annex" in kinds and (signed or last == "annex_label") and _is_title(text):
        return "annex_title", 0
    if last == "annex_label" and _is_title(text):
        return "annex_title", 0
    if _NOTE.fullmatch(text):
        return "note", 0
    for level, form in _HEADING:
        if form.match(text):
            return (
                "heading" if len(text.strip()) <= LONGEST_HEADING and not text.strip().endswith("。") else "paragraph"
            ), level
    if signed and last in _OPENS_ANNEX and block.centred and len(text.strip()) <= 60:
        return "annex_title", 0
    return "paragraph", 0


def _tight(text: str) -> str:
    return "".join(text.split()).strip("《》")


def _is_title(text: str) -> bool:
    return len(text.strip()) <= 60 and text.strip()[-1:] not in "。：；，"


_ROLES: dict[str, str] = {
    "title": "title", "document_number": "number", "letterhead": "letterhead", "addressees": "addressees",
    "issuers": "issuer", "issue_date": "date", "copied_to": "copied_to", "print_date": "print",
    "enclosures": "annex", "annexes": "annex",
}  # fmt: skip


def _places(record: Record) -> list[tuple[Span, str]]:
    found = []
    for path, evidence in record.evidence.items():
        kind = _ROLES.get(path.partition("/")[0])
        if kind is not None:
            found += [(one.span, kind) for one in evidence]
    return found
