"""Forms that change something are taken from our own pages only: a browser must say that the request comes from this
site, and bring back the token that the page gave it, which other sites can neither read nor send (SameSite=Strict)."""

from __future__ import annotations

import secrets

from flask import Flask, Response, abort, g, request

COOKIE = "gongwen_form"
FIELD = "token"
_LENGTH = 32


def install(app: Flask) -> None:
    app.jinja_env.globals["form_token"] = form_token
    app.after_request(_keep)


def form_token() -> str:
    """The token of this browser, for a hidden field; a new one when it has none."""
    if "form_token" not in g:
        held = request.cookies.get(COOKIE, "")
        g.form_token = held if _is_token(held) else secrets.token_hex(_LENGTH // 2)
        g.form_token_is_new = g.form_token != held
    return str(g.form_token)


def require_own_form() -> None:
    """403 unless the request was sent by a form of this site."""
    held, sent = request.cookies.get(COOKIE, ""), request.form.get(FIELD, "")
    if not _is_ours() or not _is_token(held) or not secrets.compare_digest(held.encode(), sent.encode()):
        abort(403)


def _is_ours() -> bool:
    """What the browser says of where the request comes from; one that says nothing is judged by the token alone."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin != request.host_url.rstrip("/"):
        return False
    return site is None or site == "same-origin"


def _is_token(text: str) -> bool:
    return len(text) == _LENGTH and all(char in "0123456789abcdef" for char in text)


def _keep(response: Response) -> Response:
    if g.get("form_token_is_new", False):
        response.set_cookie(
            COOKIE, g.form_token, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
        )  # fmt: skip
    return response
