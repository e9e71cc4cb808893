"""`gongwen user`: the users of the site, for who sits at the machine."""

from __future__ import annotations

import json
import sys

import click

from gongwen.accounts.accounts import LINK_SECONDS, RESET_SECONDS, Accounts
from gongwen.accounts.users import ROLES, User
from gongwen.cli.accounts import open_accounts, open_trail, operator
from gongwen.errors import SettingsError
from gongwen.settings import Settings, load_settings
from gongwen.store import open_store

_ROLES = click.Choice(list(ROLES))
_VIA = click.Choice(["local", "ldap", "oidc"])


@click.group("user")
def command() -> None:
    """用户：新建、列出、停用、启用、重设密码。"""


@command.command("add")
@click.argument("name", metavar="登录名")
@click.option("--role", type=_ROLES, default="viewer", help="角色：viewer 查阅、editor 编辑、auditor 审计、admin 管理")
@click.option("--shown", default="", metavar="姓名", help="显示在页面和记录上的姓名")
@click.option("--unit", "units", multiple=True, metavar="单位", help="所属单位，可以写几次")
@click.option("--via", type=_VIA, default="local", help="登录方式：local 本系统密码、ldap 单位目录、oidc 统一身份认证")
def add(name: str, role: str, shown: str, units: tuple[str, ...], via: str) -> None:
    """新建用户，显示设置密码的链接（24 小时内有效，只能用一次）。"""
    settings, accounts = _open()
    user = accounts.make(name, role, shown=shown, units=units, via=via)
    _note(settings, "user.add", f"{user.name} {user.role} {'、'.join(user.units)}".strip())
    click.echo(f"已新建用户“{user.name}”（{ROLES[user.role]}）。")
    if via == "local":
        _tell_link(settings, accounts, user)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="每个用户输出一行 JSON")
def show(as_json: bool) -> None:
    """所有用户。"""
    found = open_accounts(load_settings()).all()
    for one in found:
        if as_json:
            told = {"name": one.name, "shown": one.shown, "role": one.role, "units": list(one.units), "via": one.via,
                    "disabled": one.is_disabled, "second": one.has_second}  # fmt: skip
            click.echo(json.dumps(told, ensure_ascii=False))
            continue
        state = ("已停用" if one.is_disabled else "可登录") + ("·有动态码" if one.has_second else "")
        units = "、".join(one.units) or "—"
        click.echo(f"{one.name}\t{one.shown}\t{ROLES[one.role]}\t{units}\t{state}")
    if not found and not as_json:
        click.echo("还没有用户：网站只供本机一人使用。")


@command.command("disable")
@click.argument("name", metavar="登录名")
def disable(name: str) -> None:
    """停用一个用户，立即退出其登录，其令牌失效。"""
    _change(name, disabled=True)


@command.command("enable")
@click.argument("name", metavar="登录名")
def enable(name: str) -> None:
    """重新启用一个用户。"""
    _change(name, disabled=False)


@command.command("reset")
@click.argument("name", metavar="登录名")
@click.option("--second", is_flag=True, help="同时取消动态码（手机丢失时）")
def reset(name: str, second: bool) -> None:
    """解除锁定，显示重设密码的链接。"""
    settings, accounts = _open()
    user = _named(accounts, name)
    accounts.attempts.forget(user.name)
    if second:
        accounts.drop_second(user.id)
        accounts.sessions.end_all(user.id)
    _note(settings, "user.link", user.name + (" second" if second else ""))
    if user.via == "local":
        _tell_link(settings, accounts, user)


@command.command("setup")
def setup() -> None:
    """显示建立第一个管理员的链接（30 分钟内有效，只能用一次）。"""
    settings, accounts = _open()
    if accounts.is_on:
        click.echo("已经有管理员；忘记密码请用 user reset。", err=True)
        sys.exit(2)
    click.echo(f"{_site(settings)}/setup/{accounts.link(None, seconds=LINK_SECONDS)}")


def _change(name: str, *, disabled: bool) -> None:
    settings, accounts = _open()
    user = _named(accounts, name)
    accounts.change(user.id, disabled=disabled)
    _note(settings, "user.change", f"{user.name} {user.role} {'disabled' if disabled else 'enabled'}")
    click.echo(f"用户“{user.name}”{'已停用' if disabled else '可以登录了'}。")


def _open() -> tuple[Settings, Accounts]:
    settings = load_settings()
    open_store(settings).create()
    return settings, open_accounts(settings)


def _named(accounts: Accounts, name: str) -> User:
    found = accounts.named(name)
    if found is None:
        raise SettingsError(f"没有用户“{name}”（user list 列出所有用户）")
    return found


def _note(settings: Settings, act: str, what: str) -> None:
    open_trail(settings).append(act, what, who=operator())


def _tell_link(settings: Settings, accounts: Accounts, user: User) -> None:
    click.echo("请本人打开这个链接设置密码（24 小时内有效，只能用一次）：", err=True)
    click.echo(f"{_site(settings)}/reset/{accounts.link(user.id, seconds=RESET_SECONDS)}")


def _site(settings: Settings) -> str:
    named = settings.site_hosts.split(",")[0].strip()
    return f"https://{named}" if named and settings.proxies else f"http://{named or settings.host}:{settings.port}"
