"""`retry`: read files again that were not read."""

from __future__ import annotations

import sys

import click

from gongwen.cli.waiting import one_named, require_corpus, tell_fate, work_off
from gongwen.errors import REASONS
from gongwen.settings import load_settings
from ingest.journal import Journal


@click.command("retry")
@click.argument("words", metavar="[编号或文件名]...", nargs=-1)
@click.option("--reason", metavar="原因代码", help="只重试这一类（代码见 status --json 的 code）")
@click.option("--all", "everything", is_flag=True, help="所有没有读成、没有读全的文件")
def command(words: tuple[str, ...], reason: str | None, everything: bool) -> None:
    """把没有读成的文件重新排队并读一遍：失败次数从头算起，因意外退出被隔离的也再试。全部读成返回 0，否则返回 3。"""
    if bool(words) + (reason is not None) + everything != 1:
        raise click.UsageError("请写编号或文件名，或者用 --reason、--all 中的一个")
    if reason is not None and reason not in REASONS:
        raise click.UsageError(f"没有原因代码 {reason}，运行 status --json 可以看到")
    settings = load_settings()
    journal = Journal(require_corpus(settings).journal)
    try:
        found = [one_named(journal, word) for word in words] or journal.troubles.listed(reason or "")
        shas = list(dict.fromkeys(one.sha256 for one in found))
        if not shas:
            click.echo("没有需要重试的文件。")
            return
        journal.requeue(shas, "retry")
        report = work_off(settings)
        is_read = tell_fate(journal, shas)
    finally:
        journal.close()
    sys.exit(0 if is_read and not report.interrupted else 3)
