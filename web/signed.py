"""Who is signed in at this request, by a session's cookie or a program's token. Loaded once, by the guard."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, has_request_context, request
from werkzeug.wrappers import Response

from gongwen.accounts.accounts import Accounts
from gongwen.accounts.users import User
from web.rights import ROLES

_NAME = "gongwen_session"


@dataclass(frozen=True, slots=True)
class Signed:
    """`key` is the session's id ('' for a program); `stage` tells what is still asked before it holds."""

    user: User
    rights: frozenset[str]
    key: str = ""
    stage: str = "full"

    @property
    def is_program(self) -> bool:
        return not self.key


def accounts() -> Accounts | None:
    """Of the running app; None where it was made without."""
    return cast("Accounts | None", current_app.extensions.get("gongwen.accounts"))


def accounts_on() -> bool:
    held = accounts()
    return held is not None and held.is_on


def signed() -> Signed | None:
    """Who is signed in; None while there are no accounts, too."""
    return cast("Signed | None", g.get("signed")) if has_request_context() else None


def load() -> Signed | None:
    """By what the request carries; remembered for the rest of it."""
    held = accounts()
    found = None
    if held is not None and held.is_on:
        found = _by_token(held) if "Authorization" in request.headers else _by_session(held)
    g.signed = found
    return found


def session_key() -> str:
    return request.cookies.get(cookie_name(), "")


def cookie_name() -> str:
    """A browser takes the prefix only from this very host over TLS, so no neighbour can plant one."""
    return f"__Host-{_NAME}" if request.is_secure else _NAME


def give_session(response: Response, key: str) -> Response:
    """Ends with the browser; the server ends it earlier. Lax: a link in a mail may lead to a paper."""
    response.set_cookie(cookie_name(), key, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def drop_session(response: Response) -> Response:
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def _by_session(held: Accounts) -> Signed | None:
    key = session_key()
    found = held.sessions.find(key, held.clock())
    return None if found is None else Signed(found.user, ROLES[found.user.role], key, found.stage)


def _by_token(held: Accounts) -> Signed | None:
    """Bearer, or the password of Basic: programs that subscribe to calendars know no other way."""
    scheme, _, given = request.headers["Authorization"].partition(" ")
    token = given.strip()
    if scheme.lower() == "basic":
        try:
            token = base64.b64decode(token, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    elif scheme.lower() != "bearer":
        return None
    found = held.tokens.find(token, held.clock())
    if found is None:
        return None
    may = ROLES[found.user.role]
    return Signed(found.user, (may & found.rights) | {"open", "signed"})
