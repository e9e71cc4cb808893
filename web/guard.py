"""The guard: before every request, whoever asks for whatever. Deny by default."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError

from web.csrf import PROGRAMS, SAFE
from web.rights import endpoint_at, need_of
from web.security import Refusal, wants_json
from web.sight import is_limited
from web.signed import Signed, accounts, accounts_on, load, signed
from web.who import may

_STAGES = {"second": "signin.second", "enrol": "account.enrol"}
_ANY_STAGE = frozenset({"signin.out", "static", "bootstrap.static", "health.health"})
_FIRST = frozenset({"static", "bootstrap.static", "health.health", "signin.set_up"})
"""What answers on a site that others can reach and nobody has made a user for."""


def install(app: Flask) -> None:
    app.before_request(_guard)
    app.jinja_env.globals["nav_allows"] = nav_allows
    app.jinja_env.globals["may"] = may
    app.jinja_env.globals["signed"] = signed
    app.jinja_env.globals["accounts_on"] = accounts_on


def _guard() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if isinstance(request.routing_exception, SecurityError):
        return None  # another host's name: nothing is looked at, and the answer says so
    if not accounts_on():
        if accounts() is not None and current_app.config["API_NEEDS_TOKEN"] and endpoint not in _FIRST:
            raise Refusal("还没有建立管理员", "请按启动时终端上显示的链接建立第一个管理员。", code=403)
        return None
    who = load()
    if endpoint is None:
        return None if who is not None else _sign_in()
    need = need_of(current_app, endpoint)
    if need is not None and need.right == "open":
        return None
    if who is None:
        return _sign_in()
    if who.stage != "full" and endpoint not in _ANY_STAGE and endpoint != _STAGES[who.stage]:
        return redirect(url_for(_STAGES[who.stage])) if request.method in SAFE and not wants_json() else _sign_in()
    if who.stage == "full" and not allows(endpoint, who):
        raise Refusal("没有权限", "您的账号没有这项权限；如工作需要，请联系管理员。", code=403)
    if who.is_program and request.method not in SAFE and not request.path.startswith(PROGRAMS):
        raise Refusal("令牌不能用于网页上的操作", "程序请使用 /api 下的接口。", code=403)
    if not who.is_program and request.method not in SAFE and request.path.startswith(PROGRAMS):
        raise Refusal("接口只接受令牌", "交入文件等操作请在 Authorization 标头里写令牌。", code=401)
    return None


def allows(endpoint: str, who: Signed) -> bool:
    need = need_of(current_app, endpoint)
    return need is not None and need.right in who.rights and (need.scoped or not is_limited(who.user))


def nav_allows(path: str) -> bool:
    """Whether a link of the main menu leads somewhere for this reader."""
    if not accounts_on():
        return True
    who = signed()
    return who is not None and who.stage == "full" and allows(endpoint_at(path), who)


def _sign_in() -> ResponseReturnValue:
    """A person is led to the form and back; a program is told."""
    if request.method in SAFE and not wants_json() and "Authorization" not in request.headers:
        where = request.full_path.rstrip("?")
        return redirect(f"{url_for('signin.form')}?{urlencode({'next': where})}" if where != "/" else
                        url_for("signin.form"))  # fmt: skip
    raise Refusal("需要登录", "请先登录，或出示有效的接口令牌；在表单中写了内容的，请先复制。", code=401)
