"""Files that wait or were not read, as a person names them on the command line, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gongwen.cli.compose import make_ingest, make_options
from gongwen.cli.ingest import make_progress, stopping, user_name
from gongwen.errors import REASONS, StoreError
from gongwen.record import record_id
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from ingest.journal import Journal
from ingest.report import Report
from ingest.troubles import Trouble

_SHOWN = 16
"""Characters of an address by which a file is named."""


def require_corpus(settings: Settings) -> Store:
    store = open_store(settings)
    if not store.exists or not store.journal.exists():
        raise StoreError(f"资料库还没有建立：{store.root}（先运行 ingest）")
    return store


def one_named(journal: Journal, word: str) -> Trouble:
    """The file that a word means. Raises StoreError when it means none or several."""
    found = journal.troubles.named(word)
    if not found:
        raise StoreError(f"没有等待处理的文件叫“{word}”。运行 status 可以看到文件名和编号")
    if len(found) > 1:
        told = "、".join(f"{one.sha256[:_SHOWN]}（{one.name}）" for one in found[:5])
        raise StoreError(f"“{word}”有 {len(found)} 个文件，请改写编号：{told}{'……' if len(found) > 5 else ''}")
    return found[0]


def work_off(settings: Settings) -> Report:
    """Read and index what is queued."""
    options = make_options(settings, via="retry", who=user_name())
    with stopping(), make_ingest(settings, options, make_progress()) as ingest:
        return ingest.run([])


def tell_fate(journal: Journal, shas: Sequence[str]) -> bool:
    """A line a file. Whether all were read."""
    is_read = True
    for sha256 in shas:
        row = journal.row(sha256)
        trouble = journal.troubles.of(sha256)
        name = journal.name_of(sha256)
        if row is not None and row.state in {"indexed", "extracted"}:
            partly = f"只读出一部分（{REASONS[trouble.code][0]}）" if trouble else "已读成"
            click.echo(f"{name}：{partly}，编号 {record_id(sha256, 1)}")
            continue
        is_read = False
        what, action = REASONS.get(trouble.code if trouble else "", ("还在等待处理", "再次运行 ingest 会接着处理"))
        click.echo(f"{name}：{what}。{action}。")
    return is_read
