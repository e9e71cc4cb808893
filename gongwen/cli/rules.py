"""`rules check`, `rules explain` and `rules diff`: rules as a person sees them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from extract.explain import Reason, explain
from extract.pipeline import extract
from gongwen.cli.rule_diff import Change, Worker, compare_files, name_of
from gongwen.document import Document
from gongwen.errors import RuleError, SourceError
from gongwen.record import Record
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import load_settings
from gongwen.store import open_store
from ingest.sandbox import read_file, read_many

_KINDS = {"gained": "新增", "lost": "失去", "changed": "改变"}


@click.group("rules")
def command() -> None:
    """检查规则，解释某个文件用了哪些规则，比较两套规则的结果。"""


@command.command("check")
def check() -> None:
    """逐条核对规则的正例和反例；有一条不符就拒绝并指出位置。"""
    try:
        book = load_rulebook(load_settings())
    except RuleError as error:
        click.echo(f"规则有误：{error}", err=True)
        raise SystemExit(3) from error
    patterns = sum(len(rule.patterns) for rule in book.fields.values())
    examples = sum(len(rule.examples) for rule in book.fields.values())
    counters = sum(len(rule.counterexamples) for rule in book.fields.values())
    click.echo(
        f"规则全部有效：字段 {len(book.fields)} 个，模式 {patterns} 条，正例 {examples} 个，反例 {counters} 个，"
        f"机构 {len(book.units)} 个。规则版本 {book.fingerprint}。"
    )


@command.command("explain")
@click.argument("path", metavar="文件", type=click.Path(path_type=Path))
@click.option("--field", "only", help="只看一个字段（如 deadlines）")
@click.option("--json", "as_json", is_flag=True, help="每件公文输出一行 JSON")
def explain_command(path: Path, only: str | None, as_json: bool) -> None:
    """按字段列出每个值由哪条规则、从何处得来；落选的值说明原因；疑点也列出。"""
    book = load_rulebook(load_settings())
    try:
        document = read_file(path)
    except SourceError as error:
        click.echo(f"{path.name}：{error.sentence}", err=True)
        raise SystemExit(3) from error
    for record in extract(document, book):
        reasons = [one for one in explain(document, book, record) if only in (None, one.field)]
        issues = [issue for issue in record.issues if only in (None, issue.field)]
        if as_json:
            found = {
                "document_number": record["document_number"], "title": record["title"],
                "reasons": [one.to_json() for one in reasons], "issues": [one.to_json() for one in issues],
            }  # fmt: skip
            click.echo(json.dumps(found, ensure_ascii=False))
            continue
        click.echo(_headline(record.values))
        for line in _explained(book, record, reasons):
            click.echo(line)
        for issue in issues:
            click.echo(f"  疑点 {issue.code}：{issue.message}")


def _headline(values: dict[str, Any]) -> str:
    return f"== {values['document_number'] or '（无文号）'} {values['title'] or '（无标题）'}"


def _explained(book: Rulebook, record: Record, reasons: list[Reason]) -> Iterator[str]:
    field = ""
    for one in reasons:
        if one.field != field:
            field = one.field
            yield f"{label(book, field)}（{field}）"
        page = f"第{one.place.page}页 " if one.place and one.place.page else ""
        place = f"{page}{one.place.start}-{one.place.end}「{_short(one.place.quote)}」" if one.place else "无位置"
        mark = "取" if one.taken else "舍"
        cell = one.path.partition("/")[2]
        tail = "" if one.taken else f"——{one.why}"
        yield f"  {mark} {f'[{cell}] ' if cell else ''}{_short(one.value)} ← {one.rule} {one.score} {place}{tail}"


def label(book: Rulebook, field: str) -> str:
    """What people call a field; its key where the rules name none."""
    return book.fields[field].label if field in book.fields else field


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


@command.command("diff")
@click.argument("old", metavar="旧规则文件夹", type=click.Path(path_type=Path))
@click.argument("new", metavar="新规则文件夹", type=click.Path(path_type=Path))
@click.option(
    "--files", "files", multiple=True, type=click.Path(path_type=Path), help="用这些文件，不用库中的文本（可重复）"
)
@click.option("--json", "as_json", is_flag=True, help="每件有变化的公文输出一行 JSON")
def diff(old: Path, new: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """两套规则各抽取一遍，列出每个新增、失去、改变的值。不写入任何数据。"""
    unread: list[str] = []
    tally: Counter[str] = Counter()
    book = load_rulebook(load_settings())
    with Worker(old) as before, Worker(new) as after:
        for name, document in _documents(files, unread):
            tally["files"] += 1
            for values, changes in compare_files(before.extract(document), after.extract(document)):
                tally["documents"] += 1
                tally.update(change.kind for change in changes)
                _print_changes(book, name, values, changes, as_json)
    for line in unread:
        click.echo(line, err=True)
    if not as_json:
        counts = "，".join(f"{word} {tally[kind]}" for kind, word in _KINDS.items())
        click.echo(f"共比较 {tally['files']} 个文件，{tally['documents']} 件公文有变化：{counts}。")
    sys.exit(3 if unread else 0)


def _documents(files: tuple[Path, ...], unread: list[str]) -> Iterator[tuple[str, Document]]:
    """The files named, else every text of the corpus; what cannot be read is told in `unread`."""
    if files:
        for path, result in read_many(list(files)):
            if isinstance(result, SourceError):
                unread.append(f"{path.name}：{result.sentence}")
            else:
                yield path.name, result
        return
    store = open_store(load_settings())
    for sha256 in store.shas():
        reading, document = store.reading(sha256), store.text(sha256)
        if reading is None or document is None:
            unread.append(f"{sha256}：没有文本，请运行 rebuild")
        else:
            yield reading.source, document


def _print_changes(book: Rulebook, name: str, values: dict[str, Any], changes: list[Change], as_json: bool) -> None:
    if as_json:
        found = {"source": name, "document_number": values["document_number"], "title": values["title"],
                 "changes": [change.to_json() for change in changes]}  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{_headline(values)}（{name}）")
    for change in changes:
        field = label(book, change.field.partition("「")[0].partition(".")[0])
        row = change.field.partition("「")[2]
        where = f"{field}「{row}" if row else field
        shown = {"gained": _said(change.new), "lost": _said(change.old)}.get(
            change.kind, f"{_said(change.old)} → {_said(change.new)}"
        )
        click.echo(f"  {_KINDS[change.kind]} {where}：{shown}")


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_said(one) for one in value) or "（空）"
    if isinstance(value, dict):
        return _short(value["text"] if "precision" in value else name_of(value))
    return "（空）" if value is None else _short(str(value))
