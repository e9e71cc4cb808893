"""`ingest`: take files into the corpus, extract, index."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from gongwen.cli.compose import make_ingest, make_options
from gongwen.settings import load_settings
from gongwen.store import open_store
from ingest.isolation import die_with_parent
from ingest.progress import Progress, Silent, progress_for
from ingest.report import Report
from ingest.walk import walk
from ingest.watch import Watch

INTERRUPTED = "已中断。已收下的文件不会丢失，再次运行 ingest 会接着处理。"


@click.command("ingest")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--watch", is_flag=True, help="一直守候收件文件夹，放入的文件稳定后自动收取")
@click.option("--once", is_flag=True, help="与 --watch 同用：只查看两次就结束")
@click.option("--poll", default=2.0, show_default=True, type=click.FloatRange(0.05, 3600), help="守候的间隔（秒）")
@click.option("--workers", type=click.IntRange(1, 32), help="同时读取的文件数（默认按设置）")
@click.option("--retry", is_flag=True, help="把以前未读成的文件再读一遍")
@click.option("--parent", type=int, hidden=True, help="随此进程结束")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
def command(
    paths: tuple[Path, ...], watch: bool, once: bool, poll: float, workers: int | None, retry: bool, parent: int | None,
    as_json: bool,
) -> None:
    """收文：读取、抽取、编入索引。不写 PATHS 时收取收件文件夹（inbox）里的文件，收妥后移走；
    写明的文件或文件夹只读取，不移动。全部读成返回 0，有未读的返回 3。"""
    if parent is not None:
        _end_with(parent)
    if paths and (watch or once):
        raise click.UsageError("--watch 只用于收件文件夹，不能再写路径")
    if once and not watch:
        raise click.UsageError("--once 要与 --watch 同用")
    settings = load_settings()
    store = open_store(settings)
    options = make_options(settings, via="cli" if paths else "inbox", who=user_name(), workers=workers)
    with stopping(), make_ingest(settings, options, make_progress(quiet=as_json)) as ingest:
        if retry:
            ingest.journal.requeue((row.sha256 for row in ingest.journal.refused()), "retry")
        if watch:
            _watch(Watch(store.inbox, ingest), store.inbox, poll, once, as_json)
            return
        report = ingest.run(walk(paths or [store.inbox], store))
    _tell(report, as_json)
    if not report.outcomes and not as_json and not report.interrupted:
        where = "、".join(str(path) for path in paths) if paths else f"收件文件夹 {store.inbox}"
        click.echo(f"没有可收的文件：{where} 是空的。")
    sys.exit(report.exit_code)


def _end_with(parent: int) -> None:
    """The kernel kills us with the thread that started us; that may have gone already."""
    die_with_parent()
    if os.getppid() != parent:
        sys.exit(0)


def make_progress(*, quiet: bool = False) -> Progress:
    """On standard error, so that what is asked for can be piped."""
    return Silent() if quiet else progress_for(sys.stderr, shutil.get_terminal_size().columns)


@contextmanager
def stopping() -> Iterator[None]:
    """SIGTERM (a service being stopped) ends the work like Ctrl-C: in order."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        click.echo(INTERRUPTED, err=True)
        sys.exit(3)
    finally:
        signal.signal(signal.SIGTERM, before)


def _watch(watch: Watch, inbox: Path, poll: float, once: bool, as_json: bool) -> None:
    if not as_json:
        click.echo(f"正在守候 {inbox}（按 Ctrl-C 结束）", err=True)
    code = 0

    def tell(report: Report) -> None:
        nonlocal code
        code = max(code, report.exit_code)
        _tell(report, as_json)

    watch.run(poll=poll, tell=tell, once=once)
    sys.exit(code)


def _tell(report: Report, as_json: bool) -> None:
    """Failures were told while working; here come the others and the count, or one JSON line a file."""
    if as_json:
        for outcome in report.outcomes:
            click.echo(json.dumps(outcome.to_json(), ensure_ascii=False))
        return
    if report.interrupted:
        click.echo(INTERRUPTED, err=True)
    if report.no_space:
        click.echo("磁盘空间不足，其余文件没有收。腾出空间后请再次运行 ingest。", err=True)
    for line in report.lines:
        click.echo(line)
    if report.outcomes or report.resumed:
        click.echo(report.summary)


def user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a uid without a name, as in some containers
        return ""


