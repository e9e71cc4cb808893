"""The workshop's pages as rows: each paragraph with its sentences, last year's beside them, flags to settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

from flask import abort, current_app, url_for

from draft.changes import ACTS, KINDS, Change
from draft.model import Source
from draft.workshop.drafts import Drafts, Kept
from draft.workshop.grid import Grid
from draft.workshop.sentence import NOTE, Sentence
from draft.workshop.work import Line, Work
from web.marked import block_anchor
from web.masking import mask
from web.ports import services

_CONTENT = ("内容", "任务")
EXTENSION = "gongwen.workshop"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Given to `create_app`; a site without one drafts nothing."""

    drafts: Drafts

    @classmethod
    def over(cls, corpus: Path) -> Workshop:
        return cls(Drafts(corpus))


def workshop() -> Workshop:
    """Of the running app; 404 where there is none."""
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        abort(404)
    return cast(Workshop, found)


def kept_draft(draft_id: str) -> Kept:
    found = workshop().drafts.get(draft_id)
    if found is None:
        abort(404)
    return found


@dataclass(frozen=True, slots=True)
class Bit:
    """Words with how they came to be: plain, done, open, settled; `target` of a flag."""

    text: str
    state: str = "plain"
    target: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class SentenceView:
    """`old` are last year's words, what has changed marked. `note`: the target of the question about it as a whole."""

    id: str
    new: tuple[Bit, ...]
    old: tuple[Bit, ...]
    text: str
    note: str
    where: str
    link: str
    writer: str


