"""Copies and versions of a paper as its page tells them: which file, since when, and what it says differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Protocol

from gongwen.document import Document
from gongwen.record import LISTS, SCALARS, Reading, Record
from index.editions.body import Body, body_of
from index.editions.differences import Region, compare
from index.editions.tables import Link
from index.editions.verdict import Kind
from ingest.relations import Relations
from web.masking import is_public, mask

KINDS: dict[Kind, str] = {"copy": "副本", "version": "版本", "clash": "同号异文"}
MAX_SHOWN = 30
"""Editions that are listed; the differences of the first MAX_COMPARED are worked out."""
MAX_COMPARED = 8
MAX_PLACES = 12
"""Places shown of each; MAX_CHARS of each side."""
MAX_CHARS = 240

Pieces = tuple[tuple[str, bool], ...]

_FORMATS: tuple[tuple[str, str], ...] = (
    # the beginning of a media type, and what people call the format
    ("application/pdf", "PDF"),
    ("application/ofd", "OFD"),
    ("application/msword", "Word 文档"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "Word 文档"),
    ("application/rtf", "RTF 文档"),
    ("application/vnd.oasis.opendocument.text", "ODT 文档"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "表格"),
    ("application/vnd.oasis.opendocument.spreadsheet", "表格"),
    ("application/vnd.ms-excel", "表格"),
    ("text/csv", "表格"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "演示文稿"),
    ("application/vnd.ms-powerpoint", "演示文稿"),
    ("text/html", "网页"),
    ("application/x-mimearchive", "网页"),
    ("text/", "文本"),
    ("message/rfc822", "邮件"),
    ("application/vnd.ms-outlook", "邮件"),
    ("image/", "图片"),
)


class Linked(Protocol):
    """The links between papers as the site sees them; index.editions.ledger.Editions is one."""

    def links(self, ids: Sequence[str]) -> dict[str, list[Link]]: ...

    def folded(self, ids: Sequence[str]) -> dict[str, str]: ...


class Unlinked:
    """A corpus in which every paper stands alone."""

    def links(self, ids: Sequence[str]) -> dict[str, list[Link]]:
        return {}

    def folded(self, ids: Sequence[str]) -> dict[str, str]:
        return {}


class Shelf(Protocol):
    """Where papers are found; gongwen.store.Store is one."""

    def find(self, address: str) -> tuple[Reading, Record] | None: ...

    def text(self, sha256: str) -> Document | None: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, in both papers; pieces marked True are what differs."""

    mine: Pieces
    theirs: Pieces

    def to_json(self) -> dict[str, str]:
        return {"this": _joined(self.mine), "other": _joined(self.theirs)}


@dataclass(frozen=True, slots=True)
class Edition:
    """`is_later` is None when both came at the same second or the journal does not say. `more`: places not shown."""

    id: str
    kind: Kind
    source: str
    form: str
    arrived: str
    is_later: bool | None
    title: str
    number: str
    share: float
    places: int
    changed: int
    is_scan: bool
    differences: tuple[Difference, ...] = ()
    more: int = 0

    @property
    def word(self) -> str:
        return KINDS[self.kind]

    @property
    def summary(self) -> str:
        """What is to be known before the differences are looked at."""
        if self.kind == "clash":
            return "文号相同，标题或内容不同，请核对文号"
        if not self.places:
            return "文字一致"
        told = f"有 {self.places} 处不同，共 {self.changed} 字"
        if self.kind == "copy":
            return f"{told}，可能是识别或转换造成的"
        return f"{told}，相同的占 {int(100 * self.share)}%"

    @property
    def order(self) -> str:
        return "" if self.is_later is None else "后收到" if self.is_later else "先收到"

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "kind": self.kind, "source": self.source, "format": self.form,
            "arrived": self.arrived or None, "later": self.is_later, "title": self.title or None,
            "document_number": self.number or None, "share": self.share, "places": self.places,
            "changed": self.changed, "differences": [one.to_json() for one in self.differences],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Editions:
    """Of one paper. `said` holds, by field, what a copy that is no scan says where this scan was read doubtfully."""

    listed: tuple[Edition, ...] = ()
    more: int = 0
    said: Mapping[str, str] | None = None

    @property
    def clashes(self) -> tuple[Edition, ...]:
        """Each paper under the same number once, however many copies of it there are."""
        found = {one.title or one.id: one for one in reversed(self.listed) if one.kind == "clash"}
        return tuple(reversed(found.values()))


