"""Judging one value of a paper: its card, what a person decides, taking back, the history of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from gongwen.acts import Review
from gongwen.document import Document
from gongwen.errors import TypedError
from gongwen.judging import VERBS, Asked, Conflict, Gone, judge, look, take_back
from gongwen.record import ROWS, Reading, Record
from gongwen.resolving import Resolution, share
from gongwen.targets import Target, find, targets
from gongwen.typed import is_list, read_several, read_typed
from web.cards import Card, Dealer, reasons_of, shown_title, verbs_of
from web.csrf import token
from web.local import back_to
from web.masking import is_public
from web.ports import services
from web.review_desk import ReviewDesk, review_desk
from web.security import wants_json
from web.told_acts import tell_acts
from web.who import Person, asked_name, keep, person, require, reveals

bp = Blueprint("review", __name__)

DONE = {
    "confirm": "已确认", "correct": "已更正", "deny": "已记为原文没有", "add": "已补充", "undo": "已撤销",
    "insist": "已恢复原来的意见",
}  # fmt: skip
_TOLD = frozenset({"did", "paper", "mark", "late"})
CHANGED = 409
WRONG = 422


@bp.get("/d/<address>/value/<key>")
def value(address: str, key: str) -> ResponseReturnValue:
    """The card of one value. Where it is gone, what stands in its place is told."""
    found = found_now(address)
    target = find(found, key)
    if target is None:
        return _changed(found, "这一项的内容已经改变，或已有人复核过", "", "")
    card = dealer(found).card(target, reasons_of(found, target))
    return _card_page(found, card, typed=request.args.get("say", ""))


@bp.post("/d/<address>/value/<key>")
def act(address: str, key: str) -> ResponseReturnValue:
    """One decision. The value and the last act about it must be those that the person saw."""
    require("review")
    who = asked_name()
    found = found_now(address)
    target = find(found, key)
    verb, say = _asked(found, target)
    try:
        says = _says(found, target, verb, say) if target is not None else _kept_words(found.record)
    except TypedError as error:
        assert target is not None
        card = dealer(found).card(target, reasons_of(found, target))
        return _card_page(found, card, problem=str(error), code=WRONG)
    if target is not None and verb not in verbs_of(target) and verb not in VERBS[target.kind]:
        abort(400)
    asked = Asked(found.record.id, key, request.form.get("seen", ""), verb, says)  # type: ignore[arg-type]
    return _judged(found, target, asked, who)


def _asked(found: Resolution, target: Target | None) -> tuple[str, str]:
    """The verb and what was typed; the button of another reading stands for typing it."""
    verb, say = request.form.get("verb", ""), request.form.get("say", "")
    number = verb.removeprefix("reading-")
    if number != verb and number.isdecimal() and target is not None:
        known = dealer(found).readings(target)
        if int(number[:4]) >= len(known):
            abort(400)
        return "correct", known[int(number[:4])]
    if verb not in DONE:
        abort(400)
    return verb, say


def _judged(found: Resolution, target: Target | None, asked: Asked, who: Person) -> ResponseReturnValue:
    sha256 = file_of(asked.address)
    try:
        done = judge(review_desk().store, sha256, asked, who.signed)
    except Conflict as conflict:
        return keep(make_response(_changed(conflict.now, str(conflict), asked.verb, request.form.get("say", ""))), who)
    except TypedError as error:
        assert target is not None
        return _card_page(found, dealer(found).card(target), problem=str(error), code=WRONG)
    except (Gone, ValueError):
        abort(400)
    is_shown = review_desk().follow.tell([sha256]) if done.acts else True
    last = done.acts[-1] if done.acts else None
    verb = "confirm" if last is not None and not last.takes_back and last.saw == last.say else asked.verb
    return _after(asked.address, verb, last, who, is_shown=is_shown)


def _after(address: str, verb: str, last: Review | None, who: Person, *, is_shown: bool) -> Response:
    """Back to where the person came from, which tells what was done and lets it be taken back."""
    mark = last.mark if last else ""
    if wants_json():
        return keep(make_response({"done": verb, "mark": mark, "searchable": is_shown}), who)
    where = back_to(request.form.get("next", ""), url_for("documents.show", address=address, review=1))
    told = {"did": verb, "paper": address, "mark": mark} | ({} if is_shown else {"late": "1"})
    return keep(redirect(with_args(where, told), 303), who)


@bp.post("/d/<address>/undo")
def undo(address: str) -> ResponseReturnValue:
    """Take back the decision with this mark, when it is the last about its values."""
    require("review")
    who = asked_name()
    found = found_now(address)
    sha256 = file_of(address)
    try:
        done = take_back(review_desk().store, sha256, found.record.id, request.form.get("mark", "")[:16], who.signed)
    except Conflict as conflict:
        return keep(make_response(_changed(conflict.now, str(conflict), "undo", "")), who)
    except Gone:
        abort(404)
    is_shown = review_desk().follow.tell([sha256])
    return _after(address, "undo", done.acts[-1], who, is_shown=is_shown)


@bp.get("/d/<address>/acts")
def acts(address: str) -> ResponseReturnValue:
    """Everything that people said of a paper, newest first."""
    reading, record = _paper(address)
    at = reading.documents.index(record)
    shared = share(reading.documents, review_desk().store.reviews(reading.sha256))
    found = found_now(address)
    covered = is_covered(found.record)
    told = tell_acts(shared.of[at], services().labels, covered=covered)
    last = {one.acts[-1].mark for one in targets(found) if one.acts and one.kind != "stale"}
    if wants_json():
        return {"acts": [{"mark": one.mark, "where": one.where, "words": one.words, "by": one.by, "at": one.at,
                          "stands": one.stands} for one in told]}  # fmt: skip
    return render_template(
        "review_paper.html", told=told, last=last, title=shown_title(found.record), address=address, who=person(),
        stale=len(found.stale), **notice(),
    )  # fmt: skip


@bp.post("/who")
def name() -> ResponseReturnValue:
    """Under another name from now on."""
    who = asked_name()
    return keep(redirect(back_to(request.form.get("next", ""), url_for("queue.queue")), 303), who)


# --- what the queue uses too --------------------------------------------------------------------------------


def found_now(address: str) -> Resolution:
    """A paper as it stands; 404 when it is not there."""
    sha256 = file_of(address)
    try:
        return look(review_desk().store, sha256, address)
    except Gone:
        abort(404)


def file_of(address: str) -> str:
    return _paper(address)[0].sha256


def _paper(address: str) -> tuple[Reading, Record]:
    found = services().papers.find(address)
    if found is None:
        abort(404)
    return found


def dealer(found: Resolution) -> Dealer:
    held: ReviewDesk = review_desk()
    sha256 = file_of(found.record.id)
    document = held.store.text(sha256) or Document(sha256, "", (), "", "")
    return Dealer(found, document, services().labels, held.rules, covered=is_covered(found.record))


def is_covered(record: Record) -> bool:
    """Whether mobile numbers are masked: unless the paper is public or the person asks."""
    return not is_public(record["disclosure"]) and not reveals()


def notice() -> dict[str, Any]:
    """What has just been done, for the page that comes after it: a sentence, the act to take back and where to go on
    from there."""
    verb, mark = request.args.get("did", ""), request.args.get("mark", "")
    kept = [(name, one) for name, one in request.args.items(multi=True) if name not in _TOLD]
    told = {"did": "", "did_mark": "", "did_paper": "", "did_next": with_args(request.path, dict(kept))}
    if verb in DONE:
        told["did"] = DONE[verb] + ("；检索结果稍后更新" if request.args.get("late") else "")
        told["did_mark"] = mark if len(mark) <= 16 and mark.isalnum() and verb != "undo" else ""
        told["did_paper"] = request.args.get("paper", "")[:40]
    return told


def with_args(where: str, more: dict[str, str]) -> str:
    parts = urlsplit(where)
    query = "&".join(one for one in (parts.query, urlencode({key: one for key, one in more.items() if one})) if one)
    return f"{parts.path}{'?' + query if query else ''}{'#' + parts.fragment if parts.fragment else ''}"


# --- pages ------------------------------------------------------------------------------------------------


def _card_page(
    found: Resolution, card: Card, *, problem: str = "", typed: str = "", code: int = 200
) -> ResponseReturnValue:
    typed = request.form.get("say", "") if problem else typed
    if wants_json():
        return {"key": card.key, "seen": card.seen, "label": card.label, "value": card.value, "state": card.state,
                "verbs": sorted(card.verbs), "readings": list(card.readings), "problem": problem,
                "form_token": token()}, code  # fmt: skip
    where = url_for("documents.show", address=card.address, review=1) + f"#{card.anchor}"
    page = render_template(
        "review_value.html", card=card, title=shown_title(found.record), problem=problem, typed=typed, who=person(),
        next=back_to(request.values.get("next", ""), where),
        cells={key: one for key, one in request.form.items() if key.startswith("cell-")},
    )  # fmt: skip
    return make_response(page, code)


def _changed(found: Resolution, message: str, verb: str, say: str) -> ResponseReturnValue:
    """Nothing was written: what the person wanted, what stands there now, and who said so."""
    field, column = request.form.get("field", ""), request.form.get("column", "")
    held = dealer(found)
    now = [one for one in targets(found) if one.field == field and one.column == column and one.kind not in
           {"row", "removed", "stale", "issue"}] if field else []  # fmt: skip
    row = request.form.get("row", "")
    now = [one for one in now if not row or one.row == row] or now
    if wants_json():
        return {"error": message, "now": [{"key": one.key, "value": held.printed(one)} for one in now]}, CHANGED
    told = tell_acts(found.acts[-5:], services().labels, covered=is_covered(found.record))
    page = render_template(
        "review_changed.html", message=message, verb=DONE.get(verb, "")[1:], say=say, told=told,
        now=[held.card(one) for one in now[:12]], title=shown_title(found.record), address=found.record.id,
        next=back_to(request.values.get("next", ""), url_for("documents.show", address=found.record.id, review=1)),
    )  # fmt: skip
    return make_response(page, CHANGED)


def _kept_words(record: Record) -> Sequence[Any]:
    """Of a form whose value is gone: only to tell a form that was sent twice."""
    say = request.form.get("say", "").strip()
    try:
        field, column = request.form.get("field", ""), request.form.get("column", "")
        return [read_typed(review_desk().rules, field, column, say, year=_year(record))] if say else []
    except TypedError:
        return [say]


def _says(found: Resolution, target: Target, verb: str, typed: str) -> Sequence[Any]:
    """What was typed, read by the type of the field. Raises TypedError."""
    rules = review_desk().rules
    year = _year(found.record)
    if verb == "add" and target.kind == "table":
        return [_row(target.field, year)]
    if verb == "add":
        return read_several(rules, target.field, target.column, typed, year=year)
    if verb == "correct":
        return [read_typed(rules, target.field, target.column, typed, year=year)]
    return []


def _row(table: str, year: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in ROWS[table]:
        typed = request.form.get(f"cell-{column}", "").strip()
        several = is_list(table, column)
        if not typed:
            row[column] = [] if several else None
            continue
        read = read_several if several else read_typed
        row[column] = read(review_desk().rules, table, column, typed, year=year)
    if not any(row.values()):
        raise TypedError("请至少填写一栏")
    return row


def _year(record: Record) -> int | None:
    for key in ("issue_date", "print_date", "publish_date"):
        if record[key]:
            return int(str(record[key])[:4])
    parts = record["number_parts"]
    return int(parts["year"]) if parts else None
