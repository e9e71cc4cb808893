"""`review`: the queue of doubts, and judging one value, as on the site."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator
from typing import Any

import click

from gongwen.cli.compose import open_sinks
from gongwen.errors import StoreError, TypedError
from gongwen.judging import Asked, Conflict, Verb, judge, look, take_back
from gongwen.labels import COLUMNS, FIELDS, TABLE_COLUMNS, Labels, load_labels
from gongwen.record import ROWS, Record
from gongwen.resolving import REVIEWED, Resolution, share
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings, load_settings
from gongwen.store import Store, open_store
from gongwen.targets import Target, targets
from gongwen.typed import read_several, read_typed
from index.doubt_queue import Open, Wanted
from index.doubt_store import Doubts, open_doubts
from index.doubts import KINDS
from index.following import catch_up
from web.cards import KINDS as NAMES
from web.cards import print_value
from web.facts import chinese_dates
from web.told_acts import tell_acts

_KINDS = {NAMES[kind]: kind for kind in KINDS}
_SAID = {"confirm": "已确认", "correct": "已更正", "deny": "已记为原文没有", "add": "已补充"}
_VALUES = {"single", "item", "cell", "cell_item"}


@click.group("review", invoke_without_command=True)
@click.option("--kind", type=click.Choice([*_KINDS, *KINDS]), metavar="疑点", help=f"只列一种疑点：{'、'.join(_KINDS)}")
@click.option("--field", default="", metavar="字段", help="只列一个字段，如 发文字号（document_number）")
@click.option("--year", default="", metavar="年份", help="只列某年的公文")
@click.option("--unit", default="", metavar="单位", help="只列某机关发的公文（全称）")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="最多列几项")
@click.option("--json", "as_json", is_flag=True, help="每项输出一行 JSON")
@click.pass_context
def command(
    context: click.Context, kind: str | None, field: str, year: str, unit: str, limit: int, as_json: bool
) -> None:
    """复核：列出有疑点的内容，最要紧的在前；用下面的命令确认或更正一项。

    字段写名称或代号，表中的一栏写“表.栏”，如 联系方式.电话。每次复核都会写明是谁、什么时候，可以撤销。
    """
    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    labels = load_labels(settings)
    wanted = Wanted(_KINDS.get(kind or "", kind or ""), _field_key(field, labels) if field else "", year, unit)
    doubts = _doubts(settings)
    try:
        for one in doubts.listed(wanted, limit=limit):
            click.echo(json.dumps(_plain(one), ensure_ascii=False) if as_json else "\n".join(_lines(one, labels)))
        if not as_json:
            click.echo(_tally(doubts, wanted, labels))
    finally:
        doubts.close()


def _judging(verb: Verb, help_text: str) -> Callable[[Callable[..., None]], Any]:
    """The options that all commands about one value have."""

    def dressed(work: Callable[..., None]) -> Any:
        for option in reversed((
            click.argument("address", metavar="编号"),
            click.argument("field", metavar="字段"),
            click.option("--value", default="", metavar="现值", help="列表中的哪一个值；只有一个时不必写"),
            click.option("--row", default="", metavar="行名", help="表中的哪一行，写这一行的名称（任务名、姓名等）"),
            click.option("--by", default="", metavar="姓名", help="复核人；不写则为本机的用户名"),
        )):  # fmt: skip
            work = option(work)
        return command.command(verb, help=help_text)(work)

    return dressed


@_judging("confirm", "确认一项无误。")
def confirm(address: str, field: str, value: str, row: str, by: str) -> None:
    _judge("confirm", address, field, value, row, by, ())


@_judging("deny", "这一项原文没有。")
def deny(address: str, field: str, value: str, row: str, by: str) -> None:
    _judge("deny", address, field, value, row, by, ())


@_judging("correct", "更正一项；没有值的字段，写上原文的值。")
@click.argument("say", metavar="正确的内容")
def correct(address: str, field: str, value: str, row: str, by: str, say: str) -> None:
    _judge("correct", address, field, value, row, by, (say,))


@_judging("add", "给列表补充值，可写几个。")
@click.argument("say", metavar="内容", nargs=-1, required=True)
def add(address: str, field: str, value: str, row: str, by: str, say: tuple[str, ...]) -> None:
    _judge("add", address, field, value, row, by, say)


@command.command("log")
@click.argument("address", metavar="编号")
@click.option("--json", "as_json", is_flag=True, help="每次复核输出一行 JSON")
def log(address: str, as_json: bool) -> None:
    """一件公文的复核经过，新的在前；每行开头的标记用于撤销。"""
    settings = load_settings()
    store = open_store(settings)
    sha256, record = _find(store, address)
    reading = store.reading(sha256)
    assert reading is not None
    at = next(at for at, one in enumerate(reading.documents) if one.id == record.id)
    for one in tell_acts(share(reading.documents, store.reviews(sha256)).of[at], load_labels(settings), covered=False):
        if as_json:
            found = {"mark": one.mark, "field": one.where, "words": one.words, "by": one.by, "at": one.at,
                     "stands": one.stands}  # fmt: skip
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            back = "" if one.stands or one.is_back else "（已撤销）"
            click.echo(f"{one.mark} {one.at} {one.by} {one.where}：{one.words}{back}")


@command.command("undo")
@click.argument("address", metavar="编号")
@click.argument("mark", metavar="标记")
@click.option("--by", default="", metavar="姓名", help="谁来撤销；不写则为本机的用户名")
def undo(address: str, mark: str, by: str) -> None:
    """撤销一次复核；标记见 review log。撤销本身也记下来，什么都不会删除。"""
    settings = load_settings()
    store = open_store(settings)
    sha256, _ = _find(store, address)
    try:
        take_back(store, sha256, address, mark, _signed(by))
    except Conflict as conflict:
        raise StoreError(str(conflict)) from conflict
    _follow(settings, sha256)
    click.echo("已撤销。")


# --- private ----------------------------------------------------------------------------------------------


def _judge(verb: Verb, address: str, field: str, value: str, row: str, by: str, say: tuple[str, ...]) -> None:
    settings = load_settings()
    store, labels, rules = open_store(settings), load_labels(settings), load_rulebook(settings)
    sha256, _ = _find(store, address)
    found = look(store, sha256, address)
    target = _target(found, labels, verb, field, value, row)
    year = int(str(found.record["issue_date"])[:4]) if found.record["issue_date"] else None
    says: list[Any] = []
    if verb == "correct":
        says = [read_typed(rules, target.field, target.column, say[0], year=year)]
    elif verb == "add":
        says = [one for each in say for one in read_several(rules, target.field, target.column, each, year=year)]
    try:
        done = judge(store, sha256, Asked(address, target.key, target.seen, verb, says), _signed(by))
    except Conflict as conflict:
        raise StoreError(f"{conflict}，没有写入，请重新查看") from conflict
    _follow(settings, sha256)
    for act in done.acts:
        click.echo(f"{_SAID[verb]}（撤销用标记 {act.mark}）")
    if not done.acts:
        click.echo("与上一次复核相同，没有重复记录。")


def _target(found: Resolution, labels: Labels, verb: Verb, field: str, value: str, row: str) -> Target:
    """The one target that is meant. TypedError tells what there is to choose from."""
    name, _, column = field.partition(".")
    key = _field_key(name, labels)
    col = _column_key(key, column, labels) if column else ""
    kinds = {"list", "cell_list"} if verb == "add" else _VALUES
    held = [one for one in targets(found) if one.field == key and one.column == col and one.kind in kinds]
    if row:
        held = [one for one in held if one.row == row]
    if value:
        held = [one for one in held if value in (one.text, print_value(one, labels))]
    if len(held) == 1:
        return held[0]
    if not held:
        raise TypedError(f"没有这样的值：{field}{f'，行“{row}”' if row else ''}{f'，值“{value}”' if value else ''}")
    shown = "、".join(dict.fromkeys(f"{one.row}：{one.text}" if one.row else one.text for one in held[:8]))
    raise TypedError(f"“{field}”有 {len(held)} 个值，请用 --value 或 --row 写明是哪一个：{shown}")


def _field_key(name: str, labels: Labels) -> str:
    known = {labels.field(key): key for key in FIELDS} | {key: key for key in FIELDS}
    if name not in known:
        shown = "、".join(labels.field(key) for key in FIELDS if key in REVIEWED)
        raise TypedError(f"没有名为“{name}”的字段，可写：{shown}")
    return known[name]


def _column_key(table: str, name: str, labels: Labels) -> str:
    known = {labels.column(table, key): key for key in ROWS.get(table, ())}
    known |= {key: key for key in (*COLUMNS, *TABLE_COLUMNS.get(table, ())) if key in ROWS.get(table, ())}
    if name not in known:
        raise TypedError(f"“{labels.field(table)}”没有名为“{name}”的栏，可写：{'、'.join(dict.fromkeys(known))}")
    return known[name]


def _find(store: Store, address: str) -> tuple[str, Record]:
    found = store.find(address)
    if found is None:
        raise StoreError(f"没有编号为 {address} 的公文。编号见 review 或 search 的结果")
    return found[0].sha256, found[1]


def _signed(by: str) -> str:
    try:
        return by.strip() or f"{getpass.getuser()}（命令行）"
    except (KeyError, OSError):
        return "命令行"


def _follow(settings: Settings, sha256: str) -> None:
    sinks = open_sinks(settings)
    try:
        sinks.refresh([sha256])
    finally:
        sinks.close()


def _doubts(settings: Settings) -> Doubts:
    """The queue, caught up with what was ingested or said while nobody followed."""
    store = open_store(settings)
    if not store.exists:
        raise StoreError(f"资料库还没有建立：{store.root}（先运行 ingest）")
    doubts = open_doubts(settings)
    if doubts.behind().files:
        sinks = open_sinks(settings)
        try:
            catch_up(sinks, doubts)
        finally:
            sinks.close()
    return doubts


def _plain(one: Open) -> dict[str, Any]:
    return {
        "paper": one.address, "key": one.key, "field": one.field, "column": one.column or None, "row": one.row or None,
        "value": one.value, "kinds": list(one.kinds), "reasons": [each.message for each in one.reasons],
        "rule": one.rule, "score": one.score, "title": one.title, "document_number": one.number or None,
        "date": one.date or None,
    }  # fmt: skip


def _lines(one: Open, labels: Labels) -> Iterator[str]:
    kinds = "、".join(NAMES[kind] for kind in one.kinds)
    name = labels.field(one.field) if one.field else "全文"
    where = f"{name}.{labels.column(one.field, one.column)}（{one.row}）" if one.column else name
    yield f"[{kinds}] {where}：{chinese_dates(one.value) or '（无）'}"
    for each in one.reasons:
        yield f"    {chinese_dates(each.message)}"
    yield f"    {one.number or one.title or '（未见标题）'}　编号 {one.address}"


def _tally(doubts: Doubts, wanted: Wanted, labels: Labels) -> str:
    counts = doubts.counts(wanted)
    if not counts.total:
        return "没有待复核的内容。"
    fields = "，".join(f"{labels.field(name) if name else '全文'} {count}" for name, count in counts.fields.items())
    return f"共 {counts.total} 项待复核（{fields}）。"