def editions_of(
    reading: Reading, record: Record, document: Document, linked: Linked, shelf: Shelf,
    relations: Callable[[str], Relations], *, revealed: bool = False,
) -> Editions:  # fmt: skip
    """What the paper is linked to, copies first. Mobile numbers are masked unless both papers are public or they are
    `revealed`."""
    found = linked.links([record.id]).get(record.id, [])
    if not found:
        return Editions()
    since = relations(reading.sha256).arrived
    body = body_of(record, document)
    listed: list[Edition] = []
    said: dict[str, str] = {}
    for link in found[:MAX_SHOWN]:
        other = shelf.find(link.id)
        if other is None:
            continue  # taken out a moment ago
        text = shelf.text(other[0].sha256)
        shown = _shown if revealed or _are_public(record, other[1]) else mask
        edition = _edition(link, *other, text, since, relations(other[0].sha256).arrived, shown)
        if text is not None and len(listed) < MAX_COMPARED and edition.kind != "clash":
            edition = _with_differences(edition, body, body_of(other[1], text), shown)
        listed.append(edition)
        if link.kind == "copy" and not edition.is_scan:
            said = {key: shown(value) for key, value in _said(record, other[1]).items()} | said
    return Editions(tuple(listed), len(found) - len(listed), said)


def counted(links: Sequence[Link]) -> str:
    """3 个副本、1 个版本."""
    units: dict[Kind, str] = {"copy": "个", "version": "个", "clash": "件"}
    counts = {kind: sum(one.kind == kind for one in links) for kind in KINDS}
    return "、".join(f"{count} {units[kind]}{KINDS[kind]}" for kind, count in counts.items() if count)


def format_name(media_type: str) -> str:
    return next((name for start, name in _FORMATS if media_type.startswith(start)), "文件")


def _are_public(*records: Record) -> bool:
    return all(is_public(one["disclosure"]) for one in records)


def _shown(text: str) -> str:
    return text


def _edition(
    link: Link, reading: Reading, record: Record, text: Document | None, since: str, arrived: str,
    shown: Callable[[str], str],
) -> Edition:  # fmt: skip
    is_scan = text is not None and "ocr_text" in text.warnings
    form = format_name(reading.media_type)
    return Edition(
        link.id, link.kind, reading.source, f"{form}（扫描）" if is_scan and form != "图片" else form, arrived,
        None if not (since and arrived) or since == arrived else arrived > since, shown(str(record["title"] or "")),
        str(record["document_number"] or ""), link.share, link.places, link.changed, is_scan,
    )  # fmt: skip


def _with_differences(edition: Edition, mine: Body, theirs: Body, shown: Callable[[str], str]) -> Edition:
    regions = compare(mine, theirs).regions
    told = tuple(_difference(mine, theirs, region, shown) for region in regions[:MAX_PLACES])
    return replace(edition, differences=told, more=len(regions) - len(told))


def _difference(mine: Body, theirs: Body, region: Region, shown: Callable[[str], str]) -> Difference:
    """Compared as printed, shown masked: a mask keeps the length."""
    old, new = mine.printed(region.start, region.end), theirs.printed(region.other_start, region.other_end)
    before, after = shown(old), shown(new)
    if not old or not new or max(len(old), len(new)) > MAX_CHARS:
        return Difference(_whole(before), _whole(after))
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Difference(
        tuple((before[a:b], code != "equal") for code, a, b, _, _ in codes if a < b),
        tuple((after[a:b], code != "equal") for code, _, _, a, b in codes if a < b),
    )


def _whole(text: str) -> Pieces:
    return ((f"{text[:MAX_CHARS]}…" if len(text) > MAX_CHARS else text, True),) if text else ()


def _said(record: Record, other: Record) -> dict[str, str]:
    """Of the fields that this scan read doubtfully: what the copy has in them."""
    doubtful = {one.field.split("/")[0] for one in record.issues if one.code == "ocr_doubtful"}
    told: dict[str, str] = {}
    for key in (*SCALARS, *LISTS):
        value = other[key]
        if key in doubtful and value:
            told[key] = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return told


def _joined(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)
