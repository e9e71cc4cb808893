"""A draft out of its JSON: what `Draft.to_json` writes is read back whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from draft.changes import Change
from draft.model import Draft, Item, Offer, Piece, Source, TableCell
from gongwen.text import Span


def draft_of(found: Mapping[str, Any]) -> Draft:
    """Raises KeyError or TypeError when it is none."""
    return Draft(
        int(found["year"]), found["family"], [_item(one) for one in found["items"]], list(found["sources"]),
        superior=found["superior"] or "", dropped=[_piece(one) for one in found["dropped"]],
        notes=list(found["notes"]), letterhead=list(found["letterhead"]), number=found["number"],
        shared=found["shared"], form=found["form"], above=[_offer(one) for one in found.get("above", ())],
    )  # fmt: skip


def source_of(found: Mapping[str, Any]) -> Source:
    return Source(found["id"], found["name"], int(found["start"]), int(found["end"]), found["page"])


def _offer(found: Mapping[str, Any]) -> Offer:
    return Offer(found["label"], found["text"], source_of(found["source"]), found["is_there"])


def _item(found: Mapping[str, Any]) -> Item:
    rows = [[_cell(one) for one in row] for row in found.get("rows", ())]
    return Item(found["kind"], [_piece(one) for one in found["pieces"]], int(found["level"]), rows)


def _cell(found: Mapping[str, Any]) -> TableCell:
    pieces = tuple(_piece(one) for one in found["pieces"])
    return TableCell(pieces, found["row_span"], found["column_span"], found["head"])


def _piece(found: Mapping[str, Any]) -> Piece:
    changes = tuple(_change(one) for one in found["changes"])
    return Piece(found["old"], found["new"], changes, source_of(found["source"]), found["note"] or "")


def _change(found: Mapping[str, Any]) -> Change:
    return Change(
        Span(found["start"], found["end"]), found["old"], found["new"], found["act"], found["kind"], found["why"],
        found["source"] or "", check=found["check"],
    )  # fmt: skip
