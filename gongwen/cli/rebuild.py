"""`rebuild`: derive anew what is out of date, and index and catalogue from the records."""

from __future__ import annotations

import sys

import click

from gongwen.cli.compose import is_current_reader, make_ingest, make_options, make_pipeline
from gongwen.cli.ingest import make_progress, stopping
from gongwen.settings import Settings, load_settings
from gongwen.store import open_store
from index.derived import open_derived
from index.doubt_queue import Wanted
from index.doubt_store import open_doubts
from index.editions.database import EditionsFile
from index.editions.ledger import Editions
from ingest.rederive import rederive


@click.command("rebuild")
@click.option("--all", "everything", is_flag=True, help="所有文件都从原件重新读取")
@click.option("--retry", is_flag=True, help="以前未读成的文件也再读一遍")
@click.option("--index-only", is_flag=True, help="只重建索引和事项目录")
@click.option("--workers", type=click.IntRange(1, 32), help="同时读取的文件数（默认按设置）")
def command(everything: bool, retry: bool, index_only: bool, workers: int | None) -> None:
    """重建：规则或读取程序变了的记录重新抽取，再由记录重建索引和事项目录。重建期间旧的照常可用。"""
    sys.exit(run(load_settings(), everything=everything, retry=retry, index_only=index_only, workers=workers))


def run(
    settings: Settings, *, everything: bool = False, retry: bool = False, index_only: bool = False,
    workers: int | None = None,
) -> int:  # fmt: skip
    """The exit code of the command; restoring a backup ends with this too."""
    store = open_store(settings)
    progress = make_progress()
    options = make_options(settings, via="rebuild", workers=workers)
    code = 0
    with stopping(), make_ingest(settings, options, progress, indexes=False) as ingest:
        if not index_only:
            pipeline = make_pipeline(settings)
            counts = rederive(
                store, ingest.journal, pipeline, is_current_reader, progress, everything=everything, retry=retry
            )
            report = ingest.run([])
            code = report.exit_code
            click.echo(f"记录：无需更新 {counts.current}，重新抽取 {counts.rederived}，从原件重读 {counts.reread}。")
            if counts.secluded:
                click.echo(f"发现 {counts.secluded} 个标有密级的文件，已停止提供，请按保密规定处理。", err=True)
            if report.interrupted:
                return code
        rows = ingest.journal.rows("extracted")
        derived = open_derived(settings, outdated="keep")
        try:
            derived.catalogue.rebuild(store, lambda done, total: progress.step(done, total, "重建事项目录"))
            derived.index.rebuild(store, lambda done, total: progress.step(done, total, "重建索引"))
            editions = Editions(EditionsFile(store.editions), store)
            editions.rebuild(lambda done, total: progress.step(done, total, "比对版本与副本"))
            ingest.journal.mark_indexed(rows)
            count = len(derived.index.ids())
        finally:
            derived.close()
        doubts = open_doubts(settings)
        try:
            doubts.rebuild(lambda done, total: progress.step(done, total, "重建复核清单"))
            waiting = doubts.count(Wanted())
        finally:
            doubts.close()
    click.echo(f"索引：共 {count} 件公文；待复核 {waiting} 项。")
    return code
