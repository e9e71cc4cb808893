"""What the list commands (tasks, people, deadlines, cites) share: options, the catalogue, lines of text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import click

from gongwen.errors import SettingsError, StoreError
from gongwen.labels import ROLES
from gongwen.settings import load_settings
from gongwen.store import open_store
from index.catalogue.catalogue import Catalogue, open_catalogue
from index.catalogue.due import whole
from index.catalogue.refs import Found, PaperRef
from index.catalogue.units import unit_keys
from web.facts import brief, chinese_date, in_book_marks

MOST = 100_000
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked, in the terms of the catalogue. `units` are keys."""

    units: tuple[int, ...]
    roles: tuple[str, ...]
    years: tuple[int, ...]
    start: str
    end: str
    limit: int
    as_json: bool


def list_options(*roles: str) -> Callable[[_Command], _Command]:
    """The filters that every list has. `roles`: those a unit may have in it, in Chinese or as in the record."""
    words = [*(ROLES[role] for role in roles), *roles]

    def dress(command: _Command) -> _Command:
        for option in reversed((
            click.option("--unit", "units", multiple=True, help="单位（可多次，任一即可；简称、旧称、全称都可以）"),
            click.option("--role", "held", multiple=True, type=click.Choice(words), help="单位的角色（可多次）"),
            click.option("--year", "years", multiple=True, type=click.IntRange(1900, 2999), help="年份（可多次）"),
            click.option("--from", "start", default="", metavar="日期", help="起始日期，如 2024-05-01、2024-05、2024"),
            click.option("--to", "end", default="", metavar="日期", help="截止日期（含当日）"),
            click.option("--limit", type=click.IntRange(1, MOST), default=MOST, help="最多列出多少条"),
            click.option("--json", "as_json", is_flag=True, help="每条输出一行 JSON"),
        )):  # fmt: skip
            command = option(command)
        return command

    return dress


@contextmanager
def catalogue() -> Iterator[Catalogue]:
    """The catalogue of the corpus in the settings. StoreError when there is nothing in it."""
    settings = load_settings()
    if not open_store(settings).shas():
        raise StoreError(f"资料库 {settings.corpus} 中还没有公文，请先收文，或检查 GONGWEN_CORPUS")
    opened = open_catalogue(settings)
    try:
        yield opened
    finally:
        opened.close()


def read_options(opened: Catalogue, asked: dict[str, Any]) -> Options:
    """SettingsError for a unit that no paper and no list knows, and for a date that is none."""
    keys: dict[int, None] = {}
    for name in asked["units"]:
        found = opened.ask(partial(unit_keys, register=opened.register, text=name))
        if not found:
            raise SettingsError(f"资料库的公文中没有名为“{name}”的单位。units list 列出已知的机构")
        keys |= dict.fromkeys(found)
    roles = tuple(next(key for key, word in ROLES.items() if one in (key, word)) for one in asked["held"])
    start, end = (iso_day(asked[name], last=name == "end") for name in ("start", "end"))
    return Options(tuple(keys), roles, asked["years"], start, end, asked["limit"], asked["as_json"])


def iso_day(text: str, *, last: bool = False) -> str:
    """An ISO day of what a person types; of a month or year its first or last day. SettingsError when it is none."""
    if not text:
        return ""
    day = whole(text, last=last)
    iso = f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
    try:
        click.DateTime(["%Y-%m-%d"]).convert(iso, None, None)
    except click.BadParameter as error:
        raise SettingsError(f"日期“{text}”无法识别，请写成 2024-05-08、2024-05 或 2024") from error
    return iso


def echo_rows(rows: Iterable[Any], lines: Callable[[Any], Iterable[str]], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            click.echo(json.dumps(row.to_json(), ensure_ascii=False))
            continue
        for line in lines(row):
            click.echo(printable(line))


def echo_total(found: Found[Any], what: str, *, as_json: bool) -> None:
    """How many there are, on stderr: what is listed may go on into another program."""
    if as_json:
        return
    more = "" if len(found.rows) >= found.total else f"，列出前 {len(found.rows)} {what[0]}"
    click.echo(f"共{'' if found.is_exact else '至少'} {found.total} {what}{more}。", err=True)


def paper_line(paper: PaperRef, page: int | None = None) -> str:
    """Where it stands: issuer, title, number, day, page and the address of the paper."""
    told = "，".join(one for one in (paper.number, chinese_date(paper.date)) if one)
    title = in_book_marks(paper.title) if paper.title else paper.source
    where = f"第{page}页" if page else ""
    return f"    {brief(paper.issuers)}{title}{f'（{told}）' if told else ''}{where} [{paper.id}]"


def printable(text: str) -> str:
    """A document must not steer the terminal: no control and no direction characters."""
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs"} else char for char in text)
