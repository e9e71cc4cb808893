"""`cites`: what papers cite, whether it is in the corpus, and who cites a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from gongwen.cli.lists import catalogue, echo_rows, echo_total, list_options, paper_line, printable, read_options
from gongwen.errors import StoreError
from gongwen.labels import WORDS
from index.catalogue.citing import Cited, cited_by_paper, citing_paper, find_citations, find_missing
from web.facts import in_book_marks

STATES = {"已收": "found", "待辨": "several", "未收": "missing"}


@click.command("cites")
@click.argument("address", metavar="[编号]", required=False)
@list_options("issuer")
@click.option("--state", type=click.Choice([*STATES, *STATES.values()]), help="已收、待辨（有几件可能）、未收")
@click.option("--missing", is_flag=True, help="只汇总未收的文件，引用最多的在前")
def command(address: str | None, state: str | None, missing: bool, **asked: Any) -> None:
    """列出引用的文件和它们在不在资料库里；写了公文编号则列出它引用的和引用它的。

    年份、日期、单位都是引用方的（单位为发文单位）。
    """
    with catalogue() as opened:
        options = read_options(opened, asked)
        if address:
            if address not in opened.ids():
                raise StoreError(f"没有编号为 {address} 的公文。编号在检索结果每件末尾的方括号里")
            mine = opened.ask(lambda connection: cited_by_paper(connection, address))
            others = opened.ask(lambda connection: citing_paper(connection, address))
            _echo_both(mine, list(others.rows), as_json=options.as_json)
            return
        if missing:
            absent = opened.ask(lambda connection: find_missing(connection, limit=options.limit))
            for one in absent.rows:
                told = {"title": one.title, "document_number": one.number, "papers": one.count}
                number = f"（{one.number}）" if one.number else ""
                plain = f"{one.count} 件引用：{in_book_marks(one.title) if one.title else ''}{number}"
                click.echo(json.dumps(told, ensure_ascii=False) if options.as_json else printable(plain))
            echo_total(absent, "件未收", as_json=options.as_json)
            return
        found = opened.ask(lambda connection: find_citations(
            connection, state=STATES.get(state or "", state or ""), years=options.years, start=options.start,
            end=options.end, issuers=options.units, limit=options.limit,
        ))  # fmt: skip
    echo_rows(found.rows, _lines, as_json=options.as_json)
    echo_total(found, "条引用", as_json=options.as_json)


def _echo_both(mine: list[Cited], others: list[Cited], *, as_json: bool) -> None:
    if as_json:
        for direction, rows in (("cites", mine), ("cited_by", others)):
            for one in rows:
                click.echo(json.dumps({"direction": direction, **one.to_json()}, ensure_ascii=False))
        return
    click.echo(f"引用的文件（{len(mine)}）")
    echo_rows(mine, _told, as_json=False)
    click.echo(f"被引用（{len(others)}）")
    echo_rows([one.paper for one in others], lambda paper: [paper_line(paper)], as_json=False)


def _lines(one: Cited) -> Iterator[str]:
    yield from _told(one)
    yield paper_line(one.paper, one.page)


def _told(one: Cited) -> Iterator[str]:
    number = f"（{one.number}）" if one.number else ""
    relation = WORDS["relation"].get(one.relation, one.relation)
    state = next(word for word, key in STATES.items() if key == one.state)
    differs = "，标题不符" if one.title_differs else ""
    yield f"{relation}{in_book_marks(one.title) if one.title else ''}{number}　{state}{differs}"
    for target in one.targets:
        yield paper_line(target).replace("    ", "    → ", 1)
