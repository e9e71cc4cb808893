"""Papers that tell of the same: a few beside a paper, more on a page of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from gongwen.errors import GongwenError
from web.access import visible
from web.masking import mask
from web.ports import services
from web.security import wants_json

bp = Blueprint("similar", __name__)

BESIDE = 5
MOST = 30


@dataclass(frozen=True, slots=True)
class Likeness:
    """A similar paper as it is listed; `words` are what both tell of."""

    id: str
    title: str
    number: str
    date: str
    words: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title or None, "number": self.number or None, "date": self.date or None,
                "words": list(self.words), "url": url_for("documents.show", address=self.id)}  # fmt: skip


def similar_papers(record_id: str, *, limit: int = BESIDE, copies: Collection[str] = ()) -> list[Likeness]:
    """Best first; `copies` are papers that the reader is told of elsewhere. None while the index is being repaired."""
    may = visible()
    try:
        found = services().aids.similar(record_id, limit=limit, leave_out=copies)
    except GongwenError:
        return []
    out: list[Likeness] = []
    for one in found:
        meta = services().finder.entry_meta(one.id) if may is None or may(one.id) else None
        if meta is not None:
            out.append(Likeness(one.id, mask(meta.title), meta.number, meta.date, tuple(map(mask, one.words))))
    return out


@bp.get("/similar/<address>")
def page(address: str) -> ResponseReturnValue:
    found = services().papers.find(address)
    if found is None:
        abort(404)
    record = found[1]
    papers = similar_papers(record.id, limit=MOST)
    if wants_json():
        return {"id": record.id, "similar": [one.to_json() for one in papers]}
    return render_template("similar.html", record=record, title=mask(str(record["title"] or "")), papers=papers)


@bp.app_context_processor
def _beside() -> dict[str, Any]:
    """For _similar.html, which the page of a paper includes."""
    return {"similar_papers": similar_papers}