@dataclass(frozen=True, slots=True)
class Cell:
    row_span: int
    column_span: int
    is_head: bool
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table. `told`: who put it in and when."""

    id: str
    cells: tuple[Cell, ...]
    told: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph on the page. `up` and `down`: behind which one it stands after a step. `heads` of a table: what is
    to be typed into a new row, by column."""

    id: str
    kind: str
    level: int
    seen: int
    by: str
    open: int
    text: str
    is_added: bool
    sentences: tuple[SentenceView, ...]
    table: tuple[TableRow, ...]
    heads: tuple[str, ...]
    up: str | None
    down: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A flag to settle. `stands`: the words that "keep" would leave, '' for a gap; `quote` is last year's sentence in
    three pieces, the middle one the words asked about."""

    target: str
    line: str
    seen: int
    label: str
    act: str
    why: str
    source: str
    old: str
    stands: str
    quote: tuple[str, str, str]
    where: str
    link: str
    before: str
    after: str
    number: int


def rows_of(work: Work) -> list[Row]:
    live = work.live
    found = []
    for at, line in enumerate(live):
        up = None if at == 0 else live[at - 2].id if at >= 2 else ""
        down = live[at + 1].id if at + 1 < len(live) else None
        item, grid = line.item, line.grid
        views = () if grid else tuple(_sentence(one) for one in line.sentences)
        table = tuple(_table(grid)) if grid else ()
        heads = tuple(one or f"第{column}列" for column, one in enumerate(grid.heads(), 1)) if grid else ()
        found.append(Row(line.id, item.kind, item.level, line.seen, line.by, len(line.open), line.text, line.is_added,
                         views, table, heads, up, down))  # fmt: skip
    return found


def _table(grid: Grid) -> Iterator[TableRow]:
    for row, placed in grid.printed():
        cells = tuple(
            Cell(one.row_span, one.column_span, one.cell.is_head, tuple(_sentence(x) for x in one.cell.sentences))
            for one in placed
        )
        told = f"{row.by}于{row.at[:16].replace('T', ' ')}加的行" if row.by else ""
        yield TableRow(row.id, cells, told, bool(row.places) and all(one.is_head for one in row.places))


def _sentence(one: Sentence) -> SentenceView:
    new = tuple(
        Bit(bit.text, bit.state, f"{one.id}-{bit.key}" if bit.state == "open" else "",
            _told(bit.change) if bit.change else "")
        for bit in one.segments
    )  # fmt: skip
    note = f"{one.id}-{NOTE}" if NOTE in one.open else ""
    source = one.base.source
    return SentenceView(one.id, new, tuple(_old(one)), one.text, note, where(source), source_url(source), one.writer)


def _old(one: Sentence) -> Iterator[Bit]:
    text, at = one.base.old, 0
    for change in sorted(one.base.changes, key=lambda change: change.span):
        if change.span.start > at:
            yield Bit(text[at : change.span.start])
        if change.old:
            yield Bit(change.old, "kept" if change.act == "kept" else "was")
        at = max(at, change.span.end)
    if text[at:]:
        yield Bit(text[at:])


def _told(change: Change) -> str:
    return mask(f"{KINDS[change.kind]}·{ACTS.get(change.act, '')}：{change.why}")


@dataclass(frozen=True, slots=True)
class OfferView:
    """A demand of the superior notice. `look`: its place; `take`: where its sentences are taken into the draft."""

    label: str
    text: str
    is_there: bool
    look: str
    take: str


def offers_of(kept: Kept, rows: Sequence[Row]) -> list[OfferView]:
    if not kept.work.base.above or not rows:
        return []
    after = next((one for one in rows if one.level and any(word in one.text for word in _CONTENT)), rows[-1]).id
    take = url_for("taking.take", draft_id=kept.id, after=after, paper=kept.superior)
    return [
        OfferView(one.label, one.text, one.is_there, source_url(one.source), take) for one in kept.work.base.above
    ]


def card_of(work: Work, target: str) -> Card | None:
    """None when nothing is to be settled there (any more)."""
    found = work.find(target)
    if found is None or not found[2] or found[2] not in found[1].open or found[0].is_removed:
        return None
    line, one, key = found
    waiting = work.open
    at = waiting.index(target)
    change, base = one.change(key), one.base
    span = change.span if change is not None else None
    pieces = (base.old, "", "") if span is None else (
        base.old[: span.start], base.old[span.start : span.end], base.old[span.end :]
    )  # fmt: skip
    stands = "" if change is None or change.new is None else change.new
    return Card(
        target, line.id, line.seen, KINDS[change.kind] if change else "整句去留", ACTS[change.act] if change else "",
        change.why if change else base.note, change.source if change else "", change.old if change else "", stands,
        pieces, where(base.source), source_url(base.source),
        waiting[at - 1] if at else "", waiting[at + 1] if at + 1 < len(waiting) else "", at + 1,
    )  # fmt: skip


def where(source: Source) -> str:
    """Which paper, and the page."""
    return source.name + (f"第{source.page}页" if source.page else "")


def source_url(source: Source) -> str:
    """The paper's text at the paragraph; '' for what stands in no paper."""
    if not source.id:
        return ""
    return url_for("workshop.look", address=source.id, at=source.start)


def place_of(address: str, at: int) -> str | None:
    """The page of a paper with the paragraph at an offset; None when it is not there."""
    found = services().papers.find(address)
    document = services().papers.text(found[0].sha256) if found else None
    if found is None or document is None:
        return None
    anchor = block_anchor(document, at)
    return url_for("documents.show", address=address, view="text") + (f"#{anchor}" if anchor else "")


def next_open(work: Work, line: Line | None, before: list[str], target: str) -> str:
    """The flag to go on with after `target` was settled: the next that waits in order of print, else the first."""
    waiting = work.open
    later = before[before.index(target) + 1 :] if target in before else []
    return next((one for one in later if one in waiting), waiting[0] if waiting else "")


def file_name(title: str, year: int) -> str:
    """For the download: the title without signs that file systems refuse."""
    plain = "".join(char for char in title if char.isalnum() or char in "（）—-")[:60]
    return f"{plain or f'{year}年草稿'}（稿）.docx"


def attachment(name: str) -> str:
    return f"attachment; filename=draft.docx; filename*=UTF-8''{quote(name)}"
