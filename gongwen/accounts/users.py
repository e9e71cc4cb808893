"""The users themselves."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from gongwen.errors import SettingsError

Role = Literal["viewer", "editor", "auditor", "admin"]
Via = Literal["local", "ldap", "oidc"]
ROLES: dict[str, str] = {"viewer": "查阅", "editor": "编辑", "auditor": "审计", "admin": "管理"}
MAX_NAME = 40
COLUMNS = "users.id, users.name, users.shown, users.role, users.units, users.via, users.disabled, users.secret != ''"


@dataclass(frozen=True, slots=True)
class User:
    """`name` is typed to sign in, `shown` greets and signs; `units` are the ones whose restricted papers are seen."""

    id: int
    name: str
    shown: str
    role: str
    units: tuple[str, ...] = ()
    via: str = "local"
    is_disabled: bool = False
    has_second: bool = False


def user_of(row: tuple[object, ...]) -> User:
    key, name, shown, role, units, via, disabled, second = row
    return User(
        int(str(key)), str(name), str(shown), str(role), tuple(json.loads(str(units))), str(via), bool(disabled),
        bool(second),
    )  # fmt: skip


def folded(name: str) -> str:
    """As names are compared: full-width and capital letters are the same person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    found = folded(name)
    if not 2 <= len(found) <= MAX_NAME or not all(char.isalnum() or char in "._-@" for char in found):
        raise SettingsError(f"登录名要 2 至 {MAX_NAME} 个字，只用汉字、字母、数字和 . _ - @")
    return found


def checked_role(role: str) -> str:
    if role not in get_args(Role):
        known = "、".join(f"{key} {name}" for key, name in ROLES.items())
        raise SettingsError(f"没有“{role}”这种角色（可用：{known}）")
    return role


def checked_units(units: tuple[str, ...]) -> str:
    found = [" ".join(one.split()) for one in units]
    found = list(dict.fromkeys(one for one in found if one))
    if len(found) > 50 or any(len(one) > 100 or not one.isprintable() for one in found):
        raise SettingsError("单位名称有误：最多 50 个，每个不超过 100 字")
    return json.dumps(found, ensure_ascii=False)


def checked_shown(shown: str, name: str) -> str:
    found = " ".join(shown.split()) or name
    if len(found) > MAX_NAME or not found.isprintable() or any(char in "<>&\"'`" for char in found):
        raise SettingsError(f"姓名要 1 至 {MAX_NAME} 个字，不用引号和尖括号")
    return found


def last_admin(db: sqlite3.Connection, key: int) -> bool:
    """Whether nobody would be left to administer if this one could not."""
    others = "SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0 AND id != ?"
    mine = db.execute("SELECT role = 'admin' AND disabled = 0 FROM users WHERE id = ?", (key,)).fetchone()
    return bool(mine and mine[0]) and int(db.execute(others, (key,)).fetchone()[0]) == 0
