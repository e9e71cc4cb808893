"""`gongwen retention`: papers whose time has run out, by the office's rules."""

from __future__ import annotations

from datetime import date

import click

from gongwen.retention import due_rule, load_retention
from gongwen.settings import load_settings
from gongwen.store import open_store


@click.command("retention")
@click.option("--on", "day", metavar="日期", help="按哪一天计算，默认今天（2026-05-18）")
def command(day: str | None) -> None:
    """列出按保存期限规则应当撤出的公文；核对后用 withdraw 撤出。"""
    settings = load_settings()
    rules = load_retention(settings.retention)
    if not rules:
        click.echo("没有设置保存期限规则（设置项 retention）。", err=True)
        return
    try:
        today = date.fromisoformat(day) if day else date.today()
    except ValueError as error:
        raise click.BadParameter("日期写作 2026-05-18", param_hint="--on") from error
    store, count = open_store(settings), 0
    for sha256 in store.shas():
        for record, _ in store.effective(sha256):
            rule = due_rule(rules, record, today)
            if rule is not None:
                count += 1
                told = (record.id, record["issue_date"], rule.name, record["document_number"], record["title"])
                click.echo("\t".join(str(one or "") for one in told))
    click.echo(f"共 {count} 件到期。", err=True)
