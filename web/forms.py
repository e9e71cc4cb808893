"""The seam for forms that change something: `{{ form_token() }}` in each, checked before any such request.

Small and complete, so that saved searches are safe by themselves: the token is the signature of a random cookie
(SameSite=Strict, HttpOnly), and a browser must not say that the request comes from elsewhere. Where the app has already
a `form_token` (web/csrf.py), that one holds and this does nothing.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from markupsafe import Markup

COOKIE = "gongwen_form"
FIELD = "form_token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY = "gongwen.form_key"


def install(app: Flask) -> None:
    if "form_token" in app.jinja_env.globals:
        return
    app.extensions[_KEY] = secrets.token_bytes(32)
    app.jinja_env.globals["form_token"] = form_token
    app.before_request(_check)
    app.after_request(_give)


def form_token() -> Markup:
    """The hidden field that every form with method post must hold."""
    seed = request.cookies.get(COOKIE) or g.get("form_seed")
    if not seed or len(seed) > 64:
        seed = g.form_seed = secrets.token_hex(16)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, _signed(seed))


def _signed(seed: str) -> str:
    return hmac.new(current_app.extensions[_KEY], seed.encode(), "sha256").hexdigest()


def _give(response: Response) -> Response:
    seed = g.get("form_seed")
    if seed is not None:
        response.set_cookie(COOKIE, seed, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
    return response


def _check() -> None:
    if request.method in _SAFE or request.routing_exception is not None:
        return
    seed, sent = request.cookies.get(COOKIE, ""), request.form.get(FIELD, "")
    if not _is_from_here() or not seed or not hmac.compare_digest(_signed(seed).encode(), sent.encode()):
        abort(400)


def _is_from_here() -> bool:
    """What browsers say of where a request comes from; programs say nothing, and have no cookies to be misused."""
    origin = request.headers.get("Origin")
    if origin is not None:
        ours, theirs = urlsplit(request.host_url), urlsplit(origin)
        return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)
    return request.headers.get("Sec-Fetch-Site") in {None, "same-origin", "none"}
