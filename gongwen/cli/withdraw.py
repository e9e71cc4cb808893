"""`gongwen withdraw`: a paper leaves the corpus with everything derived of it."""

from __future__ import annotations

import sys
from functools import partial

import click

from gongwen.cli.accounts import open_accounts, open_sights, open_trail, operator
from gongwen.cli.compose import open_sinks
from gongwen.cli.sights import DATABASES
from gongwen.errors import StoreError
from gongwen.saved import NAME as SAVED
from gongwen.saved import SavedSearches
from gongwen.settings import Settings, load_settings
from gongwen.store import Store, is_sha256, open_store
from gongwen.trail import Trail
from index.sync import open_index
from ingest.journal import Journal
from ingest.withdraw import Fate, finish, going_with, marks, vacuum, withdraw

_SECONDS = 600.0
"""For bringing up what was made for readers that may not see all."""


@click.command("withdraw")
@click.argument("papers", nargs=-1, metavar="编号…")
@click.option("--why", default="", metavar="事由", help="记入操作记录的事由")
@click.option("--seal", "fate", flag_value="seal", help="原件移入 CORPUS/sealed，不再提供查阅（默认按设置 withdrawn）")
@click.option("--destroy", "fate", flag_value="destroy", help="原件销毁")
@click.option("--quick", is_flag=True, help="不重写索引：检索不到，但旧的词条留在索引文件里，直到下次 rebuild")
@click.option("--yes", is_flag=True, help="不再询问")
@click.option("--list", "only_list", is_flag=True, help="列出已撤出的")
def command(papers: tuple[str, ...], why: str, fate: str | None, quick: bool, yes: bool, only_list: bool) -> None:
    """撤出公文：从检索、目录、复核、页面图像中全部去除，原件封存或销毁；同一文件再次放入时不收。"""
    settings = load_settings()
    store = open_store(settings)
    if only_list:
        for one in marks(store):
            fated = "销毁" if one.fate == "destroy" else "封存"
            click.echo(f"{one.sha256[:16]}\t{one.at}\t{one.by}\t{fated}\t{one.why}")
        return
    chosen: Fate = "destroy" if (fate or settings.withdrawn) == "destroy" else "seal"
    journal = Journal(store.journal)
    try:
        files = [_file(store, one) for one in papers]
        if files and not yes and not _agreed(journal, files, chosen):
            sys.exit(3)
        _run(settings, store, journal, files, why, chosen, quick=quick)
    finally:
        journal.close()


def _agreed(journal: Journal, files: list[str], fate: Fate) -> bool:
    """Names what goes, also what goes along."""
    for sha256 in files:
        for one in going_with(journal, sha256):
            click.echo(f"{'将撤出' if one == sha256 else '　随同撤出'}：{journal.name_of(one)}（{one[:16]}）", err=True)
    return click.confirm("原件将销毁，不能恢复。确定？" if fate == "destroy" else "确定？", default=False, err=True)


def _run(
    settings: Settings, store: Store, journal: Journal, files: list[str], why: str, fate: Fate, *, quick: bool
) -> None:
    sinks, trail = open_sinks(settings), open_trail(settings)
    note = partial(_note, trail, why, fate)
    try:
        again = finish(store, journal, sinks)
        if again:
            click.echo(f"补完了上次没有做完的 {again} 份。", err=True)
        for sha256 in files:
            gone = withdraw(store, journal, sinks, sha256, by=operator(), why=why, fate=fate, note=note)
            saved = SavedSearches(settings.corpus / SAVED)
            for one in gone:
                saved.forget(one[:16])
            click.echo(f"已撤出 {len(gone)} 份文件，原件已{'销毁' if fate == 'destroy' else '封存'}。")
    finally:
        sinks.close()
    if not quick:
        click.echo("正在重写索引，去除残留……", err=True)
        _purge(settings, store)
    click.echo("以前的备份里还有这些文件；请按单位的规定处理备份。", err=True)


def _purge(settings: Settings, store: Store) -> None:
    """An index keeps what was deleted until it is merged, a database in its free pages: both are written anew. Also
    those of readers that may not see all papers."""
    index = open_index(settings)
    try:
        index.rebuild(store)
    finally:
        index.close()
    for name in DATABASES:
        vacuum(store.root / name)
    sights = open_sights(settings)
    if sights is None:
        return
    try:
        sights.purge(open_accounts(settings).all(), _SECONDS)
    finally:
        sights.close()


def _note(trail: Trail, why: str, fate: str, sha256: str) -> None:
    trail.append("withdraw", f"{sha256} {fate} {why}".strip(), who=operator())


def _file(store: Store, word: str) -> str:
    if is_sha256(word) and store.has_object(word):
        return word
    found = store.find(word)
    if found is None:
        raise StoreError(f"没有编号为“{word}”的公文（用检索结果中的编号，或原件的 SHA-256）")
    return found[0].sha256
