"""Starting a draft from the years before, and taking a sentence from any paper with its source."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from draft.build import DraftError, Paper, make
from draft.compare import sentences
from draft.model import Source
from draft.papers import load_paper
from gongwen.errors import StoreError
from gongwen.text import Span
from index.engine import Query
from web.browsing import asked_number, asked_text
from web.cards import shown_title
from web.paperlinks import paper_links
from web.ports import services
from web.views.documents import plain_name
from web.who import asked_name, keep, person, require
from web.workshop import kept_draft, workshop

bp = Blueprint("taking", __name__)

MOST_PRIORS = 6
_SHOWN = 400
_FIRST, _LAST = 1990, 2099


@dataclass(frozen=True, slots=True)
class Prior:
    """A paper that a draft may be made from."""

    id: str
    title: str
    number: str
    year: int | None
    chosen: bool = False


@bp.get("/drafts/new")
def form() -> ResponseReturnValue:
    """`from`: the paper that the draft is to follow; its other years are offered, and notices of the new year."""
    workshop()
    chosen = [load_or_404(one) for one in request.args.getlist("from")[:MOST_PRIORS]]
    if not chosen:
        return redirect(url_for("workshop.many"))
    newest = max((one.year or 0 for one in chosen), default=0)
    year = asked_number("year", least=_FIRST, most=_LAST) or (newest + 1 if newest else services().today().year)
    return _form(chosen, year)


@bp.post("/drafts")
def start() -> ResponseReturnValue:
    require("review")
    who = asked_name()
    priors = [load_or_404(one) for one in list(dict.fromkeys(request.form.getlist("from")))[:MOST_PRIORS]]
    named = request.form.get("superior", "").strip()
    superior = load_or_404(named.rpartition("/")[2]) if named else None
    text = request.form.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and _FIRST <= int(text) <= _LAST else 0
    if not priors or not year:
        abort(400)
    try:
        made = make(priors, year, superior)
    except DraftError as error:
        return make_response(_form(priors, year, problem=str(error)), 422)
    ids = [one.record.id for one in sorted(priors, key=lambda one: one.year or 0)]
    draft_id = workshop().drafts.make(made, ids, superior.record.id if superior else "", who.signed)
    return keep(redirect(url_for("workshop.one", draft_id=draft_id), 303), who)


@bp.get("/drafts/<draft_id>/take")
def take(draft_id: str) -> ResponseReturnValue:
    """Sentences of a paper to put behind the paragraph `after`. Papers: those the draft is made from, and any other
    that a search finds."""
    kept = kept_draft(draft_id)
    after, words, text = request.args.get("after", "")[:20], asked_text("words"), asked_text("q")
    if kept.work.line(after) is None:
        abort(404)
    address = request.args.get("paper", "") or (kept.papers[-1] if kept.papers else "")
    paper = load_or_404(address)
    known = [load_or_404(one) for one in (*kept.papers, *([kept.superior] if kept.superior else []))]
    found = _search(text) if text else []
    lines = [one for one in _lines(paper) if words in one["text"]]
    return render_template(
        "draft_take.html", kept=kept, after=after, behind=kept.work.line(after), paper=paper, lines=lines[:_SHOWN],
        more=max(0, len(lines) - _SHOWN), known=[_prior(one) for one in known], found=found, words=words, text=text,
        who=person(), once=secrets.token_hex(6),
    )  # fmt: skip


def sentence_at(address: str, start: int, text: str) -> Source:
    """The place of a sentence that a person takes. 400 when the paper does not hold it there."""
    paper = load_or_404(address)
    one = next((one for one in _lines(paper) if one["start"] == start and one["text"] == text), None)
    if one is None:
        abort(400)
    return Source(paper.record.id, paper.name, start, one["end"], one["page"])


def load_or_404(address: str) -> Paper:
    try:
        return load_paper(services().papers, address)
    except StoreError:
        abort(404)


def _lines(paper: Paper) -> Iterator[dict[str, Any]]:
    """Sentences of a paper with their places."""
    part = paper.record["part"]
    text = paper.document.text
    for block in paper.document.flow():
        if block.span.start < part["start"] or block.span.end > part["end"] or block.kind == "table":
            continue
        for start, end in sentences(block.span.of(text)):
            span = Span(block.span.start + start, block.span.start + end)
            words = " ".join(span.of(text).split())
            if words:
                page = paper.document.page_of(span)
                yield {"start": span.start, "end": span.end, "text": words, "page": page}


def _form(chosen: list[Paper], year: int, problem: str = "") -> str:
    ids = {one.record.id for one in chosen}
    priors = [_prior(one, chosen=True) for one in chosen]
    own = list(_other_years(chosen[0]))
    priors += [one for one in own if one.id not in ids and (one.year or 0) < year]
    ids |= {one.id for one in own}  # a paper of the own series is no notice from above
    priors.sort(key=lambda one: one.year or 0, reverse=True)
    text = asked_text("q")
    newest = max(chosen, key=lambda one: one.year or 0)
    above = [one for words in ([text] if text else _superior_titles(newest, year)) for one in _search(words, year)]
    above = list({one.id: one for one in above if one.id not in ids}.values())[:8]
    return render_template("draft_new.html", priors=priors, above=above, year=year, who=person(), text=text,
                           problem=problem, first=chosen[0].record.id)  # fmt: skip


def _other_years(paper: Paper) -> Iterator[Prior]:
    """Its series, as the catalogue knows it; the year before is chosen beforehand, so that stable text can be told."""
    series = paper_links(paper.record.id).series
    for one in series.papers if series else ():
        near = one.paper.year is not None and paper.year is not None and one.paper.year == paper.year - 1
        yield Prior(one.paper.id, one.paper.title, one.paper.number, one.paper.year or None, near)


def _superior_titles(paper: Paper, year: int) -> Iterator[str]:
    """Titles that this year's notice from above may bear: those cited last year, their year moved."""
    for one in paper.record["citations"]:
        title = str(one.get("title") or "").strip("《》")
        if paper.year and str(paper.year) in title:
            yield title.replace(str(paper.year), str(year))


def _search(text: str, year: int | None = None) -> list[Prior]:
    where = {"year": (str(year),)} if year else {}
    found = []
    for hit in services().finder.search(Query(text, where, limit=8)).hits:
        meta = services().finder.entry_meta(hit.id)
        if meta is not None:
            at = int(meta.date[:4]) if meta.date[:4].isdigit() else None
            found.append(Prior(hit.id, meta.title or plain_name(meta.meta.get("source", "")), meta.number, at))
    return found


def _prior(paper: Paper, *, chosen: bool = False) -> Prior:
    record = paper.record
    return Prior(record.id, shown_title(record), record["document_number"] or "", paper.year, chosen)


