"""One's own account: password, second factor, where one is signed in, tokens for programs."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, TimestampSigner

from gongwen.accounts import second as codes
from gongwen.accounts.accounts import Accounts
from gongwen.accounts.keys import key_hash
from gongwen.accounts.users import ROLES as ROLE_NAMES
from gongwen.errors import SettingsError
from web.local import number_of
from web.rights import FOR_TOKENS, NAMES, needs
from web.security import Refusal
from web.signed import Signed, accounts, give_session, signed
from web.trailed import note

bp = Blueprint("account", __name__)

_SECRET_SECONDS = 900
DONE = {"password": "密码已修改，其他地方的登录都已退出。", "sessions": "其他地方的登录都已退出。",
        "token": "令牌已停用。"}  # fmt: skip


@bp.get("/account")
@needs("signed", scoped=True)
def page() -> ResponseReturnValue:
    return _page()


def _page(problem: str = "", *, token: str = "") -> ResponseReturnValue:
    held, who = _me()
    at = held.clock()
    return make_response(render_template(
        "account.html", user=who.user, role=ROLE_NAMES[who.user.role], problem=problem, token=token,
        sessions=[(one, _time(one.seen), one.hash == _hash_of(who)) for one in held.sessions.of(who.user.id, at)],
        tokens=[(one, _time(one.ends), _time(one.seen) if one.seen else "") for one in held.tokens.of(who.user.id)],
        rights=[(one, NAMES[one]) for one in FOR_TOKENS if one in who.rights], names=NAMES,
        done=DONE.get(request.args.get("done", ""), ""),
    ), 422 if problem else 200)  # fmt: skip


@bp.post("/account/password")
@needs("signed", scoped=True)
def password() -> ResponseReturnValue:
    """Asks for the old one: a screen left open must not be enough."""
    held, who = _me()
    try:
        if request.form.get("password", "") != request.form.get("again", ""):
            raise SettingsError("两次写的新密码不一样")
        _check_old(held, who)
        held.set_password(who.user.id, request.form.get("password", ""), keep=who.key)
    except SettingsError as error:
        return _page(str(error))
    note("password", who.user.name)
    key = held.sessions.begin(who.user, "full", request.remote_addr or "", held.clock(), instead_of=who.key)
    return give_session(redirect(url_for("account.page", done="password"), 303), key)


@bp.route("/account/second", methods=["GET", "POST"])
@needs("signed", scoped=True)
def enrol() -> ResponseReturnValue:
    """A square for the authenticator, and a code that shows it was read. Right after a first sign-in the password was
    just given; later it is asked for."""
    held, who = _me()
    secret, problem = _kept_secret(who), ""
    if request.method == "POST" and secret:
        try:
            if who.stage == "full":
                _check_old(held, who)
            paper = held.enrol(who.user.id, secret, request.form.get("code", "")[:20])
            note("second", who.user.name)
            key = held.sessions.begin(who.user, "full", request.remote_addr or "", held.clock(), instead_of=who.key)
            if who.stage != "full":
                note("signin", who=who.user.name)
            return give_session(make_response(render_template("account_codes.html", codes=paper)), key)
        except SettingsError as error:
            problem = str(error)
    secret = secret or codes.new_secret()
    told = codes.address(secret, who.user.name, current_app.config["OFFICE"])
    page = render_template(
        "account_second.html", picture=codes.square(told), secret=secret, kept=_signer(who).sign(secret).decode(),
        problem=problem, asks_password=who.stage == "full",
    )  # fmt: skip
    return make_response(page, 422 if problem else 200)


@bp.post("/account/sessions")
@needs("signed", scoped=True)
def end_others() -> ResponseReturnValue:
    held, who = _me()
    held.sessions.end_all(who.user.id, but=who.key)
    note("signout", "其他地方")
    return redirect(url_for("account.page", done="sessions"), 303)


@bp.post("/account/tokens")
@needs("signed", scoped=True)
def add_token() -> ResponseReturnValue:
    """Shown once, on the page that answers."""
    held, who = _me()
    wanted = tuple(one for one in FOR_TOKENS if one in request.form.getlist("rights") and one in who.rights)
    days = request.form.get("days", 365, int)
    try:
        token = held.tokens.issue(who.user.id, request.form.get("name", ""), wanted, held.clock(), days=days)
    except SettingsError as error:
        return _page(str(error))
    note("token.add", request.form.get("name", ""))
    return _page(token=token)


@bp.post("/account/tokens/<number>/revoke")
@needs("signed", scoped=True)
def revoke_token(number: str) -> ResponseReturnValue:
    held, who = _me()
    if not held.tokens.revoke(who.user.id, number_of(number)):
        abort(404)
    note("token.revoke", number)
    return redirect(url_for("account.page", done="token"), 303)


def _me() -> tuple[Accounts, Signed]:
    """A program has no account page: its token may do what it was given and no more."""
    held, who = accounts(), signed()
    if held is None or who is None:
        abort(404)
    if who.is_program:
        raise Refusal("没有权限", "令牌不能用于账号设置。", code=403)
    return held, who


def _check_old(held: Accounts, who: Signed) -> None:
    checked = held.check(who.user.name, request.form.get("old", ""), request.remote_addr or "")
    if checked.user is None:
        raise SettingsError("试错太多，请稍后再试" if checked.wait else "现在的密码不对")


def _kept_secret(who: Signed) -> str:
    """The secret that the form was made with: signed, so nobody enrols another's authenticator."""
    try:
        kept = request.form.get("kept", "")
        return _signer(who).unsign(kept, max_age=_SECRET_SECONDS).decode() if kept else ""
    except BadSignature:
        return ""


def _signer(who: Signed) -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt=f"gongwen.second.{who.key}")


def _hash_of(who: Signed) -> str:
    return key_hash(who.key)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
