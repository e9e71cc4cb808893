"""Next year's paper from the years before: every sentence carried with its source, nothing carried silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from draft.above import Superior, offers
from draft.changes import Change, Step
from draft.compare import Stable, all_sentences, family, sentences, shared
from draft.facts import load_facts
from draft.known import Known
from draft.model import Draft, Form, Item, Piece, Source, TableCell
from draft.renumber import renumbered
from draft.roles import LONGEST_HEADING, Part, parts
from draft.sentences import carry
from gongwen.document import Document, rows
from gongwen.errors import GongwenError
from gongwen.record import Record
from gongwen.text import Span, close_gaps

_CONTENT = regex.compile(r"内容|重点|任务|安排|活动(?!时间|主题|目的|要求)")
_LIKELY_SIGNING = (9, 1)
FORMS_OF: dict[str, Form] = {"函": "letter", "纪要": "minutes"}
"""Kinds with a first page of their own; all others have the common one."""


class DraftError(GongwenError):
    """A draft cannot be made from these papers: the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One official document of the corpus, with people's corrections applied."""

    record: Record
    document: Document

    @property
    def name(self) -> str:
        """《title》（number), as it is cited."""
        number = self.record["document_number"]
        return f"《{self.record['title'] or '无标题'}》" + (f"（{number}）" if number else "")

    @property
    def year(self) -> int | None:
        """The year it was issued in, by its date, its number or its title."""
        for text in (self.record["issue_date"], (self.record["number_parts"] or {}).get("year"), self.record["title"]):
            match = regex.search(r"(?:19|20)\d{2}", str(text or ""))
            if match:
                return int(match.group())
        return None

    @property
    def text(self) -> str:
        part = self.record["part"]
        return self.document.text[part["start"] : part["end"]]


def make(priors: Sequence[Paper], year: int, superior: Paper | None = None) -> Draft:
    """From prior years' papers (any order) to a draft for `year`. Raises DraftError."""
    dated = sorted(((one.year, one) for one in priors if one.year), key=lambda one: one[0])
    if not dated:
        raise DraftError("往年公文里找不到年份，不能推算")
    last_year, last = dated[-1]
    if last_year >= year:
        raise DraftError(f"{last.name}是{last_year}年的，起草{year}年的要用更早年份的公文")
    older = next((paper for at, paper in reversed(dated) if at < last_year), None)
    share = None if older is None else shared(last.text, older.text)
    maker = _Maker(last, last_year, year, older, superior)
    draft = Draft(
        year, family(share, str(last.record["doc_type"] or "")), maker.items(), [one.name for _, one in dated],
        superior=superior.name if superior else "", dropped=maker.dropped,
        letterhead=list(last.record["letterhead"] or last.record["issuers"]), number=_number(last.record, year),
        shared=share, form=FORMS_OF.get(str(last.record["doc_type"] or ""), "document"),
    )  # fmt: skip
    if superior is not None:
        draft.above = offers(superior, [one.new for one in draft.pieces()])
    draft.notes = _notes(draft, last, last_year, older, superior)
    return draft


def _notes(draft: Draft, last: Paper, last_year: int, older: Paper | None, superior: Paper | None) -> list[str]:
    notes = []
    if older is None:
        notes.append("只有一个年度的底稿，分不出年年不变的段落和一次性内容，请通读")
    if draft.family in {"campaign", "unknown"} and superior is None:
        notes.append("没有今年的上级通知：主题、时间和活动内容不作推定，请补上后再定")
    if draft.year - last_year > 1:
        notes.append(f"底稿是{draft.year - last_year}年前的，其间的变化请另行核对")
    notes += [f"底稿自身前后不一：{one}" for one in dict.fromkeys(issue.message for issue in last.record.issues)][:5]
    if not load_facts().blocks.get(draft.year):
        notes.append(f"{draft.year}年的放假安排还没有收入，工作日只按周末推算")
    return notes


