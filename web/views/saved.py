"""Searches kept under a name: the list, what changes it, and an Atom feed of each.

There are no accounts yet: everybody sees and may change all of them (`owner` of web.access, issue 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.errors import StoreError
from gongwen.saved import MAX_NAME, SavedSearch, SavedSearches, TooManySearchesError
from web.access import owner
from web.filters import Asked, clean
from web.ports import services
from web.saved import asked_of, canonical, ids_of, latest, urn
from web.security import Refusal, wants_json

bp = Blueprint("saved", __name__)

IN_FEED = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as the list tells of it; `fresh` papers came since somebody was last told."""

    saved: SavedSearch
    asked: Asked
    total: int
    fresh: int

    @property
    def words(self) -> str:
        words = [f"检索词：{self.asked.text}"] if self.asked.text else []
        return "；".join([*words, *(chip.label for chip in self.asked.chips())])

    def to_json(self) -> dict[str, Any]:
        one = self.saved
        return {"id": one.id, "name": one.name, "url": self.asked.url(), "total": self.total, "new": self.fresh,
                "feed": url_for("saved.feed", search_id=one.id), "saved_at": one.made_at}  # fmt: skip


@bp.get("/saved")
def listed() -> ResponseReturnValue:
    store = _store()
    kept = [_kept(store, one) for one in store.all(owner())]
    if wants_json():
        return {"saved": [one.to_json() for one in kept]}
    return render_template("saved.html", kept=kept, max_name=MAX_NAME)


@bp.post("/saved")
def save() -> ResponseReturnValue:
    """What is found now is known to the person: only what comes later is news."""
    query = canonical(request.form.get("query", ""))
    if not query:
        abort(400)
    store, now = _store(), _now()
    try:
        made = store.add(_name(query), query, now, owner())
    except TooManySearchesError as error:
        raise Refusal("没有保存", f"{error}。", code=422) from error
    store.tell(made.id, ids_of(made, services().finder, _today()), now)
    return redirect(url_for("saved.listed") + f"#s-{made.id}", 303)


@bp.post("/saved/<search_id>")
def rename(search_id: str) -> ResponseReturnValue:
    saved = _found(search_id)
    name = clean(request.form.get("name", ""))[:MAX_NAME]
    if not name:
        abort(400)
    _store().rename(saved.id, name)
    return redirect(url_for("saved.listed") + f"#s-{saved.id}", 303)


@bp.post("/saved/<search_id>/delete")
def delete(search_id: str) -> ResponseReturnValue:
    _store().delete(_found(search_id).id)
    return redirect(url_for("saved.listed"), 303)


@bp.get("/saved/<search_id>.atom")
def feed(search_id: str) -> ResponseReturnValue:
    """The papers of the search that came last. Ids and times are those of the papers, so a reader of feeds sees each
    once; asking changes nothing."""
    saved = _found(search_id)
    finder = services().finder
    papers = latest(ids_of(saved, finder, _today()), services().came(), finder, IN_FEED)
    updated = max((one.at for one in papers if one.at), default="", key=datetime.fromisoformat) or saved.made_at
    text = render_template(
        "feed.xml", saved=saved, papers=papers, updated=updated, uid=urn(f"search/{saved.id}"),
        search=request.url_root.rstrip("/") + asked_of(saved).url(),
    )  # fmt: skip
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@bp.app_context_processor
def _for_pages() -> dict[str, Any]:
    """For the row below the search box of the first page. A list that cannot be read is missing there, not the page."""

    def kept_searches() -> list[SavedSearch]:
        store = services().saved
        try:
            return store.all(owner()) if store is not None else []
        except StoreError:
            return []

    return {"kept_searches": kept_searches}


def _kept(store: SavedSearches, saved: SavedSearch) -> Kept:
    ids = ids_of(saved, services().finder, _today())
    return Kept(saved, asked_of(saved), len(ids), len(set(ids) - store.told(saved.id)))


def _name(query: str) -> str:
    """As given; otherwise the words of the search."""
    given = clean(request.form.get("name", ""))[:MAX_NAME]
    if given:
        return given
    asked = asked_of(SavedSearch("", "", query, "", "", ""))
    return (asked.text or "、".join(chip.label for chip in asked.chips()) or "全部公文")[:MAX_NAME]


def _store() -> SavedSearches:
    store = services().saved
    if store is None:
        abort(404)
    return store


def _found(search_id: str) -> SavedSearch:
    saved = _store().get(search_id)
    if saved is None or saved.owner != owner():
        abort(404)
    return saved


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _today() -> str:
    return date.today().isoformat()
