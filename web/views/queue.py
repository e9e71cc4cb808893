"""The queue of review: one doubtful value after the other, worst first; many that are alike at once; the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.acts import Review
from gongwen.judging import Asked, Gone, judge_all, look, take_back_all
from gongwen.resolving import Resolution
from gongwen.targets import Target, find
from index.doubt_queue import Counts, Open, Wanted
from web.cards import KINDS, Dealer, shown_title
from web.facts import chinese_dates
from web.filters import clean
from web.local import back_to
from web.masking import is_public, mask
from web.ports import services
from web.review_desk import review_desk
from web.security import wants_json
from web.told_acts import told_time, where_of, words_of
from web.views.review import dealer, notice, with_args
from web.who import asked_name, keep, may, person, require

bp = Blueprint("queue", __name__)

ORDER = (
    "次序：复核已过时的在前，然后是前后矛盾、两种读法、识别存疑、把握不大的；"
    "同类中文号、标题、机关、日期在前，把握小的在前，新文在前。"
)
"""As index.doubts has it, in one sentence."""
MOST_ALIKE = 100
"""Values confirmed at once: as many as a person can look over."""
PAGE = 50
TRIES = 20
LISTED = 40
NONE_GIVEN = "未注明"
_BITS = ("kind", "field", "year", "unit", "rule", "code", "column", "address")


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Other doubts of the same field, rule and kind."""

    count: int
    url: str


@bp.get("/review")
def queue() -> ResponseReturnValue:
    """The worst doubt, or the next one behind `after`, in front of `before`."""
    wanted = read_wanted()
    held = review_desk()
    after, before = request.args.get("after", "")[:80], request.args.get("before", "")[:80]
    shown, found, target = _shown(wanted, after, before)
    counts = held.doubts.counts(wanted)
    if wants_json():
        return {"total": counts.total, "kinds": counts.kinds, "fields": counts.fields,
                "next": _plain(shown) if shown else None}  # fmt: skip
    card = _card(shown, found, target) if shown and found and target else None
    place = held.doubts.count(wanted, before=shown.sort) + 1 if shown else 0
    here = {"after": after, "before": before} if shown else {}
    return render_template(
        "review.html", wanted=wanted, card=card, shown=shown, counts=counts, order=ORDER, kinds=KINDS,
        choices=_choices(wanted, counts), place=place, alike=_alike(wanted, shown) if shown else None,
        who=person(), busy=held.follow.is_catching_up, title=shown_title(found.record) if found else "",
        next_url=_url(wanted, after=shown.sort) if shown else "", previous_url=_url(wanted, before=shown.sort)
        if shown and place > 1 else "", first_url=_url(wanted), is_end=bool(after and not shown and counts.total),
        here=_url(wanted, **here), may_rules="gongwen.bench" in current_app.extensions and may("rules"), **notice(),
    )  # fmt: skip


def _shown(wanted: Wanted, after: str, before: str) -> tuple[Open | None, Resolution | None, Target | None]:
    """The first doubt that is still one: the table may be a moment behind what people did."""
    asked: set[str] = set()
    for _ in range(TRIES):
        shown = review_desk().doubts.first(wanted, after=after, before=before)
        if shown is None:
            break
        try:
            found = look(review_desk().store, shown.sha256, shown.address)
            target = find(found, shown.key)
        except Gone:
            found, target = None, None
        if found is not None and target is not None and (target.kind == "stale" or not target.acts):
            return shown, found, target
        if shown.sort in asked:
            after, before = ("", shown.sort) if before else (shown.sort, "")
        else:
            asked.add(shown.sort)
            review_desk().doubts.refresh([shown.sha256])
    return None, None, None


def _card(shown: Open, found: Resolution, target: Target) -> Any:
    return dealer(found).card(target, shown.reasons)


def _alike(wanted: Wanted, shown: Open) -> Alike | None:
    """Only what is in order if this one is: the same doubt of the same rule about the same field."""
    if shown.kinds[0] == "stale" or not shown.rule:
        return None
    same = Wanted(shown.kinds[0], shown.field, wanted.year, wanted.unit, shown.rule, shown.code, shown.column)
    count = review_desk().doubts.count(same)
    return Alike(count, url_for("queue.alike") + _query(same)) if count > 1 else None


@bp.get("/review/alike")
def alike() -> ResponseReturnValue:
    """Values with the same doubt from the same rule, to be looked over and confirmed in one go."""
    wanted = read_wanted()
    found = review_desk().doubts.listed(wanted, limit=MOST_ALIKE) if _is_narrow(wanted) else []
    rows = list(_rows(found))
    return render_template(
        "review_alike.html", wanted=wanted, rows=rows, total=review_desk().doubts.count(wanted) if found else 0,
        most=MOST_ALIKE, who=person(), label=_label(wanted), kinds=KINDS, back=_url(_only_filters(wanted)),
        query=_query(wanted), **notice(),
    )  # fmt: skip


def _is_narrow(wanted: Wanted) -> bool:
    return bool(wanted.rule and wanted.code and wanted.field and wanted.kind in KINDS and wanted.kind != "stale")


def _rows(found: list[Open]) -> Iterator[dict[str, Any]]:
    """Doubts as lines: value, paper, quote. One file is read once."""
    held: dict[str, tuple[Resolution, Dealer]] = {}
    for one in found:
        try:
            if one.address not in held:
                resolution = look(review_desk().store, one.sha256, one.address)
                held[one.address] = (resolution, dealer(resolution))
        except Gone:
            continue
        resolution, maker = held[one.address]
        target = find(resolution, one.key)
        if target is not None:
            card = maker.card(target, one.reasons)
            yield {"card": card, "title": shown_title(resolution.record), "number": one.number, "date": one.date,
                   "choice": f"{one.address} {card.key} {card.seen}"}  # fmt: skip


