"""`unlock`: open a file that waits for its password."""

from __future__ import annotations

import sys

import click

from gongwen.cli.ingest import user_name
from gongwen.cli.waiting import one_named, require_corpus, tell_fate, work_off
from gongwen.errors import SourceError, StoreError
from gongwen.settings import Settings, load_settings
from gongwen.store import Store
from ingest.budget import Limits
from ingest.journal import Journal
from ingest.troubles import Trouble
from ingest.unlock import unlock

TRIES = 3


@click.command("unlock")
@click.argument("word", metavar="编号或文件名")
@click.option("--password-stdin", is_flag=True, help="从标准输入读一行作为密码（供程序调用）")
def command(word: str, password_stdin: bool) -> None:
    """打开等待密码的文件：在终端输入密码（不显示），打开的副本作为新的原件收入并读取，原来的文件不变。密码不保存、不记录。"""
    settings = load_settings()
    store = require_corpus(settings)
    journal = Journal(store.journal)
    try:
        found = one_named(journal, word)
        if not found.is_locked:
            raise StoreError(f"{found.name} 没有等待输入密码")
        opened = _opened(settings, store, journal, found, is_asked=not password_stdin)
        click.echo(f"{found.name}：已用密码打开，正在读取。", err=True)
        report = work_off(settings)
        is_read = tell_fate(journal, [opened])
    finally:
        journal.close()
    sys.exit(0 if is_read and not report.interrupted else 3)


def _opened(settings: Settings, store: Store, journal: Journal, found: Trouble, *, is_asked: bool) -> str:
    """The opened copy. A person at a terminal may mistype a few times; whatever else goes wrong ends it with exit 3."""
    limits = Limits(file_bytes=settings.max_file_mb << 20)
    tries = TRIES if is_asked else 1
    while True:
        tries -= 1
        password = _ask(found.name) if is_asked else sys.stdin.readline().rstrip("\r\n")
        try:
            return unlock(store, journal, found.sha256, password, who=user_name(), limits=limits)
        except SourceError as error:
            click.echo(f"{found.name}：{error.sentence}", err=True)
            if error.code != "wrong_password" or not tries:
                sys.exit(3)


def _ask(name: str) -> str:
    return str(click.prompt(f"{name} 的密码", hide_input=True, err=True))
