"""The auditor's questions as pages: conditions above, rows with their evidence below, files to take away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.answers import Answer, Evidence, Row
from audit.desk import Desk, NotKnownError
from audit.duties import say
from audit.export import bundle, report, tables
from audit.followups import Act, Said
from audit.questions import QUESTIONS, Asked
from gongwen.labels import ROLES
from index.catalogue.refs import anchor
from index.catalogue.tables import UNIT_ROLES
from web.browsing import asked_number, asked_page, asked_text, pages
from web.masking import COVERED, mask, mask_all
from web.security import Refusal, wants_json
from web.who import asked_name, keep, may, person

bp = Blueprint("audit", __name__)
EXTENSION = "gongwen.audit"

PAGE = 100
MOST = 2000
"""Rows of one answer on the site; commands give more."""

FIELDS: dict[str, tuple[str, str]] = {
    "text": ("词语", "任务名称或其中几个字"), "unit": ("单位", "全称、简称、旧称都可以"), "group": ("小组",
    "名称中的几个字"),
    "person": ("姓名", ""), "issuer": ("发文机关", "全称或简称"), "role": ("角色", ""), "first": ("起始年份",
    "如 2020"),
    "last": ("截止年份", "如 2024"), "on": ("日期", ""), "start": ("自", ""), "end": ("至", ""),
    "one": ("一件", "文号、标题或编号"), "other": ("另一件", "文号、标题或编号"), "derived": ("范围", ""),
}  # fmt: skip
"""Conditions: label and hint."""

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip": "application/zip",
}  # fmt: skip
_SAID: Mapping[str, Said] = {"done": "done", "open": "open", "void": "void"}
_SPOOL = 16 << 20


def desk() -> Desk:
    return cast(Callable[[], Desk], current_app.extensions[EXTENSION])()


@bp.get("/audit")
def index() -> ResponseReturnValue:
    return render_template("audit.html", questions=QUESTIONS.values(), fields=FIELDS, roles=_roles(), asked=Asked())


@bp.get("/audit/<key>")
def question(key: str) -> ResponseReturnValue:
    wanted = QUESTIONS.get(key) or abort(404)
    asked = _asked()
    answer, wrong = None, ""
    if wanted.is_asked(asked):
        try:
            answer = masked(wanted.work(desk(), asked))
        except NotKnownError as error:
            wrong = str(error)
    if wants_json():
        return _as_json(answer, wrong)
    page = asked_page()
    shown = answer.rows[(page - 1) * PAGE : page * PAGE] if answer else ()
    return render_template(
        "audit_answer.html", question=wanted, questions=QUESTIONS.values(), fields=FIELDS, roles=_roles(), asked=asked,
        answer=answer, wrong=wrong, rows=list(_grouped(shown)), first=(page - 1) * PAGE + 1,
        pages=pages(len(answer.rows), page=page, size=PAGE) if answer else None, files=_files(key),
        may_confirm=key == "duties" and may("review"), who=person(), here=request.full_path, place=place_of,
    )  # fmt: skip


@bp.get("/audit/<key>.<any(xlsx, csv, docx, zip):kind>")
def download(key: str, kind: str) -> ResponseReturnValue:
    wanted = QUESTIONS.get(key) or abort(404)
    asked = _asked()
    if not wanted.is_asked(asked):
        raise Refusal("还没有写查询条件", "请先在页面上查询，再另存。")
    held = desk()
    try:
        answer = wanted.work(held, asked)
    except NotKnownError as error:
        raise Refusal(str(error), "请回到上一页修改条件。", code=404) from error
    made, office = datetime.now().astimezone(), current_app.config["OFFICE"]
    if kind == "zip":
        return _zip(held, answer, office, made)
    shown = masked(answer)
    contents: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: tables.xlsx([shown], _external, [COVERED]),
        "csv": lambda: tables.csv(shown, _external),
        "docx": lambda: report.docx([shown], office=office, made=made),
    }
    return _named(Response(contents[kind](), content_type=_KINDS[kind]), key, kind, made)


@bp.post("/audit/duties/confirm")
def confirm() -> ResponseReturnValue:
    """What became of a duty, as a person says it. Kept beside the reviews; no rebuild touches it."""
    if not may("review"):
        raise Refusal("没有权限", "请联系管理员。", code=403)
    who = asked_name()
    address, row, day = _key(request.form.get("key", ""))
    said = _SAID.get(request.form.get("said", ""))
    if said is None:
        raise Refusal("没有选择办理情况", "请返回上一页，选择已办、未办或不必办。")
    held = desk()
    told = request.form.get("report", "")[:40]
    reporting = held.citer.record(told) if told else None
    if told and reporting is None:
        raise Refusal("没有这件公文", "请返回上一页重新选择。", code=404)
    named = str((reporting["document_number"] or reporting["title"]) if reporting else "")
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    note = " ".join(request.form.get("note", "").split())[:200]
    try:
        say(held, address, row, Act("", "", day, said, who.signed, at, 0, named, told, note))
    except NotKnownError as error:
        raise Refusal(str(error), "请返回上一页，刷新后再试。", code=409) from error
    back = request.form.get("back", "")
    safe = (
        back
        if back.startswith("/audit/") and "//" not in back and "\\" not in back
        else url_for(".question", key="duties")
    )
    return keep(cast(Any, redirect(safe, code=303)), who)


def masked(answer: Answer) -> Answer:
    """Mobile numbers starred wherever words of a paper stand."""
    return replace(
        answer, rows=tuple(_masked_row(row) for row in answer.rows), notes=tuple(map(mask, answer.notes)),
        asked=tuple((name, mask(value)) for name, value in answer.asked),
    )  # fmt: skip


def place_of(one: Evidence) -> str:
    """Where the page of the paper shows the place."""
    return url_for("documents.show", address=one.record_id, _anchor=anchor(one.path) if one.path else None)


def _masked_row(row: Row) -> Row:
    evidence = tuple(
        replace(one, quote=mask(one.quote), title=mask(one.title), part=mask(one.part), source=mask(one.source))
        for one in row.evidence
    )
    return replace(
        row,
        cells=tuple(map(mask, row.cells)),
        evidence=evidence,
        group=mask(row.group),
        marks=tuple(map(mask, row.marks)),
    )


def _external(one: Evidence) -> str:
    return request.url_root.rstrip("/") + place_of(one)


def _asked() -> Asked:
    return Asked(
        text=asked_text("text"), unit=asked_text("unit"), group=asked_text("group"), person=asked_text("person", 20),
        issuer=asked_text("issuer"), role=asked_text("role") if asked_text("role") in UNIT_ROLES else "",
        first=asked_number("first", least=1900, most=2999), last=asked_number("last", least=1900, most=2999),
        on=_day("on"), start=_day("start"), end=_day("end"), one=asked_text("one", 200), other=asked_text("other", 200),
        derived=request.args.get("derived", "1") != "0", limit=MOST,
    )  # fmt: skip


def _day(name: str) -> str:
    try:
        return date.fromisoformat(request.args.get(name, "")).isoformat()
    except ValueError:
        return ""


def _key(text: str) -> tuple[str, int, str]:
    address, _, rest = text[:80].partition("|")
    row, _, day = rest.partition("|")
    if not (row.isascii() and row.isdigit() and len(row) <= 5):
        raise Refusal("请求有误", "请返回上一页，刷新后再试。")
    return address, int(row), day[:10]


def _grouped(rows: tuple[Row, ...]) -> Iterator[tuple[str, list[Row]]]:
    """Rows under their headings, in order."""
    held: list[Row] = []
    for row in rows:
        if held and held[-1].group != row.group:
            yield held[0].group, held
            held = []
        held.append(row)
    if held:
        yield held[0].group, held


def _files(key: str) -> list[tuple[str, str]]:
    known: dict[str, Any] = {name: value for name, value in request.args.items() if name in FIELDS}
    words = {"xlsx": "电子表格", "csv": "CSV", "docx": "可打印的报告", "zip": "证据包"}
    return [(word, url_for(".download", key=key, kind=kind, **known)) for kind, word in words.items()]


def _roles() -> list[tuple[str, str]]:
    return [(one, ROLES[one]) for one in UNIT_ROLES]


def _as_json(answer: Answer | None, wrong: str) -> ResponseReturnValue:
    if wrong:
        return {"error": wrong}, 404
    if answer is None:
        return {"error": "还没有写查询条件"}, 400
    found: dict[str, Any] = mask_all(answer.to_json())
    return Response(json.dumps(found, ensure_ascii=False), content_type="application/json")


def _zip(held: Desk, answer: Answer, office: str, made: datetime) -> Response:
    """Originals are handed out as they are, so the answer in the bundle is not masked either."""
    out = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115  (closed when the response is)
    sums = bundle.write_bundle(cast(Any, out), [answer], held.store, _external, office=office, made=made)
    length = out.tell()
    out.seek(0)
    response = Response(_pieces(out), content_type=_KINDS["zip"])
    response.content_length = length
    response.headers["X-Sums-SHA256"] = sums
    return _named(response, answer.question, "zip", made)


def _pieces(out: Any) -> Iterator[bytes]:
    with out:
        while piece := out.read(1 << 18):
            yield piece


def _named(response: Response, key: str, kind: str, made: datetime) -> Response:
    """The name is plain ASCII: names from conditions would be somebody's words in a header."""
    name = f"audit-{key}-{made.strftime('%Y%m%d-%H%M')}.{kind}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
