"""A draft: items in order of print, every sentence with where it comes from and what was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from draft.changes import KINDS, Change

Kind = Literal["title", "number", "addressees", "heading", "paragraph", "table", "annex_note", "issuer", "date", "note",
               "annex_label", "annex_title", "copied_to", "print"]  # fmt: skip
Form = Literal["document", "letter", "minutes"]
"""How the first page looks (GB/T 9704 7, 10.1, 10.3)."""
Family = Literal["routine", "decision", "campaign", "unknown"]

FAMILIES: dict[str, str] = {
    "routine": "例行通知：大部分文字年年相同", "decision": "程式性决定：格式固定，人名数字每年全新",
    "campaign": "活动方案或年度要点：框架沿用，内容以上级通知为准", "unknown": "只有一个年度，不能判断",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a paper of the corpus: `id` of its record, span in the text of its file, page if it has pages."""

    id: str
    name: str
    start: int
    end: int
    page: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "start": self.start, "end": self.end, "page": self.page}


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence (or a cell): `old` as printed last year, `new` as it stands in the draft."""

    old: str
    new: str
    changes: tuple[Change, ...]
    source: Source
    note: str = ""
    """What is to be asked of the sentence as a whole; '' nothing."""
    printed: tuple[tuple[str, Change | None], ...] = ()
    """The new text in pieces where people have worked on it, so that places in the old text tell it no more."""

    def runs(self) -> Iterator[tuple[str, Change | None]]:
        """The new text in pieces: what a change stands for, and what lies between."""
        if self.printed:
            yield from self.printed
            return
        at = 0
        for change in self.changes:
            if change.span.start > at:
                yield self.old[at : change.span.start], None
            yield change.printed, change
            at = change.span.end
        if self.old[at:]:
            yield self.old[at:], None

    @property
    def is_flagged(self) -> bool:
        return bool(self.note) or any(one.is_flagged for one in self.changes)

    def to_json(self) -> dict[str, Any]:
        changes = [
            {"start": one.span.start, "end": one.span.end, "old": one.old, "new": one.new, "act": one.act,
             "kind": one.kind, "label": KINDS[one.kind], "why": one.why, "source": one.source or None,
             "check": one.check, "flagged": one.is_flagged}
            for one in self.changes
        ]  # fmt: skip
        return {"old": self.old, "new": self.new, "flagged": self.is_flagged, "note": self.note or None,
                "source": self.source.to_json(), "changes": changes}  # fmt: skip


@dataclass(slots=True)
class Item:
    """A paragraph, a heading or a table. `rows` of tables: cells with column and row spans, as in the source."""

    kind: Kind
    pieces: list[Piece] = field(default_factory=list)
    level: int = 0
    rows: list[list[TableCell]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one.new for one in self.pieces)

    def all_pieces(self) -> Iterator[Piece]:
        yield from self.pieces
        for row in self.rows:
            for cell in row:
                yield from cell.pieces

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"kind": self.kind, "level": self.level, "pieces": [one.to_json() for one in self.pieces]}
        if self.rows:
            out["rows"] = [[cell.to_json() for cell in row] for row in self.rows]
        return out


@dataclass(frozen=True, slots=True)
class TableCell:
    pieces: tuple[Piece, ...]
    row_span: int = 1
    column_span: int = 1
    is_head: bool = False

    @property
    def text(self) -> str:
        return "".join(one.new for one in self.pieces)

    def to_json(self) -> dict[str, Any]:
        return {"row_span": self.row_span, "column_span": self.column_span, "head": self.is_head,
                "pieces": [one.to_json() for one in self.pieces]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What the superior notice says, for a person to take. `is_there`: the draft has words of the kind already."""

    label: str
    text: str
    source: Source
    is_there: bool

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "text": self.text, "source": self.source.to_json(), "is_there": self.is_there}


@dataclass(slots=True)
class Draft:
    """`dropped`: sentences that were not carried over, with why. `sources`: the papers it is made from."""

    year: int
    family: Family
    items: list[Item]
    sources: list[str]
    superior: str = ""
    dropped: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    letterhead: list[str] = field(default_factory=list)
    number: str = ""
    """The number of the new paper, its serial open."""
    shared: float | None = None
    """Share of the newest paper's characters that stand in the one before it, in runs of eight and more."""
    form: Form = "document"
    above: list[Offer] = field(default_factory=list)
    """What the superior notice of the year asks for."""

    def pieces(self) -> Iterator[Piece]:
        for item in self.items:
            yield from item.all_pieces()

    def flags(self) -> list[Change]:
        return [change for piece in self.pieces() for change in piece.changes if change.is_flagged]

    def to_json(self) -> dict[str, Any]:
        pieces = list(self.pieces())
        return {
            "year": self.year, "family": self.family, "family_told": FAMILIES[self.family],
            "shared": None if self.shared is None else round(self.shared, 3), "sources": self.sources,
            "superior": self.superior or None, "notes": self.notes, "letterhead": self.letterhead,
            "number": self.number, "form": self.form,
            "sentences": len(pieces), "flagged": sum(one.is_flagged for one in pieces), "flags": len(self.flags()),
            "items": [one.to_json() for one in self.items], "dropped": [one.to_json() for one in self.dropped],
            "above": [one.to_json() for one in self.above],
        }  # fmt: skip
