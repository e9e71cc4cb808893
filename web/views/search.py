"""Searching: the first page and the list of hits. Page and JSON are made from the same object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from index.engine import EntryMeta, Hit, Page, Query
from index.sealing import may_be_a_piece
from web.editions import counted
from web.examples import HOME
from web.filters import (
    DATE,
    FACETS,
    MAX_PAGE,
    NONE_GIVEN,
    PAGE_SIZE,
    QUERY_WORDS,
    ROLES,
    SORTS,
    Asked,
    clean,
    read_asked,
)
from web.histogram import spread
from web.masking import mask
from web.ports import services
from web.security import wants_json
from web.spelled import did_you_mean
from web.views.documents import plain_name

bp = Blueprint("search", __name__)

SHOWN = 8
"""Values of a filter shown at once; the rest opens on demand, at most LISTED of them."""
LISTED = 60
NEWEST = 8
LOOKED_AT = 3 * NEWEST
"""Papers looked at for the newest: some stand in several files and are listed once."""

SENTENCE_ENDS = ("。", "！", "？", "…", "。”", "！”", "？”")

Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: where choosing it (or choosing it off) leads."""

    value: str
    label: str
    count: int | None
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Choices:
    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A hit with what people know a paper by."""

    id: str
    title: Pieces
    snippets: tuple[Pieces, ...]
    number: str = ""
    issuers: tuple[str, ...] = ()
    date: str = ""
    doc_type: str = ""
    source: str = ""
    part: int = 1
    parts: int = 1
    doubts: int = 0
    editions: str = ""
    """How many copies and versions of it there are, in words."""
    folded: tuple[Card, ...] = ()
    """Copies that were found with it and are shown below it."""

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "title": "".join(text for text, _ in self.title), "number": self.number or None,
            "issuers": list(self.issuers), "date": self.date or None, "type": self.doc_type or None,
            "source": self.source, "part": self.part, "parts": self.parts, "issues": self.doubts,
            "snippets": ["".join(text for text, _ in snippet) for snippet in self.snippets],
            "url": url_for("documents.show", address=self.id),
        }  # fmt: skip


@bp.get("/")
def home() -> ResponseReturnValue:
    page = services().finder.search(Query(sort="newest", limit=LOOKED_AT))
    cards = _once(_folded([_card(hit, quoted=False) for hit in page.hits]))[:NEWEST]
    years = [_choice(Asked(), "year", value, count) for value, count in page.facets.get("year", ()) if value]
    types = [_choice(Asked(), "type", value, count) for value, count in page.facets.get("type", ()) if value]
    years.sort(key=lambda one: one.value, reverse=True)
    return render_template(
        "home.html", cards=cards, total=page.total, years=years[:12], types=types[:12], asked=Asked(), examples=HOME,
    )  # fmt: skip


@bp.get("/search")
def search() -> ResponseReturnValue:
    if wants_json():
        return answer(request.args)
    asked = read_asked(request.args)
    named = clean(request.args.get("with", ""))
    if named:
        return redirect(_with_unit(asked, named))
    page = services().finder.search(asked.query())
    cards = cards_of(asked, page)
    warnings = [*asked.notes, *page.warnings]
    dates, meant = spread(asked, page), did_you_mean(asked, page)
    return render_template(
        "search.html", asked=asked, page=page, cards=_folded(cards), warnings=warnings, choices=_choices(asked, page),
        units=_unit_choices(asked, page), undated=_undated(asked), roles=ROLES, sorts=SORTS,
        pages=_pages(asked, page.total), first=(asked.page - 1) * PAGE_SIZE + 1, dates=dates, meant=meant,
        part_of_mobile=may_be_a_piece(asked.text),
    )  # fmt: skip


def answer(args: MultiDict[str, str]) -> dict[str, Any]:
    """The hits as programs get them."""
    asked = read_asked(args)
    page = services().finder.search(asked.query())
    dates, meant = spread(asked, page), did_you_mean(asked, page)
    told = {"dates": dates.to_json() if dates else None, "did_you_mean": [one.to_json() for one in meant]}
    return _json(asked, page, cards_of(asked, page), [*asked.notes, *page.warnings]) | told


def cards_of(asked: Asked, page: Page) -> list[Card]:
    """The hits of a page as they are shown, masked."""
    return [_card(hit, quoted=bool(asked.text)) for hit in page.hits]


def _with_unit(asked: Asked, named: str) -> str:
    """A unit typed by hand becomes a word of the query, so that its short names are understood too."""
    name = named[:60].replace('"', "")
    word = f'{QUERY_WORDS[asked.role]}:"{name}"' if " " in name else f"{QUERY_WORDS[asked.role]}:{name}"
    return replace(asked, text=f"{asked.text} {word}".strip(), page=1).url()


def _json(asked: Asked, page: Page, cards: list[Card], warnings: list[str]) -> dict[str, Any]:
    ids = [card.id for card in cards]
    links, under = services().linked.links(ids), services().linked.folded(ids)
    told: dict[str, dict[str, Any]] = {}
    for one in ids:
        linked = [{"id": link.id, "kind": link.kind} for link in links.get(one, ())]
        told[one] = {"editions": linked, "copy_of": under.get(one)}
    return {
        "query": {"text": asked.text, "where": {name: list(found) for name, found in asked.where.items()},
                  "from": asked.date_from, "to": asked.date_to, "sort": asked.order, "page": asked.page},
        "total": page.total, "approximate": page.approximate, "exact": page.exact,
        "searched": list(page.searched), "warnings": warnings,
        "hits": [card.to_json() | told[card.id] for card in cards],
        "facets": {name: [{"value": value, "count": count} for value, count in found]
                   for name, found in page.facets.items()},
    }  # fmt: skip


def _card(hit: Hit, *, quoted: bool) -> Card:
    """`quoted` with snippets; where no words were asked the first words of the body stand instead. Mobile numbers are
    masked in every list; the paper's own page may reveal them."""
    title = _masked(hit.title)
    snippets = tuple(_masked(snippet) for snippet in hit.snippets) if quoted else ()
    found = services().finder.entry_meta(hit.id)
    if found is None:
        return Card(hit.id, title, snippets)
    meta = found.meta
    lead = mask(meta.get("lead", ""))
    if lead and not any(match for snippet in snippets for _, match in snippet):
        snippets = (((_open_ended(lead), False),),)
    else:
        snippets = tuple(_left_out(snippet, found) for snippet in _beyond_title(snippets, found.title))
    return Card(
        hit.id, title, snippets, found.number, tuple(meta["issuers"].split("、")) if meta.get("issuers") else (),
        found.date, meta.get("type", ""), plain_name(meta.get("source", "")), int(meta.get("part", "1")),
        int(meta.get("parts", "1")), int(meta.get("issues", "0")),
    )  # fmt: skip


