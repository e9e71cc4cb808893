"""`status`: how the files stand: what waits, what was not read and why."""

from __future__ import annotations

import json

import click

from gongwen.cli.waiting import require_corpus
from gongwen.errors import REASONS
from gongwen.settings import load_settings
from ingest.selftest import alarms
from web.intake import journal_intake
from web.ports import Failure


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
def command(as_json: bool) -> None:
    """收文情况：各状态的文件数，以及没有读成、没有读全的文件和原因。"""
    store = require_corpus(load_settings())
    intake = journal_intake(store.journal, alarms(), size=0)()
    if as_json:
        for one in intake.failures:
            click.echo(json.dumps(_plain(one), ensure_ascii=False))
        return
    for alarm in intake.alarms:
        click.echo(f"注意：{alarm}")
    click.echo("，".join(f"{name} {count}" for name, count in intake.counts) or "还没有收过文件")
    for one in intake.failures:
        why, todo = REASONS.get(one.code, (one.code, ""))
        kind = "没有读全" if one.partly else "没有读成"
        click.echo(f"{one.name}：{kind}，{why}。{todo}（{one.at}，编号 {one.sha256[:16]}）")
        if one.likely:
            click.echo(f"  可能已有无密码的副本：{one.likely[0]}（编号 {one.likely[1]}）")
    if any(one.is_locked for one in intake.failures):
        click.echo("有密码的文件：运行 unlock 编号（或文件名）输入密码。")
    if intake.failures:
        click.echo("处理后运行 retry 编号（或文件名）重新读取；retry --all 或 ingest --retry 全部重新读取。")


def _plain(one: Failure) -> dict[str, object]:
    why, todo = REASONS.get(one.code, (one.code, ""))
    return {
        "name": one.name, "sha256": one.sha256, "code": one.code, "reason": why, "advice": todo, "partly": one.partly,
        "at": one.at, "locked": one.is_locked, "likely": one.likely[1] if one.likely else None,
    }  # fmt: skip
