"""Who acts, and whether they may. There are no accounts yet: a name is asked for once and kept in a cookie, and
whatever is done under it is marked 未登录. Accounts replace `person`, `asked_name` and `may`; nothing else asks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from flask import current_app, request
from werkzeug.wrappers import Response

from gongwen.typed import clean
from web.security import Refusal

COOKIE = "gongwen_who"
MAX_NAME = 20
MARK = "（未登录）"
_KEPT_DAYS = 180

Right = Literal["review", "rules"]


@dataclass(frozen=True, slots=True)
class Person:
    """`name` as pages greet them, `signed` as acts are signed."""

    name: str

    @property
    def signed(self) -> str:
        return f"{self.name}{MARK}"


def person() -> Person | None:
    """Who sits at this browser; None: not asked yet."""
    name = _name(unquote(request.cookies.get(COOKIE, "")))
    return Person(name) if name else None


def asked_name() -> Person:
    """Of a form that asks for the name when it is not known. Raises Refusal without one."""
    name = _name(request.form.get("who", ""))
    found = Person(name) if name else person()
    if found is None:
        raise Refusal("请先写上姓名", "每次复核都要记下是谁做的。请返回上一页，写上姓名后再试。")
    return found


def keep(response: Response, who: Person) -> Response:
    """Remember the name in this browser."""
    response.set_cookie(COOKIE, quote(who.name), max_age=_KEPT_DAYS * 86400, httponly=True, samesite="Strict",
                        secure=request.is_secure, path="/")  # fmt: skip
    return response


def may(right: Right) -> bool:
    """Whoever sees the papers may review them; rules are for who sits at the machine itself."""
    if right == "review":
        return True
    return current_app.config["TRUSTED_HOSTS"] is not None and _is_loopback(request.remote_addr or "")


def require(right: Right) -> None:
    if not may(right):
        raise Refusal("没有权限", "规则只能在运行本系统的计算机上修改，请联系管理员。", code=403)


def _name(text: str) -> str:
    name = " ".join(clean(text).split())
    return "".join(char for char in name if char not in "<>&\"'`")[:MAX_NAME]


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
