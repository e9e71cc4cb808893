"""Rules for administrators: fields and their patterns, a pattern tried on the corpus and what it would change, saved
into the office's own folder and put to work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.errors import RuleError
from gongwen.record import LISTS, ROWS, SCALARS
from gongwen.rule_draft import Draft, free_id, read_examples, read_lines, read_words, takes_patterns
from gongwen.rulebook import FieldRule, Rulebook
from web.bench import Job, bench
from web.facts import chinese_date, print_rich
from web.ports import services
from web.security import wants_json
from web.who import asked_name, keep, person, require

bp = Blueprint("rules", __name__)

CHANGES = {"gained": "新增", "lost": "失去", "changed": "改变"}
ZONES = {
    "any": "全文", "meta": "网页信息", "header": "文首", "title": "标题", "addressees": "主送", "body": "正文",
    "annex_note": "附件说明", "signature": "落款", "imprint": "版记", "enclosure": "被印发件", "annex": "附件",
}  # fmt: skip
TYPES = {
    "text": "文字", "texts": "几段文字", "number": "文号", "date": "日期", "period": "时间", "kind": "文种",
    "unit": "单位", "units": "几个单位", "topics": "主题分类", "rows": "表格", "choice": "选项",
}  # fmt: skip


@bp.before_request
def _guard() -> None:
    require("rules")


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    held = bench()
    try:
        ours, book = held.rules()
    except RuleError as error:
        return _broken(error)
    stale, total = held.outdated()
    order = [name for name in (*SCALARS, *LISTS, *ROWS) if name in book.fields]
    rows = [_row(ours, book, name) for name in dict.fromkeys([*order, *book.fields])]
    return render_template(
        "rules.html", rows=rows, folder=held.folder, stale=stale, total=total, fingerprint=book.fingerprint,
        problem="",
    )  # fmt: skip


def _broken(error: RuleError) -> ResponseReturnValue:
    page = render_template("rules.html", rows=[], folder=bench().folder, stale=0, total=0, problem=str(error))
    return make_response(page, 200)


def _row(ours: Rulebook, book: Rulebook, name: str) -> dict[str, Any]:
    rule = book.fields[name]
    shipped = ours.fields[name].patterns if name in ours.fields else ()
    return {
        "name": name, "label": rule.label, "type": TYPES.get(rule.type, rule.type), "patterns": len(rule.patterns),
        "own": len(rule.patterns) - len(shipped), "examples": len(rule.examples) + len(rule.counterexamples),
        "words": len(rule.labels), "takes": takes_patterns(rule),
    }  # fmt: skip


@bp.get("/rules/<name>")
def field(name: str) -> ResponseReturnValue:
    """One field: what it is read by, and the form for a pattern, empty or with one that was saved from here."""
    ours, book = _books()
    rule = _rule(book, name)
    wanted = request.args.get("edit", "")
    draft = next((one for one in bench().saved() if one.field == name and one.id == wanted), None)
    return _field_page(ours, book, rule, _typed(draft) if draft else {}, replaced=wanted if draft else "")


def _field_page(
    ours: Rulebook, book: Rulebook, rule: FieldRule, typed: Mapping[str, str], *, replaced: str = "",
    problem: str = "", code: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    shipped = {one.id for one in ours.fields[rule.name].patterns} if rule.name in ours.fields else set()
    saved = {one.id for one in bench().saved() if one.field == rule.name}
    patterns = [{"one": one, "from": "自带" if one.id in shipped else "网页保存" if one.id in saved else "单位规则",
                 "saved": one.id in saved} for one in rule.patterns]  # fmt: skip
    page = render_template(
        "rules_field.html", rule=rule, patterns=patterns, takes=takes_patterns(rule), typed=typed, replaced=replaced,
        zones="、".join(ZONES[zone] for zone in ZONES if zone in rule.zones), folder=bench().folder, problem=problem,
        kind=TYPES.get(rule.type, rule.type),
    )  # fmt: skip
    return make_response(page, code)


def _typed(draft: Draft) -> dict[str, str]:
    examples = "\n".join(text if value is None else f"{text} => {value}" for text, value in draft.examples)
    return {"regex": draft.regex, "score": draft.score, "triggers": "、".join(draft.triggers), "examples": examples,
            "counterexamples": "\n".join(draft.counterexamples), "note": draft.note}  # fmt: skip


@bp.post("/rules/<name>/try")
def try_out(name: str) -> ResponseReturnValue:
    """Start the trial; whatever is wrong with the pattern is told on the page of the trial."""
    ours, book = _books()
    rule = _rule(book, name)
    if not takes_patterns(rule):
        abort(400)
    replaced = next((one for one in bench().saved() if one.field == name and one.id == request.form.get("replaced")),
                    None)  # fmt: skip
    is_removal = request.form.get("remove") == "1"
    if is_removal and replaced is None:
        abort(400)
    draft = None if is_removal else _draft(rule, book, replaced)
    try:
        job = bench().try_out(draft, replaced)
    except RuleError as error:
        typed = {key: request.form.get(key, "") for key in ("regex", "score", "triggers", "examples",
                                                            "counterexamples", "note")}  # fmt: skip
        return _field_page(ours, book, rule, typed, replaced=replaced.id if replaced else "", problem=str(error),
                           code=409)  # fmt: skip
    if wants_json():
        return {"job": job.id}
    return redirect(url_for("rules.job", id=job.id), 303)


def _draft(rule: FieldRule, book: Rulebook, replaced: Draft | None) -> Draft:
    form = request.form
    return Draft(
        rule.name, replaced.id if replaced else free_id(rule.name, book), form.get("regex", "").strip(),
        form.get("score", "0.7").strip() or "0.7", (), read_words(form.get("triggers", "")),
        read_examples(form.get("examples", "")), read_lines(form.get("counterexamples", "")),
        " ".join(form.get("note", "").split())[:200],
    )  # fmt: skip


@bp.get("/rules/jobs/<id>")
def job(id: str) -> ResponseReturnValue:
    """A trial or the records being derived anew: how far it is, what it found, and what may be done with it."""
    found = _job(id)
    if wants_json():
        return {"state": found.state, "done": found.done, "total": found.total, "what": found.what,
                "problems": list(found.problems), "hits": list(found.hits), "changes": list(found.changes),
                "sums": dict(found.sums), "saved": found.is_saved}  # fmt: skip
    labels = services().labels
    rule = None
    if found.draft or found.replaced:
        rule = _books()[1].fields.get((found.draft or found.replaced).field)  # type: ignore[union-attr]
    changes = [{**one, "changes": [_change(each) for each in one["changes"]]} for one in found.changes]
    page = render_template(
        "rules_job.html", job=found, rule=rule, labels=labels, changes=changes, folder=bench().folder, who=person(),
        counts="、".join(f"{word} {found.sums[kind]} 个值" for kind, word in CHANGES.items() if found.sums.get(kind)),
        typed=_typed(found.draft) if found.draft else {},
    )  # fmt: skip
    return make_response(page)


def _change(change: Mapping[str, Any]) -> dict[str, str]:
    name, _, rest = str(change["field"]).partition("「")
    row, _, column = rest.partition("」.")
    labels = services().labels
    where = labels.field(name) + (f"“{row}”的{labels.column(name, column)}" if row else "")
    return {"kind": CHANGES[change["kind"]], "where": where, "old": _said(name, change["old"]),
            "new": _said(name, change["new"])}  # fmt: skip


def _said(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return print_rich(value) if "text" in value else "，".join(_said(name, one) for one in value.values() if one)
    if isinstance(value, list):
        return "、".join(_said(name, one) for one in value)
    return "" if value is None else chinese_date(str(value)) if name.endswith("_date") else str(value)


@bp.post("/rules/jobs/<id>/stop")
def stop(id: str) -> ResponseReturnValue:
    _job(id)
    bench().stop(id)
    return redirect(url_for("rules.job", id=id), 303)


@bp.post("/rules/jobs/<id>/save")
def save(id: str) -> ResponseReturnValue:
    """Keep the pattern as it was tried, then derive the records anew."""
    who = asked_name()
    _job(id)
    try:
        following = bench().save(id, who.signed)
    except RuleError as error:
        return _refused(error)
    return keep(redirect(url_for("rules.job", id=following.id), 303), who)


@bp.post("/rules/apply")
def apply() -> ResponseReturnValue:
    """Derive anew what other rules have made."""
    try:
        following = bench().apply()
    except RuleError as error:
        return _refused(error)
    return redirect(url_for("rules.job", id=following.id), 303)


def _refused(error: RuleError) -> ResponseReturnValue:
    if wants_json():
        return {"error": str(error)}, 409
    page = render_template("error.html", code=409, what="没有保存", action=f"{error}。", number="")
    return make_response(page, 409)


def _books() -> tuple[Rulebook, Rulebook]:
    try:
        return bench().rules()
    except RuleError:
        abort(redirect(url_for("rules.rules"), 303))


def _rule(book: Rulebook, name: str) -> FieldRule:
    rule = book.fields.get(name)
    if rule is None:
        abort(404)
    return rule


def _job(id: str) -> Job:
    found = bench().job(id)
    if found is None:
        abort(404)
    return found
