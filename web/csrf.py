"""No other site may act through a person's browser: every request that changes something must come from a page of
this site and carry the token of a form that this site made for this browser.

The token is the signature of a random cookie (SameSite=Strict, HttpOnly) and of the session where somebody is signed
in, so nothing is kept on the server, and a form made before a sign-in is worth nothing after it. Forms put
it in by `{{ form_token() }}`, scripts send it as the header X-Form-Token. Holds for all views without being asked.
Programs at the API have no forms: there a request must only not come from another site.
"""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from itsdangerous import Signer
from markupsafe import Markup

from web.security import Refusal
from web.signed import signed

COOKIE = "gongwen_form"
FIELD = "form_token"
HEADER = "X-Form-Token"
PROGRAMS = "/api/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    app.before_request(_check)
    app.after_request(_give)
    app.jinja_env.globals["form_token"] = form_token


def token() -> str:
    """For the running request; the browser gets the cookie with the answer."""
    return _signer().get_signature(_bound(_seed())).decode("ascii")


def form_token() -> Markup:
    """The hidden field that every form with method post must hold."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def _seed() -> str:
    seed: str | None = request.cookies.get(COOKIE) or g.get("form_seed")
    if not seed or len(seed) > 64:
        seed = g.form_seed = secrets.token_hex(16)
    return seed


def _bound(seed: str) -> str:
    who = signed()
    return f"{seed}.{who.key}" if who is not None else seed


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="gongwen.form", digest_method=hashlib.sha256)


def _give(response: Response) -> Response:
    seed = g.get("form_seed")
    if seed is not None:
        response.set_cookie(COOKIE, seed, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
    return response


def _check() -> None:
    if request.method in SAFE or request.routing_exception is not None:
        return
    if not _is_from_here():
        raise Refusal("请求不是从本站页面发出的", "请在本站页面上操作。")
    if request.path.startswith(PROGRAMS):
        return
    seed = request.cookies.get(COOKIE, "")
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not seed or not _signer().verify_signature(_bound(seed), sent):
        raise Refusal("页面已经过期", "请返回上一页，刷新后再试；请先复制您写的内容。")


def _is_from_here() -> bool:
    """What browsers say of where a request comes from. Programs say nothing, and have no cookies to be misused."""
    ours = urlsplit(request.host_url)
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None:
        theirs = urlsplit(origin)
        if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
            return False
    return site is None or site in {"same-origin", "none"}
