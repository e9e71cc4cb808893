"""`gongwen check`: what a second pair of eyes finds in a paper, and how its layout stands to GB/T 9704."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from draft.check.file import CheckedFile
from gongwen.cli.checking import Checking
from gongwen.errors import SourceError
from gongwen.settings import load_settings
from gongwen.store import open_store
from index.catalogue.catalogue import open_catalogue

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
    settings = load_settings()
    store = open_store(settings)
    catalogue = open_catalogue(settings) if store.exists else None
    checking = Checking(settings, catalogue, store)
    failed = False
    try:
        for path in files:
            try:
                found = checking.check(path, path.name)
            except SourceError as error:
                failed = True
                told = {"source": str(path), "error": error.code, "message": error.sentence}
                click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{path}：{error.sentence}")
                continue
            if as_json:
                click.echo(json.dumps(found.to_json(str(path)), ensure_ascii=False))
            else:
                _tell(path, found)
    finally:
        if catalogue is not None:
            catalogue.close()
    sys.exit(3 if failed else 0)


def _tell(path: Path, checked: CheckedFile) -> None:
    click.echo(f"{path}")
    for record, found in checked.papers:
        click.echo(f"  {record['title'] or '（无标题）'}：{len(found)} 处")
        for one in found:
            page = f"第{one.page}页 " if one.page else ""
            quote = f"“{one.quote[:40]}” " if one.quote else ""
            proposal = f"；建议：{one.proposal}" if one.proposal else ""
            click.echo(f"    [{WEIGHTS[one.weight]}] {page}{one.rule}：{quote}{one.message}{proposal}")
    if checked.layout:
        click.echo("  版式（GB/T 9704-2012）")
        for item in checked.layout:
            click.echo(
                f"    [{VERDICTS[item.verdict]}] {item.name}（{item.rule}）：应为{item.expected}，现为{item.found}"
            )
