"""The users, for administrators: made, changed, disabled, let in again."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.accounts.accounts import RESET_SECONDS, Accounts
from gongwen.accounts.users import ROLES, User
from gongwen.errors import SettingsError
from web.local import number_of
from web.rights import needs
from web.security import wants_json
from web.signed import accounts
from web.trailed import note

bp = Blueprint("users", __name__)

VIA = {"local": "本系统密码", "ldap": "单位目录（LDAP）", "oidc": "统一身份认证（OIDC）"}


@bp.get("/users")
@needs("users")
def listed() -> ResponseReturnValue:
    return _page()


@bp.post("/users")
@needs("users")
def add() -> ResponseReturnValue:
    """A user of this site's own gets a link to set a password by."""
    held, form = _held(), request.form
    via = form.get("via", "local")
    try:
        user = held.make(form.get("name", ""), form.get("role", ""), shown=form.get("shown", ""),
                         units=_units(), via=via if via in VIA else "local")  # fmt: skip
    except SettingsError as error:
        return _page(str(error))
    note("user.add", f"{user.name} {user.role} {'、'.join(user.units)}".strip())
    return _page(link=_link(held, user) if via == "local" else "", linked=user)


@bp.post("/users/<number>")
@needs("users")
def change(number: str) -> ResponseReturnValue:
    held, user = _user(number)
    form = request.form
    disabled = {"disable": True, "enable": False}.get(form.get("act", ""))
    try:
        if disabled is None:
            held.change(user.id, shown=form.get("shown", user.shown), role=form.get("role", user.role), units=_units())
        else:
            held.change(user.id, disabled=disabled)
    except SettingsError as error:
        return _page(str(error))
    now = held.get(user.id)
    assert now is not None
    state = "disabled" if now.is_disabled else "enabled"
    note("user.change", f"{now.name} {now.role} {'、'.join(now.units)} {state}")
    return redirect(f"{url_for('users.listed')}#u-{user.id}", 303)


@bp.post("/users/<number>/link")
@needs("users")
def link(number: str) -> ResponseReturnValue:
    """For who forgot the password, or lost the authenticator."""
    held, user = _user(number)
    if request.form.get("second") == "1":
        held.drop_second(user.id)
        held.sessions.end_all(user.id)
    note("user.link", user.name + (" second" if request.form.get("second") == "1" else ""))
    return _page(link=_link(held, user) if user.via == "local" else "", linked=user)


def _page(problem: str = "", *, link: str = "", linked: User | None = None) -> ResponseReturnValue:
    users = _held().all()
    if wants_json():
        rows = [{"name": one.name, "shown": one.shown, "role": one.role, "units": list(one.units), "via": one.via,
                 "disabled": one.is_disabled, "second": one.has_second} for one in users]  # fmt: skip
        return {"users": rows, "problem": problem}, 422 if problem else 200
    page = render_template("users.html", users=users, roles=ROLES, via=VIA, problem=problem, link=link, linked=linked,
                           hours=int(RESET_SECONDS // 3600))  # fmt: skip
    return make_response(page, 422 if problem else 200)


def _link(held: Accounts, user: User) -> str:
    return url_for("signin.reset", key=held.link(user.id, seconds=RESET_SECONDS), _external=True)


def _units() -> tuple[str, ...]:
    text = request.form.get("units", "").replace("，", "、").replace(",", "、").replace("\n", "、")
    return tuple(one.strip() for one in text.split("、") if one.strip())


def _held() -> Accounts:
    found = accounts()
    if found is None or not found.is_on:
        abort(404)
    return found


def _user(number: str) -> tuple[Accounts, User]:
    held = _held()
    found = held.get(number_of(number))
    if found is None:
        abort(404)
    return held, found
