"""Signing in and out, the second factor, the first administrator, passwords set anew by a link."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from gongwen.accounts.accounts import Accounts
from gongwen.accounts.sessions import Stage
from gongwen.accounts.users import User
from gongwen.errors import SettingsError
from web.local import back_to
from web.ports import Provider
from web.rights import needs
from web.security import Refusal
from web.signed import accounts, drop_session, give_session, session_key, signed
from web.trailed import note

bp = Blueprint("signin", __name__)

WRONG = "登录名或密码不对；忘记密码请找管理员。"
LOCKED = "试错太多，请在 {} 后再试；也可以请管理员重设密码。"


@bp.get("/signin")
@needs("open", scoped=True)
def form() -> ResponseReturnValue:
    _on()
    return _page()


@bp.post("/signin")
@needs("open", scoped=True)
def take() -> ResponseReturnValue:
    """What is told does not say whether there is such a user."""
    held = _on()
    name, address = request.form.get("name", "")[:100], request.remote_addr or ""
    checked = held.check(name, request.form.get("password", ""), address)
    if checked.user is not None:
        return _begin(held, checked.user)
    known = held.named(name)
    note("signin.locked" if checked.wait else "signin.failed", who=known.name if known is not None else "")
    if checked.wait:
        return _page(LOCKED.format(_told(checked.wait)), 429, wait=checked.wait)
    return _page(WRONG, 401)


@bp.get("/signin/other")
@needs("open", scoped=True)
def other() -> ResponseReturnValue:
    """By the provider of the office."""
    _on()
    return _provider().begin(url_for("signin.back", _external=True))


@bp.get("/signin/other/back")
@needs("open", scoped=True)
def back() -> ResponseReturnValue:
    held = _on()
    user = held.named(_provider().end())
    if user is None or user.via != "oidc" or user.is_disabled:
        note("signin.failed", who=user.name if user is not None else "")
        return _page("您还不是本系统的用户，请联系管理员。", 403)
    return _begin(held, user)


def _begin(held: Accounts, user: User) -> Response:
    """A new session in place of whatever the browser had."""
    asked = current_app.config["SECOND_FACTOR"]
    stage: Stage = "full"
    if user.via != "oidc":  # a provider asks for a second factor itself
        must = asked == "all" or (asked == "admin" and user.role == "admin")
        stage = "second" if user.has_second else "enrol" if must else "full"
    key = held.sessions.begin(user, stage, request.remote_addr or "", held.clock(), instead_of=session_key())
    if stage == "full":
        note("signin", who=user.name)
    where = back_to(request.form.get("next", ""), "/")
    steps = {"second": url_for("signin.second", next=where), "enrol": url_for("account.enrol")}
    return give_session(redirect(steps.get(stage, where), 303), key)


@bp.get("/signin/second")
@needs("signed", scoped=True)
def second() -> ResponseReturnValue:
    return render_template("signin_second.html", next=back_to(request.args.get("next", ""), "/"), problem="")


@bp.post("/signin/second")
@needs("open", scoped=True)
def take_second() -> ResponseReturnValue:
    held, who = _on(), signed()
    if who is None or who.stage != "second":
        return redirect(url_for("signin.form"), 303)
    where = back_to(request.form.get("next", ""), "/")
    checked = held.check_code(who.user, request.form.get("code", "")[:40], request.remote_addr or "")
    if checked.user is None:
        note("signin.locked" if checked.wait else "signin.failed", "second", who=who.user.name)
        told = LOCKED.format(_told(checked.wait)) if checked.wait else "动态码不对或已经用过，请等下一个再试。"
        page = render_template("signin_second.html", next=where, problem=told)
        return make_response(page, 429 if checked.wait else 401)
    key = held.sessions.begin(who.user, "full", request.remote_addr or "", held.clock(), instead_of=who.key)
    note("signin", "second", who=who.user.name)
    return give_session(redirect(where, 303), key)


@bp.post("/signout")
@needs("signed", scoped=True)
def out() -> ResponseReturnValue:
    held, who = _on(), signed()
    if who is not None:
        held.sessions.end(who.key)
        note("signout", who=who.user.name)
    return drop_session(redirect(url_for("signin.form"), 303))


@bp.route("/setup/<key>", methods=["GET", "POST"])
@needs("open", scoped=True)
def set_up(key: str) -> ResponseReturnValue:
    """The first administrator, by the link that the terminal showed."""
    held = accounts()
    if held is None or not held.may_set_up(key):
        abort(404)
    problem = ""
    if request.method == "POST":
        try:
            _same_twice()
            user = held.set_up(key, request.form.get("name", ""), request.form.get("password", ""),
                               shown=request.form.get("shown", ""))  # fmt: skip
            note("setup", user.name, who=user.name)
            return _begin(held, user)
        except SettingsError as error:
            problem = str(error)
    return make_response(render_template("signin_setup.html", problem=problem), 422 if problem else 200)


@bp.route("/reset/<key>", methods=["GET", "POST"])
@needs("open", scoped=True)
def reset(key: str) -> ResponseReturnValue:
    held = _on()
    user = held.link_user(key)
    if user is None:
        abort(404)
    problem = ""
    if request.method == "POST":
        try:
            _same_twice()
            held.use_link(key, request.form.get("password", ""))
            note("password", user.name, who=user.name)
            return redirect(url_for("signin.form"), 303)
        except SettingsError as error:
            problem = str(error)
    page = render_template("signin_reset.html", problem=problem, user=user)
    return make_response(page, 422 if problem else 200)


def _same_twice() -> None:
    if request.form.get("password", "") != request.form.get("again", ""):
        raise SettingsError("两次写的密码不一样")


def _page(problem: str = "", code: int = 200, *, wait: float = 0) -> Response:
    provider = current_app.extensions.get("gongwen.provider")
    response = make_response(render_template(
        "signin.html", problem=problem, next=back_to(request.values.get("next", ""), "/"),
        provider=provider.label if provider is not None else "", name=request.form.get("name", "")[:40],
    ), code)  # fmt: skip
    if wait:
        response.headers["Retry-After"] = str(ceil(wait))
    return response


def _on() -> Accounts:
    held = accounts()
    if held is None or not held.is_on:
        abort(404)
    return held


def _provider() -> Provider:
    found: Provider | None = current_app.extensions.get("gongwen.provider")
    if found is None:
        raise Refusal("没有统一身份认证", "请用登录名和密码登录。", code=404)
    return found


def _told(wait: float) -> str:
    return f"{ceil(wait)} 秒" if wait < 100 else f"{ceil(wait / 60)} 分钟"