def _folded(cards: list[Card]) -> list[Card]:
    """True copies on one page are shown under the best of them, in the place of the first; nothing found is left out,
    so that the counts hold. What lies on other pages is only counted."""
    linked = services().linked
    ids = [card.id for card in cards]
    links, under = linked.links(ids), linked.folded(ids)
    if not links:
        return cards
    by_id = {card.id: replace(card, editions=counted(links.get(card.id, ()))) for card in cards}
    below: dict[str, list[Card]] = {}
    for one, best in under.items():
        below.setdefault(best, []).append(by_id[one])
    shown = dict.fromkeys(under.get(one, one) for one in ids)
    order = {one: at for at, one in enumerate(ids)}
    return [
        replace(by_id[one], folded=tuple(sorted(below.get(one, ()), key=lambda card: order[card.id]))) for one in shown
    ]


def _once(cards: list[Card]) -> list[Card]:
    """A paper that also stands inside another file is listed once, as the file of its own."""
    best: dict[tuple[str, str], Card] = {}
    for card in cards:
        title = "".join(text for text, _ in card.title)
        key = (card.number, title) if card.number and title else ("", card.id)
        if key not in best or card.parts < best[key].parts:
            best[key] = card
    return list(best.values())


def _beyond_title(snippets: tuple[Pieces, ...], title: str) -> tuple[Pieces, ...]:
    """Without those that only repeat the title above them, as long as one says more."""
    more = tuple(one for one in snippets if _tight("".join(text for text, _ in one)) not in _tight(title))
    return more or snippets


