"""`verify`: is everything still there and does it fit together?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from gongwen.cli.accounts import open_trail
from gongwen.cli.ingest import make_progress
from gongwen.errors import GongwenError, StoreError
from gongwen.manifest import NAME as MANIFEST
from gongwen.manifest import backups, check
from gongwen.settings import Settings, load_settings
from gongwen.store import open_store
from index.catalogue.catalogue import open_catalogue
from index.sync import open_index
from ingest.journal import Journal
from ingest.verify import Problem, verify
from ingest.withdraw import marks

STATES = {
    "indexed": "可检索", "extracted": "待编入索引", "stored": "待处理", "extracting": "待处理",
    "quarantined": "未读成", "needs_password": "未读成", "needs_ocr": "未读成",
    "needs_converter": "等待安装转换程序", "opened": "已用密码打开",
}  # fmt: skip


@click.command("verify")
@click.option(
    "--backup", type=click.Path(path_type=Path), metavar="文件夹", help="核对备份（一份，或存放备份的文件夹）"
)
@click.option("--json", "as_json", is_flag=True, help="每个问题输出一行 JSON")
def command(backup: Path | None, as_json: bool) -> None:
    """校验：逐个核对原件的校验值，登记、原件、记录、索引、事项目录是否一致，操作记录有无改动。有问题返回 3。"""
    if backup is not None:
        sys.exit(3 if verify_backups(backup, as_json) else 0)
    sys.exit(3 if verify_corpus(load_settings(), as_json) else 0)


def verify_corpus(settings: Settings, as_json: bool = False) -> int:
    """How many problems there are; each is told."""
    store = open_store(settings)
    if not store.exists or not store.journal.exists():
        raise StoreError(f"资料库还没有建立：{store.root}（先运行 ingest）")
    journal = Journal(store.journal)
    progress = make_progress(quiet=as_json)
    count = 0
    try:
        for problem in verify(store, journal, _index_ids(settings), progress, fact_ids=_fact_ids(settings)):
            count += 1
            _tell(problem, as_json, journal)
        for problem in _trail(settings):
            count += 1
            _tell(problem, as_json, journal)
        states = journal.counts()
    finally:
        progress.close()
        journal.close()
    if not as_json:
        click.echo(f"{tally(states)}，{f'发现 {count} 个问题' if count else '全部一致'}。")
    return count


def verify_backups(place: Path, as_json: bool) -> int:
    """Every file of every backup there against its list; gives how many do not hold."""
    found = [place] if (place / MANIFEST).exists() else backups(place)
    if not found:
        raise StoreError(f"这里没有备份：{place}")
    progress = make_progress(quiet=as_json)
    count = 0
    for one in found:
        damaged = list(check(one, lambda done, total: progress.step(done, total, "核对备份")))
        progress.close()
        count += len(damaged)
        for damage in damaged:
            line = {"backup": str(one), "path": damage.path, "message": damage.message}
            click.echo(
                json.dumps(line, ensure_ascii=False) if as_json else f"{damage.path or one.name}：{damage.message}"
            )
        if not as_json:
            told = f"发现 {len(damaged)} 个问题" if damaged else "完好"
            click.echo(f"{one.name}：{told}。")
    return count


def tally(states: Mapping[str, int]) -> str:
    """How many originals there are and what has become of them: 16 份原件（可检索 10、未读成 6）."""
    counts: dict[str, int] = {}
    for state, count in states.items():
        counts[STATES[state]] = counts.get(STATES[state], 0) + count
    shown = "、".join(f"{name} {counts[name]}" for name in dict.fromkeys(STATES.values()) if counts.get(name))
    return f"{sum(counts.values())} 份原件" + (f"（{shown}）" if shown else "")


def _trail(settings: Settings) -> Iterator[Problem]:
    """The record of who did what, and withdrawals that a crash left half done."""
    for one in open_trail(settings).verify():
        yield Problem(f"trail_{one.code}", "", f"操作记录：{one.message}")
    for mark in marks(open_store(settings)):
        if not mark.is_done:
            yield Problem("withdrawal", mark.sha256, "撤出没有做完，请再运行 withdraw（不写编号）")


def _index_ids(settings: Settings) -> frozenset[str] | None:
    """None when the index cannot be opened."""
    try:
        index = open_index(settings, outdated="keep", thorough=True)
    except GongwenError:
        return None
    try:
        return frozenset(index.ids())
    finally:
        index.close()


def _fact_ids(settings: Settings) -> frozenset[str]:
    """None of them when the catalogue cannot be opened: then all are missing."""
    try:
        catalogue = open_catalogue(settings)
    except GongwenError:
        return frozenset()
    try:
        return catalogue.ids()
    except GongwenError:
        return frozenset()
    finally:
        catalogue.close()


def _tell(problem: Problem, as_json: bool, journal: Journal) -> None:
    if as_json:
        line = {"code": problem.code, "subject": problem.subject, "message": problem.message}
        click.echo(json.dumps(line, ensure_ascii=False))
        return
    name = journal.name_of(problem.subject) if len(problem.subject) == 64 else problem.subject
    label = "、".join(dict.fromkeys(one for one in (name, problem.subject[:16]) if one))
    click.echo(f"{label or '资料库'}：{problem.message}")
