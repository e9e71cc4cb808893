"""`digest`: a mail of what saved searches found since the last one, as an .eml file. Nothing is sent."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from gongwen.disk import writing_for
from gongwen.errors import StoreError
from gongwen.saved import NAME, SavedSearch, SavedSearches
from gongwen.settings import load_settings
from gongwen.store import open_store
from index.sync import open_index
from ingest.arrivals import read_arrivals
from web.digests import News, digest, news_of


@click.command("digest")
@click.argument("wanted", metavar="编号或名称", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="文件",
              help="写入文件；不写则输出到屏幕")  # fmt: skip
@click.option("--to", default="", metavar="地址", help="收件人，写进邮件；本命令不发送")
@click.option("--site", default="", metavar="地址", help="网站地址，用于邮件中的链接，默认按设置")
@click.option("--keep", is_flag=True, help="只看一看：下次仍算新到")
@click.option("--json", "as_json", is_flag=True, help="只列出各个检索新到几件，输出 JSON，不算通知")
def command(
    wanted: tuple[str, ...], output: Path | None, to: str, site: str, keep: bool, as_json: bool
) -> None:
    """生成新到公文的摘要邮件（.eml）。

    \b
    digest                     所有保存的检索，一封邮件
    digest 全国科普日 -o 新到.eml   一个检索，写入文件
    """
    settings = load_settings()
    store = SavedSearches(settings.corpus / NAME)
    searches = _chosen(store, wanted)
    index = open_index(settings)
    try:
        arrivals, today = read_arrivals(open_store(settings).journal), date.today().isoformat()
        found = [(one, news_of(one, store.told(one.id), index, arrivals, today)) for one in searches]
    finally:
        index.close()
    if as_json:
        click.echo(json.dumps([_data(one, news) for one, news in found], ensure_ascii=False))
        return
    news = [one for _, one in found if one is not None]
    if not news:
        click.echo("没有新到的公文，不生成邮件。", err=True)
        return
    now = datetime.now().astimezone()
    address = site.rstrip("/") or f"http://{settings.host}:{settings.port}"
    _write(digest(news, site=address, office=settings.office, now=now, to=to), output)
    if not keep:
        for one in news:
            store.tell(one.saved.id, one.ids, now.isoformat(timespec="seconds"))
    click.echo(f"新到 {sum(len(one.ids) for one in news)} 件，涉及 {len(news)} 个检索。", err=True)


def _chosen(store: SavedSearches, wanted: tuple[str, ...]) -> list[SavedSearch]:
    known = store.all()
    if not wanted:
        if not known:
            raise StoreError("还没有保存的检索：请在网站的检索结果页点“保存检索”")
        return known
    unknown = [one for one in wanted if not any(one in (search.id, search.name) for search in known)]
    if unknown:
        names = "、".join(one.name for one in known) or "（无）"
        raise StoreError(f"没有名为“{unknown[0]}”的保存的检索。现有：{names}")
    return [one for one in known if one.id in wanted or one.name in wanted]


def _write(mail: bytes, output: Path | None) -> None:
    """News are told only once the mail is written."""
    if output is None:
        click.echo(mail, nl=False)
        return
    with writing_for(output):
        output.write_bytes(mail)


def _data(saved: SavedSearch, news: News | None) -> dict[str, object]:
    return {"id": saved.id, "name": saved.name, "new": len(news.ids) if news else 0,
            "papers": [one.id for one in news.papers] if news else []}  # fmt: skip
