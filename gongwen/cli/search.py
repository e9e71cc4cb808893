"""`search`: the same search as on the site, as lines of text or JSON."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import click
import regex

from gongwen.cli.folding import columns, fold_line
from gongwen.errors import StoreError
from gongwen.settings import load_settings
from gongwen.store import open_store
from index.engine import EntryMeta, Hit, Page, Query
from index.sync import open_index
from web.facts import brief, chinese_date, chinese_dates

_SPACE = regex.compile(r"\s{2,}|[^\S\u3000]")

ROLES: dict[str, str] = {
    "牵头": "lead", "责任": "responsible", "配合": "cooperate", "主办": "host", "承办": "organizer",
    "协办": "co_organizer", "发文": "issuer",
}  # fmt: skip


@click.command("search")
@click.argument("words", metavar="QUERY", nargs=-1)
@click.option("--unit", "units", multiple=True, help="单位（可多次，任一即可；简称、全称都查）")
@click.option("--role", type=click.Choice(list(ROLES)), help="单位的角色；不写则不限角色")
@click.option("--from", "start", default="", metavar="日期", help="起始日期，如 2024-05-01、2024-05、2024")
@click.option("--to", "end", default="", metavar="日期", help="截止日期（含当日）")
@click.option("--year", "years", multiple=True, help="年份（可多次）")
@click.option("--type", "kinds", multiple=True, help="文种，如 通知、函（可多次）")
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="排序方式")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="最多显示几件")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def command(
    words: tuple[str, ...], units: tuple[str, ...], role: str | None, start: str, end: str, years: tuple[str, ...],
    kinds: tuple[str, ...], sort: str, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """检索公文。

    \b
    科普日 方案              两个词都要有
    “全国科普日”             一字不差
    云科协字2024 12          文号，写法不限
    牵头:市科协 年:2024      按字段查（文号 标题 单位 主办 承办 协办 牵头 责任 人 主题 日期 年 类型）
    科普 不含 微信           不含某词；两个词有一个即可，用“或”
    """
    query = Query(
        text=_text(words, units, role),
        where={name: values for name, values in (("year", years), ("type", kinds)) if values},
        date_from=start, date_to=end, sort=sort, limit=limit, today=date.today().isoformat(),
    )  # fmt: skip
    settings = load_settings()
    if not open_store(settings).shas():  # nor is an index made for nothing
        raise StoreError(f"资料库 {settings.corpus} 中还没有公文，请先收文，或检查 GONGWEN_CORPUS")
    index = open_index(settings, outdated="keep")
    try:
        if index.is_outdated:
            click.echo("注意：检索引擎或程序版本变了，现在用的还是旧索引；请运行 rebuild --index-only 更新。", err=True)
        page = index.search(query)
        metas = {one: meta for one in page.ids if (meta := index.entry_meta(one)) is not None}
    finally:
        index.close()
    if as_json:
        click.echo(json.dumps(_data(query, page, metas), ensure_ascii=False))
        return
    for line in _notes(page):
        click.echo(line, err=True)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in _lines(page, metas, width=width):
        click.echo(line)


def _text(words: tuple[str, ...], units: tuple[str, ...], role: str | None) -> str:
    """The options about units as fields of the query, so that aliases are searched too."""
    label = role or "单位"
    named = [f"{label}:“{_unquoted(unit)}”" for unit in units]
    return " ".join([*words, " OR ".join(named)]).strip()


def _unquoted(text: str) -> str:
    return "".join(char for char in text if char not in '“”"„＂')


def _notes(page: Page) -> Iterator[str]:
    for warning in page.warnings:
        yield f"注意：{warning}"
    if page.searched:
        yield f"实际检索：{chinese_dates('；'.join(page.searched))}"
    if not page.exact:
        yield "没有完全匹配的公文，下面是包含所有词的结果。"


def _lines(page: Page, metas: dict[str, EntryMeta], *, width: int) -> Iterator[str]:
    """`width` is that of a terminal, where lines are folded and matches stand out; 0: a pipe, plain text."""
    if not page.total:
        yield "没有找到。可以少写几个词，或去掉引号再试。"
        return
    for hit in page.hits:
        meta = metas.get(hit.id)
        yield from _hit_lines(hit, meta, width)
        yield ""
    more = "" if len(page.hits) >= page.total else f"，显示前 {len(page.hits)} 件"
    yield f"共{'至少 ' if page.approximate else ' '}{page.total} 件{more}。"


def _hit_lines(hit: Hit, meta: EntryMeta | None, width: int) -> Iterator[str]:
    yield from _folded(hit.title or [("（无标题）", False)], width)
    facts = [one for one in _facts(meta) if one] if meta else []
    yield from _folded([("　".join(facts) or "（无文号、日期）", False)], width, indent="  ")
    for snippet in hit.snippets:
        yield from _folded(snippet, width, indent="  … ")
    source = _printable(meta.meta.get("source", "")) if meta else ""
    part = f" 第 {meta.meta['part']} 件" if meta and meta.meta.get("parts", "1") != "1" else ""
    yield f"  [{hit.id}]" + (f" {source}{part}" if source else "")


def _facts(meta: EntryMeta) -> tuple[str, ...]:
    issuers = brief([one for one in meta.meta.get("issuers", "").split("、") if one])
    return meta.number, chinese_date(meta.date), issuers, meta.meta.get("type", "")


def _folded(pieces: Iterable[tuple[str, bool]], width: int, *, indent: str = "") -> Iterator[str]:
    shown = [(_printable(_SPACE.sub("" if is_match else " ", text)), is_match) for text, is_match in pieces]
    for at, line in enumerate(fold_line(shown, width - columns(indent) if width else 0)):
        lead = indent if at == 0 else " " * columns(indent)
        yield lead + "".join(click.style(text, bold=True, fg="red") if is_match and width else text
                             for text, is_match in line)  # fmt: skip


def _printable(text: str) -> str:
    """A document must not steer the terminal: no control and no direction characters."""
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs"} else char for char in text)


def _data(query: Query, page: Page, metas: dict[str, EntryMeta]) -> dict[str, Any]:
    return {
        "query": query.text,
        "total": page.total,
        "exact": page.exact,
        "approximate": page.approximate,
        "searched": list(page.searched),
        "warnings": list(page.warnings),
        "hits": [_hit_data(hit, metas.get(hit.id)) for hit in page.hits],
        "facets": {name: dict(counts) for name, counts in page.facets.items()},
    }


def _hit_data(hit: Hit, meta: EntryMeta | None) -> dict[str, Any]:
    out: dict[str, Any] = {"id": hit.id, "score": hit.score, "title": "".join(text for text, _ in hit.title)}
    if meta is not None:
        out |= {"document_number": meta.number or None, "date": meta.date or None, **meta.meta}
    out["snippets"] = [[[text, is_match] for text, is_match in snippet] for snippet in hit.snippets]
    return out
