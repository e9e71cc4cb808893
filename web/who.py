"""Who acts, and whether they may: the one place that asks. While there are no accounts, a name is asked for once and
kept in a cookie, and whatever is done under it is marked 未登录."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import current_app, g, request
from werkzeug.wrappers import Response

from gongwen.typed import clean
from web.rights import ALL
from web.security import Refusal
from web.signed import accounts_on, signed

COOKIE = "gongwen_who"
MAX_NAME = 20
MARK = "（未登录）"
_KEPT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Person:
    """`name` as pages greet them, `signed` as acts are signed. `account`: what they sign in as, '' without one."""

    name: str
    account: str = ""

    @property
    def signed(self) -> str:
        if not self.account:
            return f"{self.name}{MARK}"
        return self.name if self.name == self.account else f"{self.name}（{self.account}）"


def person() -> Person | None:
    """Who sits at this browser; None: not asked yet."""
    who = signed()
    if who is not None:
        return Person(who.user.shown, who.user.name)
    name = _name(unquote(request.cookies.get(COOKIE, "")))
    return Person(name) if name else None


def asked_name() -> Person:
    """Of a form that asks for the name when it is not known. Raises Refusal without one."""
    name = "" if accounts_on() else _name(request.form.get("who", ""))
    found = Person(name) if name else person()
    if found is None:
        raise Refusal("请先写上姓名", "每次复核都要记下是谁做的。请返回上一页，写上姓名后再试。")
    return found


def keep(response: Response, who: Person) -> Response:
    """Remember the name in this browser; an account is remembered by its session."""
    if who.account:
        return response
    response.set_cookie(COOKIE, quote(who.name), max_age=_KEPT_DAYS * 86400, httponly=True, samesite="Strict",
                        secure=request.is_secure, path="/")  # fmt: skip
    return response


def may(right: str) -> bool:
    """With accounts, what the role (and the token) allows. Without, whoever sees the papers may do everything, but
    rules are for who sits at the machine itself."""
    if right not in ALL:
        raise ValueError(f"no such right: {right}")
    if accounts_on():
        who = signed()
        return who is not None and who.stage == "full" and right in who.rights
    if right in {"users", "trail"}:
        return False
    if right != "rules":
        return True
    return current_app.config["TRUSTED_HOSTS"] is not None and _is_loopback(request.remote_addr or "")


def require(right: str) -> None:
    if not may(right):
        told = "您的账号没有这项权限" if accounts_on() else "规则只能在运行本系统的计算机上修改"
        raise Refusal("没有权限", f"{told}，请联系管理员。", code=403)


def reveals() -> bool:
    """Whether numbers are shown in full: the reader asks for it, and may. What is shown so is noted in the trail."""
    if request.values.get("full") != "1" or not may("unmask"):
        return False
    g.revealed = True
    return True


def _name(text: str) -> str:
    name = " ".join(clean(text).split())
    return "".join(char for char in name if char not in "<>&\"'`")[:MAX_NAME]


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
