"""`rules check` and `rules explain`: rules as a person sees them."""

from __future__ import annotations

from pathlib import Path

import click

from extract.pipeline import extract
from gongwen.errors import RuleError, SourceError
from gongwen.rulebook import load_rulebook
from gongwen.settings import load_settings
from ingest.sandbox import read_file


@click.group("rules")
def command() -> None:
    """检查规则，解释某个文件用了哪些规则。"""


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
@click.argument("path", type=click.Path(path_type=Path))
def explain(path: Path) -> None:
    """列出文件中每个值的依据：规则、位置、原文；落选的候选值和疑点也列出。"""
    try:
        document = read_file(path)
    except SourceError as error:
        click.echo(f"{path.name}：{error.sentence}", err=True)
        raise SystemExit(3) from error
    for record in extract(document, load_rulebook(load_settings())):
        click.echo(f"== {record['document_number'] or '（无文号）'} {record['title'] or '（无标题）'}")
        for where, value in record.paths():
            shown = value["text"] if isinstance(value, dict) else value
            for one in record.evidence.get(where, []):
                page = f" 第{one.page}页" if one.page else ""
                click.echo(f"{where}\t{shown}\t{one.rule} {one.score}\t{one.start}-{one.end}{page}\t{one.quote!r}")
        for name, losers in record.candidates.items():
            for loser in losers:
                click.echo(f"落选 {name}\t{loser['value']}")
        for issue in record.issues:
            click.echo(f"疑点 {issue.code}\t{issue.message}")
