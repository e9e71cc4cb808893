"""`gongwen trail`: who did what, and whether anybody has touched the record of it."""

from __future__ import annotations

import json
import sys
from itertools import islice

import click

from gongwen.cli.accounts import open_trail
from gongwen.settings import load_settings


@click.group("trail")
def command() -> None:
    """操作记录：列出、核对、写外部锚点。"""


@command.command("list")
@click.option("--who", default="", metavar="登录名", help="只列这个用户的")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, help="最多几条，默认 50")
@click.option("--json", "as_json", is_flag=True, help="每条输出一行 JSON")
def show(who: str, limit: int, as_json: bool) -> None:
    """最近的操作，从新到旧。"""
    found = (one for one in open_trail(load_settings()).entries() if not who or one.who == who)
    for one in islice(found, limit):
        if as_json:
            told = {"n": one.number, "at": one.at, "who": one.who, "act": one.act, "what": one.what, "where": one.where}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{one.number}\t{one.at}\t{one.who or '—'}\t{one.act}\t{_plain(one.what)}")


@command.command("verify")
def verify() -> None:
    """逐条核对校验链和外部锚点。有问题返回 3。"""
    trail = open_trail(load_settings())
    problems = trail.verify()
    for one in problems:
        click.echo(one.message)
    if problems:
        sys.exit(3)
    number, head = trail.head()
    click.echo(f"{number} 条记录，全部一致。" + (f"末条校验值 {head}" if number else ""))
    if trail.anchors is None:
        click.echo("没有设置外部锚点（anchors）：末尾被删去或整条记录被换掉时无法发现。", err=True)


@command.command("anchor")
def anchor() -> None:
    """把现在的位置写到外部锚点文件夹。"""
    if not open_trail(load_settings()).anchor():
        click.echo("没有写成：还没有操作记录，或没有设置锚点文件夹（anchors），或写不进去。", err=True)
        sys.exit(3)
    click.echo("已写锚点。")


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
