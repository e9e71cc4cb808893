"""收文情况: what was taken in, what waits or was not read and why, and what can be done about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from gongwen.errors import REASONS, SourceError
from gongwen.store import is_sha256
from web.ports import Desk, Failure, services
from web.security import DOWNLOAD_POLICY, wants_json
from web.views.documents import download_type, plain_name
from web.who import require

bp = Blueprint("state", __name__)

UNKNOWN = ("未读成", "请联系管理员")
TOLD = {"retried": "已重新排队 {count} 个文件。", "opened": "已用密码打开，打开的副本已存入资料库；密码没有保存。"}
"""What a page says after a form; a reason's own sentences where a file did not open."""
NEXT = {True: "正在处理，稍后刷新本页可看到结果。", False: "下次收文时处理。"}
_MOST_PAGES = 100_000


@bp.get("/state")
def state() -> ResponseReturnValue:
    code = request.args.get("reason", "")
    code = code if code in REASONS else ""
    page = min(max(1, request.args.get("page", 1, int)), _MOST_PAGES)
    intake = services().intake(code, page)
    failures = [_row(one) for one in intake.failures]
    counts = [{"name": name, "count": count} for name, count in intake.counts]
    kinds = [{"code": kind, "reason": REASONS.get(kind, UNKNOWN)[0], "count": count} for kind, count in intake.kinds]
    if wants_json():
        return {"counts": counts, "kinds": kinds, "failures": failures, "total": intake.total, "page": intake.page,
                "pages": intake.pages, "checked": intake.checked,
                "alarms": list(intake.alarms)}  # fmt: skip
    return render_template(
        "state.html", counts=counts, kinds=kinds, failures=failures, intake=intake, code=code,
        alarms=intake.alarms,
        desk=services().desk, told=_told(), wrong=_wrong(),
    )  # fmt: skip


@bp.post("/state/retry")
def retry() -> ResponseReturnValue:
    """One file, or all of a kind."""
    desk = _desk()
    shas = [one for one in request.form.getlist("sha256") if is_sha256(one)]
    code = request.form.get("kind", "")
    count = desk.retry(shas) if shas else desk.retry_kind(code) if code in REASONS else 0
    return redirect(_back(told="retried", count=str(count)), 303)


@bp.post("/state/unlock")
def unlock() -> ResponseReturnValue:
    """The password is handed on and forgotten: it stands in no address, no page and no log."""
    desk = _desk()
    sha256 = request.form.get("sha256", "")
    if not is_sha256(sha256):
        abort(400)
    try:
        desk.unlock(sha256, request.form.get("password", ""))
    except SourceError as error:
        return redirect(_back(told=error.code, at=sha256), 303)
    return redirect(_back(told="opened"), 303)


@bp.get("/state/<sha256>/original")
def original(sha256: str) -> ResponseReturnValue:
    """A file that waits or was not read, as it came in: always a download, never one with a secret mark."""
    require("unmask")  # nobody knows what a file holds that was not read
    desk = services().desk
    found = desk.original(sha256) if desk is not None and is_sha256(sha256) else None
    if found is None:
        abort(404)
    response: Response = send_file(
        found.path, mimetype=download_type(found.media_type), as_attachment=True, download_name=plain_name(found.name),
        conditional=True, etag=sha256, max_age=0,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


def _desk() -> Desk:
    desk = services().desk
    if desk is None:
        abort(404)
    return desk


def _back(**told: str) -> str:
    """The page that the form stood on."""
    kept = {name: request.form[name] for name in ("reason", "page") if request.form.get(name)}
    return f"{url_for('state.state')}?{urlencode(kept | told)}"


def _told() -> str:
    told, desk = request.args.get("told", ""), services().desk
    if told not in TOLD or desk is None:
        return ""
    count = request.args.get("count", 0, int)
    if told == "retried" and count < 1:
        return "没有可以重试的文件，可能已经处理过了。"
    return TOLD[told].format(count=count) + NEXT[desk.works]


def _wrong() -> dict[str, str]:
    """The file that did not open, with why."""
    code = request.args.get("told", "")
    if code not in REASONS:
        return {}
    what, action = REASONS[code]
    return {"sha256": request.args.get("at", ""), "sentence": f"{what}。{action}。"}


def _row(one: Failure) -> dict[str, Any]:
    what, action = REASONS.get(one.code, UNKNOWN)
    likely = {"name": plain_name(one.likely[0]), "id": one.likely[1]} if one.likely else None
    return {"name": plain_name(one.name), "sha256": one.sha256, "code": one.code, "reason": what, "action": action,
            "partly": one.partly, "at": one.at, "locked": one.is_locked, "secret": one.is_secret,
            "likely": likely}  # fmt: skip
