"""What is done on the site goes into the trail: every change, every download, every look at numbers in full, and with
accounts every paper looked at. By what the answer is, so a view that is added is noted too.

A look or a download that cannot be noted is not handed out."""

from __future__ import annotations

import logging
from typing import cast

from flask import Flask, Response, current_app, g, make_response, request

from gongwen.errors import StoreError
from gongwen.trail import Trail
from web.csrf import SAFE
from web.security import SENTENCES, wants_json
from web.signed import accounts_on, signed
from web.who import person

ACTS = {
    "begin": "记录开始", "torn": "断电后修复", "signin": "登录", "signin.failed": "登录失败",
    "signin.locked": "登录被锁", "signout": "退出", "setup": "建立管理员", "password": "设置密码",
    "second": "设置动态码", "user.add": "新建用户", "user.change": "修改用户", "user.link": "发重设链接",
    "token.add": "发令牌", "token.revoke": "停用令牌", "look": "查看", "unmask": "查看完整号码",
    "export": "导出或下载", "change": "修改", "withdraw": "撤出公文", "denied": "无权限",
}  # fmt: skip

_OWN = ("signin.", "account.", "users.")
"""Views that note what they do themselves, in words: their addresses may hold what opens something."""
_LOOKS = frozenset({"documents.show", "api.document"})
_EXPORTS = frozenset({"saved.feed", "calendar.feed"})

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.after_request(_note)


def trail() -> Trail | None:
    """Of the running app."""
    return cast("Trail | None", current_app.extensions.get("gongwen.trail"))


def note(act: str, what: str = "", *, who: str | None = None) -> None:
    """Raises OSError, StoreError when it cannot be written."""
    held = trail()
    if held is not None:
        held.append(act, what, who=_who() if who is None else who, where=request.remote_addr or "")


def _who() -> str:
    found = signed()
    if found is not None:
        return found.user.name
    named = person()
    return named.signed if named is not None else ""


def _note(response: Response) -> Response:
    act = _act(response)
    if not act or trail() is None:
        return response
    try:
        note(act, _what())
    except (OSError, StoreError) as error:
        _log.error("not noted in the trail: %s", error)
        if act != "change":  # what was changed stands; what was only to be seen is not shown
            response.close()
            return _withheld()
    return response


def _act(response: Response) -> str:
    endpoint = request.endpoint or ""
    if endpoint.startswith(_OWN) or not endpoint:
        return ""
    if response.status_code == 403 and accounts_on() and signed() is not None:
        return "denied"
    if response.status_code >= 400:
        return ""
    if request.method not in SAFE:
        return "change"
    if response.headers.get("Content-Disposition", "").startswith("attachment") or endpoint in _EXPORTS:
        return "export"
    if g.get("revealed") and response.status_code != 304:
        return "unmask"
    return "look" if endpoint in _LOOKS and accounts_on() else ""


def _what() -> str:
    """The address, with what was asked for; of a form only which one it was."""
    told = request.full_path.rstrip("?") if request.method in SAFE else request.path
    return f"{request.method} {told}"


def _withheld() -> Response:
    what, action = SENTENCES[503]
    if wants_json():
        response = make_response({"error": what, "action": action, "code": 503}, 503)
    else:
        response = make_response(f"503 {what}。{action}\n", 503)
        response.content_type = "text/plain; charset=utf-8"
    return response