class _Maker:
    def __init__(self, paper: Paper, old: int, new: int, older: Paper | None, superior: Paper | None) -> None:
        self._paper = paper
        month, day = _signing(paper)
        self._step = Step(old, new, date(new, month, day), load_facts(), _own(paper.record))
        self._known = Known(paper.record)
        self._stable = None if older is None else Stable(all_sentences(older.text.splitlines()))
        self._superior = None if superior is None else Superior(superior, paper, old)
        self._in_content = False
        self._name = paper.name
        named = (paper.record["title"], *paper.record["enclosures"], *paper.record["annexes"])
        self._titles = frozenset(str(one) for one in named if one)
        self.dropped: list[Piece] = []

    def items(self) -> list[Item]:
        found: list[Item] = []
        for part in parts(self._paper.document, self._paper.record):
            item = self._table(part) if part.kind == "table" else self._lines(part)
            if item is not None:
                found.append(item)
        return renumbered(found, self.dropped)

    def _lines(self, part: Part) -> Item | None:
        text = part.block.span.of(self._paper.document.text)
        if part.level == 1:
            self._in_content = bool(_CONTENT.search(text[:30]))
        if part.kind in {"title", "issuer", "date"}:
            spans = [(0, len(text))]
        else:
            spans = sentences(text)
        item = Item(part.kind, [], part.level)
        for start, end in spans:
            piece = self._piece(Span(part.block.span.start + start, part.block.span.start + end), part)
            if piece is not None:
                item.pieces.append(piece)
        if part.level and len(spans) > 1 and len(item.pieces) == 1 and len(item.pieces[0].old) <= LONGEST_HEADING:
            self.dropped.append(_bare(item.pieces[0]))  # a heading whose sentences are all gone
            return None
        return item if item.pieces else None

    def _table(self, part: Part) -> Item:
        item = Item("table")
        for at, row in enumerate(rows(part.block)):
            item.rows.append([
                TableCell(self._cell(cell.span), cell.row_span, cell.column_span, at == 0) for cell in row
            ])  # fmt: skip
        return item

    def _cell(self, span: Span) -> tuple[Piece, ...]:
        piece = self._carried(span)
        return (piece,) if piece.old.strip() else ()

    def _piece(self, span: Span, part: Part) -> Piece | None:
        if part.kind == "date":
            return self._fixed(span, f"{self._step.new}年__月__日", "date", "成文日期由领导签发时填写")
        piece = self._carried(span, self._gaps(span) if part.kind in {"title", "annex_title"} else ())
        if any(one.act == "dropped" for one in piece.changes):
            self.dropped.append(piece)
            return None
        note = ""
        if part.kind in {"paragraph", "heading"} and self._stable is not None and piece.old not in self._stable:
            note = "前一年没有这句，可能是一次性的内容，请决定去留"
        if part.kind == "paragraph" and self._in_content and self._superior is None and self._stable is None:
            note = note or "活动内容照上年列出，没有今年的上级通知可对，请逐条确定"
        return Piece(piece.old, piece.new, piece.changes, piece.source, note)

    def _carried(self, span: Span, gaps: Iterable[Change] = ()) -> Piece:
        text = span.of(self._paper.document.text)
        above = [] if self._superior is None else list(self._superior.within(span, text))
        carried = carry(text, self._step, [*gaps, *above, *self._known.within(span, text)])
        changes = carried.changes
        if self._superior is not None:
            changes = tuple(self._superior.beside(one) for one in changes)
        return Piece(text, carried.new, changes, self._source(span))

    def _gaps(self, span: Span) -> Iterator[Change]:
        """Gaps in a title that only the turn of the line has made: the record's title has none."""
        text = span.of(self._paper.document.text)
        if "".join(text.split()) not in self._titles:
            return
        for match in regex.finditer(r"(?<=\S)\s+(?=\S)", text):
            yield Change(Span(*match.span()), match.group(), "", "kept", "gap", "标题换行留下的空格")

    def _fixed(self, span: Span, new: str, kind: str, why: str) -> Piece:
        text = span.of(self._paper.document.text).strip()
        change = Change(Span(0, len(text)), text, new, "blank", kind, why)
        return Piece(text, new, (change,), self._source(span))

    def _source(self, span: Span) -> Source:
        page = self._paper.document.page_of(span)
        return Source(self._paper.record.id, self._name, span.start, span.end, page)


def _bare(piece: Piece) -> Piece:
    span = Span(0, len(piece.old))
    change = Change(span, piece.old, None, "dropped", "one_off", "这一条的内容没有带入，标题一并去掉")
    return Piece(piece.old, "", (change,), piece.source)


def _number(record: Record, year: int) -> str:
    """The agency code with the year, the serial open; without a code a gap."""
    agency = (record["number_parts"] or {}).get("agency")
    return f"{agency or '【待核：文号】'}〔{year}〕__号"


def _own(record: Record) -> frozenset[str]:
    """What the paper issues and appends: these are no citations."""
    found = [*record["enclosures"], *record["annexes"], record["title"] or ""]
    return frozenset(str(one) for one in found if one)


def _signing(paper: Paper) -> tuple[int, int]:
    """Month and day on which the new paper is likely signed: those of the old one."""
    match = regex.fullmatch(r"\d{4}-(\d{2})-(\d{2})", str(paper.record["issue_date"] or ""))
    if match is None or match.group(0)[5:] == "02-29":
        return _LIKELY_SIGNING
    return int(match[1]), int(match[2])


def plain(text: str) -> str:
    """Text of a piece as one line."""
    return close_gaps(" ".join(text.split()))