def _tight(text: str) -> str:
    return "".join(text.split())


def _left_out(snippet: Pieces, found: EntryMeta) -> Pieces:
    """With … where the paper goes on. A snippet does not say where it stands: one that begins as a paper does (issuer,
    number or title) is taken for its head."""
    words = _tight("".join(text for text, _ in snippet))
    heads = (*found.meta.get("issuers", "").split("、"), found.number, found.title)
    out = list(snippet)
    if words and not any(head and words.startswith(_tight(head)) for head in heads):
        out.insert(0, ("…", False))
    if words and _open_ended(words) != words:
        out.append(("…", False))
    return tuple(out)


def _open_ended(text: str) -> str:
    return text if text.endswith(SENTENCE_ENDS) else f"{text}…"


def _masked(pieces: Pieces) -> Pieces:
    whole = mask("".join(text for text, _ in pieces))
    out: list[tuple[str, bool]] = []
    at = 0
    for text, match in pieces:
        out.append((whole[at : at + len(text)], match))
        at += len(text)
    return tuple(out)


def _choice(asked: Asked, name: str, value: str, count: int) -> Choice:
    chosen = value in asked.where.get(name, ())
    return Choice(value, value or NONE_GIVEN, count, chosen, asked.toggled(name, value).url())


def _choices(asked: Asked, page: Page) -> list[Choices]:
    found = (_of_facet(asked, page, name, label) for name, label in FACETS.items())
    return [one for one in found if one.first]


def _unit_choices(asked: Asked, page: Page) -> Choices:
    return _of_facet(asked, page, asked.role, ROLES[asked.role])


def _undated(asked: Asked) -> Choices:
    """Papers that give no date would be lost to every range: they can be asked for. They are not counted."""
    chosen = "" in asked.where.get(DATE, ())
    choice = Choice("", "只看未注明日期的", None, chosen, asked.toggled(DATE, "").url())
    return Choices(DATE, "", (choice,), ())


def _of_facet(asked: Asked, page: Page, name: str, label: str) -> Choices:
    """Values with counts. Where one is chosen already, the counts are those of the search without this filter, so
    that a second value can be added."""
    counted = page.facets.get(name, ())
    if name in asked.where:
        query = replace(asked.without(name).query(limit=1), offset=0)
        counted = services().finder.search(query).facets.get(name, ())
    known = {value for value, _ in counted}
    gone = [(value, 0) for value in asked.where.get(name, ()) if value not in known]
    found = [_choice(asked, name, value, count) for value, count in (*gone, *counted)]
    if name == "year":
        found.sort(key=lambda one: one.value, reverse=True)
    found.sort(key=lambda one: not one.chosen)
    return Choices(name, label, tuple(found[:SHOWN]), tuple(found[SHOWN:LISTED]))


def _pages(asked: Asked, total: int) -> list[tuple[int, str]]:
    """Page numbers with addresses: the first, the last and those around this one; 0 stands for a gap."""
    last = min(MAX_PAGE, ceil(total / PAGE_SIZE))
    near = {1, last, *range(asked.page - 2, asked.page + 3)}
    out: list[tuple[int, str]] = []
    for number in sorted(one for one in near if 1 <= one <= last):
        if out and number - out[-1][0] > 1:
            out.append((0, ""))
        out.append((number, asked.url(page=number)))
    return out if last > 1 else []
