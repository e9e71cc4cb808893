"""`gongwen token`: who may use the API from other computers."""

from __future__ import annotations

import json
import sys

import click

from gongwen.settings import load_settings
from gongwen.store import open_store
from ingest import tokens


@click.group("token")
def command() -> None:
    """接口令牌：发给、列出、停用。"""


@command.command("add")
@click.argument("name", metavar="名称")
def add(name: str) -> None:
    """发一个令牌；只显示这一次。"""
    store = open_store(load_settings())
    store.create()
    click.echo(tokens.issue(store.journal, name))
    click.echo("令牌只显示这一次，请妥善保管；丢失后请停用并重新发给。", err=True)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="每个令牌输出一行 JSON")
def show(as_json: bool) -> None:
    """发过的令牌。"""
    found = tokens.issued(open_store(load_settings()).journal)
    for one in found:
        if as_json:
            told = {"name": one.name, "at": one.at, "revoked": one.revoked or None}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{one.name}\t{one.at}\t{f'已停用 {one.revoked}' if one.revoked else '有效'}")
    if not found and not as_json:
        click.echo("还没有发过令牌。")


@command.command("revoke")
@click.argument("name", metavar="名称")
def revoke(name: str) -> None:
    """停用一个令牌，立即生效。"""
    if tokens.revoke(open_store(load_settings()).journal, name):
        click.echo(f"已停用“{name}”的令牌。")
        return
    click.echo(f"没有名为“{name}”的有效令牌。", err=True)
    sys.exit(2)
