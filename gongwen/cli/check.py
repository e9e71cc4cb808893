"""`gongwen check`: what a second pair of eyes finds in a paper, and how its layout stands to GB/T 9704."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from draft.check.model import Finding
from draft.check.run import check
from gongwen.cli.compose import make_pipeline
from gongwen.errors import SourceError
from gongwen.settings import load_settings

WEIGHTS = {"error": "错误", "ask": "请核对"}
VERDICTS = {"pass": "合格", "warn": "不合", "unknown": "无法判断"}


@click.command("check")
@click.argument(
    "files", nargs=-1, required=True, metavar="文件...", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """核对公文稿：年份、星期、届次、文种、法规名称、期限、附件、序号等；Word 文件还核对 GB/T 9704 版式。

    只读取，不写入。"""
    pipeline = make_pipeline(load_settings())
    failed = False
    for path in files:
        try:
            found = pipeline.extract(path, name=path.name)
        except SourceError as error:
            failed = True
            told = {"source": str(path), "error": error.code, "message": error.sentence}
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{path}：{error.sentence}")
            continue
        findings = [(record, check(found.document, record, today=date.today())) for record in found.records]
        layout = _layout(path)
        if as_json:
            click.echo(json.dumps(_json(path, findings, layout), ensure_ascii=False))
        else:
            _tell(path, findings, layout)
    sys.exit(3 if failed else 0)


def _layout(path: Path) -> list[Any]:
    if path.suffix.lower() != ".docx":
        return []
    from draft.gb9704.layout import check_layout

    return check_layout(path)


def _json(path: Path, findings: list[tuple[Any, list[Finding]]], layout: list[Any]) -> dict[str, Any]:
    documents = [{"title": record["title"], "document_number": record["document_number"],
                  "findings": [one.to_json() for one in found]} for record, found in findings]  # fmt: skip
    return {"source": str(path), "documents": documents, "layout": [one.to_json() for one in layout]}


def _tell(path: Path, findings: list[tuple[Any, list[Finding]]], layout: list[Any]) -> None:
    click.echo(f"{path}")
    for record, found in findings:
        click.echo(f"  {record['title'] or '（无标题）'}：{len(found)} 处")
        for one in found:
            page = f"第{one.page}页 " if one.page else ""
            quote = f"“{one.quote[:40]}” " if one.quote else ""
            proposal = f"；建议：{one.proposal}" if one.proposal else ""
            click.echo(f"    [{WEIGHTS[one.weight]}] {page}{one.rule}：{quote}{one.message}{proposal}")
    if layout:
        click.echo("  版式（GB/T 9704-2012）")
        for item in layout:
            click.echo(
                f"    [{VERDICTS[item.verdict]}] {item.name}（{item.rule}）：应为{item.expected}，现为{item.found}"
            )