@bp.post("/review/alike")
def confirm_alike() -> ResponseReturnValue:
    """Confirm those that are ticked, as they were shown; what has changed since is left out and told."""
    require("review")
    who = asked_name()
    wanted: list[tuple[str, Asked]] = []
    for choice in request.form.getlist("choice")[:MOST_ALIKE]:
        parts = choice.split(" ")
        found = services().papers.find(parts[0]) if len(parts) == 3 else None
        if found is not None:
            wanted.append((found[0].sha256, Asked(parts[0], parts[1], parts[2], "confirm")))
    done = judge_all(review_desk().store, wanted, who.signed)
    shas = list(dict.fromkeys(sha256 for sha256, _ in wanted))
    is_shown = review_desk().follow.tell(shas, patience=2.0) if done.acts else True
    if wants_json():
        return {"done": len(done.acts), "skipped": len(done.skipped), "batch": done.batch, "searchable": is_shown}
    told = {"many": str(len(done.acts)), "left": str(len(done.skipped)), "batch": done.batch if done.acts else ""}
    return keep(redirect(with_args(url_for("queue.log"), told), 303), who)


@bp.get("/review/acts")
def log() -> ResponseReturnValue:
    """All acts of all papers, newest first; acts done in one go can be taken back in one go."""
    page = request.args.get("page", "1")
    at = min(200, max(1, int(page))) if page.isdecimal() and len(page) < 4 else 1
    found = review_desk().doubts.acts(limit=PAGE, offset=(at - 1) * PAGE)
    total = review_desk().doubts.act_count()
    labels = services().labels
    rows = []
    for one in found:
        review = Review(one.document, one.field, *one.said, one.by, one.at, takes_back="-" if one.is_back else "")
        rows.append({"one": one, "where": mask(where_of(one.field, labels)), "words": mask(words_of(review, labels)),
                     "at": told_time(one.at)})  # fmt: skip
    many, left = (request.args.get(name, "") for name in ("many", "left"))
    batch = request.args.get("batch", "")
    return render_template(
        "review_acts.html", rows=rows, total=total, page=at, last=(total + PAGE - 1) // PAGE, who=person(),
        many=many if many.isdecimal() else "", left=left if left.isdecimal() and left != "0" else "",
        batch=batch if batch.isalnum() else "", back=request.args.get("back", "")[:6], **notice(),
    )  # fmt: skip


@bp.post("/review/acts/undo")
def undo_batch() -> ResponseReturnValue:
    """Take back what was done in one go, except where somebody has spoken since."""
    require("review")
    who = asked_name()
    batch = request.form.get("batch", "")[:20]
    files = review_desk().doubts.files_of_batch(batch)
    changed, kept = take_back_all(review_desk().store, files, batch, who.signed)
    if changed:
        review_desk().follow.tell(changed, patience=2.0)
    where = with_args(url_for("queue.log"), {"back": "1", "left": str(kept)})
    return keep(make_response(redirect(back_to(where, url_for("queue.log")), 303)), who)


# --- filters ----------------------------------------------------------------------------------------------


def read_wanted() -> Wanted:
    found = {name: clean(request.args.get(name, ""))[:100] for name in _BITS}
    return Wanted(**found)


def _only_filters(wanted: Wanted) -> Wanted:
    return replace(wanted, rule="", code="", column="", address="")


def _query(wanted: Wanted) -> str:
    pairs = [(name, value) for name in _BITS if (value := getattr(wanted, name))]
    return f"?{urlencode(pairs)}" if pairs else ""


def _url(wanted: Wanted, **more: str) -> str:
    return with_args(url_for("queue.queue") + _query(wanted), more)


def _choices(wanted: Wanted, counts: Counts) -> list[tuple[str, list[Choice]]]:
    labels = services().labels
    kinds = {kind: counts.kinds[kind] for kind in KINDS if kind in counts.kinds}
    years = dict(sorted(counts.years.items(), reverse=True))
    named: list[tuple[str, str, Mapping[str, int], Any]] = [
        ("疑点", "kind", kinds, KINDS.get),
        ("字段", "field", counts.fields, lambda name: labels.field(name) if name else "全文"),
        ("年份", "year", {year: count for year, count in years.items() if year}, str),
        ("发文机关", "unit", counts.units, str),
    ]
    return [(title, [_choice(wanted, name, value, count, told(value)) for value, count in list(found.items())[:LISTED]
                     if value or name != "field"])
            for title, name, found, told in named if found]  # fmt: skip


def _choice(wanted: Wanted, name: str, value: str, count: int, label: str) -> Choice:
    chosen = getattr(wanted, name) == value
    other = replace(wanted, **{name: "" if chosen else value})
    return Choice(label or NONE_GIVEN, count, _url(other), chosen)


def _label(wanted: Wanted) -> str:
    labels = services().labels
    name = labels.field(wanted.field) if wanted.field else ""
    return f"{name} · {labels.column(wanted.field, wanted.column)}" if wanted.column else name


def _plain(shown: Open) -> dict[str, Any]:
    covered = not is_public(shown.disclosure)
    told = [chinese_dates(one.message) for one in shown.reasons]
    return {
        "paper": shown.address, "key": shown.key, "field": shown.field, "column": shown.column or None,
        "value": mask(shown.value) if covered else shown.value, "kinds": list(shown.kinds),
        "reasons": [mask(one) for one in told] if covered else told, "title": shown.title, "number": shown.number,
        "date": shown.date,
    }  # fmt: skip
