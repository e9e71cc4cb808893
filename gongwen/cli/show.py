"""`show`: one record for a person to read, with where each value stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import click

from gongwen.errors import REASONS, StoreError
from gongwen.labels import Labels, load_labels
from gongwen.record import LISTS, ROWS, SCALARS, Reading, Record
from gongwen.review import State, resolve_all
from gongwen.settings import load_settings
from gongwen.store import Store, is_sha256, open_store
from index.editions.database import EditionsFile
from index.editions.ledger import Editions as Ledger
from ingest.relations import Relations, read_relations
from web.editions import Editions, editions_of
from web.facts import chinese_date

_STATES: dict[State, str] = {
    "extracted": "", "confirmed": "已确认", "corrected": "已更正", "stale": "复核已过时，请重新核对",
}  # fmt: skip
_ORDER = (*SCALARS, *LISTS)


@click.command("show")
@click.argument("address", metavar="编号")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON（含依据）")
def command(address: str, as_json: bool) -> None:
    """显示一件公文的全部字段和依据所在页。编号见 search 的结果，也可以写文件的校验值（sha256）。"""
    settings = load_settings()
    store = open_store(settings)
    labels = load_labels(settings)
    reading, records = _find(store, address)
    reviews = store.reviews(reading.sha256)
    relations = read_relations(store.journal, reading.sha256)
    document = store.text(reading.sha256)
    ledger = Ledger(EditionsFile(store.editions), store)
    shown_ids = {record.id for record in records}
    resolved = [one for one in resolve_all(reading.documents, reviews) if one.machine.id in shown_ids]
    for at, one in enumerate(resolved):
        reviewed, states = one.record, one.states
        editions = Editions()
        if document is not None:
            told = partial(read_relations, store.journal)
            editions = editions_of(reading, reviewed, document, ledger, store, told, revealed=True)
        if as_json:
            shown = reviewed.to_json() | {"source": reading.source, "reviewed": states}
            shown["containers"] = [kin.to_json() for kin in relations.containers]
            shown["children"] = [kin.to_json() for kin in relations.members]
            shown["editions"] = [kin.to_json() for kin in editions.listed]
            click.echo(json.dumps(shown, ensure_ascii=False))
            continue
        if at:
            click.echo()
        for line in (*lines(reading, reviewed, states, labels), *edition_lines(editions)):
            click.echo(line)
    if not as_json:
        for line in kin_lines(relations):
            click.echo(line)


def kin_lines(relations: Relations) -> Iterator[str]:
    """Where the file lay, and what lies in it."""
    if relations.names:
        yield f"收文时的文件名：{'、'.join(relations.names)}"
    for name, _ in relations.opened_from:
        yield f"由带密码的原件《{name}》用密码打开得到"
    for one in relations.opened_as:
        yield f"其中带密码的部分已打开：{one.label}{f'（编号 {one.address}）' if one.address else ''}"
    for one in relations.containers:
        yield f"来自：《{one.name}》中的 {one.label}{f'（编号 {one.address}）' if one.address else ''}"
    if relations.members:
        yield f"内含文件（{len(relations.members) + relations.more}）"
    for at, one in enumerate(relations.members, 1):
        state = f"编号 {one.address}" if one.address else REASONS[one.reason][0] if one.reason else "待处理"
        yield f"  {at}. {one.label}　{state}"
    if relations.more:
        yield f"  ……另有 {relations.more} 个"


def edition_lines(editions: Editions) -> Iterator[str]:
    """Copies and versions of the paper."""
    if editions.listed:
        yield f"版本与副本（{len(editions.listed) + editions.more}）"
    for at, one in enumerate(editions.listed, 1):
        since = f"，{chinese_date(one.arrived[:10])}收到" if one.arrived else ""
        yield f"  {at}. {one.word}　{one.source}（{one.form}{since}）　编号 {one.id}　{one.summary}"


def _find(store: Store, address: str) -> tuple[Reading, list[Record]]:
    if is_sha256(address):
        reading = store.reading(address)
        if reading is not None:
            return reading, reading.documents
    found = store.find(address)
    if found is None:
        raise StoreError(f"没有编号为 {address} 的公文。编号在检索结果每件末尾的方括号里：先运行 search 检索词")
    return found[0], [found[1]]


def lines(reading: Reading, record: Record, states: dict[str, State], labels: Labels) -> Iterator[str]:
    """The record as lines of text: values first, then what a person should look at."""
    yield f"{record['title'] or '（无标题）'}"
    yield f"编号：{record.id}　来源：{reading.source}"
    if not reading.complete:
        yield "注意：原文件只读出一部分"
    for key in _ORDER:
        if record[key] not in (None, []) and key != "title":
            value = "、".join(map(str, record[key])) if isinstance(record[key], list) else record[key]
            yield f"{labels.field(key)}：{value}{_where(record, key)}{_mark(states, key)}"
    if record["activity_time"]:
        yield f"{labels.field('activity_time')}：{_words(record['activity_time'])}{_where(record, 'activity_time')}"
    for key, columns in ROWS.items():
        if record[key]:
            yield f"{labels.field(key)}（{len(record[key])}）{_mark(states, key)}"
            for at, row in enumerate(record[key]):
                yield f"  {at + 1}. {_row(key, row, columns, labels)}{_where(record, f'{key}/{at}')}"
    if record.issues:
        yield f"待核对（{len(record.issues)}）"
        for issue in record.issues:
            name = labels.path(issue.field)
            yield f"  · {name}：{issue.message}" if name else f"  · {issue.message}"


def _row(table: str, row: dict[str, Any], columns: tuple[str, ...], labels: Labels) -> str:
    cells = [(labels.column(table, name), labels.word(name, _words(row[name]))) for name in columns if row.get(name)]
    return "；".join(f"{label} {value}" for label, value in cells)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("text") or "、".join(str(one) for one in value.values() if one))
    if isinstance(value, list):
        return "、".join(_words(one) for one in value)
    return str(value)


def _where(record: Record, path: str) -> str:
    """The pages of a value's evidence, when the format has pages."""
    pages = {one.page for key, found in record.evidence.items() if key == path or key.startswith(f"{path}/")
             for one in found if one.page is not None}  # fmt: skip
    return f"　〔第{'、'.join(str(page) for page in sorted(pages))}页〕" if pages else ""


def _mark(states: dict[str, State], key: str) -> str:
    word = _STATES[states.get(key, "extracted")]
    return f"（{word}）" if word else ""
