"""The trail for auditors: read, filtered, checked, taken away. Nothing here changes it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from gongwen.trail import Entry, Trail
from web.filters import clean
from web.rights import needs
from web.security import wants_json
from web.sheets import Column, csv_bytes
from web.signed import accounts_on
from web.trailed import ACTS, trail

bp = Blueprint("trail", __name__)

PAGE = 100
LOOKED_THROUGH = 200_000
"""Lines that a filter goes through for a page; an older one is reached by going on."""
MOST = 50_000
COLUMNS = (Column("序号", 8), Column("时间", 26), Column("用户", 16), Column("操作", 16), Column("内容", 80),
           Column("地址", 16), Column("校验值", 66))  # fmt: skip


@bp.get("/trail")
@needs("trail")
def page() -> ResponseReturnValue:
    held, before = _held(), max(0, request.args.get("before", 0, int))
    who, act, day = _asked()
    found = list(islice(_found(held, before, who, act, day), PAGE + 1))
    shown, more = found[:PAGE], len(found) > PAGE
    problems = held.verify() if request.args.get("check") == "1" else None
    if wants_json():
        return {"rows": [_plain(one) for one in shown], "next": shown[-1].number if more else None,
                "problems": None if problems is None else [one.message for one in problems]}  # fmt: skip
    return render_template(
        "trail.html", rows=shown, more=shown[-1].number if more else 0, who=who, act=act, day=day, acts=ACTS,
        problems=problems, has_anchors=held.anchors is not None, before=before,
    )  # fmt: skip


@bp.get("/trail.csv")
@needs("trail")
def as_csv() -> ResponseReturnValue:
    who, act, day = _asked()
    rows = ((str(one.number), one.at, one.who, ACTS.get(one.act, one.act), one.what, one.where, one.hash)
            for one in islice(_found(_held(), 0, who, act, day), MOST))  # fmt: skip
    response = Response(csv_bytes(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=gongwen-trail.csv"
    return response


def _found(held: Trail, before: int, who: str, act: str, day: str) -> Any:
    for entry in islice(held.entries(before=before), LOOKED_THROUGH):
        if (not who or entry.who == who) and (not act or entry.act == act) and entry.at.startswith(day):
            yield entry


def _asked() -> tuple[str, str, str]:
    act = request.args.get("act", "")
    return clean(request.args.get("who", ""))[:60], act if act in ACTS else "", clean(request.args.get("day", ""))[:10]


def _plain(one: Entry) -> dict[str, Any]:
    return {"n": one.number, "at": one.at, "who": one.who, "act": one.act, "what": one.what, "where": one.where,
            "hash": one.hash}  # fmt: skip


def _held() -> Trail:
    found = trail()
    if found is None or not accounts_on():
        abort(404)
    return found
